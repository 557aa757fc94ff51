"""How long does an audit of amplification take, and a screen of every account? Against limits.

The audit: ``agorascope run CASE amplification`` on 56,184 posts of 10 accounts (the size of the study), one of them treated, date
given, 999 choices of accounts asked for (all 10 are listed, since no more exist) and then with the date searched. The screen: 5,000
accounts by 300 days, 199 draws, one call in a process of its own.
Run: ``python benchmarks/amplification.py``.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US
from measure import AGORASCOPE, Cost, cost, write_table

POSTS, ACCOUNTS, WEEKS = 56_184, 10, 27
AUDIT_S, SCREEN_S = 10, 60
SEED = 1
SCREEN = """
import sys
sys.path.insert(0, {here!r})
import numpy as np
from calibrate_screen import BASE, draw
from agorascope.stats.screen import screen
screen(draw(BASE | {{"accounts": 5_000, "periods": 300}}, {seed}), draws=199, rng=np.random.default_rng({seed}))
"""


def posts_csv(file: Path) -> None:
    """Write the posts of a world with their counts, cut at the number asked for."""
    world = audience.AudienceWorld(accounts=ACCOUNTS, treated=1, size=1.5, posts=170.0, posts_spread=0.3)
    tables = audience_tables.tables(world, SEED)
    counts = tables["post_metrics"].select(["post_id", "observed_at_us", "views", "likes", "reposts"])
    posts = tables["posts"].select(["post_id", "account_id", "created_at_us"]).join(counts, "post_id").sort_by("post_id")
    if posts.num_rows < POSTS:
        raise SystemExit(f"the world has {posts.num_rows:,} posts, fewer than {POSTS:,}")
    chosen = np.sort(np.random.default_rng(SEED).choice(posts.num_rows, POSTS, replace=False))
    posts = posts.take(pa.array(chosen)).rename_columns(
        ["post_id", "account_id", "timestamp", "observed_at", "views", "likes", "reposts"]
    )
    pa.csv.write_csv(posts, file)


def measure(place: Path) -> list[tuple[str, float, Cost]]:
    """Time the audit with the date given, with the date searched, and the screen."""
    file, case = place / "posts.csv", str(place / "case")
    posts_csv(file)
    cost([*AGORASCOPE, "new", case])
    cost([*AGORASCOPE, "add", case, str(file)])
    date = str(np.datetime64(START_US + WEEKS * 7 * DAY_US, "us").astype("datetime64[D]"))
    asked = [*AGORASCOPE, "run", case, "amplification", "-p", "treated=a00", "-p", "draws=999"]
    screen = [sys.executable, "-c", SCREEN.format(here=str(Path(__file__).parent), seed=SEED)]
    return [
        ("audit, date given", AUDIT_S, cost([*asked, "-p", f"date={date}"])),
        ("audit, date searched", AUDIT_S, cost(asked)),
        ("audit with the published recipe", AUDIT_S, cost([*asked, "-p", f"date={date}", "-p", "recipe=true"])),
        ("screen", SCREEN_S, cost(screen)),
    ]


def main() -> None:
    """Measure, print and write the table."""
    with tempfile.TemporaryDirectory() as place:
        found = measure(Path(place))
    sizes = [f"{POSTS:,} posts, {ACCOUNTS} accounts"] * 3 + ["5,000 accounts x 300 days"]
    rows = [
        (what, size, f"{c.seconds:.1f}", f"{limit:g}", f"{c.cpu_s:.1f}", f"{c.memory_mb:,.0f}")
        for (what, limit, c), size in zip(found, sizes, strict=True)
    ]
    head = ("run", "size", "seconds", "allowed", "CPU seconds", "peak memory (MB)")
    print(
        write_table(
            "audits of amplification", head, rows, "Each run starts Python anew and reads the case; 999 choices of accounts."
        )
    )


if __name__ == "__main__":
    main()
