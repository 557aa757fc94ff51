"""Which accounts are found, in which networks, and which posts lie behind their ties? From the acts of every kind to networks."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.stats.distinct import distinct
from agorascope.stats.squads import LEAST, Behaviour, Squads, delayed_copy, shuffled_copy, squads
from agorascope.stats.windows import Tried, chosen, resolution, tried

from ._coordination_reduce import Acts, shown
from ._coordination_strata import strata

Ints = npt.NDArray[np.int64]

SECOND_US = 1_000_000
FEWEST = 20
CROWD = 2 / 3  # of all accounts
BEHIND = pa.schema(
    [
        ("network", pa.string()),
        ("kind", pa.string()),
        ("object", pa.string()),
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("at_us", pa.int64()),
        ("post_id", pa.string()),
    ]
)


@dataclass(frozen=True)
class Settings:
    """Say what ``search`` needs of the parameters; ``min_participation``: objects a member acts on at least."""

    q: float = 0.05
    draws: int = 8
    seed: int = 0
    memory_gb: float = 2.0
    min_participation: int = 2


class Found(NamedTuple):
    """Hold all that was tested. ``accounts``: ``platform, account_id``; ``kinds``: the behaviours, with ``windows`` (s).

    ``tried``: the windows tried of each, empty where it was given; ``copy``: what the same test finds in a shuffled copy;
    ``delayed``: what it finds in a copy in which delays are dealt anew, with times ``delayed_at`` (s) by behaviour, asked where any
    network is found; ``unused``: acts of each without account or time.
    """

    accounts: pa.Table
    kinds: list[str]
    windows: list[int]
    tried: list[list[Tried]]
    squads: Squads
    copy: Squads
    delayed: Squads | None
    delayed_at: list[Ints]
    acts: int
    unused: list[int]

    @property
    def number(self) -> int:
        """Count the networks."""
        return int(self.squads.p_networks.size)


def usable(acts: Acts) -> bool:
    """Say whether enough accounts act to tell what chance does, and enough of them twice on what others act on too."""
    if not acts.account.size:
        return False
    pairs = distinct(acts.obj * acts.accounts.num_rows + acts.account)
    obj, account = pairs // acts.accounts.num_rows, pairs % acts.accounts.num_rows
    common = np.bincount(obj, minlength=len(acts.objects))[obj] > 1
    twice = int((np.bincount(account[common], minlength=acts.accounts.num_rows) > 1).sum())
    return acts.accounts.num_rows >= FEWEST and twice >= LEAST


def search(parts: list[Acts], window: int | None, settings: Settings, spoken: dict[tuple[str, str], str] | None = None) -> Found:
    """Choose the windows, test every account, and test two copies so: accounts shuffled, and delays dealt anew.

    ``spoken``: main language of each account that has one (platform, account_id): accounts are dealt within it.
    """
    accounts, places = united(parts)
    behaviours: list[Behaviour] = []
    windows_tried: list[list[Tried]] = []
    busy = np.zeros(accounts.num_rows, np.int64)
    within = strata(accounts, spoken or {})
    for one, place in zip(parts, places, strict=True):
        author, at = place[one.account], one.at_us // SECOND_US
        busy += np.bincount(distinct(author * len(one.objects) + one.obj) // len(one.objects), minlength=accounts.num_rows)
        looked = [] if window is not None else tried(
            author, one.obj, at, stratum=within[author], resolution=resolution(at),
            memory_gb=settings.memory_gb)  # fmt: skip
        windows_tried.append(looked)
        behaviours.append(Behaviour(author, one.obj, at, chosen(looked) if window is None else window, within))
    eligible = busy >= settings.min_participation

    def test(some: list[Behaviour]) -> Squads:
        return squads(
            some,
            accounts.num_rows,
            q=settings.q,
            seed=settings.seed,
            draws=settings.draws,
            eligible=eligible,
            memory_gb=settings.memory_gb,
        )

    seen = test(behaviours)
    later = delayed_copy(behaviours, settings.seed, None if crowded(seen) else seen.network >= 0)
    return Found(
        accounts,
        [one.kind for one in parts],
        [one.window for one in behaviours],
        windows_tried,
        seen,
        test(shuffled_copy(behaviours, settings.seed)),
        test(later) if seen.p_networks.size else None,
        [one.at for one in later],
        sum(one.account.size for one in parts),
        [one.unused for one in parts],
    )


def crowded(seen: Squads) -> bool:
    """Say whether so many accounts are in networks that those left over are no measure of what is usual."""
    return float(np.mean(seen.network >= 0)) >= CROWD


def members(found: Found) -> pa.Table:
    """List the members of every network: ``platform, account_id, network``, the largest network first."""
    network = found.squads.network
    at = np.flatnonzero(network >= 0)
    at = at[np.argsort(network[at], kind="stable")]
    rows = found.accounts.take(pa.array(at))
    return rows.append_column("network", named(network[at]))


def named(network: Ints) -> pa.Array:
    """Name networks n1, n2...; null where there is none."""
    names = pc.binary_join_element_wise("n", pc.cast(pa.array(network + 1), pa.string()), "")
    return pc.if_else(pa.array(network >= 0), names, pa.scalar(None, pa.string()))


def behind(parts: list[Acts], found: Found) -> pa.Table:
    """List the acts behind the ties: of each member on each object the first, where another member's lies within the window."""
    _, places = united(parts)
    tables = [BEHIND.empty_table()]
    for one, place, window in zip(parts, places, found.windows, strict=True):
        author = place[one.account]
        network = found.squads.network[author]
        rows = np.flatnonzero(network >= 0)
        rows = rows[np.lexsort((author[rows], one.at_us[rows], one.obj[rows], network[rows]))]
        key = (network[rows] * len(one.objects) + one.obj[rows]) * found.accounts.num_rows + author[rows]
        rows = rows[np.sort(np.unique(key, return_index=True)[1])]
        at, same = one.at_us[rows] // SECOND_US, network[rows] * len(one.objects) + one.obj[rows]
        near = (np.diff(at) <= window) & (np.diff(same) == 0)
        rows = rows[np.append(near, False) | np.append(False, near)] if rows.size else rows
        who = found.accounts.take(pa.array(author[rows]))
        values = [shown(one.kind, value) for value in one.objects.take(pa.array(one.obj[rows])).to_pylist()]
        columns = {
            "network": named(network[rows]),
            "kind": pa.repeat(one.kind, rows.size),
            "object": pa.array(values, pa.string()),
            "platform": who["platform"],
            "account_id": who["account_id"],
            "at_us": pa.array(one.at_us[rows]),
            "post_id": one.post.take(pa.array(rows)),
        }
        tables.append(pa.table(columns, schema=BEHIND))
    return pa.concat_tables(tables).combine_chunks()


def united(parts: list[Acts]) -> tuple[pa.Table, list[Ints]]:
    """Put the accounts of all behaviours into one sorted list, and say where each behaviour's stand in it."""
    apart = "\x1f"
    keys = [
        pc.binary_join_element_wise(one.accounts["platform"], one.accounts["account_id"], apart).combine_chunks() for one in parts
    ]
    every = pc.unique(pa.chunked_array(keys))
    every = every.take(pc.array_sort_indices(every))
    split = pc.split_pattern(every, apart, max_splits=1)
    accounts = pa.table({"platform": pc.list_element(split, 0), "account_id": pc.list_element(split, 1)})
    return accounts, [np.asarray(pc.index_in(one, every), np.int64) for one in keys]
