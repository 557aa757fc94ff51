"""When did volume, reach, conversion, followers or reactions change regime, by how much, and how sure is the date?

One row of ``units`` is one break that holds: the first period of a new regime in one series of one scope, with an interval of the
date, a p-value, and the ratio of the new level to the old with its interval. Every series is taken twice, as levels and as lines
with slopes of their own. The effect is the strongest break as a ratio; 1 means that nothing changed. ``found`` means that a break
holds at ``alpha`` after control of the family-wise error over all series and both models; the grade says which: both, level,
trend or none.

Series are logarithms per post (never sums that mix volume with reach), of all accounts with equal weight, of each group and of
the most active accounts: volume, reach (views per post), conversion (engagement per view), engagement per post where there are no
views, growth of followers, and the odds of a reaction.

Limits: a break says when, not why; a slow change is dated by one break or several; the size of a weak break is somewhat too high.
Source: Bai and Perron 1998, doi:10.2307/2998540; Davis, Lee and Rodriguez-Yam 2006, doi:10.1198/016214505000000745. What we
changed: see ``stats.changepoints``.
"""

from typing import Annotated, Literal

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message
from agorascope.ties import group_called

from . import _breaks_evidence, _breaks_rivals, _breaks_said, _breaks_series, _breaks_tested
from ._breaks_reduce import reduce
from ._breaks_series import Series

EXAMPLE = "agorascope run my-case breaks -p series=reach -p bin=week"
NEEDS = ("coverage",)
REQUIRES = (("posts",), ("panels",), ("account_counters",))
LIMITS = tuple(message(f"breaks.limits.{name}") for name in ("why", "slow", "selected", "memory", "captured", "present"))
QUESTION = message("breaks.question")


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set which series are tested, and how; ``[params]`` of its texts says what each one is."""

    series: str = ""
    account: str = ""
    group: str = ""
    bin: Literal["", "day", "week"] = ""
    trend: Literal["both", "level", "trend"] = "both"
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=20_000)] = 499
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Date the breaks of every series the data allow."""
    settings = msgspec.to_builtins(params)
    if params.account and params.group:
        raise BadValue(f"account is {params.account!r} and group is {params.group!r}; give one of them")
    series = _reduce(corpus, params)
    if not series:
        claim = message("breaks.claim.insufficient", least=_breaks_series.FEWEST_POINTS)
        return insufficient("breaks", QUESTION, claim, LIMITS, gate="points", params=settings)
    models = _breaks_tested.MODELS if params.trend == "both" else (params.trend,)
    tested = _breaks_tested.test(series, models=models, alpha=params.alpha, draws=params.draws, seed=params.seed)
    units = _breaks_tested.units(tested, params.alpha)
    best, strongest = _breaks_said.strongest(tested, units)
    tables = _breaks_said.tables(tested, best, units, params.alpha)
    common = {"limits": LIMITS, "params": settings, "tables": tables, "notes": _breaks_said.notes(tested)}
    if strongest is None:
        claim = message("breaks.claim.constant", tested=len(series))
        return Finding(analysis="breaks", question=QUESTION, verdict="insufficient", claim=claim, gate="constant", **common)
    sole = len(best.series.cells.authors) < 2
    records, total, query = _breaks_evidence.gather(corpus, best.series, strongest)
    finding = Finding(
        analysis="breaks",
        question=QUESTION,
        verdict="found" if units else "not_found",
        grade=_breaks_said.grade(units),
        claim=_breaks_said.claim(tested, units, strongest, sole=sole),
        effect=_breaks_said.effect(strongest, params.draws, len(tested), holds=bool(units)),
        units=tuple(units),
        evidence=records,
        evidence_total=total,
        evidence_query=query,
        rivals=_breaks_rivals.test(corpus, best.series, strongest, tested, params.alpha),
        calibration=_breaks_said.calibrated(best),
        figures=_breaks_said.figures(tables, strongest, sole=sole),
        **common,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> list[Series]:
    found = reduce(corpus, bin_name=params.bin, series=params.series)
    group = group_called(corpus, params.group)
    return _breaks_series.build(corpus, found, series=params.series, account=params.account, group=group)
