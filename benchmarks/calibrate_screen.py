"""How often does a screen of all accounts accuse one where nothing happened, and how often does it find a push? Seeded worlds,
counted.

A world: y = level + common path + own linear trend + noise, log reach per post; noise autoregressive with Student t(4) shocks, its
autocorrelation ``rho`` (plus a uniform deviation of up to ``rho_spread`` per account) and sd .3 x a factor per account between .5
and 2. ``trend``: sd over accounts of the log change over the span. ``common``: share of the shocks' variance that all accounts have
together, to unlike degrees. ``gaps``: share of cells unknown. ``skew``: shocks are centred log-gamma, long to the left.
Every cell counts worlds with any account at p <= .05. Power cells add a push (``ratio``) to ``pushed`` accounts from 60 % of the
span on, and count pushed accounts found, with the date within 5 % of the span, and worlds in which any other account is accused.
Run: ``python benchmarks/calibrate_screen.py [--cells NAME...] [--worlds N] [--out FILE]``; ``--worlds`` replaces each cell's
number.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from agorascope.stats.screen import screen

Floats = npt.NDArray[np.float64]

NOMINAL = 0.05
FIRST_SEED = 51_000
DRAWS = 199
SD = 0.3

BASE: dict[str, Any] = {"accounts": 300, "periods": 38, "rho": 0.3, "rho_spread": 0.0, "trend": 0.4, "common": 0.0}
BASE |= {"gaps": 0.0, "skew": False, "worlds": 500, "pushed": 0, "ratio": 1.0, "model": None}

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
    """Run the cells asked for, print each, and store them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", nargs="*", default=list(CELLS), choices=list(CELLS))
    parser.add_argument("--worlds", type=int, default=0)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    stored = json.loads(asked.out.read_text()) if asked.out and asked.out.exists() else {}
    for name in asked.cells:
        stored[name] = measure(BASE | CELLS[name] | ({"worlds": asked.worlds} if asked.worlds else {}))
        print(name, json.dumps(stored[name]), flush=True)
        if asked.out:
            asked.out.write_text(json.dumps(stored, indent=1) + "\n")


def measure(cell: dict[str, Any]) -> dict[str, Any]:
    """Screen every world of a cell and count."""
    started, accused, found, dated = time.perf_counter(), 0, 0, 0
    options = {} if cell["model"] is None else {"model": cell["model"]}
    first = int(0.6 * cell["periods"])
    for world in range(cell["worlds"]):
        seen = screen(draw(cell, FIRST_SEED + world), draws=DRAWS, rng=np.random.default_rng(world), **options)
        low = seen.p_value <= NOMINAL
        accused += bool(low[cell["pushed"] :].any())
        here = low[: cell["pushed"]] & (seen.log_ratio[: cell["pushed"]] > 0)
        found += int(here.sum())
        dated += int((here & (np.abs(seen.first[: cell["pushed"]] - first) <= 0.05 * cell["periods"])).sum())
    interval = binomtest(accused, cell["worlds"]).proportion_ci(0.99)
    rule = "holds" if interval.low <= NOMINAL else "too many"
    counted = {
        "worlds": cell["worlds"],
        "accused": accused / cell["worlds"],
        "low": interval.low,
        "high": interval.high,
        "rule": rule,
    }
    if cell["pushed"]:
        counted |= {"power": found / (cell["worlds"] * cell["pushed"]), "dated": dated / max(found, 1)}
    seconds = (time.perf_counter() - started) / cell["worlds"]
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in (counted | {"seconds": seconds}).items()}


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
    return np.asarray(y)


def _shocks(rng: np.random.Generator, shape: tuple[int, ...], *, skew: bool) -> Floats:
    """Draw shocks of mean 0 and variance 1: Student t(4), or log gamma of shape 1."""
    if skew:
        return np.asarray((np.log(rng.standard_gamma(1.0, shape)) + np.euler_gamma) * np.sqrt(6) / np.pi)
    return np.asarray(rng.standard_t(4, shape) / np.sqrt(2))


if __name__ == "__main__":
    main()
