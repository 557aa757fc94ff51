"""Which worlds calibrate `communities`? Ties with and without two camps at four mean degrees, and shared things with and without.

Set down before the test was run on them, but for ``closed``: two camps at the separations of ``PLANTED`` are at the edge of
what any search can see in sparse networks (the transition of Decelle et al. 2011), so that the power is told where they can be
seen. ``large-*`` were set down when large networks came to be compared with random ones after a single iteration of Leiden:
networks small enough for hundreds, tested with the effort of large ones. ``large-shared-4-each`` gave too many alarms at
first: things that nobody else shares, or too many, which tie nobody, were dealt as well. ``shared-rare``, in which most things are
shared once, was set down when that was mended, before it was run. ``medium-*``, networks tested with the effort of those of 100,000
to two million ties, which are compared with nine random networks, not nineteen, were set down before they were run.
"""

from dataclasses import dataclass

from agorascope.worlds.camps import CampsWorld


@dataclass(frozen=True, kw_only=True)
class SharesWorld:
    """Describe accounts that share ``shares`` things each on the mean; ``closed``: the share taken from the half of the camp."""

    accounts: int = 300
    things: int = 400
    shares: float = 4.0
    closed: float = 0.0


TIES: dict[str, tuple[CampsWorld, float]] = {
    "ties-degree-2": (CampsWorld(mean_degree=2), 0.9),
    "ties-degree-4": (CampsWorld(mean_degree=4), 0.8),
    "ties-degree-8": (CampsWorld(mean_degree=8), 0.6),
    "ties-degree-20": (CampsWorld(mean_degree=20), 0.5),
}
"""Each world without camps, and the ``closed`` of its twin with two."""
SHARES: dict[str, tuple[SharesWorld, float]] = {
    "shared-4-each": (SharesWorld(), 0.8),
    "shared-rare": (SharesWorld(things=4_000), 0.9),
}
AS_MEDIUM, AS_LARGE = 2_000, 6_000
"""Worlds of so many accounts are tested as networks of medium size, or large ones, are."""
MEDIUM: dict[str, tuple[CampsWorld | SharesWorld, float]] = {
    "medium-degree-4": (CampsWorld(accounts=2_000, mean_degree=4), 0.8),
    "medium-degree-8": (CampsWorld(accounts=2_000, mean_degree=8), 0.6),
    "medium-degree-20": (CampsWorld(accounts=2_000, mean_degree=20), 0.5),
    "medium-shared-4-each": (SharesWorld(accounts=2_000, things=2_700), 0.8),
}
LARGE: dict[str, tuple[CampsWorld | SharesWorld, float]] = {
    "large-degree-4": (CampsWorld(accounts=20_000, mean_degree=4), 0.8),
    "large-degree-8": (CampsWorld(accounts=20_000, mean_degree=8), 0.6),
    "large-degree-20": (CampsWorld(accounts=20_000, mean_degree=20), 0.5),
    "large-shared-4-each": (SharesWorld(accounts=6_000, things=8_000), 0.8),
}
COMMUNITIES = TIES | SHARES | MEDIUM | LARGE
