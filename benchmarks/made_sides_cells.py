"""Which worlds calibrate the rival `cut` of `polarisation`? Networks without camps that are cut, and two camps that are there.

Set down before the first run. Worlds without camps: ``heavy`` and ``hubs``, accounts of very unequal numbers of ties (``camps``
without any), ``even``, of nearly equal ones, at mean degrees 2 to 20; ``large`` and ``huge``, with as few searches as networks of
such sizes are given. In ``ring`` and ``circles`` nothing but circles of friends ties accounts closer than chance: rewired networks,
which keep numbers of ties only, have none, so that alarms are expected: they are told, and left out of the worst and the mean.
``huge-metis-8`` was set down later, before it was run: the best cuts of ``huge-8`` have a side too small for any comparison there.
"""

from dataclasses import dataclass

from agorascope.worlds.camps import CALIBRATED_DEGREES, CampsWorld


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Describe accounts on a ring, tied to the ``mean_degree`` nearest ones, but for a share ``astray`` of ties.

    Source: Watts and Strogatz 1998, doi:10.1038/30918.
    """

    accounts: int = 600
    mean_degree: int = 8
    astray: float = 0.1


@dataclass(frozen=True, kw_only=True)
class Circles:
    """Describe accounts in ``each`` circles of ``size`` at random, two of a circle being tied with probability ``tied``."""

    accounts: int = 600
    each: int = 2
    size: int = 8
    tied: float = 0.6


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Say which world is cut, by which search (``made_sides_cuts``), into which shares, and with which ``effort`` it is tested.

    ``best``: whichever search keeps most ties, improved account by account.
    """

    world: CampsWorld | Ring | Circles
    search: str = "best"
    shares: tuple[float, ...] = (0.5, 0.5)
    effort: int | None = None


def heavy(degree: float, accounts: int = 600) -> CampsWorld:
    """Give a world without camps, of unequal numbers of ties."""
    return CampsWorld(accounts=accounts, mean_degree=degree)


CUTS: dict[str, Cut] = (
    {f"heavy-{degree}": Cut(world=heavy(degree)) for degree in CALIBRATED_DEGREES}
    | {f"even-{degree}": Cut(world=CampsWorld(mean_degree=degree, tail=1e6)) for degree in CALIBRATED_DEGREES}
    | {f"hubs-{degree}": Cut(world=CampsWorld(mean_degree=degree, tail=0.8)) for degree in (4, 20)}
    | {f"three-{degree}": Cut(world=heavy(degree), shares=(0.4, 0.35, 0.25)) for degree in (4, 20)}
    | {f"unequal-{degree}": Cut(world=heavy(degree), shares=(0.8, 0.2)) for degree in (4, 20)}
    | {f"communities-{degree}": Cut(world=heavy(degree), search="communities") for degree in (4, 20)}
    | {f"{search}-8": Cut(world=heavy(8), search=search) for search in ("same", "metis", "spectral", "leiden", "labels")}
    | {"large-8": Cut(world=heavy(8, accounts=14_000)), "huge-8": Cut(world=heavy(8, accounts=6_000), effort=10_000_000)}
    | {"huge-metis-8": Cut(world=heavy(8, accounts=6_000), search="metis", effort=10_000_000)}
)
CLUSTERED: dict[str, Cut] = {"ring-8": Cut(world=Ring()), "circles-8": Cut(world=Circles())}
CAMPS: dict[str, CampsWorld] = {
    f"camps-{degree}-{closed}": CampsWorld(mean_degree=degree, closed=closed)
    for degree in CALIBRATED_DEGREES
    for closed in (0.6, 0.7, 0.8, 0.95)
}
"""Two camps, of 35 and 65 % of the accounts: given as they are, a share ``closed`` of the ties being kept within the camp."""
