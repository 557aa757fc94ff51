"""How often does the p of eight measures together lie at 5 % or below where there are no sides? Counted.

Worlds and seeds are those of ``calibrate_polarisation``, which counts what is called a division: that asks for fewer ties across as
well. Where p alone is low the claim says that other things differ, and that chance alone does that as often as is counted here.
Writes a table of ``docs/analyses/polarisation.md``; rows of cells that are not asked for are kept.
Run: ``python benchmarks/calibrate_polarisation_p.py [--worlds 500] [--cells NAME...] [--jobs 2]``.
"""

from functools import partial

from calibrate_made_sides import keep
from calibrate_polarisation import CELLS, FIRST_SEED, Asked, look
from calibration import each, parser, rate, shown

HEADER = ("cell", "p of 0.05 or less", "rate [99 % exact]", "of these a division")


def main() -> None:
    """Run the cells asked for, print each, and put it on the page."""
    options = parser(__doc__, CELLS, worlds=500)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    for name in asked.cells:
        seen = each(partial(low, CELLS[name]), range(FIRST_SEED, FIRST_SEED + asked.worlds), jobs=asked.jobs)
        hits, apart = (sum(one[i] for one in seen) for i in (0, 1))
        row = [name, f"{hits} of {len(seen)}", shown(rate(hits, len(seen))), f"{apart}"]
        print(*row, sep="; ", flush=True)
        keep("together", HEADER, row, list(CELLS))


def low(asked: Asked, seed: int) -> tuple[bool, bool]:
    """Say whether p is 0.05 or less in one world without sides, and whether a division is found."""
    seen = look(asked, seed, 0.0)
    return (False, False) if seen is None else (seen.differs(0.05), seen.apart(0.05))


if __name__ == "__main__":
    main()
