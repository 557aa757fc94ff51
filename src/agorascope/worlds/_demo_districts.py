"""Which part of Rivemont does a hashtag come from? Three districts whose people notice their own, and a call for night trams.

One row of the network ``NETWORK`` is one account that takes notice of another on ``PLATFORM``. Accounts live in three districts of
``SIZES``; each notices ``NOTICES`` others on average, three in four of them of its own district. From ``CALL_DAY`` on the smallest
district calls for night trams, ``TREND``, in ``CALLS`` of its posts without another hashtag; ``LATER`` days on, so do the others,
in ``ECHOES`` of theirs. Reposts carry it on.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from ._demo_calendar import CALL_DAY, at

NETWORK, PLATFORM = "districts", "bluesky"
SIZES = (0.45, 0.33, 0.22)
NOTICES, OWN = 9, 0.75
TREND = "tramdenuit"
CALLS, ECHOES, LATER = 0.4, 0.04, 4

Row = dict[str, Any]


def call(rows: list[Row], seed: int) -> None:
    """Write the call for night trams into posts that have no hashtag yet, in place. Cost O(posts)."""
    rng = np.random.default_rng([seed, 29])
    home = _homes(rows)
    for row in rows:
        if row["platform"] != PLATFORM or row["tag"] or row["at_us"] < at(CALL_DAY):
            continue
        calling = home[row["account_id"]] == len(SIZES) - 1
        share = CALLS if calling else ECHOES if row["at_us"] >= at(CALL_DAY + LATER) else 0.0
        if rng.random() < share:
            row |= {"tag": TREND, "text": f"{row['text']} #{TREND}"}


def neighbours(posts: Iterable[Row], seed: int) -> list[Row]:
    """Draw who takes notice of whom, each pair once. Cost O(accounts x notices)."""
    rng = np.random.default_rng([seed, 31])
    home = _homes(posts)
    names = sorted(home)
    place = np.array([home[name] for name in names])
    living = [np.flatnonzero(place == district) for district in range(len(SIZES))]
    ties = set()
    for one, number in enumerate(rng.poisson(NOTICES, place.size).tolist()):
        for own in (rng.random(number) < OWN).tolist():
            near = living[place[one]]
            other = int(near[rng.integers(near.size)] if own else rng.integers(place.size))
            ties.add((names[one], names[other]))
    return [{"platform": PLATFORM, "network": NETWORK, "source": a, "target": b} for a, b in sorted(ties) if a != b]


def _homes(posts: Iterable[Row]) -> dict[str, int]:
    """House every account that writes on the platform: the same district whatever the story says, by its number."""
    ends = np.cumsum(SIZES)
    names = {r["account_id"] for r in posts if r["platform"] == PLATFORM}
    return {name: int(np.searchsorted(ends, _spread(name), side="right").clip(max=len(SIZES) - 1)) for name in names}


def _spread(name: str) -> float:
    """Spread account numbers over 0 to 1, by the golden ratio.

    >>> round(_spread("u3"), 3)
    0.854
    """
    return float(int(name.lstrip("u")) * 0.6180339887498949 % 1)
