"""Do the communities follow groups somebody gave: parties, categories, camps? Their agreement, and the groups of each community.

A count below ``FEWEST`` accounts is not told. An account in several groups counts in the first by name.
"""

from typing import Any

import numpy as np

from agorascope.stats.agreement import adjusted_mutual_information
from agorascope.stats.shares import wilson
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._communities_parts import Parts
from ._communities_reduce import Gathered

FEWEST = 5
MEMBERS = """
    SELECT platform, account_id, MIN(group_name) AS group_name FROM groups GROUP BY platform, account_id
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""


def compared(corpus: Corpus, gathered: Gathered, parts: Parts) -> tuple[list[dict[str, Any]], tuple[Message, ...]]:
    """List the groups of each community, the largest first, and say how far communities and groups agree."""
    rows = corpus.query(MEMBERS).to_pylist() if corpus.has("groups") else []
    given = {(r["platform"], r["account_id"]): r["group_name"] for r in rows}
    keys = zip(*(gathered.accounts[c].to_pylist() for c in ("platform", "account_id")), strict=True)
    group = np.array([given.get(key) or given.get(("unknown", key[1]), "") for key in keys], np.str_)
    inside = (parts.part < parts.communities) & (group != "")
    if np.unique(group[inside]).size < 2:
        return [], ()
    listed = []
    for i in range(parts.communities):
        mine = inside & (parts.part == i)
        names, counts = np.unique(group[mine], return_counts=True)
        for at in np.lexsort((names, -counts)).tolist():
            if counts[at] >= FEWEST:
                low, high = wilson(float(counts[at]), int(mine.sum()))
                ends = {"share": float(counts[at] / mine.sum()), "share_low": low, "share_high": high}
                listed.append({"community": parts.names[i], "group_name": str(names[at]), "accounts": int(counts[at])} | ends)
    code = np.unique(group[inside], return_inverse=True)[1].astype(np.int64)
    alike = adjusted_mutual_information(parts.part[inside], code)
    return listed, (message("communities.note.groups", n=int(inside.sum()), alike=alike),)
