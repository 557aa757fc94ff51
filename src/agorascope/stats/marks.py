"""Which marks did a rise leave: those of interest, of a push by the ranking, or of a loop between the two?

Marks are differences of treated and others, after and before, of the same panel cut in other ways (logs):

- ``reach``: exposure per post, and ``conversion``: engagement per unit of exposure. A push shows posts to people who care less:
  conversion falls, but never by more than reach rose (push index -conversion/reach between 0 and 1). Interest and a loop begin with
  people who care more: conversion rises.
- ``off_topic``: reach of posts that are not on the event's topic, and ``topic``: reach on the topic less reach off it. A ranking
  that favours an account favours all its posts; news carries posts on the news.
- ``late``: reach in the later half of the new regime less in its first: interest decays, a loop builds up, a push stays.
- ``followers``, ``attention`` (outside the platform) and ``elsewhere`` (a second platform): interest moves them, a push does not.

People sent from outside, who do not know the account, lower conversion just as a push does. They are told from one by attention
outside, where it is given, and by their leaving again: a push is not named where the effect fades, nor, without attention outside
or elsewhere, unless the effect is shown to stay (a fall by a third of it from the first half to the later is rejected).

``name`` gives at most one mechanism, by one-sided tests at ``alpha`` each; where the marks needed are missing or speak against each
other it gives none. For a fall of reach all signs are turned.

Source: Gravino, Lo Sardo and Brugnoli 2024, arXiv:2405.00008 (engagement per view under a change of ranking); Fieller 1954,
doi:10.1111/j.2517-6161.1954.tb00159.x (interval of a ratio). The rules are ours.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from .placebo import spread, standard_errors
from .twoway import noise, prepare, shift

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Mechanism = Literal["interest", "push", "loop"]


class Mark(NamedTuple):
    """State one mark: the log shift of treated less others, its standard error and degrees of freedom."""

    size: float
    se: float
    df: float

    def p_value(self, *, sign: float = 0.0) -> float:
        """Give the two-sided p-value, or the one-sided one for a shift of the given sign."""
        t = self.size / self.se
        return float(2 * student.sf(abs(t), self.df) if sign == 0 else student.sf(t * np.sign(sign), self.df))

    def interval(self, *, level: float = 0.95) -> tuple[float, float]:
        """Give the interval (low, high) at the level."""
        half = float(student.ppf(0.5 + level / 2, self.df)) * self.se
        return self.size - half, self.size + half


def mark(y: Floats, treated: Bools, after: Bools) -> Mark | None:
    """Measure one mark on a panel of logs (accounts, periods); None where too little is known on a side."""
    prepared = prepare(y, after)
    usable = treated & prepared.usable
    if not usable.any() or (~treated & prepared.usable).sum() < 2:
        return None
    size = float(shift(prepared, usable[None, :])[0])
    about = spread(y, after, shift(prepared, np.eye(y.shape[0], dtype=np.bool_)))
    se = float(standard_errors(about, usable[None, :])[0])
    return Mark(size, max(se, 1e-9), about.df) if np.isfinite(size) and np.isfinite(se) else None


def measure(parts: Mapping[str, Floats], treated: Bools, after: Bools) -> dict[str, Mark]:
    """Measure every mark the parts allow.

    ``parts``: panels of logs by name, among ``reach, conversion, followers, attention, elsewhere, on_topic, off_topic``.
    """
    panels = {
        name: parts[name] for name in ("reach", "conversion", "followers", "attention", "elsewhere", "off_topic") if name in parts
    }
    if "on_topic" in parts and "off_topic" in parts:
        panels["topic"] = parts["on_topic"] - parts["off_topic"]
    found = {name: mark(y, treated, after) for name, y in panels.items()}
    new = np.flatnonzero(after)
    if new.size >= 6:
        found["late"] = mark(parts["reach"][:, new], treated, np.arange(new.size) >= new.size // 2)
    return {name: m for name, m in found.items() if m is not None}


def push_index(
    parts: Mapping[str, Floats], marks: Mapping[str, Mark], treated: Bools, after: Bools, *, level: float = 0.95
) -> tuple[float, float | None, float | None]:
    """Give -conversion/reach with Fieller's interval; both ends None where reach may be unmoved and the interval has no ends.

    The covariance of the two shifts is taken from the correlation of their noise in the treated accounts.
    """
    reach, conversion = marks["reach"], marks["conversion"]
    left = [noise(parts[name], after)[treated].ravel() for name in ("reach", "conversion")]
    both = np.isfinite(left[0]) & np.isfinite(left[1])
    spreads = float(left[0][both].std() * left[1][both].std())
    correlation = float(np.mean(left[0][both] * left[1][both])) / spreads if spreads > 0 else 0.0
    covariance = float(np.clip(correlation, -1, 1)) * reach.se * conversion.se
    q = float(student.ppf(0.5 + level / 2, min(reach.df, conversion.df))) ** 2
    a, b = reach.size**2 - q * reach.se**2, conversion.size * reach.size - q * covariance
    c = conversion.size**2 - q * conversion.se**2
    index = -conversion.size / reach.size
    root = b * b - a * c
    if a <= 0 or root < 0:
        return index, None, None
    ends = sorted(-(b + s * np.sqrt(root)) / a for s in (-1.0, 1.0))
    return index, float(ends[0]), float(ends[1])


Against = Literal["engagement", "off_topic", "topic", "wider", "fades", "shape"]

STAYS = 1 / 3  # of the effect: it may not have lost as much from the first half of the new regime to the later


def name(marks: Mapping[str, Mark], *, alpha: float = 0.05) -> Mechanism | None:
    """Name the mechanism that the marks speak for; None where they do not separate.

    Push: conversion fell and nothing speaks against it (``against_push``). Demand: conversion rose; then interest where the topic
    moved more than the rest (or, without topics, the effect decays); loop where posts off the topic moved too (or, without topics,
    the effect builds up).
    """
    if "reach" not in marks or "conversion" not in marks:
        return None
    if _moved(marks, "conversion", -1, alpha):
        return None if against_push(marks, alpha=alpha) else "push"
    if not _moved(marks, "conversion", 1, alpha):
        return None
    if "topic" in marks:
        return "interest" if _moved(marks, "topic", 1, alpha) else "loop" if _moved(marks, "off_topic", 1, alpha) else None
    faded, grew = (_moved(marks, "late", direction, alpha) for direction in (-1, 1))
    return None if faded == grew else "interest" if faded else "loop"


def against_push(marks: Mapping[str, Mark], *, alpha: float = 0.05) -> Against | None:
    """Say what speaks against a push where conversion fell as a push needs; None where nothing does, or where it did not fall.

    ``engagement``: conversion fell by more than reach rose; ``off_topic``: posts off the topic did not move; ``topic``: it moved
    more; ``wider``: followers, attention outside or the other platform moved along; ``fades``: the effect did; ``shape``: that it
    stays is not shown, and neither attention outside nor another platform is given, which would tell passing visitors.
    """
    if "reach" not in marks or not _moved(marks, "conversion", -1, alpha):
        return None
    sign = _sign(marks)
    if sign * (marks["reach"].size + marks["conversion"].size) < 0:  # engagement itself fell, as no push explains
        return "engagement"
    if "off_topic" in marks and not _moved(marks, "off_topic", 1, alpha):
        return "off_topic"
    if _moved(marks, "topic", 1, alpha):
        return "topic"
    if any(_moved(marks, which, 1, alpha) for which in ("followers", "attention", "elsewhere")):
        return "wider"
    if _moved(marks, "late", -1, alpha):
        return "fades"
    witnessed = "attention" in marks or "elsewhere" in marks
    return None if witnessed or _stays(marks, alpha) else "shape"


def _moved(marks: Mapping[str, Mark], which: str, direction: float, alpha: float) -> bool:
    """Say whether a mark moved with the effect (direction 1) or against it (-1), one-sided."""
    return which in marks and marks[which].p_value(sign=direction * _sign(marks)) <= alpha


def _sign(marks: Mapping[str, Mark]) -> float:
    return float(np.sign(marks["reach"].size)) or 1.0


def _stays(marks: Mapping[str, Mark], alpha: float) -> bool:
    """Say whether a fall by a third of the effect, from the first half of the new regime to the later, is rejected."""
    if "late" not in marks:
        return False
    late, sign = marks["late"], _sign(marks)
    return Mark(sign * late.size + STAYS * abs(marks["reach"].size), late.se, late.df).p_value(sign=1.0) <= alpha
