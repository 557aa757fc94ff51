"""How often is an analysis wrong where nothing happened? The measured answer, looked up in the cell of worlds nearest to a corpus.

``<analysis>.json`` lies beside this file; ``make calibrate`` makes it again. It holds ``nominal`` and ``cells``; each cell has
its name, the parameters of its worlds, ``descriptors`` by which a corpus is compared with it, and what was counted.
"""

import functools
import math
from importlib import resources
from typing import Any

import msgspec

from agorascope.findings import Calibration

_REACH = math.log(2)  # a corpus within a factor two of the outermost cells is inside the grid


def nearest(analysis: str, **descriptors: float | str) -> Calibration:
    """Give the calibration of the cell nearest to a corpus.

    Descriptors given as text must be equal; those given as numbers are compared by the sum of squared log ratios. Outside the
    grid the numbers of the nearest cell are given with ``inside_grid`` false; without any comparable cell all are None.
    """
    table = load(analysis)
    told = [c for c in table.get("cells", []) if "descriptors" in c]  # others measure power or intervals, not false alarms
    alike = [c for c in told if all(c["descriptors"].get(k) == v for k, v in descriptors.items() if isinstance(v, str))]
    if not alike:
        return Calibration()
    place = {k: _log(v) for k, v in descriptors.items() if not isinstance(v, str)}
    best = min(alike, key=lambda cell: sum((place[k] - _log(cell["descriptors"][k])) ** 2 for k in place))
    inside = all(_inside(place[k], [_log(cell["descriptors"][k]) for cell in alike]) for k in place)
    return Calibration(
        cell=best["cell"],
        inside_grid=inside,
        nominal=table["nominal"],
        false_alarm_rate=best["rate"],
        low=best["low"],
        high=best["high"],
        worlds=best["worlds"],
        power=best["power"],
        power_at=best["power_at"],
    )


@functools.cache
def load(analysis: str) -> dict[str, Any]:
    """Read the stored calibration of an analysis; an empty one where there is none."""
    file = resources.files(__package__) / f"{analysis}.json"
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Any]) if file.is_file() else {}


def _log(value: float) -> float:
    return math.log(max(float(value), 1e-9))


def _inside(value: float, known: list[float]) -> bool:
    return min(known) - _REACH <= value <= max(known) + _REACH
