"""How often does a screen of all accounts accuse one where nothing happened, and how often does it find a push? Seeded worlds,
counted.

A world: y = level + common path + own linear trend + noise, log reach per post; noise autoregressive with Student t(4) shocks, its
autocorrelation ``rho`` (plus a uniform deviation of up to ``rho_spread`` per account) and sd .3 x a factor per account between .5
and 2. ``trend``: sd over accounts of the log change over the span. ``common``: share of the shocks' variance that all accounts have
together, to unlike degrees. ``gaps``: share of cells unknown; ``holed`` accounts lack ``hole`` periods in a row, each its own.
``drift``: sd of the steps of a random walk that every account has for itself. ``skew``: shocks are centred log-gamma, long to
the left.
Every cell counts worlds with any account at p <= .05. Power cells add a push (``ratio``) to ``pushed`` accounts from 60 % of the
span on, and count pushed accounts found, with the date within 5 % of the span, and worlds in which any other account is accused.
Results go beside those of ``calibrate_amplification.py``, kinds ``screen`` and ``screen_power``, cell by cell: stored cells are
left as they are unless ``--again``.
Run: ``python benchmarks/calibrate_screen.py [--cells NAME...] [--worlds N] [--jobs N] [--again]``; ``--worlds`` replaces each
cell's number.
"""

import json
import time
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats.screen import screen
from amplification_tables import page
from calibration import NOMINAL, each, parser, rate, store, stored

Floats = npt.NDArray[np.float64]

FIRST_SEED = 51_000
DRAWS = 199
SD = 0.3

BASE: dict[str, Any] = {"accounts": 300, "periods": 38, "rho": 0.3, "rho_spread": 0.0, "trend": 0.4, "common": 0.0}
BASE |= {"gaps": 0.0, "holed": 0, "hole": 0, "drift": 0.0, "skew": False, "worlds": 500, "pushed": 0, "ratio": 1.0, "model": None}

# ``fresh``: not looked at while the method was built.
CELLS: dict[str, dict[str, Any]] = {
    "n30-t38-r3": {"accounts": 30},
    "n30-t38-r6": {"accounts": 30, "rho": 0.6},
    "n300-t38-r3": {},
    "n300-t38-r6": {"rho": 0.6},
    "n30-t120-r6": {"accounts": 30, "periods": 120, "rho": 0.6},
    "n300-t120-r3": {"periods": 120},
    "n30-t300-r6": {"accounts": 30, "periods": 300, "rho": 0.6},
    "n300-t300-r3": {"periods": 300},
    "n5k-t38-r3": {"accounts": 5_000, "worlds": 100},
    "n5k-t300-r3": {"accounts": 5_000, "periods": 300, "worlds": 10},
    "n300-t60-unlike": {"periods": 60, "rho_spread": 0.3},
    "n30-t60-common": {"accounts": 30, "periods": 60, "common": 0.4},
    "n300-t60-gaps": {"periods": 60, "gaps": 0.1},
    "n30-t38-holes-3x8": {"accounts": 30, "holed": 3, "hole": 8, "worlds": 500},
    "n30-t38-holes-8x10": {"accounts": 30, "holed": 8, "hole": 10, "worlds": 500},
    "n30-t38-gaps": {"accounts": 30, "gaps": 0.15, "worlds": 500},
    "n30-t38-drift": {"accounts": 30, "drift": 0.07, "worlds": 300},
    "n300-t38-level-no-trend": {"trend": 0.0, "model": "level"},
    "n300-t38-level-trends": {"model": "level", "worlds": 100},
    "n300-t60-skew": {"periods": 60, "skew": True, "fresh": True},
    "n100-t90-mixed": {"accounts": 100, "periods": 90, "rho": 0.4, "rho_spread": 0.2, "common": 0.2, "gaps": 0.03, "fresh": True},
    "n5k-t60-r6": {"accounts": 5_000, "periods": 60, "rho": 0.6, "worlds": 100, "fresh": True},
} | {
    f"n{accounts}-t{periods}-x{ratio}-{pushed}": {
        "accounts": accounts, "periods": periods, "ratio": ratio, "pushed": pushed, "worlds": 20 if accounts > 300 else 100
    }
    for accounts, periods in ((30, 38), (300, 38), (300, 120), (300, 300), (5_000, 120))
    for ratio in (1.5, 2.0)
    for pushed in (1, 10)
}  # fmt: skip


def main() -> None:
    """Measure the cells asked for that are not stored with as many worlds; print and store each, and write the page."""
    options = parser(__doc__, CELLS, worlds=0)
    options.add_argument("--jobs", type=int, default=1, help="processes")
    options.add_argument("--again", action="store_true", help="measure stored cells again")
    asked = options.parse_args()
    for name in asked.cells:
        cell = BASE | CELLS[name] | ({"worlds": asked.worlds} if asked.worlds else {})
        cells = stored("amplification")
        known = {c["cell"]: c["worlds"] for c in cells if c["kind"].startswith("screen")}
        if known.get(name, 0) >= cell["worlds"] and not asked.again:
            continue
        found, seconds = measure(name, cell, jobs=asked.jobs)
        print(json.dumps(found), f"({seconds:.2f} s a world)", flush=True)
        mine = {c["cell"]: c for c in cells if c["kind"].startswith("screen")} | {name: found}
        others = [c for c in cells if not c["kind"].startswith("screen")]
        store("amplification", others + with_power([mine[n] for n in CELLS if n in mine]), page)


def measure(name: str, cell: dict[str, Any], *, jobs: int) -> tuple[dict[str, Any], float]:
    """Screen every world of a cell and count; say how many seconds a world took."""
    began = time.perf_counter()
    seen = each(partial(look, cell), list(range(cell["worlds"])), jobs=jobs)
    seconds = (time.perf_counter() - began) / cell["worlds"]
    accused, found, dated = (sum(s[key] for s in seen) for key in ("accused", "found", "dated"))
    counted: dict[str, Any] = {
        "kind": "screen_power" if cell["pushed"] else "screen",
        "cell": name,
        "seeds": [FIRST_SEED, FIRST_SEED + cell["worlds"] - 1],
        "worlds": cell["worlds"],
        "hits": accused,
        **rate(accused, cell["worlds"]),
    }
    if cell["pushed"]:
        pushed = cell["worlds"] * cell["pushed"]
        return counted | {"ratio": cell["ratio"], "found": found / pushed, "dated": dated / max(found, 1)}, seconds
    told = {"accounts": cell["accounts"], "periods": cell["periods"], "date": "screen"}
    # the analysis lets every account have its own trend; a screen is looked up by its size, and not by its holes or drift
    if cell["model"] == "level" or cell["holed"] or cell["drift"] or name == "n30-t38-gaps":
        return counted, seconds
    return counted | {"descriptors": told, "power": None, "power_at": None}, seconds


def with_power(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put beside each null cell how often one account pushed twice as high is found among as many in as many periods."""
    power = {c["cell"]: c["found"] for c in cells if c["kind"] == "screen_power"}
    for cell in cells:
        told = cell.get("descriptors")
        key = f"n{told['accounts']}-t{told['periods']}-x2.0-1" if told else ""
        if key in power:
            cell["power"], cell["power_at"] = power[key], "x2"
    return cells


def look(cell: dict[str, Any], world: int) -> dict[str, int]:
    """Screen one world: is any account accused that was not pushed, how many pushed ones are found, how many of them dated?"""
    options = {} if cell["model"] is None else {"model": cell["model"]}
    first, pushed = int(0.6 * cell["periods"]), cell["pushed"]
    seen = screen(draw(cell, FIRST_SEED + world), draws=DRAWS, rng=np.random.default_rng(world), **options)
    low = seen.p_value <= NOMINAL
    here = low[:pushed] & (seen.log_ratio[:pushed] > 0)
    near = np.abs(seen.first[:pushed] - first) <= 0.05 * cell["periods"]
    return {"accused": int(low[pushed:].any()), "found": int(here.sum()), "dated": int((here & near).sum())}


def draw(cell: dict[str, Any], seed: int) -> Floats:
    """Draw one world. Shape (accounts, periods)."""
    rng = np.random.default_rng(seed)
    n, periods, burn = cell["accounts"], cell["periods"], 50
    shocks = _shocks(rng, (n, periods + burn), skew=cell["skew"])
    together = rng.uniform(0, 2, (n, 1)) * _shocks(rng, (1, periods + burn), skew=cell["skew"])
    shocks = np.sqrt(1 - cell["common"]) * shocks + np.sqrt(cell["common"]) * together
    rho = cell["rho"] + cell["rho_spread"] * rng.uniform(-1, 1, n)
    noise = np.empty_like(shocks)
    noise[:, 0] = shocks[:, 0]
    for t in range(1, periods + burn):
        noise[:, t] = rho * noise[:, t - 1] + np.sqrt(1 - rho**2) * shocks[:, t]
    scale = SD * np.exp(rng.uniform(-np.log(2), np.log(2), (n, 1)))
    path = np.cumsum(rng.normal(0, 0.1, periods))
    trend = cell["trend"] * rng.standard_normal((n, 1)) * np.linspace(-0.5, 0.5, periods)
    y = rng.normal(8, 1.5, (n, 1)) + path + trend + scale * noise[:, burn:]
    y[: cell["pushed"], int(0.6 * periods) :] += np.log(cell["ratio"])
    y[rng.random(y.shape) < cell["gaps"]] = np.nan
    for account in range(cell["holed"]):
        start = rng.integers(0, periods - cell["hole"] + 1)
        y[account, start : start + cell["hole"]] = np.nan
    if cell["drift"]:
        y += np.cumsum(rng.normal(0, cell["drift"], y.shape), axis=1)
    return np.asarray(y)


def _shocks(rng: np.random.Generator, shape: tuple[int, ...], *, skew: bool) -> Floats:
    """Draw shocks of mean 0 and variance 1: Student t(4), or log gamma of shape 1."""
    if skew:
        return np.asarray((np.log(rng.standard_gamma(1.0, shape)) + np.euler_gamma) * np.sqrt(6) / np.pi)
    return np.asarray(rng.standard_t(4, shape) / np.sqrt(2))


if __name__ == "__main__":
    main()
