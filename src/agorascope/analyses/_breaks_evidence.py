"""Which records does a break rest on? The posts with most views or engagement round its date, or the accounts that moved most."""

from typing import Any

import numpy as np

from agorascope.findings import EVIDENCE_CAP, Evidence, post_evidence
from agorascope.stats.rounding import settle
from agorascope.tables import CHOSEN_POSTS, RANKED_POSTS, Corpus
from agorascope.texts import message

from ._breaks_series import Series

SEEN_POSTS = """
    SELECT c.platform AS platform, c.post_id AS post_id, c.account_id AS account_id, c.created_at_us AS created_at_us,
        c.text AS text, c.permalink AS permalink, m.views AS views
    FROM (SELECT p.* {chosen}) AS c LEFT JOIN latest_metrics AS m ON c.platform = m.platform AND c.post_id = m.post_id
    ORDER BY views DESC NULLS LAST, c.platform NULLS FIRST, c.post_id NULLS FIRST LIMIT :most"""
SCOPES = {
    "all": "1 = 1",
    "account": "p.account_id = :scope",
    "group": "p.account_id IN (SELECT account_id FROM groups WHERE group_name = :scope)",
}


def gather(corpus: Corpus, series: Series, unit: dict[str, Any]) -> tuple[tuple[Evidence, ...], int, str]:
    """Name the records of the period before the break and the one it begins; give them, their number and the query for all."""
    start, end = unit["at_us"] - series.cells.bin_us, unit["at_us"] + series.cells.bin_us
    if series.cells.whole or not corpus.has("posts") or "volume" not in series.cells.measures:
        return _accounts(series, unit)
    chosen = CHOSEN_POSTS.replace("{condition}", SCOPES[series.scope.kind])
    given: dict[str, Any] = {"start_us": start, "end_us": end}
    given |= {} if series.scope.kind == "all" else {"scope": series.scope.name}
    total = int(corpus.query(f"SELECT COUNT(*) AS posts {chosen}", **given).to_pylist()[0]["posts"])
    counts, ranked = ("views", SEEN_POSTS) if series.measure == "reach" else ("engagement", RANKED_POSTS)
    rows = corpus.query(ranked.replace("{chosen}", chosen), **given, most=EVIDENCE_CAP).to_pylist()
    records = tuple(
        post_evidence(
            r,
            message(
                f"breaks.role.{'after' if r['created_at_us'] >= unit['at_us'] else 'before'}", counts=f"breaks.counts.{counts}"
            ),
            None if r[counts] is None else float(r[counts]),
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
            role=message("breaks.role.account", counts="breaks.counts.ratio"),
            table=table,
            platform=cells.authors[i][0],
            id=cells.authors[i][1] or "",
            account_id=cells.authors[i][1],
            at_us=unit["at_us"],
            value=settle(float(np.exp(np.clip(moved[i], -300, 300)))),
        )
        for i in most
    )
    return records, int(known.size), f"SELECT * FROM {table}"
