"""Were many accounts created within a few days, more than chance and the season would give, and what do they have in common?

One row of ``units`` is one burst: a stretch of 1 to 60 days in which more accounts were created than usual, with its first and last
day, the accounts created, those expected, their ratio with its interval, and a p-value that holds over all windows. The effect is
the strongest burst as a ratio; 1 means as many as usual. ``found`` means that a burst of ten accounts or more holds at ``alpha``.
Usual is the half year to both sides or, with ``reference``, a group of accounts the user gives. Dates are declared, else read from
the clock in the id, else interpolated between ids given in sequence. Beside: accounts all of whose reposts go to one account,
handles that end in five digits, and the share of a group created inside; and, where the case holds registration records (domains,
registrants...), how many accounts of a burst or of the group share one, against others and against records dealt anew.

Limits: a burst says that accounts are of one age, not that they are of one hand; it says nothing of any single account.
Source: Kulldorff 1997, doi:10.1080/03610929708831995; Bellutta and Carley 2023, doi:10.1186/s40537-023-00695-7. What we changed:
dispersion and noise are estimated from the series, see ``stats.crowded``.
"""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.crowded import FEWEST, crowded
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import Message, message
from agorascope.ties import group_called

from . import _registration_rivals, _registration_said, _registration_ties
from ._registration_reduce import DAY_US, MONDAY, Dated, reduce

EXAMPLE = "agorascope run my-case registration -p dates=ids"
REQUIRES = (("accounts",),)
LIMITS = tuple(message(f"registration.limits.{name}") for name in ("age", "group", "boom", "captured", "selected", "restless"))
QUESTION = message("registration.question")
FEWEST_DAYS = 30

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set whose creations are compared with what; ``[params]`` of its texts says what each one is."""

    group: str = ""
    reference: str = ""
    dates: Literal["auto", "declared", "ids"] = "auto"
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=20_000)] = 499
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Look for bursts of creation in the accounts of the corpus, the reference left out."""
    settings = msgspec.to_builtins(params)
    group = group_called(corpus, params.group)
    if group and group == group_called(corpus, params.reference):
        raise BadValue(f"group and reference are both {group!r}; compare a group with another one")
    dated = _reduce(corpus, params)
    scanned, known = ~dated.reference, np.isfinite(dated.day)
    number, other = int((scanned & known).sum()), int((dated.reference & known).sum())
    of_group = FEWEST if dated.group is None else int((dated.group & known).sum())
    fewest = min(number, of_group, other if params.reference else FEWEST)
    if fewest < FEWEST:
        claim = message("registration.claim.insufficient", least=FEWEST, n=fewest)
        return insufficient("registration", QUESTION, claim, LIMITS, gate="accounts", params=settings)
    origin, counts, reference = _series(dated, scanned)
    if counts.size < FEWEST_DAYS:
        claim = message("registration.claim.short", least=FEWEST_DAYS, days=counts.size)
        return insufficient("registration", QUESTION, claim, LIMITS, gate="days", params=settings)
    rng = np.random.default_rng(params.seed)
    found = crowded(counts, phase=(origin + MONDAY) % 7, reference=reference, alpha=params.alpha, draws=params.draws, rng=rng)
    if not found.best:
        claim = message("registration.claim.sparse", least=FEWEST)
        return insufficient("registration", QUESTION, claim, LIMITS, gate="sparse", params=settings)
    units = [_registration_said.unit(w, origin) for w in found.bursts]
    strongest = found.bursts[0] if units else max(found.best, key=lambda w: (-w.p_value, w.excess, -w.length))
    best = _registration_said.unit(strongest, origin)
    beside = [{"start_us": u["start_us"]} | row for u in units for row in _beside(dated, scanned, u)]
    made = _registration_said.tables(found, counts, origin, units, beside, dated.sources)
    tied, shared_records = _ties(dated, units, scanned, params)
    made |= shared_records
    finding = Finding(
        analysis="registration",
        question=QUESTION,
        verdict="found" if units else "not_found",
        claim=_registration_said.claim(units, best, number, reference=params.reference),
        effect=_registration_said.effect(best, params.draws, holds=bool(units)),
        units=tuple(units),
        evidence_total=best["created"],
        evidence_query=_query(best),
        limits=LIMITS,
        rivals=_registration_rivals.test(
            dated,
            start_us=best["start_us"],
            end_us=best["end_us"],
            reference=reference,
            first=strongest.first,
            length=strongest.length,
        ),
        calibration=_registration_said.calibrated(found, counts, reference=reference is not None),
        figures=_registration_said.figures(made) + _registration_ties.figures(made),
        notes=tied + _registration_said.notes(found, dated, params.dates),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> Dated:
    group, reference = (group_called(corpus, name) for name in (params.group, params.reference))
    return reduce(corpus, dates=params.dates, group=group, reference=reference)


def _series(dated: Dated, scanned: Mask) -> tuple[int, Floats, Floats | None]:
    """Count creations by day from the first to the last, and those of the reference on the same days."""
    known = np.isfinite(dated.day)
    day = dated.day[known].astype(np.int64)
    origin = int(day.min())
    bins = int(day.max()) - origin + 1
    counts = np.bincount(day[scanned[known]] - origin, minlength=bins).astype(np.float64)
    if not dated.reference.any():
        return origin, counts, None
    return origin, counts, np.bincount(day[~scanned[known]] - origin, minlength=bins).astype(np.float64)


def _beside(dated: Dated, scanned: Mask, unit: dict[str, Any]) -> list[dict[str, Any]]:
    inside = scanned & (dated.day >= unit["start_us"] // DAY_US) & (dated.day < unit["end_us"] // DAY_US)
    return _registration_rivals.shares(dated, inside, scanned)


def _ties(
    dated: Dated, units: list[dict[str, Any]], scanned: Mask, params: Params
) -> tuple[tuple[Message, ...], dict[str, pa.Table]]:
    """Compare shared registration records, where the case holds any; nothing where it does not."""
    if dated.records is None:
        return (), {}
    groups = _registration_ties.asked(dated, units, scanned)
    rows = _registration_ties.compare(dated.records, groups, draws=params.draws, seed=params.seed)
    shared = _registration_ties.largest(dated.records, groups)
    return _registration_ties.notes(dated.records, groups, rows, params.alpha), _registration_ties.tables(rows, shared)


def _query(unit: dict[str, Any]) -> str:
    """Write the query that counts the accounts by declared day: a burst is a group, and is counted, not listed."""
    return (
        "SELECT created_at_us - pmod(created_at_us, 86400000000) AS day_us, COUNT(*) AS created FROM accounts "
        f"WHERE created_at_us >= {unit['start_us']} AND created_at_us < {unit['end_us']} "
        "GROUP BY created_at_us - pmod(created_at_us, 86400000000) ORDER BY day_us NULLS FIRST"
    )
