"""Which records does the strongest burst or change rest on? Its posts with most engagement, or the accounts of a panel."""

from typing import Any, NamedTuple

import numpy as np

from agorascope.findings import EVIDENCE_CAP, Evidence, post_evidence
from agorascope.stats.sums import sums
from agorascope.tables import CHOSEN_POSTS, RANKED_POSTS, Corpus
from agorascope.texts import message

from ._conversation_reduce import VOLUMES, Activity

_CARRIES = "p.post_id IN (SELECT post_id FROM post_objects WHERE kind = '{kind}' AND value = :category)"
_COLUMN = {
    "kind": "p.kind = :category",
    "language": "p.language = :category",
    "platform": "p.platform = :category",
    "hashtag": _CARRIES.replace("{kind}", "hashtag"),
    "domain": _CARRIES.replace("{kind}", "domain"),
    "group": "p.account_id IN (SELECT account_id FROM groups WHERE group_name = :category)",
    "": "1 = 1",
}


class Records(NamedTuple):
    """Hold evidence records, how many there are in all, and the query that gives them."""

    records: tuple[Evidence, ...]
    total: int
    query: str


def gather(corpus: Corpus, activity: Activity, unit: dict[str, Any], after: int) -> Records:
    """Name the records of a burst's window, or of a category after the date of comparison."""
    burst = unit["unit"] == "burst"
    start = unit["start_us"] if burst else activity.origin_us + after * activity.bin_us
    end = unit["end_us"] if burst else activity.origin_us + activity.bins * activity.bin_us
    if not activity.hours:
        return _accounts(activity, unit, start, end)
    dimension, category = (unit["dimension"] or "", unit["category"] or "")
    chosen = CHOSEN_POSTS.replace("{condition}", _COLUMN[dimension])
    given: dict[str, Any] = {"start_us": start, "end_us": end} | ({"category": category} if dimension else {})
    total = int(corpus.query(f"SELECT COUNT(*) AS posts {chosen}", **given).to_pylist()[0]["posts"])
    rows = corpus.query(RANKED_POSTS.replace("{chosen}", chosen), **given, most=EVIDENCE_CAP).to_pylist()
    name = "burst" if burst else "change"
    counted = message(f"conversation.role.{name}", counts="conversation.metric.engagement")
    plain = message(f"conversation.role.{name}_uncounted")
    records = tuple(
        post_evidence(r, plain if r["engagement"] is None else counted, None if r["engagement"] is None else float(r["engagement"]))
        for r in rows
    )
    shown = (
        chosen.replace(":start_us", str(start))
        .replace(":end_us", str(end))
        .replace(":category", "'" + category.replace("'", "''") + "'")
    )
    return Records(records, total, f"SELECT p.platform, p.post_id {shown}")


def _accounts(activity: Activity, unit: dict[str, Any], start: int, end: int) -> Records:
    """Name the accounts of a panel with most volume in the window."""
    first, last = ((at - activity.origin_us) // activity.bin_us for at in (start, end))
    rows = (activity.bin >= first) & (activity.bin < last)
    if unit["dimension"]:
        codes, labels = activity.dimensions[unit["dimension"]]
        rows &= codes == labels.index(unit["category"])
    held = sums(activity.author[rows], activity.posts[rows], len(activity.authors))
    most = [i for i in np.argsort(-held, kind="stable").tolist() if held[i] > 0][:EVIDENCE_CAP]
    known = activity.metric if activity.metric in VOLUMES else "other"
    role = message("conversation.role.account", counts=f"conversation.metric.{known}")
    records = tuple(
        Evidence(
            role=role,
            table="panels",
            platform=activity.authors[i][0],
            id=activity.authors[i][1] or "",
            account_id=activity.authors[i][1],
            at_us=start,
            value=float(held[i]),
        )
        for i in most
    )
    metric = activity.metric.replace("'", "''")
    query = f"SELECT * FROM panels WHERE metric = '{metric}' AND period_start_us >= {start} AND period_start_us < {end}"
    return Records(records, int(np.count_nonzero(held)), query)
