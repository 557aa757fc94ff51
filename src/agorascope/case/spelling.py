"""Are two groups of a case one, spelt in two ways? Told when a list of groups is added; they are kept apart."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from agorascope import store
from agorascope.known import variable
from agorascope.tags import bare
from agorascope.texts import Message, message

MOST_PAIRS = 3
MOST_NAMES = 400
LIKENESS = 0.85
FEWEST_LETTERS = 4
RARE, RARE_SHARE = 2, 0.05
"""A group is as rare as a slip of the pen up to two accounts, or a twentieth of those of the group it is like."""
_COUNTS = """
    SELECT group_name, COUNT(*) AS n, MAX(CASE WHEN file_id = :file THEN 1 ELSE 0 END) AS here
    FROM (SELECT DISTINCT platform, account_id, group_name, file_id FROM groups) AS members
    GROUP BY group_name ORDER BY n DESC NULLS LAST, group_name NULLS FIRST"""


def spelt_twice(folder: Path, file_id: int) -> list[Message]:
    """Name pairs of groups, one of them in this file, that may be one spelt in two ways; nothing where there are none."""
    corpus = store.snapshot(folder, threads=1)
    if not corpus.has("groups"):
        return []
    rows = corpus.query(_COUNTS, file=file_id).to_pylist()
    new = {row["group_name"] for row in rows if row["here"]}
    found = [pair for pair in near({row["group_name"]: row["n"] for row in rows}) if not new.isdisjoint(pair[::2])]
    told = [message("sources.group_pair", rare=a, n=n, other=b, of=of) for a, n, b, of in found[:MOST_PAIRS]]
    return [message("sources.group_pairs", pairs=told)] if told else []


def near(groups: Mapping[str, int]) -> list[tuple[str, int, str, int]]:
    """List the groups (name -> accounts) that are like a larger one: rarer name, accounts, the other name, its accounts.

    Alike are names that differ by accents, capitals and spaces only, and a rare one that differs by few letters or their order.
    Names that differ in a digit are not: `18-34` is not `18-35`. Groups of two variables are not compared, unless these differ by
    accents only.

    >>> near({"camp:partisans": 300, "camp:partissans": 2, "âge:60+": 9, "age:60+": 50, "age:61+": 1})
    [('âge:60+', 9, 'age:60+', 50), ('camp:partissans', 2, 'camp:partisans', 300)]
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for name in sorted(groups, key=lambda name: (-groups[name], name))[:MOST_NAMES]:
        kinds.setdefault((_plain(variable(name)), "".join(filter(str.isdigit, name))), []).append(name)
    found = []
    for names in kinds.values():
        for i, rare in enumerate(names):
            if other := next((name for name in names[:i] if _alike(rare, groups[rare], name, groups[name])), None):
                found.append((rare, groups[rare], other, groups[other]))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _alike(rare: str, n: int, other: str, of: int) -> bool:
    one, two = (_plain(name.partition(":")[2] or name) for name in (rare, other))
    if one == two:
        return True
    if n >= of or n > max(RARE, RARE_SHARE * of):
        return False
    return (sorted(one) == sorted(two) and len(one) >= FEWEST_LETTERS) or SequenceMatcher(None, one, two).ratio() >= LIKENESS


def _plain(name: str) -> str:
    return "".join(bare(name.casefold()).split())
