"""Which records does a break rest on? The posts with most engagement round its date, or the accounts of a panel that moved most."""

from typing import Any

import numpy as np

from agorascope.findings import EVIDENCE_CAP, Evidence
from agorascope.tables import Corpus
from agorascope.texts import message

from ._breaks_series import Series

CHOSEN = "FROM posts AS p WHERE p.created_at_us >= :start_us AND p.created_at_us < :end_us AND {condition}"
SCOPES = {
    "all": "1 = 1",
    "account": "p.account_id = :scope",
    "group": "p.account_id IN (SELECT account_id FROM groups WHERE group_name = :scope)",
}
POSTS = """
    SELECT c.platform AS platform, c.post_id AS post_id, c.account_id AS account_id, c.created_at_us AS created_at_us,
        c.text AS text, c.permalink AS permalink,
        CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL
            ELSE COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) END AS engagement
    FROM (SELECT p.* {chosen}) AS c LEFT JOIN latest_metrics AS m ON c.platform = m.platform AND c.post_id = m.post_id
    ORDER BY engagement DESC NULLS LAST, c.platform NULLS FIRST, c.post_id NULLS FIRST LIMIT :most"""


def gather(corpus: Corpus, series: Series, unit: dict[str, Any]) -> tuple[tuple[Evidence, ...], int, str]:
    """Name the records of the period before the break and the one it begins; give them, their number and the query for all."""
    start, end = unit["at_us"] - series.cells.bin_us, unit["at_us"] + series.cells.bin_us
    if series.cells.whole or not corpus.has("posts") or "volume" not in series.cells.measures:
        return _accounts(series, unit)
    chosen = CHOSEN.replace("{condition}", SCOPES[series.scope.kind])
    given: dict[str, Any] = {"start_us": start, "end_us": end}
    given |= {} if series.scope.kind == "all" else {"scope": series.scope.name}
    total = int(corpus.query(f"SELECT COUNT(*) AS posts {chosen}", **given).to_pylist()[0]["posts"])
    rows = corpus.query(POSTS.replace("{chosen}", chosen), **given, most=EVIDENCE_CAP).to_pylist()
    records = tuple(
        Evidence(
            role=message(f"breaks.role.{'after' if r['created_at_us'] >= unit['at_us'] else 'before'}"),
            table="posts",
            platform=r["platform"],
            id=r["post_id"],
            account_id=r["account_id"],
            at_us=r["created_at_us"],
            permalink=r["permalink"],
            text=r["text"],
            value=None if r["engagement"] is None else float(r["engagement"]),
        )
        for r in rows
    )
    shown = chosen.replace(":start_us", str(start)).replace(":end_us", str(end))
    quoted = "'" + series.scope.name.replace("'", "''") + "'"
    return records, total, f"SELECT p.platform, p.post_id {shown.replace(':scope', quoted)}"


def _accounts(series: Series, unit: dict[str, Any]) -> tuple[tuple[Evidence, ...], int, str]:
    """Name the accounts whose own mean moved most, with the ratio (or, for volume, the ratio of posts)."""
    cells = series.cells
    at = (unit["at_us"] - cells.origin_us) // cells.bin_us
    values = cells.measures[series.measure]
    values = np.log1p(values) if series.measure == "volume" else values
    rows = series.scope.rows & np.isfinite(values)
    means = []
    for side in (cells.bin < at, cells.bin >= at):
        chosen = rows & side
        number = np.bincount(cells.author[chosen], minlength=len(cells.authors))
        added = np.bincount(cells.author[chosen], values[chosen], len(cells.authors))
        means.append(np.where(number > 0, added / np.maximum(number, 1), np.nan))
    moved = means[1] - means[0]
    known = np.flatnonzero(np.isfinite(moved))
    most = known[np.argsort(-np.abs(np.round(moved[known], 9)), kind="stable")][:EVIDENCE_CAP].tolist()
    table = "panels" if cells.whole else "account_counters"
    records = tuple(
        Evidence(
            role=message("breaks.role.account"),
            table=table,
            platform=cells.authors[i][0],
            id=cells.authors[i][1] or "",
            account_id=cells.authors[i][1],
            at_us=unit["at_us"],
            value=float(np.exp(np.clip(moved[i], -300, 300))),
        )
        for i in most
    )
    return records, int(known.size), f"SELECT * FROM {table}"
