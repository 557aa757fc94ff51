"""What does an analysis say? The values a Finding is made of, each checked when it is built."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec
import pyarrow as pa

from agorascope.errors import InvalidFinding
from agorascope.texts import Message

VERDICTS = ("found", "insufficient", "not_found")
EVIDENCE_CAP = 50


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """State one number with its interval. Absent numbers are None, never NaN; a ratio is a ratio, never percent."""

    metric: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    level: float | None = None
    method: str = ""
    p_value: float | None = None
    p_floor: float | None = None
    sided: str | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Point to one record a finding rests on; ``role`` names as ``counts`` the text that says what ``value`` counts."""

    role: Message
    table: str
    platform: str
    id: str
    account_id: str | None = None
    at_us: int | None = None
    permalink: str | None = None
    text: str | None = None
    value: float | None = None


def post_evidence(row: Mapping[str, Any], role: Message, value: float | None = None) -> Evidence:
    """Point to a post from a row with ``platform, post_id, account_id, created_at_us, permalink, text``."""
    return Evidence(
        role=role,
        table="posts",
        platform=row["platform"],
        id=row["post_id"],
        account_id=row["account_id"],
        at_us=row["created_at_us"],
        permalink=row["permalink"],
        text=row["text"],
        value=value,
    )


class Rival(msgspec.Struct, frozen=True, kw_only=True):
    """Name another explanation and what the data said to it.

    ``status`` is ``favoured``, ``disfavoured``, ``undecided`` or ``not_tested`` (then ``missing`` names the datum).
    """

    name: str
    statement: Message
    status: str
    statistic: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    missing: Message | None = None


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Say how often this analysis is wrong on worlds where nothing happened, and what it can see."""

    cell: str = "not calibrated here"
    inside_grid: bool = False
    nominal: float | None = None
    false_alarm_rate: float | None = None
    low: float | None = None
    high: float | None = None
    worlds: int | None = None
    power: float | None = None
    power_at: str | None = None
    smallest_effect: float | None = None
    smallest_effect_unit: str | None = None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a chart of one published table; drawing it is the report's work.

    ``kind``: ``timeline`` (x is µs UTC; ``y`` columns as lines, ``band`` = (low, high) columns, ``marks`` = name of a
    table of episodes with ``start_us, end_us, label``; events of the case are always drawn), ``bars`` (x is a
    category, ``y`` one column, optional ``band``), ``histogram``, ``scatter``, ``line`` (x is a number, else as
    ``timeline``), ``map`` (groups as bubbles, see ``report.maps``; ``marks`` = table of lines between them), ``table``
    (no chart, a sortable table of ``y`` columns). ``series`` names a column that splits lines or bars. ``log`` asks for
    a logarithmic y axis.
    """

    name: str
    kind: str
    table: str
    title: Message
    x: str = ""
    y: tuple[str, ...] = ()
    series: str | None = None
    band: tuple[str, str] | None = None
    marks: str | None = None
    log: bool = False
    note: Message | None = None


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Say which data, code and seed a finding comes from. ``engine`` does not enter the digest."""

    corpus_digest: str = ""
    code_version: str = ""
    engine: str = ""
    seed: int = 0
    rows: dict[str, int] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Answer one question. ``units`` has one row per break, network, episode... each with its own estimate.

    ``tables`` holds the small tables behind the figures, published to later analyses and to ``export``; ``gate``
    names the check that refused to answer; ``notes`` are remarks on this run (what was left out and counted).
    Raises InvalidFinding when built without limits, with an unknown verdict, or with a number that is not finite.
    """

    analysis: str
    question: Message
    verdict: str
    claim: Message
    limits: tuple[Message, ...]
    grade: str | None = None
    gate: str | None = None
    effect: Estimate | None = None
    units: tuple[dict[str, Any], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_total: int = 0
    evidence_query: str = ""
    rivals: tuple[Rival, ...] = ()
    calibration: Calibration = Calibration()
    figures: tuple[Figure, ...] = ()
    notes: tuple[Message, ...] = ()
    params: dict[str, Any] = {}
    provenance: Provenance = Provenance()
    tables: dict[str, pa.Table] = {}

    def __post_init__(self) -> None:
        """Check the contract."""
        if self.verdict not in VERDICTS:
            raise InvalidFinding(f"verdict is {self.verdict!r}; use one of {', '.join(VERDICTS)}")
        if not self.limits:
            raise InvalidFinding(f"{self.analysis}: no limits given; name at least one")
        if self.verdict == "found" and self.effect is None:
            raise InvalidFinding(f"{self.analysis}: found without an effect; give the estimate")
        if len(self.evidence) > EVIDENCE_CAP:
            raise InvalidFinding(
                f"{self.analysis}: {len(self.evidence)} evidence records; give at most {EVIDENCE_CAP} and the total"
            )
        for figure in self.figures:
            if figure.table not in self.tables:
                raise InvalidFinding(f"{self.analysis}: figure {figure.name} draws table {figure.table!r}, which is not published")
        _refuse_nan(self)


def insufficient(
    analysis: str, question: Message, missing: Message, limits: tuple[Message, ...], *, gate: str, params: dict[str, Any]
) -> Finding:
    """Make the finding that says the data cannot answer, and which datum would."""
    return Finding(
        analysis=analysis, question=question, verdict="insufficient", claim=missing, limits=limits, gate=gate, params=params
    )


def outcome(finding: Finding) -> str:
    """Name the verdict for a reader: ``not_identified`` where something was seen that these data cannot name, else the verdict."""
    unnamed = finding.verdict == "insufficient" and finding.grade == "not_identified"
    return "not_identified" if unnamed else finding.verdict


def strength(finding: Finding) -> tuple[int, float, str]:
    """Give the sort key of a finding: verdict, then smallest p- or q-value, then name."""
    values = [u[k] for u in finding.units for k in ("p_value", "q_value") if u.get(k) is not None]
    if finding.effect is not None and finding.effect.p_value is not None:
        values.append(finding.effect.p_value)
    return VERDICTS.index(finding.verdict), min(values, default=1.0), finding.analysis


def _refuse_nan(finding: Finding) -> None:
    pending: list[tuple[str, Any]] = [
        ("effect", finding.effect),
        ("units", finding.units),
        ("rivals", finding.rivals),
        ("calibration", finding.calibration),
        ("params", finding.params),
    ]
    while pending:
        where, value = pending.pop()
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidFinding(f"{finding.analysis}: {where} is {value}; give None where there is no number")
        if isinstance(value, msgspec.Struct):
            value = {name: getattr(value, name) for name in value.__struct_fields__}
        if isinstance(value, dict):
            pending += [(f"{where}.{k}", v) for k, v in value.items()]
        elif isinstance(value, (list, tuple)):
            pending += [(f"{where}[{i}]", v) for i, v in enumerate(value)]
