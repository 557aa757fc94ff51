"""What else could a burst of creations be, and what stands beside it? Shares inside against the rest, and four rivals."""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.stats.crowded import AROUND, ratio_interval
from agorascope.stats.shares import wilson
from agorascope.texts import message

from ._registration_reduce import DAY_US, Dated

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

WEEK_US = 7 * DAY_US
MONTH_US = 30 * DAY_US
MANY_UNDATED = 0.2
FEWEST = 10


def shares(dated: Dated, inside: Mask, scanned: Mask) -> list[dict[str, Any]]:
    """Compare the accounts of a burst with the other dated accounts: one source, digits, and of a group the share inside."""
    rest = scanned & ~inside & np.isfinite(dated.day)
    measures = {"single_source": dated.single, "digits": dated.digits}
    rows = [_compared(name, values[inside], values[rest]) for name, values in measures.items() if np.isfinite(values).any()]
    if dated.group is not None:
        known = np.isfinite(dated.day)
        here = inside.astype(np.float64)
        rows.append(_compared("group", here[dated.group & known], here[scanned & known & ~dated.group]))
    return rows


def _compared(name: str, inside: Floats, rest: Floats) -> dict[str, Any]:
    """Give both shares with their Wilson intervals; none where fewer than 10 accounts are known."""
    row: dict[str, Any] = {"measure": name}
    for side, values in (("inside", inside), ("rest", rest)):
        known = values[np.isfinite(values)]
        enough = known.size >= FEWEST
        low, high = wilson(float(known.sum()), known.size) if enough else (None, None)
        share = float(known.mean()) if enough else None
        row |= {f"{side}_known": int(known.size), f"{side}_share": share, f"{side}_share_low": low, f"{side}_share_high": high}
    return row


def test(dated: Dated, *, start_us: int, end_us: int, reference: Floats | None, first: int, length: int) -> tuple[Rival, ...]:
    """Test every rival of one burst, ``first`` and ``length`` its days in the series of the reference."""
    return (
        _boom(reference, first, length),
        _event(dated, start_us, end_us),
        _capture(dated, start_us, end_us),
        _undated(dated),
    )


def _boom(reference: Floats | None, first: int, length: int) -> Rival:
    """Ratio of the reference's own creations in the window to those in the half year to both sides."""
    statement = message("registration.rival.boom")
    if reference is None:
        return Rival(name="boom", statement=statement, status="not_tested", missing=message("registration.missing.reference"))
    start, stop = max(first - AROUND, 0), min(first + length + AROUND, reference.size)
    inside = float(reference[first : first + length].sum())
    beside = float(reference[start:stop].sum()) - inside
    odds = length / max(stop - start - length, 1)
    low, high = ratio_interval(inside, beside, odds, dispersion=1.0)
    status = "favoured" if low > 1.5 else "disfavoured" if high is not None and high < 1.5 else "undecided"
    ratio = inside / max(beside * odds, 0.5 * odds)
    return Rival(name="boom", statement=statement, status=status, statistic=ratio, low=low, high=high)


def _event(dated: Dated, start_us: int, end_us: int) -> Rival:
    """Events of the case within the burst or the week before; p: the chance of one in a stretch as long placed at random."""
    statement = message("registration.rival.event")
    if not dated.events_us:
        return Rival(name="event", statement=statement, status="not_tested", missing=message("registration.missing.events"))
    near = [at for at in dated.events_us if start_us - WEEK_US <= at < end_us]
    days = dated.day[np.isfinite(dated.day)]
    span = (float(days.max() - days.min()) + 1) * DAY_US
    part = min((end_us - start_us + WEEK_US) / span, 1.0)
    chance = float(1 - (1 - part) ** len(dated.events_us))
    status = "favoured" if near else "disfavoured"
    return Rival(name="event", statement=statement, status=status, statistic=float(len(near)), p_value=chance)


def _capture(dated: Dated, start_us: int, end_us: int) -> Rival:
    """Days from the end of the burst to the first post: a capture by keyword draws in the accounts made for its subject."""
    statement = message("registration.rival.capture")
    if dated.posts_us is None:
        return Rival(name="capture", statement=statement, status="not_tested", missing=message("registration.missing.posts"))
    days = (dated.posts_us[0] - end_us) / DAY_US
    before = start_us > dated.posts_us[1]
    status = "disfavoured" if before or days > MONTH_US / DAY_US else "undecided"
    return Rival(name="capture", statement=statement, status=status, statistic=float(days))


def _undated(dated: Dated) -> Rival:
    """Share of the accounts without a date: a burst may be those whose dates happened to be given."""
    statement = message("registration.rival.undated")
    missing = int(np.count_nonzero(~np.isfinite(dated.day)))
    low, high = wilson(missing, dated.day.size)
    status = "undecided" if high > MANY_UNDATED else "disfavoured"
    return Rival(name="undated", statement=statement, status=status, statistic=missing / dated.day.size, low=low, high=high)
