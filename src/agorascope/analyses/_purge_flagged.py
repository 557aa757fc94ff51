"""How many of the followers an account had were flagged before, and how much of its loss could they explain?

The ties to accounts with counters are held in memory, about 60 bytes each: the exception this analysis documents.
"""

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.errors import BadValue
from agorascope.findings import Figure, Rival
from agorascope.stats.explained import at_random, bounds
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._purge_reduce import DAY_US, Changes

Ints = npt.NDArray[np.int64]
Names = set[tuple[str, str]]

_IS_FOLLOW = " OR ".join(f"LOWER(COALESCE(e.{c}, '')) LIKE '{word}%'" for c in ("network", "layer") for word in ("follow", "abonn"))
_BEFORE = f"({_IS_FOLLOW}) AND (e.at_us IS NULL OR e.at_us < :start) AND (:account = '' OR n.account_id = :account)"
_SAME = "(e.platform = n.platform OR e.platform = 'unknown' OR n.platform = 'unknown')"
FOLLOWS = f"""
    WITH counted AS (SELECT platform, account_id FROM account_counters GROUP BY platform, account_id),
    named AS (
        SELECT c.platform AS platform, c.account_id AS account_id, LOWER(a.handle) AS name
        FROM counted AS c JOIN accounts AS a ON c.platform = a.platform AND c.account_id = a.account_id WHERE a.handle IS NOT NULL)
    SELECT n.platform AS platform, n.account_id AS account_id, e.source AS source
    FROM edges AS e JOIN counted AS n ON e.target = n.account_id AND {_SAME} WHERE {_BEFORE}
    UNION
    SELECT n.platform AS platform, n.account_id AS account_id, e.source AS source
    FROM edges AS e JOIN named AS n ON LOWER(e.target) = n.name AND {_SAME} WHERE {_BEFORE}"""
ANY_FOLLOW = f"SELECT COUNT(*) AS n FROM edges AS e WHERE {_IS_FOLLOW}"
MEMBERS = "SELECT platform, account_id FROM groups WHERE group_name = :name GROUP BY platform, account_id"
GROUPS = "SELECT group_name FROM groups GROUP BY group_name ORDER BY group_name NULLS FIRST"
HANDLES = "SELECT platform, account_id, LOWER(handle) AS handle FROM accounts WHERE handle IS NOT NULL"
EXPLAINED = pa.schema(
    [("account", pa.string()), ("at_us", pa.int64()), ("basis", pa.string())]
    + [(n, pa.int64()) for n in ("panel", "before", "lost", "followers_known", "flagged_known", "flagged")]
    + [(n, pa.float64()) for n in ("least_share", "most_share", "chance_share", "chance_share_low", "chance_share_high")]
)
HALF = 0.5


class Flagged(NamedTuple):
    """Hold the accounts flagged before, by platform and id; ``who`` says by what; ``ties`` whether any follow tie is known."""

    ids: Names
    who: Message
    given: bool
    ties: bool


def flagged(corpus: Corpus, group: str) -> Flagged:
    """List the accounts of a group, else those in networks of ``coordination``. Raises BadValue for a group without accounts."""
    ties = corpus.has("edges") and bool(corpus.query(ANY_FOLLOW)["n"][0].as_py())
    if group:
        rows = corpus.query(MEMBERS, name=group) if corpus.has("groups") else pa.table({"platform": [], "account_id": []})
        if not rows.num_rows:
            there = corpus.query(GROUPS)["group_name"].to_pylist() if corpus.has("groups") else []
            raise BadValue(f"flagged is {group!r}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
        return Flagged(_pairs(rows), message("purge.explained.who_group", name=group), True, ties)
    rows = corpus.derived("coordination.accounts")
    rows = rows.filter(pc.field("in_network")) if rows.num_rows else pa.table({"platform": [], "account_id": []})
    return Flagged(_pairs(rows), message("purge.explained.who_networks"), False, ties)


def explain(corpus: Corpus, changes: Changes, found: Flagged, *, account: str, day: int) -> dict[str, Any] | str:
    """Bound the share of the day's loss that flagged accounts can explain: of one account, or of all that lost.

    Gives the name of the datum that is missing where nothing can be said.
    """
    losing = (changes.day == day) & (changes.after < changes.before)
    if account:
        losing &= np.isin(changes.member, [i for i, (_, name) in enumerate(changes.accounts) if name == account])
    rows = np.flatnonzero(losing)[:1] if account else np.flatnonzero(losing)
    if not rows.size:
        return "loss"
    if not found.ids:
        return "flagged" if found.ties else "ties"
    keys = [changes.accounts[member] for member in changes.member[rows].tolist()]
    known, of_them = _followers(corpus, keys, found, account, day) if found.ties else (np.zeros(rows.size, np.int64),) * 2
    seen = known > 0
    if not seen.any() and not found.given:
        return "ties"
    kept = seen if seen.any() else np.ones(rows.size, np.bool_)
    all_of = _numbers(found.ids, keys)
    before, after = (v[rows].astype(np.int64)[kept] for v in (changes.before, changes.after))
    lost, known, of_them, all_of = before - after, known[kept], of_them[kept], all_of[kept]
    least, most = bounds(before, lost, known, of_them, np.maximum(all_of - of_them, 0))
    random = at_random(before, lost, known, of_them) if seen.any() else (None, None, None)
    return {
        "account": account or None,
        "at_us": day * DAY_US,
        "basis": "ties" if seen.any() else "count",
        "panel": int(before.size),
        "before": int(before.sum()),
        "lost": int(lost.sum()),
        "followers_known": int(known.sum()),
        "flagged_known": int(of_them.sum()),
        "flagged": int(all_of.max()),
        "least_share": int(least.sum()) / int(lost.sum()),
        "most_share": int(most.sum()) / int(lost.sum()),
    } | dict(zip(("chance_share", "chance_share_low", "chance_share_high"), random, strict=True))


def _followers(corpus: Corpus, keys: list[tuple[str, str]], found: Flagged, account: str, day: int) -> tuple[Ints, Ints]:
    """Count the followers known of every account, and the flagged ones among them; ties from the day on are left out."""
    rows = corpus.query(FOLLOWS, start=day * DAY_US, account=account)
    hit = np.asarray(_among(rows, found.ids, rows["source"]), np.bool_)
    handles = corpus.query(HANDLES).to_pylist() if corpus.has("accounts") else []
    named = {(r["platform"], r["handle"]) for r in handles if _is_flagged(found.ids, (r["platform"], r["account_id"]))}
    if named:
        hit |= np.asarray(_among(rows, named, pc.utf8_lower(rows["source"])), np.bool_)
    position = {key: i for i, key in enumerate(keys)}
    at = np.array(
        [position.get(k, -1) for k in zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True)], int
    )
    here = at >= 0
    return np.bincount(at[here], minlength=len(keys)), np.bincount(at[here & hit], minlength=len(keys))


def _among(rows: pa.Table, names: Names, source: pa.ChunkedArray) -> pa.Array:
    """Say of every tie whether its source is one of the names on its platform; an unknown platform is any."""
    hit = pc.is_in(source, pa.array([name for platform, name in names if platform == "unknown"], pa.string()))
    anywhere = pc.is_in(source, pa.array([name for _, name in names], pa.string()))
    hit = pc.or_(hit, pc.and_(anywhere, pc.equal(rows["platform"], "unknown")))
    for platform in sorted({platform for platform, _ in names} - {"unknown"}):
        of_it = pc.is_in(source, pa.array([name for there, name in names if there == platform], pa.string()))
        hit = pc.or_(hit, pc.and_(of_it, pc.equal(rows["platform"], platform)))
    return hit


def _is_flagged(ids: Names, key: tuple[str, str]) -> bool:
    return key in ids or ("unknown", key[1]) in ids


def _numbers(ids: Names, keys: list[tuple[str, str]]) -> Ints:
    """Count the flagged accounts that could follow each account: those of its platform, itself left out."""
    of = Counter(platform for platform, _ in ids)
    numbers = [len(ids) if platform == "unknown" else of[platform] + of["unknown"] for platform, _ in keys]
    return np.array([n - _is_flagged(ids, key) for n, key in zip(numbers, keys, strict=True)], np.int64)


def _pairs(rows: pa.Table) -> Names:
    return set(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))


def rival(said: dict[str, Any] | str) -> Rival:
    """State as a rival that accounts flagged before were removed: the most of the loss they can explain, between both bounds."""
    statement = message("purge.rival.flagged")
    if isinstance(said, str):
        return Rival(name="flagged", statement=statement, status="not_tested", missing=message(f"purge.missing.{said}"))
    least, most = said["least_share"], said["most_share"]
    status = "favoured" if least > HALF else "disfavoured" if most < HALF else "undecided"
    return Rival(name="flagged", statement=statement, status=status, statistic=most, low=least, high=most)


def notes(said: dict[str, Any] | str, found: Flagged) -> tuple[Message, ...]:
    """Say the bounds, and which numbers are measured; nothing where nothing was asked or can be said."""
    if isinstance(said, str):
        return (message("purge.explained.missing", missing=message(f"purge.missing.{said}")),) if found.given else ()
    told = {name: said[name] for name in EXPLAINED.names if name not in ("account", "basis", "at_us")}
    told |= {"at": said["at_us"], "who": found.who}
    of = "account" if said["account"] else "panel"
    own = {"account": said["account"]} if said["account"] else {}
    listed = [message(f"purge.explained.{said['basis']}_{of}", **told, **own)]
    if said["basis"] == "ties" and said["followers_known"] < said["before"]:
        listed.append(message("purge.explained.partly", known=said["followers_known"], before=said["before"]))
    return tuple(listed)


def tables(said: dict[str, Any] | str) -> dict[str, pa.Table]:
    """Make the table of bounds, where there are any."""
    return {} if isinstance(said, str) else {"explained": pa.Table.from_pylist([said], EXPLAINED)}


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the table of bounds."""
    if "explained" not in made:
        return ()
    title = message("purge.figure.explained")
    return (Figure(name="explained", kind="table", table="explained", title=title, y=tuple(EXPLAINED.names)),)
