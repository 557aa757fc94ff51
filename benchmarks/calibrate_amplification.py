"""How often is an audit of amplification wrong, and what does it find? Every cell of ``worlds.audience_cells``, as fixed there.

``null`` and ``searched`` count false alarms (verdict ``found``), the date given or searched; ``planted`` asks whether the 95 %
interval holds the truth; ``power`` how often a push is found; ``mechanism`` which explanation is named; ``detectable`` whether the
smallest effect that was promised is found in fresh copies; ``dated`` what a searched date is worth. Beside it, on the same worlds,
a published recipe (``stats.recipe``: CUSUM of sums, interaction in levels at p <= .05; rows are period means weighted by posts).
Results go to ``src/agorascope/calibration/amplification.json`` cell by cell, so that an interrupted run goes on where it stopped,
and into ``docs/analyses/amplification.md``.
Run: ``python benchmarks/calibrate_amplification.py [--kinds null ...] [--cells NAME...] [--worlds N] [--jobs N] [--again]``.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats import power
from agorascope.stats.audit import Decision, decide, finds, holds, lines
from agorascope.stats.marks import measure, name
from agorascope.stats.recipe import recipe
from agorascope.stats.steps import interval
from agorascope.stats.twoway import prepare
from agorascope.worlds.audience import Audience, AudienceWorld, make, truth
from agorascope.worlds.audience_cells import COVERAGE_CELLS, MECHANISM_CELLS, NULL_CELLS, POWER_CELLS, Cell, worlds_of
from amplification_tables import page
from calibration import NOMINAL, each, parser, rate, store, stored

Floats = npt.NDArray[np.float64]
Result = dict[str, Any]
World = tuple[AudienceWorld, int]

DRAWS, SEARCH_DRAWS, COPY_DRAWS = 999, 199, 199
DETECTABLE = ("noise_0.2_size_1.0", "noise_0.3_size_1.0", "noise_0.5_size_1.0")
DETECTABLE_WORLDS, COPIES, FRESH = 100, 60, 5
FRESH_SEED = 77
POWER_OF = {
    "plain_30": "push_1.5",
    "trends_30": "push_2_trends",
    "common_shocks_30": "push_2_common_shocks",
    "uneven_noise_30": "push_2_uneven_noise",
    "missing_30": "push_2_missing",
    "three_treated_30": "push_2_three_treated",
}


class Kind(NamedTuple):
    """Say which cells are looked at, how one world is, and how what was seen in all is counted."""

    cells: tuple[Cell, ...]
    look: Callable[[World], Result]
    count: Callable[[Cell, list[Result]], Result]


def main() -> None:
    """Measure the cells asked for that are not stored yet with as many worlds; store and print each; write the page."""
    options = parser(__doc__, sorted({cell.name for kind in KINDS.values() for cell in kind.cells}), worlds=0)
    options.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    options.add_argument("--jobs", type=int, default=1, help="processes")
    options.add_argument("--again", action="store_true", help="measure stored cells again")
    asked = options.parse_args()
    done = {(c["kind"], c["cell"]): c for c in stored("amplification")}
    for kind in asked.kinds:
        for cell in KINDS[kind].cells:
            worlds, known = asked.worlds or cell.worlds, done.get((kind, cell.name), {"worlds": 0})["worlds"]
            if cell.name not in asked.cells or (known >= worlds and not asked.again):
                continue
            began = time.perf_counter()
            done[kind, cell.name] = found = measured(kind, cell._replace(worlds=worlds), jobs=asked.jobs)
            told = {k: v for k, v in found.items() if k not in ("descriptors", "seeds")}
            print(f"{told} ({(time.perf_counter() - began) / found['worlds'] * 1e3:.0f} ms a world)", flush=True)
            store("amplification", ordered(done), page)
    store("amplification", ordered(done), page)


def measured(kind: str, cell: Cell, *, jobs: int) -> Result:
    """Look at every world of a cell and count."""
    seen = each(KINDS[kind].look, list(worlds_of(cell)), jobs=jobs)
    seeds = [cell.first_seed, cell.first_seed + cell.worlds - 1]
    return {"kind": kind, "cell": cell.name, "seeds": seeds, "worlds": cell.worlds, **KINDS[kind].count(cell, seen)}


def audited(world: World, *, search: bool = False) -> tuple[Audience, Floats, Decision]:
    """Make a world and take the decision."""
    audience = make(*world)
    y = reach(audience)
    date, draws = (None, SEARCH_DRAWS) if search else (audience.start, DRAWS)
    return audience, y, decide(y, audience.treated, date=date, draws=draws, rng=np.random.default_rng(world[1]))


def look_found(world: World, *, search: bool = False) -> Result:
    """Ask whether a move is found, by the whole decision, by the rank alone, by the recipe."""
    audience, _, decision = audited(world, search=search)
    return {"hit": holds(decision, alpha=NOMINAL), "rank": decision.p_value <= NOMINAL, "recipe": by_recipe(audience)}


def look_planted(world: World) -> Result:
    """Ask whether the interval holds the planted ratio."""
    audience, _, decision = audited(world)
    real = float(np.log(truth(world[0]).ratio).mean())
    return {
        "held": decision.low <= real <= decision.high,
        "hit": holds(decision, alpha=NOMINAL),
        "error": decision.tau - real,
        "recipe": by_recipe(audience),
    }


def look_dated(world: World) -> Result:
    """Ask where a searched date lies; its interval is that of the step in the difference of treated and others."""
    audience, y, decision = audited(world, search=True)
    usable = prepare(y, audience.after).usable
    step = decision.steps.get("between")
    ends = None if step is None else interval(lines(y, audience.treated, usable)["between"], step)
    return {
        "hit": holds(decision, alpha=NOMINAL),
        "near": abs(decision.at - audience.start) <= 1,
        "date_held": ends is not None and ends[0] <= audience.start <= ends[1],
        "periods": None if ends is None else ends[1] - ends[0] + 1,
    }


def look_mechanism(world: World) -> Result:
    """Ask which explanation is named, by every mark, and by reach and conversion alone."""
    audience, _, decision = audited(world)
    if not holds(decision, alpha=NOMINAL):
        return {"named": "not_found", "bare": "not_found"}
    given = parts(audience)
    bare = {key: given[key] for key in ("reach", "conversion")}
    every, few = (name(measure(some, audience.treated, audience.after)) or "not_identified" for some in (given, bare))
    return {"named": every, "bare": few}


def look_detectable(world: World) -> Result:
    """Promise a smallest effect by some copies of a panel, plant it in others."""
    audience, y, decision = audited(world)
    treated, after, seed = audience.treated, audience.after, world[1]
    usable, at = prepare(y, after).usable, audience.start
    size = power.smallest(y, treated, at, decision.tau, usable, alpha=NOMINAL, copies=COPIES, draws=COPY_DRAWS, seed=seed)
    seen = []
    for fresh in range(FRESH if size is not None else 0):
        rng = np.random.default_rng([seed, FRESH_SEED, fresh])
        quiet, called = power.copy(y, treated, after, decision.tau, usable, rng)
        planted = power.planted(quiet, called, at, size or 0.0)
        seen.append(finds(planted, called, date=at, alpha=NOMINAL, draws=COPY_DRAWS, sign=1, rng=rng))
    return {"ratio": None if size is None else float(np.exp(size)), "seen": seen}


def by_recipe(audience: Audience) -> bool:
    """Say whether the published recipe reports an interaction: p <= .05 at the date it finds itself."""
    known = np.isfinite(audience.views) & (audience.posts > 0)
    means = np.where(known, audience.views / np.where(known, audience.posts, 1.0), np.nan).ravel()
    group = np.repeat(audience.treated, audience.views.shape[1])
    period = np.tile(np.arange(audience.views.shape[1]), audience.views.shape[0])
    try:
        return bool(recipe(means, group, period, weights=audience.posts.ravel()).p_values[3] <= NOMINAL)
    except ValueError:
        return False


def reach(audience: Audience) -> Floats:
    """Give the log of views per post, nan where unknown."""
    return _log_ratio(audience.views, audience.posts)


def parts(audience: Audience) -> dict[str, Floats]:
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


def _log_ratio(total: Floats, number: Floats) -> Floats:
    known = np.isfinite(total) & np.isfinite(number) & (total > 0) & (number > 0)
    return np.where(known, np.log(np.where(known, total, 1.0)) - np.log(np.where(known, number, 1.0)), np.nan)


def share(seen: list[Result], key: str) -> float:
    """Give the share of worlds in which something holds."""
    return sum(bool(s[key]) for s in seen) / len(seen)


def count_found(cell: Cell, seen: list[Result]) -> Result:
    """Count worlds in which a move is found."""
    hits = sum(s["hit"] for s in seen)
    return {"hits": hits, **rate(hits, len(seen)), "rank": share(seen, "rank"), "recipe": share(seen, "recipe")}


def count_null(cell: Cell, seen: list[Result], *, date: str) -> Result:
    """Count false alarms; say by what a corpus is compared with these worlds."""
    about = {"accounts": float(cell.world.accounts), "periods": float(cell.world.periods), "noise": cell.world.noise, "date": date}
    return count_found(cell, seen) | {"descriptors": about, "power": None, "power_at": None}


def count_planted(cell: Cell, seen: list[Result]) -> Result:
    """Count intervals that hold the truth."""
    exact = rate(sum(s["held"] for s in seen), len(seen))
    return {
        "interval_holds": exact["rate"],
        "low": exact["low"],
        "high": exact["high"],
        "found": share(seen, "hit"),
        "bias": float(np.mean([s["error"] for s in seen])),
        "recipe": share(seen, "recipe"),
    }


def count_dated(cell: Cell, seen: list[Result]) -> Result:
    """Count dates held, over all worlds and over those in which the move is found."""
    found = [s for s in seen if s["hit"]]
    exact = rate(sum(s["date_held"] for s in found), len(found)) if found else {"rate": None, "low": None, "high": None}
    return {
        "found": len(found) / len(seen),
        "date_holds": exact["rate"],
        "low": exact["low"],
        "high": exact["high"],
        "near": share(found, "near") if found else None,
        "median_periods": float(np.median([s["periods"] for s in found])) if found else None,
        "date_holds_all": share(seen, "date_held"),
        "near_all": share(seen, "near"),
    }


def count_detectable(cell: Cell, seen: list[Result]) -> Result:
    """Count promised effects that are found."""
    tried = [hit for s in seen for hit in s["seen"]]
    ratios = [s["ratio"] for s in seen if s["ratio"] is not None]
    counted = rate(sum(tried), len(tried)) if tried else {"rate": None, "low": None, "high": None}
    middle = float(np.median(ratios)) if ratios else None
    return {"hits": sum(tried), **counted, "panels": len(seen), "none_detectable": len(seen) - len(ratios), "median_ratio": middle}


def ordered(done: dict[tuple[str, str], Result]) -> list[Result]:
    """Put cells in order, and beside each null cell the power where the like is planted."""
    order = {(kind, cell.name): i for i, (kind, cell) in enumerate((k, c) for k, one in KINDS.items() for c in one.cells)}
    cells = [done[key] for key in sorted(done, key=lambda key: order.get(key, 10_000))]
    for cell in cells:
        planted = done.get(("planted", POWER_OF.get(cell["cell"], ""))) if cell["kind"] == "null" else None
        if planted is not None:
            cell["power"], cell["power_at"] = planted["found"], POWER_OF[cell["cell"]].replace("push_", "x").replace("_", " ")
    return cells


KINDS: dict[str, Kind] = {
    "null": Kind(NULL_CELLS, look_found, partial(count_null, date="given")),
    "planted": Kind(COVERAGE_CELLS, look_planted, count_planted),
    "power": Kind(
        POWER_CELLS, look_found, lambda cell, seen: count_found(cell, seen) | {"noise": cell.world.noise, "size": cell.world.size}
    ),
    "mechanism": Kind(
        MECHANISM_CELLS,
        look_mechanism,
        lambda cell, seen: {
            "planted": cell.world.mechanism,
            "named": dict(sorted(Counter(s["named"] for s in seen).items())),
            "bare": dict(sorted(Counter(s["bare"] for s in seen).items())),
        },
    ),
    "detectable": Kind(
        tuple(c._replace(worlds=DETECTABLE_WORLDS) for c in POWER_CELLS if c.name in DETECTABLE), look_detectable, count_detectable
    ),
    "dated": Kind(COVERAGE_CELLS, look_dated, count_dated),
    "searched": Kind(NULL_CELLS, partial(look_found, search=True), partial(count_null, date="searched")),
}


if __name__ == "__main__":
    main()
