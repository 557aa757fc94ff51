"""How often does an audit of a page to which nothing was done call its exposure moved? A thousand audits of real pages.

Data: weekly engagement per post of political Facebook pages (buzzfeed_fb_weekly), those with a value in nine weeks of ten. Audit
number i (its seed) draws a page at random and audits it against all other pages of its own side, date searched, as `amplification`
does: rejected where the randomisation p-value is at most the nominal level. Beside it: how often the whole ladder says `found`,
which asks for a dated step and for the sign to survive the accounts' own trends.
Writes the table of docs/performance.md. Run: ``AGORASCOPE_SHARED=... python benchmarks/placebo_audits.py [--audits 1000]``.
"""

import argparse
import csv
import os
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from agorascope.stats.audit import decide, holds
from measure import write_table

FOLDER = Path(os.environ.get("AGORASCOPE_SHARED", Path(__file__).resolve().parents[2] / "shared/data"))
DATA = FOLDER / "amplification/buzzfeed_fb_weekly"
KNOWN = 0.9
DRAWS = 499
LEVELS = (0.05, 0.10)


def main() -> None:
    """Audit the pages drawn, print the rates, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=1000)
    asked = parser.parse_args().audits
    sides = panel()
    pages = [(side, i) for side in sorted(sides) for i in range(sides[side].shape[0])]
    began = time.perf_counter()
    p_values, found, done = [], 0, {}
    for seed in range(asked):
        rng = np.random.default_rng(seed)
        page = pages[int(rng.integers(len(pages)))]
        if page not in done:
            done[page] = audit(sides[page[0]], page[1], seed)
        p, whole = done[page]
        p_values.append(p)
        found += whole
    rows = [row(f"p at most {level:.2f}", sum(p <= level for p in p_values), asked) for level in LEVELS]
    rows.append(row("whole ladder, `found` at 0.05", found, asked))
    write_table(
        "placebo audits of real pages",
        ["rejected where", "audits", "rate [99 % exact]"],
        rows,
        f"{len(pages)} pages, each against its own side; {len(done)} different ones were drawn. "
        f"Took {time.perf_counter() - began:.0f} s.",
    )


def panel() -> dict[str, np.ndarray]:
    """Give log engagement per post of every side: (pages, weeks), nan where unknown or zero."""
    with (DATA / "fb-page-info-summary.csv").open(encoding="utf-8") as file:
        side = {row["page_id"]: row["political_category"] for row in csv.DictReader(file)}
    cells: dict[str, dict[str, float]] = defaultdict(dict)
    with (DATA / "page-engagement-by-week.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            posts, engagement = float(row["post_count"] or 0), float(row["total_engagement"] or 0)
            if posts > 0 and engagement > 0:
                cells[row["page_id"]][row["status_published"]] = float(np.log(engagement / posts))
    weeks = sorted({week for known in cells.values() for week in known})
    kept = sorted(page for page, known in cells.items() if len(known) >= KNOWN * len(weeks) and page in side)
    made: dict[str, list[list[float]]] = defaultdict(list)
    for page in kept:
        made[side[page]].append([cells[page].get(week, np.nan) for week in weeks])
    return {name: np.array(rows) for name, rows in made.items()}


def audit(y: np.ndarray, page: int, seed: int) -> tuple[float, bool]:
    """Audit one page against the others of its side; give the p-value, and whether the whole ladder says found."""
    treated = np.zeros(y.shape[0], bool)
    treated[page] = True
    decision = decide(y, treated, date=None, draws=DRAWS, rng=np.random.default_rng([seed, 1]))
    return decision.p_value, holds(decision, alpha=LEVELS[0])


def row(name: str, count: int, audits: int) -> tuple[object, ...]:
    """Write one rate with its interval."""
    ends = binomtest(count, audits).proportion_ci(0.99, "exact")
    print(name, count, audits, flush=True)
    return name, f"{count} of {audits}", f"{count / audits:.3f} [{ends.low:.3f}, {ends.high:.3f}]"


if __name__ == "__main__":
    main()
