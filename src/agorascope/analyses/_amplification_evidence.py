"""Which records does an audit rest on? The audited accounts' posts most seen before and after the date, or their panel rows."""

from typing import Any, NamedTuple

import numpy as np

from agorascope.findings import EVIDENCE_CAP, Evidence, post_evidence
from agorascope.tables import Corpus
from agorascope.texts import message

from ._amplification_cast import Cast
from ._amplification_counts import LIKE_SHARE, counted_as, from_posts
from ._amplification_estimate import Answer
from ._amplification_reduce import Window

CHOSEN = """FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.platform = :platform AND p.account_id = :account AND p.kind <> 'repost' AND p.created_at_us >= :start_us
        AND p.created_at_us < :end_us AND {counted} IS NOT NULL"""
POSTS = """
    SELECT p.platform AS platform, p.post_id AS post_id, p.account_id AS account_id, p.created_at_us AS created_at_us,
        p.text AS text, p.permalink AS permalink, {counted} AS exposure {chosen}
    ORDER BY exposure DESC NULLS LAST, p.platform NULLS FIRST, p.post_id NULLS FIRST LIMIT :most"""

RECORDS = """
    SELECT p.* FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.platform = {platform} AND p.account_id IN ({accounts}) AND p.kind <> 'repost' AND p.created_at_us >= {first}
        AND p.created_at_us < {last} AND {counted} IS NOT NULL"""
PERIODS = """
    SELECT e.* FROM panels AS e JOIN panels AS p ON e.platform = p.platform AND e.account_id = p.account_id
        AND e.period_start_us = p.period_start_us AND e.period_us = p.period_us
    WHERE p.metric = 'posts' AND p.value > 0 AND e.value > 0 AND e.metric = {metric} AND e.platform = {platform}
        AND e.account_id IN ({accounts}) AND e.period_us = {length} AND e.period_start_us IN ({starts})"""


class Records(NamedTuple):
    """Hold evidence records, how many there are in all, and the query that gives them."""

    records: tuple[Evidence, ...]
    total: int
    query: str


def gather(corpus: Corpus, answer: Answer, roles: Cast, window: Window) -> Records:
    """Name the records of the treated accounts on both sides of the date."""
    panel = answer.panel
    date = int(panel.starts_us[answer.decision.at])
    first, last = int(panel.starts_us[0]), int(panel.starts_us[-1]) + panel.length_us
    accounts = [name for name, is_in in zip(panel.accounts, answer.treated.tolist(), strict=True) if is_in]
    if not from_posts(corpus, roles.platform):
        return _of_panel(corpus, answer, roles, accounts)
    records: list[Evidence] = []
    total = 0
    each = max(EVIDENCE_CAP // (2 * max(len(accounts), 1)), 1)
    for account in accounts:
        for side, start, end in (("after", date, last), ("before", first, date)):
            given: dict[str, Any] = {"platform": roles.platform, "account": account, "start_us": start, "end_us": end}
            chosen = CHOSEN.replace("{counted}", counted_as(panel.metric))
            total += int(corpus.query(f"SELECT COUNT(*) AS posts {chosen}", **given).to_pylist()[0]["posts"])
            if len(records) >= EVIDENCE_CAP:
                continue
            sql = POSTS.replace("{chosen}", chosen).replace("{counted}", counted_as(panel.metric))
            rows = corpus.query(sql, **given, most=each).to_pylist()
            records += [
                post_evidence(
                    r, message(f"amplification.role.{side}", counts=f"amplification.metric.{panel.metric}"), float(r["exposure"])
                )
                for r in rows
            ]
    query = RECORDS.format(
        platform=quoted([roles.platform]), accounts=quoted(accounts), first=first, last=last, counted=counted_as(panel.metric)
    )
    return Records(tuple(records[:EVIDENCE_CAP]), total, query)


def _of_panel(corpus: Corpus, answer: Answer, roles: Cast, accounts: list[str]) -> Records:
    panel = answer.panel
    records = []
    for name in accounts:
        row = panel.accounts.index(name)
        for k in np.flatnonzero(np.isfinite(answer.y[row])).tolist():
            side = "after" if answer.decision.after[k] else "before"
            records.append(
                Evidence(
                    role=message(f"amplification.role.period_{side}", counts=f"amplification.counts.{panel.metric}"),
                    table="panels",
                    platform=roles.platform,
                    id=name,
                    account_id=name,
                    at_us=int(panel.starts_us[k]),
                    value=float(np.exp(answer.y[row, k])),
                )
            )
    starts = sorted({record.at_us for record in records if record.at_us is not None})
    counted = "likes" if panel.metric == LIKE_SHARE else panel.metric
    query = PERIODS.format(
        platform=quoted([roles.platform]), accounts=quoted(accounts), metric=quoted([counted]), length=panel.length_us,
        starts=", ".join(map(str, starts)) or "NULL",
    )  # fmt: skip
    return Records(tuple(records[-EVIDENCE_CAP:]), corpus.query(query).num_rows, query)


def quoted(names: list[str]) -> str:
    """Write texts as literals of SQL."""
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
