"""Did exposure move for some accounts and not for the others, when, by how much, and which explanation do the data favour?

One row of ``units`` is one part of the split: volume, followers, reach, conversion and their sum, each as a ratio of treated over
controls, after over before, with its interval. The effect is the same ratio for exposure per post: 1 is parity, 2 a doubling, 0.5 a
demotion. It comes from least squares on the logs of account-period means with account and period effects, every account-period
with equal weight; its p-value from a randomisation over accounts in which a searched date is searched again. ``grade`` is
``no_break``, ``not_differential``, ``exposure_led``, ``demand_led`` or ``not_identified``, and the last says which datum would
identify it.

Without ``treated`` every account is asked in turn, with a family-wise error over all of them.

Limits: the treated are compared with the controls chosen; a change that moved all alike is invisible; no ladder proves a hand.
Source: Abadie, Diamond and Hainmueller 2010, doi:10.1198/jasa.2009.ap08746; MacKinnon and Webb 2020,
doi:10.1016/j.jeconom.2020.04.024; Huszar et al. 2022, doi:10.1073/pnas.2025334119 (the unit); Gravino et al. 2024,
arXiv:2405.00008 (the push index). What we changed: see ``stats.placebo``, ``stats.marks``, ``stats.power``.
"""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.audit import holds
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import (
    _amplification_alone,
    _amplification_asked,
    _amplification_capture,
    _amplification_contrast,
    _amplification_counts,
    _amplification_evidence,
    _amplification_gates,
    _amplification_notes,
    _amplification_recipe,
    _amplification_reduce,
    _amplification_rivals,
    _amplification_said,
    _amplification_screen,
    _amplification_sparse,
    _amplification_tables,
)
from ._amplification_cast import Cast, cast
from ._amplification_estimate import Answer, estimate
from ._amplification_gates import Gates
from ._amplification_reduce import Panel, Window

EXAMPLE = "agorascope run my-case amplification -p treated=some_account -p date=2024-07-13"
REQUIRES = (("posts", "post_metrics"), ("panels",))
NEEDS = ("coverage",)
LIMITS = tuple(message(f"amplification.limits.{name}") for name in ("controls", "public", "same_day", "common", "drift", "words"))
QUESTION = message("amplification.question")

YOUNG_S = 172_800  # seconds, two days: counts of a post hardly grow from then on
SMALL_ENOUGH = float(np.log(1.5))  # where pushes and demotions of this size are found, "not differential" may be said


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Say who is compared with whom, when, and by which count; ``[params]`` of its texts says what each one is."""

    treated: str = ""
    controls: str = ""
    date: str = ""
    since: str = ""
    until: str = ""
    metric: str = ""
    contrast: str = ""
    strata: str = ""
    topic: str = ""
    bin: Literal["", "day", "week"] = ""
    young_s: Annotated[int, msgspec.Meta(ge=0)] = YOUNG_S
    trends: bool = False
    recipe: bool = False
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=20_000)] = 999
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Audit the accounts named, or screen all of them."""
    return with_numbers(_told_what_was_not_run(_answer(corpus, params), params), settle)


def _answer(corpus: Corpus, params: Params) -> Finding:
    settings = msgspec.to_builtins(params)
    _amplification_asked.check(settings)
    roles = cast(corpus, params.treated, params.controls)
    window = _amplification_asked.window(corpus, roles.platform, since=params.since, until=params.until, date=params.date)
    if params.contrast:
        made = _amplification_contrast.answer(
            corpus, QUESTION, LIMITS, settings, roles=roles, window=window, young_us=params.young_s * 1_000_000
        )
        return _said_absent(made, roles)
    known = _amplification_counts.metrics(corpus, *([roles.platform] if roles.accounts else []))
    metric = params.metric or (known[0] if known else "")
    if metric not in known:
        if params.metric:
            raise BadValue(f"metric is {params.metric!r}; use one of: {', '.join(known) or 'none is given here'}")
        return _refused("views", message("amplification.claim.no_counts"), settings)
    if not roles.accounts:
        return _refused("accounts", message("amplification.claim.no_accounts"), settings)
    _amplification_asked.check_topic(corpus, roles, window, params.topic)
    if not _amplification_counts.from_posts(corpus, roles.platform):
        _amplification_asked.check_panel(params.bin, None if params.young_s == YOUNG_S else params.young_s)
    panel = _panel(corpus, roles, window, metric, params)
    if panel is None:
        return _refused("periods", message("amplification.claim.no_periods"), settings)
    if not params.treated:
        return _amplification_screen.screen(corpus, roles, panel, QUESTION, LIMITS, settings)
    return _audit(corpus, params, roles, window, panel, settings)


def _audit(corpus: Corpus, params: Params, roles: Cast, window: Window, panel: Panel, settings: dict[str, Any]) -> Finding:
    treated = np.array([name in roles.treated for name in panel.accounts])
    gates = _amplification_gates.before(roles, panel)
    keep = np.array([name not in roles.doubled for name in panel.accounts])
    panel, treated = _amplification_said.kept(panel, keep), treated[keep]
    found = _amplification_capture.lost(corpus, roles.platform, panel)
    panel = _amplification_capture.without(panel, found.out)
    date = None if window.date_us is None else int(np.searchsorted(panel.starts_us, window.date_us))
    usable = int(np.isfinite(panel.exposure[~treated]).any(axis=1).sum())
    if gates.refusing and (not treated.any() or usable < 2):  # nobody left to compare
        return _gated(gates, gates.refusing, roles, panel, settings)
    given = (panel, treated, gates, QUESTION, LIMITS, settings)
    if (zeros := _amplification_sparse.answer(*given, at=date)) is not None:
        return _said_absent(zeros, roles)
    if usable < 2:
        few = _amplification_gates.too_few(gates, usable) if params.controls else gates
        alone = _amplification_alone.answer(
            panel, treated, few, QUESTION, LIMITS, settings, date=date, seed=params.seed, left_out=int(found.out.sum())
        )
        return _among_few(alone, usable, int(treated.sum()), params.alpha) if params.controls else _said_absent(alone, roles)
    try:
        answer = estimate(
            panel,
            treated,
            date=date,
            alpha=params.alpha,
            draws=params.draws,
            trends=params.trends,
            seed=params.seed,
            warned=found.warned,
        )
    except ValueError:
        return _gated(gates, gates.refusing or "periods", roles, panel, settings)
    if date is None and (zeros := _amplification_sparse.answer(*given, at=answer.decision.at)) is not None:
        return zeros
    gates = _amplification_gates.after(gates, answer, corpus, roles, found, params.alpha)
    verdict, grade = ladder(answer, gates, alpha=params.alpha)
    evidence = _amplification_evidence.gather(corpus, answer, roles, window)
    finding = Finding(
        analysis="amplification",
        question=QUESTION,
        verdict=verdict,
        grade=grade,
        gate=gates.refusing,
        claim=_amplification_said.claim(answer, roles, gates, verdict, grade, window.date_us, alpha=params.alpha),
        effect=_amplification_said.effect(answer),
        units=_amplification_said.units(answer),
        evidence=evidence.records,
        evidence_total=evidence.total,
        evidence_query=evidence.query,
        rivals=_amplification_rivals.rivals(answer, corpus, verdict=verdict, alpha=params.alpha),
        limits=LIMITS,
        figures=_amplification_tables.figures(answer, alpha=params.alpha)
        + (_amplification_recipe.figures() if params.recipe else ()),
        notes=_amplification_notes.notes(answer, gates, verdict, grade, alpha=params.alpha, lost=found),
        calibration=_amplification_said.calibrated(answer, searched=date is None, alpha=params.alpha),
        params=settings,
        tables=_amplification_tables.tables(answer, gates, alpha=params.alpha)
        | (_amplification_recipe.tables(answer, date=date, alpha=params.alpha, seed=params.seed) if params.recipe else {}),
    )
    return _said_absent(finding, roles)


def ladder(answer: Answer, gates: Gates, *, alpha: float) -> tuple[str, str | None]:
    """Give verdict and grade, by the steps of the ladder in their order."""
    decision = answer.decision
    if gates.refusing:
        return "insufficient", None
    if decision.p_break > alpha:
        return "not_found", "no_break"
    if decision.p_floor > alpha or not decision.sign_holds:
        return "insufficient", "not_identified"
    if not holds(decision, alpha=alpha):
        if answer.detectable is not None and answer.detectable <= SMALL_ENOUGH:
            return "not_found", "not_differential"
        return "insufficient", "not_identified"
    return "found", {"push": "exposure_led", "interest": "demand_led", "loop": "demand_led", None: "not_identified"}[
        answer.mechanism
    ]


def _panel(corpus: Corpus, roles: Cast, window: Window, metric: str, params: Params) -> Panel | None:
    if _amplification_counts.from_posts(corpus, roles.platform):
        young_us = params.young_s * 1_000_000
        return _amplification_reduce.reduce_posts(
            corpus, roles, window, metric=metric, topic=params.topic, young_us=young_us, bin_name=params.bin
        )
    return _amplification_reduce.reduce_panel(corpus, roles, window, metric=metric)


def _among_few(alone: Finding, usable: int, treated: int, alpha: float) -> Finding:
    """Refuse for want of the controls named; what the accounts audited show by themselves stays as a note."""
    return msgspec.structs.replace(
        alone,
        verdict="insufficient",
        grade=None,
        gate="controls",
        claim=_amplification_said.few_controls(usable, treated, alpha),
        notes=(message("amplification.note.own_break", said=alone.claim), *alone.notes),
    )


def _told_what_was_not_run(finding: Finding, params: Params) -> Finding:
    """Say that the recipe and the rank net of trends were asked for and not run, where the audit ended before them."""
    if not params.treated or params.contrast or "estimates" in finding.tables:
        return finding
    asked = [name for name in ("recipe", "trends") if getattr(params, name)]
    if not asked:
        return finding
    return msgspec.structs.replace(finding, notes=(*finding.notes, message("amplification.note.not_run", names=asked)))


def _said_absent(finding: Finding, roles: Cast) -> Finding:
    """Name those who were named and wrote nothing on the platform compared."""
    if not roles.absent:
        return finding
    told = message("amplification.note.absent", n=len(roles.absent), names=roles.absent[:10], platform=roles.platform)
    return msgspec.structs.replace(finding, notes=(*finding.notes, told))


def _gated(gates: Gates, gate: str, roles: Cast, panel: Panel, settings: dict[str, Any]) -> Finding:
    claim = _amplification_said.refusal(gate, roles, panel, alpha=float(settings["alpha"]))
    return msgspec.structs.replace(_refused(gate, claim, settings), tables={"gates": gates.table()})


def _refused(gate: str, claim: Any, settings: dict[str, Any]) -> Finding:
    return insufficient("amplification", QUESTION, claim, LIMITS, gate=gate, params=settings)
