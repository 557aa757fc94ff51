"""Where do bubbles lie on a map? Near those they are tied to, none on another; the same place for the same numbers.

A stress layout (distances shrink with the strength of ties) by gradient steps from a circle, then bubbles are pushed apart.
Distances on the map mean little, neighbourhood something: the figure says so.

Source: Kamada and Kawai 1989, doi:10.1016/0020-0190(89)90102-6 (stress). No randomness.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 300
_GAP = 0.02


def placed(strength: Floats, radius: Floats) -> tuple[Floats, Floats]:
    """Place bubbles in the unit square. ``strength`` (n, n), symmetric, 0 or more; ``radius`` (n,), of the square's side: (x, y).

    >>> x, y = placed(np.array([[0, 1.0], [1.0, 0]]), np.array([0.1, 0.2]))
    >>> float(np.hypot(x[0] - x[1], y[0] - y[1])) > 0.3
    True
    """
    n = radius.size
    if n < 2:
        return np.full(n, 0.5), np.full(n, 0.5)
    angle = 2 * np.pi * np.arange(n) / n
    at = np.column_stack((np.cos(angle), np.sin(angle))) * 0.35
    relative = strength / max(float(strength.max()), 1e-12)
    apart = radius[:, None] + radius[None, :] + 0.05 + 0.55 * (1 - np.sqrt(relative))
    for step in range(_STEPS):
        gap, distance = _gaps(at)
        pull = ((distance - apart) / apart**2)[:, :, None] * gap / distance[:, :, None]
        at = at - 0.5 * (1 - step / _STEPS) * 0.1 * pull.sum(axis=1) / n * 4
    for _ in range(_STEPS):
        gap, distance = _gaps(at)
        short = np.maximum(radius[:, None] + radius[None, :] + _GAP - distance, 0) * (1 - np.eye(n))
        if not short.any():
            break
        at = at + (short[:, :, None] * gap / distance[:, :, None]).sum(axis=1) * 0.5
    low, high = (at - radius[:, None]).min(axis=0), (at + radius[:, None]).max(axis=0)
    at = at - (low + high) / 2 + 0.5
    return at[:, 0], at[:, 1]


def _gaps(at: Floats) -> tuple[Floats, Floats]:
    gap = at[:, None, :] - at[None, :, :]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    near = distance < 1e-9
    return gap, np.where(near, 1e-9, distance)
