"""How fast is the exact search for breaks? Against ruptures' Pelt: same series, same penalty, every point allowed, same run.

Needs ruptures (BSD-2), which is a comparator only: ``pip install ruptures`` beside the development environment.
Run: ``python benchmarks/breaks.py [POINTS...]``.
"""

import sys
import time

import numpy as np

from agorascope.stats.changepoints import detect
from agorascope.stats.segments import partition
from measure import write_table

POINTS = (300, 1_000, 3_000)
LONG = POINTS[-1]
HEADER = ("points", "partition (s)", "ruptures Pelt (s)", "times as fast", "result", "detect (s)", "times as fast")
LEAST = 2
ASKED = 20


def main() -> None:
    """Time both on each length and write docs/performance.md."""
    try:
        import ruptures
    except ImportError:
        raise SystemExit("ruptures is missing: pip install ruptures, then run this again") from None
    sizes = tuple(int(a) for a in sys.argv[1:]) or POINTS
    rows = []
    timed = {}
    for n in sizes:
        rng = np.random.default_rng(n)
        values = rng.standard_normal(n) + 2 * (np.arange(n) // (n // 5) % 2)
        penalty = 3 * float(np.log(n))
        ours, found = _timed(lambda v=values, p=penalty: partition(v, penalty=p, min_size=LEAST).indices.tolist())
        pelt = ruptures.Pelt(model="l2", min_size=LEAST, jump=1)
        theirs, other = _timed(lambda v=values, p=penalty, model=pelt: model.fit(v).predict(pen=p)[:-1])
        whole, _ = _timed(lambda v=values: detect(v).indices.tolist())
        costs = [_cost(values, cuts) + penalty * len(cuts) for cuts in (found, other)]
        assert costs[0] <= costs[1] * (1 + 1e-9), costs
        same = "same breaks" if found == other else f"lower cost ({costs[0]:.6g} against {costs[1]:.6g})"
        rows.append(
            (f"{n:,}", f"{ours:.3f}", f"{theirs:.2f}", f"{theirs / ours:.0f}", same, f"{whole:.2f}", f"{theirs / whole:.1f}")
        )
        print(*rows[-1])
        timed[n] = ours, theirs, whole
    write_table("breaks", HEADER, rows, sentence(timed, ruptures.__version__))


def sentence(timed: dict[int, tuple[float, float, float]], version: str) -> str:
    """Say what was asked and how the longest series fared. ``timed``: points -> seconds of partition, of Pelt, of ``detect``."""
    n = max(timed)
    ours, theirs, whole = timed[n]
    compared = f"{theirs / whole:.1f} times as fast" if theirs >= whole else f"{whole / theirs:.1f} times as slow"
    return (
        f"Five levels, penalty 3·log n, {LEAST} points or more each, every point allowed (`jump=1`). At least {ASKED} times as "
        f"fast is asked at {LONG:,} points. At {n:,} points the partition, which answers the same question as Pelt, is "
        f"{theirs / ours:.0f} times as fast; `detect`, which is what `breaks` runs and does much more (levels and lines, "
        f"dependence, tests, intervals), takes {whole:.2f} s and is {compared}. ruptures {version}."
    )


def _timed(call):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def _cost(values: np.ndarray, cuts: list[int]) -> float:
    return sum(float(((part - part.mean()) ** 2).sum()) for part in np.split(values, cuts))


if __name__ == "__main__":
    main()
