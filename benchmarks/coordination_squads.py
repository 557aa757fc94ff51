"""Is a squad found among a million reposts? Five thousand accounts, and fifty, of some 130,000; the fixed rule of peers beside it.

Worlds: ``BotnetWorld`` with its defaults (1,000,000 shares by the background; each account of a squad shares 12 of 60 posts, told
to over twenty minutes), ``SEEDS`` fixed here. The window is chosen and every account tested as the analysis does; counted are those
in networks that the comparison of `apart` leaves, for which a copy with delays dealt anew is tested too. The fixed rule
flags every account with a partner: two objects together within the window, or within a minute, as other tools do.
Writes a table of docs/performance.md. Run: ``python benchmarks/coordination_squads.py [--sizes 5000 50] [--seeds 1 2 3]``.
"""

import argparse
import resource
import time

import numpy as np

from agorascope.stats.coaction import network
from agorascope.worlds.botnet import BotnetWorld, events
from coordination_counted import look, window_of
from measure import write_table

SIZES = (5_000, 50)
SEEDS = (1, 2, 3)
LEVELS = (0.05, 0.01)
RULE_S = 60


def main() -> None:
    """Draw every world, test it at each level, print and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--seeds", nargs="*", type=int, default=list(SEEDS))
    asked = parser.parse_args()
    rows = [row for size in asked.sizes for seed in asked.seeds for row in measured(size, seed)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    found = ["precision", "recall", "counted: precision, recall", f"fixed rule, {RULE_S} s: precision, recall"]
    write_table(
        "squads among a million reposts",
        ["squad", "seed", "window, s", "level", *found, "CPU, s"],
        rows,
        "The window is chosen; counted are those in networks that the rivals `apart` and `reacting` leave; the rule flags who has "
        f"two objects together with another within {RULE_S} s. Peak {peak:.2f} GB.",
    )


def measured(size: int, seed: int) -> list[tuple[object, ...]]:
    """Choose the window of one world, and test it at every level."""
    drawn = events(BotnetWorld(bots=size), seed)
    at, accounts = drawn.at_us // 1_000_000, int(drawn.author.max()) + 1
    bot = drawn.bot[:accounts]
    began = time.process_time()
    window = window_of(drawn.author, drawn.obj, at)
    picking = time.process_time() - began
    rows: list[tuple[object, ...]] = []
    edges, _ = network(drawn.author, drawn.obj, at, window=RULE_S, least=2)
    rule = np.zeros(accounts, np.bool_)
    rule[edges.source] = rule[edges.target] = True
    for level in LEVELS:
        began = time.process_time()
        found, _, counted = look(drawn.author, drawn.obj, at, q=level, seed=seed, window=window)
        spent = picking + time.process_time() - began
        left = ", ".join(scores(counted, bot))
        by_rule = ", ".join(scores(rule, bot))
        rows.append((size, seed, window, level, *scores(found.network >= 0, bot), left, by_rule, f"{spent:.0f}"))
        print(*rows[-1], flush=True)
    return rows


def scores(flagged: np.ndarray, bot: np.ndarray) -> tuple[str, str]:
    """Write precision and recall."""
    both = int((flagged & bot).sum())
    return f"{both / max(int(flagged.sum()), 1):.3f}", f"{both / int(bot.sum()):.3f}"


if __name__ == "__main__":
    main()
