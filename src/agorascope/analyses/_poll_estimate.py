"""What does each assumption about the silent allow? Arrays of votes in, shares and bounds out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats import selfselected
from agorascope.stats.margins import Frame, compared, frame, sound, targets
from agorascope.stats.selfselected import bounded, corrected, widened
from agorascope.stats.sums import sums
from agorascope.stats.undeclared import bounds
from agorascope.stats.weighting import Raked

from ._poll_reduce import Cast

Floats = npt.NDArray[np.float64]
Row = dict[str, Any]

DEFECTS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05)
CURVE = 41
STEEPEST = 50.0
SAME = 1e-9
"""Shares nearer than this are one share, computed in two ways."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Hold the published share, the share answered with and its bounds, the breakdown, and every table's rows.

    ``breakdown``: the odds up to which the bounds give one side the majority, 1 where they never do, None where they always do;
    ``effect`` the design effect of the weights, ``off`` what raking left, ``untold`` how many voters are of unknown kind.
    """

    published: float
    votes: float
    population: float
    share: float
    low: float
    high: float
    breakdown: float | None
    units: list[Row]
    needed: list[Row]
    equivalent: list[Row]
    curve: list[Row]
    traits: list[Row]
    undeclared: list[Row]
    frame: Frame | None
    effect: float
    off: float
    untold: float

    @property
    def holds(self) -> bool:
        """Say whether all shares within the bounds give one side the majority."""
        return self.low > 0.5 or self.high < 0.5


def estimate(cast: Cast, *, population: float, odds: float, ddc: float, error: float, level: float) -> Answer:
    """Answer with the weighted share where traits allow, else with the published one. Cost O(cells x points of the curve)."""
    yes, votes = float(cast.yes.sum()), float(cast.yes.sum() + cast.no.sum())
    share = yes / votes
    made = frame(cast.margins, cast.codes, cast.yes + cast.no) if cast.margins else None
    alike = bounded(share, votes, 1.0, population=population, level=level)
    units = [_unit("as_published", None, share, *alike), _of_odds("odds", share, votes, odds, population, level)]
    if population:
        units.append(_unit("defect", ddc, share, *selfselected.within(share, votes, population, ddc)))
        units.append(_unit("worst", None, share, *selfselected.worst(share, votes, population)))

    centre, effect, off = share, 1.0, 0.0
    undeclared: list[Row] = []
    traits: list[Row] = []
    side = None
    if made is not None:
        within = selfselected.worst(share, votes, population) if population else (0.0, 1.0)
        side = _weighted(cast, made, level, within)
        centre, effect, off = min(max(side.share, within[0]), within[1]), side.effect, side.raked.off
        units.insert(2, _unit("weighted", None, centre, *side.bounds(1.0)))
        units.insert(3, _unit("weighted_odds", odds, centre, *side.bounds(odds)))
        undeclared = side.undeclared()
        traits = side.traits()
    main = next(u for u in reversed(units) if u["assumption"] in ("weighted_odds", "odds"))

    def between(odds: float) -> tuple[float, float]:
        return side.bounds(odds) if side is not None else bounded(share, votes, odds, population=population, level=level)

    def least(odds: float) -> float:
        low, high = between(odds)
        return low if centre >= 0.5 else 1 - high

    breakdown = selfselected.breakdown_of(least)
    steepest = min(max(10.0, 2 * odds, 2 * (breakdown or 1.0)), STEEPEST)
    even = np.exp(np.linspace(0.0, np.log(steepest), CURVE))
    points = sorted(
        [odds, *even[np.abs(np.log(even / odds)) > np.log(steepest) / CURVE / 2].tolist()]
    )  # the odds asked for, itself
    return Answer(
        published=share,
        votes=votes,
        population=population,
        share=centre,
        low=main["share_low"],
        high=main["share_high"],
        breakdown=breakdown,
        units=units,
        needed=_needed(share, votes, population, error) if population else [],
        equivalent=_equivalent(share, votes, population, ddc) if population else [],
        curve=[
            {"odds": k, "share": centre, "share_low": a, "share_high": b}
            for k, (a, b) in zip(points, map(between, points), strict=True)
        ],
        traits=traits,
        undeclared=undeclared,
        frame=made,
        effect=effect,
        off=off,
        untold=0.0 if side is None else sum(side.untold),
    )


@dataclass(frozen=True, kw_only=True)
class _Weighted:
    """Hold the votes as they are weighed to the margins, anew for every odds asked; no bound passes ``within``.

    ``yes, no``: all votes by cell of known traits, (cells,), those of unknown traits divided as the others who voted alike;
    ``untold``: how many of each side those are; ``kinds``: the joint category of each cell; ``told``: voters of known traits.
    """

    cast: Cast
    made: Frame
    level: float
    within: tuple[float, float]
    targets: list[Floats]
    codes: list[npt.NDArray[np.int64]]
    yes: Floats
    no: Floats
    kinds: npt.NDArray[np.int64]
    untold: tuple[float, float]
    told: float
    share: float
    effect: float
    raked: Raked

    def bounds(self, odds: float) -> tuple[float, float]:
        """Bound the weighted share under odds, with sampling error, voters of unknown kind and kinds nobody voted of being open."""
        size = self.told / self.effect
        low = widened(self._at(odds)[0], self.share, size, level=self.level)[0]
        high = widened(self._at(1 / odds)[1], self.share, size, level=self.level)[1]
        rest, (least, most) = self.made.uncovered, self.within
        return min(max((1 - rest) * low, least), most), max(min((1 - rest) * high + rest, most), least)

    def traits(self) -> list[Row]:
        """Set every category beside its target, with the share of yes in it where ten or more voted."""
        counts = self.cast.yes + self.cast.no
        weights = np.zeros(counts.size)
        weights[self.made.complete] = self.raked.weights[: self.yes.size] + self.raked.weights[self.yes.size :]
        rows = []
        for margin, code in zip(self.made.used, self.made.codes, strict=True):
            known = code >= 0
            agree = sums(code[known], self.cast.yes[known], margin.shares.size)
            for row, own in zip(compared(margin, code, counts, weights), agree, strict=True):
                said = float(own) / row["rows"] if row["rows"] >= 10 else None
                rows.append({**row, "yes_share": said})
        return rows

    def undeclared(self) -> list[Row]:
        """Bound, variable by variable, what voters of unknown category could change."""
        rows = []
        for margin, code in zip(self.cast.margins, self.cast.codes, strict=True):
            known, size = code >= 0, margin.shares.size
            has, lacks = (sums(code[known], side[known], size) for side in (self.cast.yes, self.cast.no))
            if has.sum() + lacks.sum() < 10 or not sound(margin):
                continue
            more, fewer = float(self.cast.yes[~known].sum()), float(self.cast.no[~known].sum())
            low, high = bounds(has, lacks, margin.shares, unknown_has=more, unknown_lacks=fewer)
            unknown = (more + fewer) / float((self.cast.yes + self.cast.no).sum())
            rows.append({"variable": margin.variable, "unknown_share": unknown, "share_low": low, "share_high": high})
        return rows

    def _at(self, odds: float) -> tuple[float, float]:
        """Give the lowest and highest share at ``odds`` that the kinds of the untold allow, in the part of the population covered.

        Joint categories have the weight that raking gives them; with one variable that is their share of the population.
        """
        share, _, raked = corrected(self.codes, self.targets, self.no, self.yes, odds=odds)
        rest = self.made.uncovered
        if not any(self.untold) or rest >= 1:
            return share, share
        kinds, known = int(self.kinds.max()) + 1, self.made.complete
        weights = sums(self.kinds, raked.weights[: self.yes.size] + raked.weights[self.yes.size :], kinds)
        has, lacks = (sums(self.kinds, side[known], kinds) for side in (self.cast.yes / odds, self.cast.no))
        least, most = bounds(
            np.append(has, 0.0),
            np.append(lacks, 0.0),
            np.append((1 - rest) * weights / weights.sum(), rest),
            unknown_has=self.untold[0] / odds,
            unknown_lacks=self.untold[1],
        )
        return min(least / (1 - rest), share), max((most - rest) / (1 - rest), share)


def _divided(known: Floats, untold: float, others: Floats) -> Floats:
    """Divide votes of unknown kind as those of known kind, or as all voters where none of these voted alike. (cells,)."""
    like = known if known.sum() > 0 else known + others
    return np.asarray(known + untold * like / like.sum(), np.float64)


def _weighted(cast: Cast, made: Frame, level: float, within: tuple[float, float]) -> _Weighted:
    wanted = targets(made, cast.yes + cast.no)
    codes = [code[made.complete] for code in made.codes]
    own_yes, own_no = cast.yes[made.complete], cast.no[made.complete]
    untold = (float(cast.yes[~made.complete].sum()), float(cast.no[~made.complete].sum()))
    yes, no = _divided(own_yes, untold[0], own_no), _divided(own_no, untold[1], own_yes)
    _, kinds = np.unique(np.stack(codes), axis=1, return_inverse=True)
    share, effect, raked = corrected(codes, wanted, no, yes)
    return _Weighted(
        cast=cast,
        made=made,
        level=level,
        within=within,
        targets=wanted,
        codes=codes,
        yes=yes,
        no=no,
        kinds=np.ravel(kinds),
        untold=untold,
        told=float(own_yes.sum() + own_no.sum()),
        share=share,
        effect=effect,
        raked=raked,
    )


def _of_odds(name: str, share: float, votes: float, odds: float, population: float, level: float) -> Row:
    return _unit(name, odds, share, *bounded(share, votes, odds, population=population, level=level))


def _unit(assumption: str, setting: float | None, share: float | None, low: float, high: float) -> Row:
    majority = "yes" if low > 0.5 else "no" if high < 0.5 else "open"
    return {
        "assumption": assumption,
        "setting": setting,
        "share": share,
        "share_low": low,
        "share_high": high,
        "majority": majority,
    }


def _needed(share: float, votes: float, population: float, error: float) -> list[Row]:
    """Give the defect, and the odds of voting, that each wrong answer needs: off by ``error``, by twice that, and the flip.

    An error that comes to one half is the flip, and told once.
    """
    rows = []
    least, most = selfselected.worst(share, votes, population)
    offs = [off for off in (-2 * error, -error, error, 2 * error) if abs(share - off - 0.5) > SAME]
    for case, off, truth in [*(("off", off, share - off) for off in offs), ("flip", share - 0.5, 0.5)]:
        if not max(least, 1e-12) < truth < min(most, 1 - 1e-12) or off == 0:
            continue
        rows.append(
            {
                "case": case,
                "population_share": truth,
                "error_share": off,
                "ddc": selfselected.defect(share, votes, population, truth),
                "times_as_likely": selfselected.realised(share, truth) if 0 < share < 1 else None,
            }
        )
    return rows


def _equivalent(share: float, votes: float, population: float, ddc: float) -> list[Row]:
    """Give, for several defects, the random sample that says as much, its margin of error, and the shares the defect allows.

    A sample of less than one person says nothing: neither it nor a margin of error is given.
    """
    rows = []
    for one in sorted({*DEFECTS, ddc}):
        size = selfselected.effective(votes, population, one)
        low, high = selfselected.within(share, votes, population, one)
        rows.append(
            {
                "ddc": one,
                "random_sample": size if size >= 1 else None,
                "lost_share": 1 - size / votes,
                "margin_share": 1.96 * float(np.sqrt(share * (1 - share) / size)) if size >= 1 else None,
                "share_low": low,
                "share_high": high,
            }
        )
    return rows
