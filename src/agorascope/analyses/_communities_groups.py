"""Do the communities follow groups somebody gave: parties, categories, camps? Their agreement, and the groups of each community.

Groups called ``variable:category`` (``age:18-34``) divide the accounts by that variable, all others together divide them once more:
each such partition is compared by itself. An account in several groups of one partition is in none of them there, and is counted.
A count below ``FEWEST`` accounts is not told.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats.agreement import adjusted_mutual_information
from agorascope.stats.shares import wilson
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._communities_parts import Parts
from ._communities_reduce import Gathered

FEWEST = 5
PLAIN = "group"
MEMBERS = """
    SELECT platform, account_id, group_name FROM groups GROUP BY platform, account_id, group_name
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, group_name NULLS FIRST"""

Key = tuple[str, str]


def compared(corpus: Corpus, gathered: Gathered, parts: Parts) -> tuple[list[dict[str, Any]], tuple[Message, ...]]:
    """List the groups of each community, by partition, the largest first, and say how far communities and each partition agree."""
    keys: list[Key] = list(zip(*(gathered.accounts[c].to_pylist() for c in ("platform", "account_id")), strict=True))
    listed: list[dict[str, Any]] = []
    said = []
    for variable, given in _partitions(corpus).items():
        held = [given.get(key) or given.get(("unknown", key[1])) or set() for key in keys]
        group = np.array([next(iter(names)) if len(names) == 1 else "" for names in held], np.str_)
        among = parts.part < parts.communities
        inside = among & (group != "")
        if np.unique(group[inside]).size < 2:
            continue
        listed += _counted(variable, group, inside, parts)
        code = np.unique(group[inside], return_inverse=True)[1].astype(np.int64)
        several = int((among & np.array([len(names) > 1 for names in held], bool)).sum())
        told = {"alike": adjusted_mutual_information(parts.part[inside], code), "n": int(inside.sum()), "several": several}
        key = ("groups" if variable == PLAIN else "variable") + ("_several" if several else "")
        said.append(message(f"communities.note.{key}", variable=variable, **told))
    return listed, tuple(said)


def _partitions(corpus: Corpus) -> dict[str, dict[Key, set[str]]]:
    """Gather the groups of each account by partition: that of plain groups first, then the variables by name."""
    found: dict[str, dict[Key, set[str]]] = {PLAIN: {}}
    for row in corpus.query(MEMBERS).to_pylist() if corpus.has("groups") else []:
        variable, colon, _ = row["group_name"].partition(":")
        variable = variable.strip().casefold() if colon else PLAIN
        found.setdefault(variable, {}).setdefault((row["platform"], row["account_id"]), set()).add(row["group_name"])
    return {name: found[name] for name in sorted(found, key=lambda one: (one != PLAIN, one))}


def _counted(variable: str, group: npt.NDArray[np.str_], inside: npt.NDArray[np.bool_], parts: Parts) -> list[dict[str, Any]]:
    """Count the groups of one partition in each community, from ``FEWEST`` accounts on. ``group, inside`` (accounts,)."""
    listed = []
    for i in range(parts.communities):
        mine = inside & (parts.part == i)
        names, counts = np.unique(group[mine], return_counts=True)
        for at in np.lexsort((names, -counts)).tolist():
            if counts[at] >= FEWEST:
                low, high = wilson(float(counts[at]), int(mine.sum()))
                ends = {"share": float(counts[at] / mine.sum()), "share_low": low, "share_high": high}
                row = {"community": parts.names[i], "variable": variable, "group_name": str(names[at])}
                listed.append(row | {"accounts": int(counts[at])} | ends)
    return listed
