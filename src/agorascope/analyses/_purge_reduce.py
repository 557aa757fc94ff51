"""Who gained and lost followers from one day to the next? The last reading of each account and day, in pairs.

One row of ``Changes`` is one account on one day with a reading at most ``gap`` days before. Memory: about 100 bytes a row; never
more rows than accounts times days with a reading.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.tables import Corpus

DAY_US = 86_400_000_000
FEWEST = 10

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

READINGS = """
    SELECT platform, account_id, day_us, followers FROM (
        SELECT platform, account_id, at_us - pmod(at_us, 86400000000) AS day_us, followers,
            ROW_NUMBER() OVER (PARTITION BY platform, account_id, at_us - pmod(at_us, 86400000000)
                ORDER BY at_us DESC NULLS LAST, followers DESC NULLS LAST) AS place
        FROM account_counters WHERE followers IS NOT NULL AND at_us IS NOT NULL) AS placed
    WHERE place = 1 ORDER BY platform NULLS FIRST, account_id NULLS FIRST, day_us NULLS FIRST"""
EVENTS = "SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST"


class Changes(NamedTuple):
    """Hold rows of account and day: ``member`` numbers ``accounts``, ``day`` counts from 1970, ``apart`` is the days between."""

    accounts: list[tuple[str, str]]
    member: Ints
    day: Ints
    before: Floats
    after: Floats
    apart: Ints
    events_us: list[int]


def reduce(corpus: Corpus, *, gap: int, least: int) -> Changes:
    """Pair each account's readings; pairs more than ``gap`` days apart, or from fewer than ``least`` followers, are left out."""
    rows = corpus.query(READINGS)
    keys = list(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))
    numbers: dict[tuple[str, str], int] = {}
    member = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
    day = np.asarray(rows["day_us"].to_numpy(zero_copy_only=False), np.int64) // DAY_US
    followers = np.asarray(rows["followers"].to_numpy(zero_copy_only=False), np.float64)
    apart = np.diff(day)
    kept = (member[1:] == member[:-1]) & (apart <= gap) & (followers[:-1] >= least)
    return Changes(
        list(numbers),
        member[1:][kept],
        day[1:][kept],
        followers[:-1][kept],
        followers[1:][kept],
        apart[kept],
        [r["at_us"] for r in corpus.query(EVENTS).to_pylist()] if corpus.has("events") else [],
    )


def usual_days(changes: Changes) -> Changes:
    """Keep the days on which ten accounts are known, and half as many as on the median day: on others the panel is another one."""
    if not changes.day.size:
        return changes
    _, at, known = np.unique(changes.day, return_inverse=True, return_counts=True)
    enough = known >= FEWEST
    if enough.any():
        enough &= known >= np.median(known[enough]) / 2
    kept = enough[at]
    return changes._replace(**{n: getattr(changes, n)[kept] for n in ("member", "day", "before", "after", "apart")})
