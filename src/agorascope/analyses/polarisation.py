"""Do the accounts fall into sides that keep apart, more than networks of the same numbers of ties do?

One row of ``units`` is one measure of the division: its value, its mean and standard deviation over rewired networks, the
difference, that in standard deviations (``z``), and the chance of a rewired network as far apart, extrapolated from those drawn and
told down to "p < 0.001" only; of random-walk controversy also ``k`` and the ``condition`` it was measured with. The effect is how
many fewer ties join different sides than in rewired networks, as a share of all ties: 0 means as many, above 0 apart. ``found``
means that all measures together lie further apart than chance at ``alpha`` and that the effect lies above 0 with its interval,
graded ``divided``; no grade says controversial.
Sides are groups the user gives, or are sought in the ties: then they are sought in every rewired network as well. Groups of several
variables (``variable:category``) are taken one variable at a time. Whether given groups may be a cut of these very ties is a rival.

Limits: clusters are not a controversy: fans, friends, languages and subjects keep apart too. Ties are those collected.
Source: Salloum, Chen and Kivelä 2022, doi:10.1145/3512962; measures in ``stats.polarisation``. What we changed: connected draws,
given sides keep their accounts, one test of all measures.
"""

from typing import Annotated, Literal

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.onemore import FLOOR
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _polarisation_rivals, _polarisation_said, _polarisation_sided
from ._polarisation_estimate import FEWEST, Assessed, Settings, assess, steadiness
from ._polarisation_reduce import FEWEST_SIDE, Network, reduce

EXAMPLE = "agorascope run my-case polarisation -p layer=repost -p sides=groups"
REQUIRES = (("posts",), ("edges",))
NEEDS = ("coordination",)
NEEDS_WHERE = ("posts",)
LIMITS = tuple(
    message(f"polarisation.limits.{name}") for name in ("controversy", "ties", "sought", "given", "clustering", "persons")
)
QUESTION = message("polarisation.question")


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set which ties and sides are measured, and how; ``[params]`` of its texts says what each one is."""

    layer: str = ""
    network: str = ""
    sides: Literal["", "groups", "bisection", "communities"] = ""
    groups: str = ""
    nulls: Annotated[int, msgspec.Meta(ge=5, le=1_000)] = 15
    k: Annotated[float, msgspec.Meta(gt=0)] = 10.0
    condition: Literal["end", "start"] = "end"
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def refuse(params: Params) -> None:
    """Raise BadValue for groups named beside sides that are sought in the ties: they would do nothing."""
    if params.sides in ("bisection", "communities") and params.groups:
        raise BadValue(
            f"groups is {params.groups!r}, and sides is {params.sides!r}, which seeks the sides in the ties and uses no groups; "
            "use sides=groups, or leave groups out"
        )


def run(corpus: Corpus, params: Params) -> Finding:
    """Measure the division of one network, beside rewired ones. Raises BadValue for what cannot be asked."""
    if params.alpha < FLOOR:
        raise BadValue(f"alpha is {params.alpha:g}, and no p below {FLOOR:g} is told of so few draws; use {FLOOR:g} or more")
    settings = msgspec.to_builtins(params)
    network = _reduce(corpus, params)
    if network is None:
        claim = message("polarisation.claim.ties")
        return insufficient("polarisation", QUESTION, claim, LIMITS, gate="ties", params=settings)
    how = None if network.side is not None else "bisection" if params.sides in ("", "groups") else params.sides
    if (params.sides == "groups" and network.side is None) or (network.side is not None and len(network.names) < 2):
        return insufficient("polarisation", QUESTION, _polarisation_sided.sideless(network), LIMITS, gate="sides", params=settings)
    if network.meeting:
        return insufficient("polarisation", QUESTION, _polarisation_sided.unmet(network), LIMITS, gate="pieces", params=settings)
    asked = Settings(how, params.nulls, params.k, params.condition, params.seed)
    found = _estimate(network, asked)
    if found is None:
        gate = "accounts" if network.graph.nodes < FEWEST else "sides"
        key = "one" if how and gate == "sides" else gate
        claim = message(f"polarisation.claim.{key}", least=FEWEST if gate == "accounts" else FEWEST_SIDE, n=network.graph.nodes)
        return insufficient("polarisation", QUESTION, claim, LIMITS, gate=gate, params=settings)
    steady = steadiness(network.graph, how, params.seed) if how else None
    cut = _polarisation_rivals.made(network, found, asked, params.alpha)
    rivals, without = _polarisation_rivals.test(network, found, asked, params.alpha, cut)
    made = _polarisation_said.tables(network, found, steady, without)
    holds = found.apart(params.alpha)
    finding = Finding(
        analysis="polarisation",
        question=QUESTION,
        verdict="found" if holds else "not_found",
        grade="divided" if holds else None,
        claim=_polarisation_said.claim(network, found, asked, steady, cut, holds=holds, alpha=params.alpha),
        effect=_polarisation_said.effect(found),
        units=tuple(_polarisation_said.units(found, asked)),
        evidence_total=network.ties.source.size,
        evidence_query=network.query,
        limits=LIMITS,
        rivals=rivals,
        calibration=_polarisation_said.calibrated(found, how),
        figures=_polarisation_said.figures(made, asked),
        notes=_polarisation_said.notes(network, found, asked, steady, cut, params.alpha),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> Network | None:
    return reduce(corpus, layer=params.layer, network=params.network, sides=params.sides, groups=params.groups)


def _estimate(network: Network, asked: Settings) -> Assessed | None:
    return assess(network.graph, network.side, asked)
