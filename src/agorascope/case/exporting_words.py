"""What is said of an exported network to who has the file only? What was found, how sure it is, when, and what it is not.

In English, as every exported table is. Names of techniques are not shipped: only the ids of DISARM leave, whatever a finding holds.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from agorascope.findings import Finding

from .exporting_network import Network

HOME = uuid5(NAMESPACE_URL, "urn:agorascope:export")
HEDGE = (
    "A statistical observation on the posts that were collected. It is consistent with accounts acting together, and may have "
    "other explanations. It describes networks: it is no judgement on any account, and says nothing of who stands behind them."
)
PSEUDONYMS = "Account ids are pseudonyms, made with a secret of the case."
MODERATE, LOW = 50, 15
_FIRST = ("first_seen_us", "first_us", "first_at_us", "start_us")
_LAST = ("last_seen_us", "last_us", "last_at_us", "end_us")
_COUNTS = ("actions", "posts", "shares", "events")
_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """Hold what every format says of a finding, and the name from which its ids are made."""

    finding: Finding
    creator: str
    description: str
    pseudonyms: bool
    moment: datetime
    seed: str

    def name(self, *parts: object) -> UUID:
        """Name a thing of this export: the same case, parameters and accounts give the same name."""
        return uuid5(HOME, msgspec.json.encode([self.seed, *map(str, parts)]).decode())


@dataclass(frozen=True)
class Unit:
    """Hold what the row of ``units`` for one network says: when it was seen, how often, which techniques it resembles."""

    first: datetime | None
    last: datetime | None
    observed: int
    techniques: tuple[str, ...]


def tell(finding: Finding, network: Network, *, created: str, pseudonyms: bool) -> Told:
    """Put into words what was found; ``created`` is the day the case was made, for findings without any time."""
    known = finding.provenance
    parts = [str(finding.claim), HEDGE, *([PSEUDONYMS] if pseudonyms else []), "Limits:", *map(str, finding.limits)]
    nodes = hashlib.sha256(msgspec.json.encode([network.ids, network.groups])).hexdigest()
    params = msgspec.json.encode(finding.params, order="sorted").decode()
    return Told(
        finding=finding,
        creator=f"Agorascope {known.code_version}".strip(),
        description=" ".join(parts),
        pseudonyms=pseudonyms,
        moment=_moment(finding, created),
        seed="\n".join([known.corpus_digest, known.code_version, finding.analysis, params, nodes, str(pseudonyms)]),
    )


def unit(finding: Finding, group: str) -> Unit:
    """Read the row of ``units`` about one network; empty where there is none."""
    row = next((u for u in finding.units if str(u.get("network")) == group), {})
    first, last = _time(row, _FIRST), _time(row, _LAST)
    if first and last and last < first:
        first, last = last, first
    counted = next((row[c] for c in _COUNTS if type(row.get(c)) is int and 0 < row[c] < 1_000_000_000), 1)
    said = " ".join(str(row.get(key, "")) for key in ("techniques", "disarm"))
    return Unit(first or last, last or first, counted, tuple(sorted(set(_TECHNIQUE.findall(said)))))


def confidence(finding: Finding) -> int | None:
    """Grade a finding on the scale of STIX: moderate where its false alarms are measured and rare, else low; never high.

    None where nothing was found. High is for who has looked at the accounts; a program has not.
    """
    if finding.verdict != "found":
        return None
    rate = finding.calibration.false_alarm_rate
    sound = finding.calibration.inside_grid and rate is not None and rate <= 0.1
    return MODERATE if sound and not any(r.status == "favoured" for r in finding.rivals) else LOW


def stamp(moment: datetime) -> str:
    """Write a time as STIX and MISP take it.

    >>> stamp(datetime(2024, 5, 1, 12, 0, 0, 250000, tzinfo=UTC))
    '2024-05-01T12:00:00.250Z'
    """
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _moment(finding: Finding, created: str) -> datetime:
    """Date the export by its newest datum, else by the case: a clock would make the same case give other bytes."""
    times = [t for u in finding.units if (t := _time(u, _LAST) or _time(u, _FIRST))]
    times += [t for e in finding.evidence if e.at_us is not None and (t := _at(e.at_us))]
    if times:
        return max(times)
    try:
        day = date.fromisoformat(created[:10])
    except ValueError:
        return _EPOCH
    return max(_EPOCH, datetime(day.year, day.month, day.day, tzinfo=UTC))


def _time(row: dict[str, Any], keys: tuple[str, ...]) -> datetime | None:
    return next((t for key in keys if type(row.get(key)) is int and (t := _at(row[key]))), None)


def _at(at_us: int) -> datetime | None:
    """Read µs since 1970; None outside the years 1970 to 9999, which neither format can write."""
    return _EPOCH + timedelta(microseconds=at_us) if 0 <= at_us < 253_402_300_800_000_000 else None
