"""Which accounts were created when? Dates declared, read from ids that hold a clock, or interpolated between ids given in sequence.

One row of ``Dated`` is one account. Memory: about 200 bytes an account; never more rows than accounts. Registration records, where
there are any, come as pairs of account and record, about 100 bytes each.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.records import REGISTRATIONS
from agorascope.stats.id_dates import clocks, interpolated, numbers
from agorascope.tables import Corpus

DAY_US = 86_400_000_000
MONDAY = 3  # 1970-01-01 was a Thursday
FEWEST_ALIKE = 5
ALIKE_SHARE = 0.9

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ACCOUNTS = """
    SELECT platform, account_id, handle, created_at_us, created_at_source FROM accounts
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
MEMBERS = """
    SELECT platform, account_id FROM groups WHERE group_name = :name
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
GROUPS = "SELECT group_name FROM groups GROUP BY group_name ORDER BY group_name NULLS FIRST"
REPOSTS = """
    SELECT platform, account_id, CAST(SUM(n) AS BIGINT) AS reposts, COUNT(*) AS targets FROM (
        SELECT p.platform AS platform, p.account_id AS account_id, COALESCE(p.ref_account_id, o.account_id) AS target, COUNT(*) AS n
        FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.repost_of = o.post_id
        WHERE p.kind = 'repost' AND p.account_id IS NOT NULL AND COALESCE(p.ref_account_id, o.account_id) IS NOT NULL
        GROUP BY p.platform, p.account_id, COALESCE(p.ref_account_id, o.account_id)) AS aimed
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
EVENTS = "SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST"
RECORDS = """
    SELECT platform, source, COALESCE(layer, '') AS kind, target FROM edges WHERE network = :network
    GROUP BY platform, source, COALESCE(layer, ''), target
    ORDER BY kind NULLS FIRST, target NULLS FIRST, platform NULLS FIRST, source NULLS FIRST"""
SPAN = "SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts"


class Source(NamedTuple):
    """Say how many accounts have their date from one source, and how far it lies from dates declared: median, 95 % point, s."""

    source: str
    accounts: int
    compared: int
    error_s: float | None
    error_high_s: float | None


class Records(NamedTuple):
    """Hold distinct pairs (pairs,) of an account, as its position in ``Dated``, and a record, as its position in ``values``.

    ``kinds`` gives the kind of every pair; ``unknown`` counts the names in the table that are no account here, or more than one.
    """

    account: Ints
    record: Ints
    kinds: npt.NDArray[np.str_]
    values: list[str]
    unknown: int


class Dated(NamedTuple):
    """Hold every account's day (days since 1970, nan where unknown), the groups asked for, and what stands beside.

    ``single``: 1 where two reposts or more all go to one account, 0 where to several, nan where fewer are seen; ``digits``: 1 where
    the handle ends in five digits or more, nan without a handle.
    """

    day: Floats
    group: Mask | None
    reference: Mask
    single: Floats
    digits: Floats
    sources: list[Source]
    events_us: list[int]
    posts_us: tuple[int, int] | None
    records: Records | None


def reduce(corpus: Corpus, *, dates: str, group: str, reference: str) -> Dated:
    """Date every account, and say to which groups it belongs. Raises BadValue for a group without accounts here."""
    rows = corpus.query(ACCOUNTS)
    keys = list(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))
    known = np.asarray(rows["created_at_us"].to_numpy(zero_copy_only=False), np.float64)
    derived = np.array([s == "derived" for s in rows["created_at_source"].to_pylist()], bool)
    at_us, sources = _dates(keys, known, derived, dates)
    return Dated(
        np.floor(at_us / DAY_US),
        _members(corpus, keys, group, "group") if group else None,
        _members(corpus, keys, reference, "reference") if reference else np.zeros(len(keys), bool),
        _single(corpus, keys),
        np.array([np.nan if h is None else float(len(h) - len(h.rstrip("0123456789")) >= 5) for h in rows["handle"].to_pylist()]),
        sources,
        [r["at_us"] for r in corpus.query(EVENTS).to_pylist()] if corpus.has("events") else [],
        _span(corpus),
        _records(corpus, keys, rows["handle"].to_pylist()) if corpus.has("edges") else None,
    )


def _dates(keys: list[tuple[str, str]], known: Floats, derived: Mask, dates: str) -> tuple[Floats, list[Source]]:
    """Choose each account's date: declared first, or (``ids``) from the id alone; and measure each source on those with both."""
    declared = np.where(derived, np.nan, known)
    ids = numbers([account if platform in ("x", "unknown") else "" for platform, account in keys])
    clocked = clocks(ids)
    both = np.isfinite(clocked) & np.isfinite(declared)
    unknown = np.array([platform == "unknown" for platform, _ in keys], bool)
    alike = np.abs(clocked - declared)[both & unknown] < DAY_US
    if alike.size < FEWEST_ALIKE or alike.mean() < ALIKE_SHARE:  # ids of no known platform are read as X's only where they prove it
        clocked[unknown] = np.nan
        ids = np.where(unknown & ~np.isfinite(declared), -1, ids)
    between = interpolated(ids, declared)
    clocked = np.where(np.isfinite(clocked), clocked, np.where(derived, known, np.nan))
    order = {"declared": declared, "decoded": clocked, "interpolated": between}
    if dates == "ids":
        order.pop("declared")
    elif dates == "declared":
        order = {"declared": declared}
    at_us, sources = np.full(known.size, np.nan), []
    for name, values in order.items():
        used = np.isfinite(values) & ~np.isfinite(at_us)
        at_us[used] = values[used]
        gap = np.abs(values - declared)[np.isfinite(values) & np.isfinite(declared)] / 1e6 if name != "declared" else np.empty(0)
        error = [float(np.quantile(gap, q)) for q in (0.5, 0.95)] if gap.size else [None, None]
        if used.any():
            sources.append(Source(name, int(used.sum()), int(gap.size), *error))
    sources.append(Source("undated", int(np.count_nonzero(~np.isfinite(at_us))), 0, None, None))
    return at_us, sources


def _members(corpus: Corpus, keys: list[tuple[str, str]], name: str, parameter: str) -> Mask:
    rows = corpus.query(MEMBERS, name=name).to_pylist() if corpus.has("groups") else []
    named = {(r["platform"], r["account_id"]) for r in rows}
    mask = np.array([(p, a) in named or ("unknown", a) in named for p, a in keys], bool)
    if not mask.any():
        there = [r["group_name"] for r in corpus.query(GROUPS).to_pylist()] if corpus.has("groups") else []
        raise BadValue(f"{parameter} is {name!r}, which has no accounts here; groups are: {', '.join(there) or 'none'}")
    return mask


def _single(corpus: Corpus, keys: list[tuple[str, str]]) -> Floats:
    out = np.full(len(keys), np.nan)
    if corpus.has("posts"):
        seen = {(r["platform"], r["account_id"]): r for r in corpus.query(REPOSTS).to_pylist() if r["reposts"] >= 2}
        for i, key in enumerate(keys):
            if key in seen:
                out[i] = float(seen[key]["targets"] == 1)
    return out


def _span(corpus: Corpus) -> tuple[int, int] | None:
    if not corpus.has("posts"):
        return None
    row = corpus.query(SPAN).to_pylist()[0]
    return None if row["first_us"] is None else (int(row["first_us"]), int(row["last_us"]))


def _records(corpus: Corpus, keys: list[tuple[str, str]], handles: list[str | None]) -> Records | None:
    """Read the registration records of the accounts here; None where the case has none at all."""
    rows = corpus.query(RECORDS, network=REGISTRATIONS).to_pylist()
    if not rows:
        return None
    known = _names(keys, handles)
    position: dict[tuple[str, str], int] = {}
    pairs: dict[tuple[int, int], str] = {}
    strange = set()
    for row in rows:
        name = (row["platform"], row["source"].casefold())
        found = known.get((row["platform"], row["source"]), known.get(name, -1))
        if found < 0:
            strange.add(name)
        else:
            pairs[found, position.setdefault((row["kind"], row["target"]), len(position))] = row["kind"]
    ordered = sorted(pairs)
    return Records(
        np.array([a for a, _ in ordered], np.int64),
        np.array([r for _, r in ordered], np.int64),
        np.array([pairs[pair] for pair in ordered], np.str_),
        [value for _, value in position],
        len(strange),
    )


def _names(keys: list[tuple[str, str]], handles: list[str | None]) -> dict[tuple[str, str], int]:
    """Find accounts by platform and id, else handle in lower case, else without platform; -1 for a name that two accounts have."""
    known: dict[tuple[str, str], int] = {}
    for named in (
        keys,
        [(platform, handle.casefold() if handle else "") for (platform, _), handle in zip(keys, handles, strict=True)],
        [("unknown", account) for _, account in keys],
        [("unknown", handle.casefold() if handle else "") for handle in handles],
    ):
        level: dict[tuple[str, str], int] = {}
        for i, name in enumerate(named):
            level[name] = -1 if name in level else i
        known = level | known
    return known
