"""Did the same accounts act together at several times, and what did they push each time?

One row of ``units`` is one chain: slices of time (days, weeks or months) in which groups of one network of ``coordination`` act
together, tied by accounts they share beyond chance, with what was pushed first and last, the overlap of its strongest tie, what
chance gives and the p-value. The effect is, of the accounts of the earlier group of the strongest tie, the share that act together
again in the later slice; 0 means none. ``found`` means that a tie holds at ``alpha`` over all pairs of slices tested.

Networks that ``coordination`` does not count, since they may be innocent, are left out, and said to be.
``coordination`` found its networks over the whole time, so that the members it names are bound to share slices. Therefore a group
is what acts together within one slice, from the acts of that slice alone, and each tie is asked both ways: the later group of the
earlier slice, and the earlier group of the later one, each against as many accounts as active in that slice on what is as widely
shared, in a network or not.
The larger p-value counts: where one of the two groups is together by chance only, one of the two questions is fair, and refuses.

Every act in the behaviours of the networks is held in memory, about 150 bytes each.

Limits: that accounts are used again says nothing of who uses them; fans of one idol act together again as well.
Source: permutation within strata, Good 2005, doi:10.1007/b138696, section 3.7; Holm 1979. What we changed: see ``stats.reused``.
"""

from typing import Annotated, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _timeline_said, _timeline_tables
from ._timeline_estimate import compare, groups
from ._timeline_reduce import KINDS, Acts, counted, length, reduce, starts

EXAMPLE = "agorascope run my-case timeline -p by=week"
REQUIRES = (("posts",),)
NEEDS = ("coordination",)
LIMITS = tuple(message(f"timeline.limits.{name}") for name in ("who", "selected", "account", "steady", "slices", "capture"))
QUESTION = message("timeline.question")


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set how time is cut and what a group is; ``[params]`` of its texts says what each one is."""

    by: Literal["auto", "day", "week", "month"] = "auto"
    least: Annotated[int, msgspec.Meta(ge=5)] = 5
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=10_000)] = 999
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Cut time into slices, find what acts together in each, and test which slices share accounts beyond chance."""
    settings = msgspec.to_builtins(params)
    ties = corpus.derived("coordination.acts")
    if not ties.num_rows:
        claim = message("timeline.claim.insufficient")
        return insufficient("timeline", QUESTION, claim, LIMITS, gate="networks", params=settings)
    ties, apart = counted(ties, corpus.derived("coordination.accounts"))
    if not ties.num_rows:
        claim = message("timeline.claim.apart", n=apart)
        return insufficient("timeline", QUESTION, claim, LIMITS, gate="apart", params=settings)
    by = length(pc.min(ties["at_us"]).as_py(), pc.max(ties["at_us"]).as_py(), params.by)
    acts, left_out = _gather(corpus, ties)
    every, piece = np.unique(starts(acts.at_us, by), return_inverse=True)
    found, moments = groups(acts, piece, every.size, params.least)
    repeated = {g.network for g in found if sum(g.network == other.network for other in found) > 1}
    if not repeated:
        claim = message("timeline.claim.once", least=params.least, slice=f"timeline.slice.{by}")
        return insufficient("timeline", QUESTION, claim, LIMITS, gate="slices", params=settings)
    seen = compare(acts, found, moments, alpha=params.alpha, draws=params.draws, seed=params.seed)
    pushed = [_timeline_tables.pushed(acts, group) for group in found]
    told = _timeline_tables.Told(acts, seen, pushed, every, by)
    units = _timeline_tables.units(told)
    made = _timeline_tables.tables(told)
    best = _timeline_said.strongest(told, params.alpha)
    records, number = _timeline_said.evidence(told, best)
    finding = Finding(
        analysis="timeline",
        question=QUESTION,
        verdict="found" if units else "not_found",
        grade=_timeline_tables.targets(told, best) if units else None,
        claim=_timeline_said.claim(told, best, units),
        effect=_timeline_said.effect(best, len(seen.pairs), seen.draws),
        units=tuple(units),
        evidence=records,
        evidence_total=number,
        evidence_query=_timeline_said.query(told, best),
        limits=LIMITS,
        rivals=(*_timeline_said.rivals(told, best, params.alpha), _timeline_said.apart(corpus.derived("coordination.apart"))),
        calibration=_timeline_said.calibrated(told, best),
        figures=_timeline_tables.figures(made, by),
        notes=_timeline_said.notes(told, left_out, apart),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _gather(corpus: Corpus, ties: pa.Table) -> tuple[Acts, list[str]]:
    """Gather the acts of all accounts in the behaviours of the networks; name the behaviours that are not compared."""
    windows = dict(zip(*(corpus.derived("coordination.tested")[c].to_pylist() for c in ("behaviour", "window_s")), strict=True))
    kinds = sorted(set(ties["kind"].to_pylist()))
    networks = corpus.derived("coordination.accounts").filter(pc.field("in_network"))
    if "network" in ties.column_names:
        networks = networks.filter(pc.is_in(networks["network"], pc.unique(ties["network"])))
    return reduce(corpus, networks, {kind: windows[kind] for kind in kinds if kind in KINDS}), [k for k in kinds if k not in KINDS]
