"""What do the creation dates of accounts look like when nobody registers together, and when some do?

One row is one account. Dates follow a growing platform with a weekly cycle, busy and quiet fortnights of the logarithm's standard
deviation ``slow``, and a boom of half a year; ``burst`` accounts more are created within ``burst_days``: the truth planted.

Limits: the fortnights are an autoregression of memory 14 days; real platforms jump as well.
Source: doubly stochastic counts, Cox 1955, doi:10.1111/j.2517-6161.1955.tb00188.x. What we changed: weeks and a boom.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.signal import lfilter

from agorascope.records import schema

DAY_US = 86_400_000_000
START_US = 1_262_304_000_000_000  # Friday 1 January 2010, 00:00 UTC
MEMORY_DAYS = 14.0
BOOM_DAYS = 180

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RegistrationWorld:
    """Describe the accounts of a corpus: how many, over how many days, and how unevenly they were created.

    ``growth`` is the log growth over the span; ``weekly`` the relative depth of the week; ``slow`` the standard deviation of the
    log intensity with a memory of 14 days; ``boom`` the log height of half a year of more of everything; ``reference`` as many
    accounts again under the same intensity, in a group of that name.
    """

    accounts: int = 2_000
    days: int = 2_900
    growth: float = 1.0
    weekly: float = 0.3
    slow: float = 0.3
    boom: float = 0.0
    burst: int = 0
    burst_days: int = 7
    reference: int = 0


def make(params: RegistrationWorld, seed: int) -> dict[str, pa.Table]:
    """Make the accounts, and groups where there is a reference. Cost O(accounts + days)."""
    rng = np.random.default_rng(seed)
    intensity = _intensity(params, rng)
    usual = _dates(rng, intensity, params.accounts)
    at = int(rng.integers(params.days // 5, 4 * params.days // 5))
    planted = at + rng.random(params.burst) * params.burst_days
    other = _dates(rng, intensity, params.reference)
    days = np.concatenate([usual, planted, other])
    name = [f"a{i}" for i in range(days.size)]
    rows = {
        "platform": ["x"] * days.size,
        "account_id": name,
        "handle": name,
        "created_at_us": START_US + (days * DAY_US).astype(np.int64),
        "created_at_source": ["declared"] * days.size,
    }
    made = {"accounts": _table("accounts", days.size, rows)}
    if params.reference:
        group = ["corpus"] * (params.accounts + params.burst) + ["reference"] * params.reference
        rows = {"platform": ["x"] * days.size, "account_id": name, "group_name": group}
        made["groups"] = _table("groups", days.size, rows)
    return made


def planted_day(params: RegistrationWorld, seed: int) -> int:
    """Give the day, from the start of the world, on which the burst planted under this seed begins."""
    rng = np.random.default_rng(seed)
    _dates(rng, _intensity(params, rng), params.accounts)
    return int(rng.integers(params.days // 5, 4 * params.days // 5))


def _intensity(params: RegistrationWorld, rng: np.random.Generator) -> Floats:
    day = np.arange(params.days)
    keep = np.exp(-1 / MEMORY_DAYS)
    noise = lfilter([1.0], [1.0, -keep], rng.standard_normal(params.days + 100) * np.sqrt(1 - keep**2))[100:]
    first = int(rng.integers(0, max(params.days - BOOM_DAYS, 1)))
    boom = params.boom * ((day >= first) & (day < first + BOOM_DAYS))
    week = 1 + params.weekly * np.where(day % 7 < 5, 0.4, -1.0)
    return np.asarray(week * np.exp(params.growth * day / params.days + params.slow * noise + boom))


def _dates(rng: np.random.Generator, intensity: Floats, number: int) -> Floats:
    edges = np.concatenate([[0.0], np.cumsum(intensity)])
    return np.asarray(np.interp(np.sort(rng.random(number)) * edges[-1], edges, np.arange(edges.size)))


def _table(name: str, rows: int, columns: dict[str, object]) -> pa.Table:
    shape = schema(name)
    filled = [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(rows, f.type) for f in shape]
    return pa.Table.from_arrays(filled, schema=shape)
