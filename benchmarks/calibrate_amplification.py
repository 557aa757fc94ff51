"""How often is an audit of amplification wrong, and what does it find? Every cell of ``worlds.audience_cells``, as fixed there.

Null cells count false alarms (verdict ``found``), the date given or searched; planted cells ask whether the 95 % interval holds the
truth; power cells how often a push is found; mechanism cells which explanation is named; detectable cells whether the smallest
effect that was promised is found in fresh copies. Results go to ``src/agorascope/calibration/amplification.json`` cell by cell, so
that an interrupted run goes on where it stopped, and into ``docs/analyses/amplification.md``.
Run: ``python benchmarks/calibrate_amplification.py [--worlds N] [--kinds null planted ...] [--again]``.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from agorascope.stats import power
from agorascope.stats.audit import decide, holds
from agorascope.stats.marks import measure, name
from agorascope.stats.twoway import prepare
from agorascope.worlds.audience import Audience, make, truth
from agorascope.worlds.audience_cells import COVERAGE_CELLS, MECHANISM_CELLS, NULL_CELLS, POWER_CELLS, Cell, worlds_of

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "src/agorascope/calibration/amplification.json"
PAGE = ROOT / "docs/analyses/amplification.md"
BEGIN, END = "<!-- calibration:begin -->", "<!-- calibration:end -->"
NOMINAL = 0.05
DRAWS, SEARCH_DRAWS = 999, 199
DETECTABLE = ("noise_0.2_size_1.0", "noise_0.3_size_1.0", "noise_0.5_size_1.0")
DETECTABLE_WORLDS, COPIES, FRESH = 40, 60, 5
POWER_OF = {
    "plain_30": "push_1.5",
    "trends_30": "push_2_trends",
    "common_shocks_30": "push_2_common_shocks",
    "uneven_noise_30": "push_2_uneven_noise",
    "missing_30": "push_2_missing",
    "three_treated_30": "push_2_three_treated",
}

Result = dict[str, Any]


def main() -> None:
    """Measure the cells asked for that are not stored yet; store and print each; write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=0, help="worlds per cell instead of the cell's own number")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--again", action="store_true", help="measure stored cells again")
    asked = parser.parse_args()
    stored: dict[str, Result] = {}
    if STORED.is_file():
        stored = {f"{c['kind']}:{c['cell']}": c for c in json.loads(STORED.read_text("utf-8"))["cells"]}
    for kind in asked.kinds:
        cells, run = KINDS[kind]
        for cell in cells:
            if f"{kind}:{cell.name}" in stored and not asked.again:
                continue
            began = time.perf_counter()
            limited = cell._replace(worlds=min(asked.worlds or cell.worlds, cell.worlds))
            found = {
                "kind": kind,
                "cell": cell.name,
                "seeds": [cell.first_seed, cell.first_seed + limited.worlds - 1],
                **run(limited),
            }
            stored[f"{kind}:{cell.name}"] = found
            told = {k: v for k, v in found.items() if k not in ("descriptors", "seeds")}
            print(f"{told} ({(time.perf_counter() - began) / limited.worlds * 1e3:.0f} ms a world)", flush=True)
            _store(stored)
    _store(stored)


def _null(cell: Cell, *, searched: bool) -> Result:
    alarms = 0
    for world, seed in worlds_of(cell):
        audience = make(world, seed)
        date, draws = (None, SEARCH_DRAWS) if searched else (audience.start, DRAWS)
        decision = decide(reach(audience), audience.treated, date=date, draws=draws, rng=np.random.default_rng(seed))
        alarms += holds(decision, alpha=NOMINAL)
    return _rate(alarms, cell.worlds) | {
        "descriptors": {
            "accounts": float(cell.world.accounts),
            "periods": float(cell.world.periods),
            "date": "searched" if searched else "given",
        },
        "power": None,
        "power_at": None,
    }


def _planted(cell: Cell) -> Result:
    held, found, errors = 0, 0, []
    for world, seed in worlds_of(cell):
        audience = make(world, seed)
        decision = decide(reach(audience), audience.treated, date=audience.start, draws=DRAWS, rng=np.random.default_rng(seed))
        real = float(np.log(truth(world).ratio).mean())
        held += decision.low <= real <= decision.high
        found += holds(decision, alpha=NOMINAL)
        errors.append(decision.tau - real)
    exact = binomtest(held, cell.worlds).proportion_ci(0.99, "exact")
    return {
        "worlds": cell.worlds,
        "interval_holds": held / cell.worlds,
        "low": round(exact.low, 4),
        "high": round(exact.high, 4),
        "found": found / cell.worlds,
        "bias": float(np.mean(errors)),
    }


def _power(cell: Cell) -> Result:
    found = 0
    for world, seed in worlds_of(cell):
        audience = make(world, seed)
        decision = decide(reach(audience), audience.treated, date=audience.start, draws=DRAWS, rng=np.random.default_rng(seed))
        found += holds(decision, alpha=NOMINAL)
    return _rate(found, cell.worlds) | {"noise": cell.world.noise, "size": cell.world.size}


def _mechanism(cell: Cell) -> Result:
    named: Counter[str] = Counter()
    for world, seed in worlds_of(cell):
        audience = make(world, seed)
        decision = decide(reach(audience), audience.treated, date=audience.start, draws=DRAWS, rng=np.random.default_rng(seed))
        marks = measure(parts(audience), audience.treated, audience.after)
        named[(name(marks) or "not_identified") if holds(decision, alpha=NOMINAL) else "not_found"] += 1
    return {"worlds": cell.worlds, "planted": cell.world.mechanism, "named": dict(sorted(named.items()))}


def _detectable(cell: Cell) -> Result:
    """Promise a smallest effect on one half of the draws, look for it in fresh copies of the same panel."""
    seen = tried = never = 0
    sizes = []
    for world, seed in worlds_of(cell):
        audience = make(world, seed)
        y = reach(audience)
        usable = prepare(y, audience.after).usable
        decision = decide(y, audience.treated, date=audience.start, draws=DRAWS, rng=np.random.default_rng(seed))
        found = power.thresholds(
            y, audience.treated, audience.start, decision.tau, usable, alpha=NOMINAL, copies=COPIES, draws=199, seed=seed
        )
        size = power.smallest(found)
        if size is None:
            never += 1
            continue
        sizes.append(float(np.exp(size)))
        for fresh in range(FRESH):
            rng = np.random.default_rng([seed, 77, fresh])
            quiet, called = power.copy(y, audience.treated, audience.after, decision.tau, usable, rng)
            planted = np.where(called[:, None] & audience.after[None, :], quiet + size, quiet)
            seen += holds(decide(planted, called, date=audience.start, draws=199, rng=rng), alpha=NOMINAL)
            tried += 1
    return _rate(seen, tried) | {"panels": cell.worlds, "none_detectable": never, "median_ratio": float(np.median(sizes))}


def reach(audience: Audience) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Give the log of views per post, nan where unknown."""
    return _log_ratio(audience.views, audience.posts)


def parts(audience: Audience) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Give the panels the marks are read from."""
    return {
        "reach": reach(audience),
        "conversion": _log_ratio(audience.likes, audience.views),
        "followers": _log_ratio(audience.followers, np.ones_like(audience.followers)),
        "attention": _log_ratio(audience.attention, np.ones_like(audience.attention)),
        "elsewhere": _log_ratio(audience.other, np.ones_like(audience.other)),
        "on_topic": _log_ratio(audience.topic_views[0], audience.topic_posts[0]),
        "off_topic": _log_ratio(audience.topic_views[1], audience.topic_posts[1]),
    }


def _log_ratio(total: Any, number: Any) -> Any:
    known = np.isfinite(total) & np.isfinite(number) & (total > 0) & (number > 0)
    return np.where(known, np.log(np.where(known, total, 1.0)) - np.log(np.where(known, number, 1.0)), np.nan)


def _rate(hits: int, worlds: int) -> Result:
    exact = binomtest(hits, worlds).proportion_ci(0.99, "exact")
    return {"worlds": worlds, "hits": hits, "rate": hits / worlds, "low": round(exact.low, 4), "high": round(exact.high, 4)}


def _store(stored: dict[str, Result]) -> None:
    order = {f"{kind}:{cell.name}": i for i, (kind, cell) in enumerate((k, c) for k, (cells, _) in KINDS.items() for c in cells)}
    cells = [stored[key] for key in sorted(stored, key=lambda key: order.get(key, 10_000))]
    for cell in cells:
        planted = stored.get(f"planted:{POWER_OF.get(cell['cell'], '')}") if cell["kind"] == "null" else None
        if planted is not None:
            cell["power"], cell["power_at"] = planted["found"], POWER_OF[cell["cell"]].replace("push_", "x").replace("_", " ")
    STORED.write_text(json.dumps({"analysis": "amplification", "nominal": NOMINAL, "cells": cells}, indent=1) + "\n", "utf-8")
    if PAGE.is_file():
        head, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{page(cells)}{END}{rest.split(END)[1]}", "utf-8")


def page(cells: list[Result]) -> str:
    """Write the tables of the page."""
    of = {kind: [c for c in cells if c["kind"] == kind] for kind in KINDS}
    lines = []
    for kind, title in (("null", "False alarms, date given"), ("searched", "False alarms, date searched")):
        if of[kind]:
            worst = max(of[kind], key=lambda c: c["rate"])
            mean = sum(c["hits"] for c in of[kind]) / sum(c["worlds"] for c in of[kind])
            lines += [f"**{title}** (nominal 0.05; mean {mean:.3f}, worst {worst['rate']:.3f} in {worst['cell']})", ""]
            lines += ["| cell | found | rate [99 % exact] |", "|---|--:|---|"]
            lines += [f"| {c['cell']} | {c['hits']} of {c['worlds']} | {_shown(c)} |" for c in of[kind]] + [""]
    if of["planted"]:
        mean = float(np.mean([c["interval_holds"] for c in of["planted"]]))
        lines += [f"**Does the 95 % interval hold the planted ratio?** (date given; mean {mean:.3f})", ""]
        lines += ["| cell | interval holds [99 % exact] | found | mean error of log ratio |", "|---|---|--:|--:|"]
        lines += [
            f"| {c['cell']} | {c['interval_holds']:.3f} [{c['low']:.3f}, {c['high']:.3f}] | {c['found']:.2f} | {c['bias']:+.3f} |"
            for c in of["planted"]
        ] + [""]
    if of["power"]:
        sizes = sorted({c["size"] for c in of["power"]})
        lines += ["**Power: share found**, 20 controls, 27 weeks before and 11 after, AR 0.3, date given", ""]
        lines += ["| weekly residual sd | " + " | ".join(f"×{s:g}" for s in sizes) + " |", "|---|" + "--:|" * len(sizes)]
        for noise in sorted({c["noise"] for c in of["power"]}):
            row = {c["size"]: c["rate"] for c in of["power"] if c["noise"] == noise}
            lines.append(f"| {noise:g} | " + " | ".join(f"{row[s]:.2f}" if s in row else "–" for s in sizes) + " |")
        lines.append("")
    if of["mechanism"]:
        lines += ["**Which explanation is named**, sizes ×1.5 to ×3, 30 controls, 52 weeks before and 26 after, topics given", ""]
        lines += ["| planted | treated | named |", "|---|--:|---|"]
        for c in of["mechanism"]:
            told = ", ".join(f"{k} {v}" for k, v in c["named"].items())
            lines.append(f"| {c['planted']} | {c['cell'].split('_')[1]} | {told} |")
        lines.append("")
    if of["detectable"]:
        lines += ["**Is the promised smallest effect found?** (planted in fresh copies of the same panels; 0.8 promised)", ""]
        lines += ["| cell | panels | median smallest ratio | found [99 % exact] |", "|---|--:|--:|---|"]
        lines += [f"| {c['cell']} | {c['panels']} | ×{c['median_ratio']:.2f} | {_shown(c)} |" for c in of["detectable"]] + [""]
    return "\n".join(lines)


def _shown(cell: Result) -> str:
    return f"{cell['rate']:.3f} [{cell['low']:.3f}, {cell['high']:.3f}]"


KINDS: dict[str, tuple[tuple[Cell, ...], Callable[[Cell], Result]]] = {
    "null": (NULL_CELLS, lambda cell: _null(cell, searched=False)),
    "planted": (COVERAGE_CELLS, _planted),
    "power": (POWER_CELLS, _power),
    "mechanism": (MECHANISM_CELLS, _mechanism),
    "detectable": (tuple(c._replace(worlds=DETECTABLE_WORLDS) for c in POWER_CELLS if c.name in DETECTABLE), _detectable),
    "searched": (NULL_CELLS, lambda cell: _null(cell, searched=True)),
}


if __name__ == "__main__":
    main()
