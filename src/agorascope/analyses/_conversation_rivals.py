"""What else could it be? The rival explanations of a burst or a change, each with a number from the same data."""

from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.findings import Rival
from agorascope.stats.intensity import FARTHEST_RATIO, log_ratio_interval, within
from agorascope.stats.signflip import effective
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.texts import message

from ._conversation_changes import Slice
from ._conversation_reduce import DAY_US, Activity

Floats = npt.NDArray[np.float64]

TOO_OFTEN = 0.05  # chance above which an event near a burst is taken for a coincidence
EVENTS = "SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST"


def of_burst(corpus: Corpus, activity: Activity, expected: Floats, first: int, burst: dict[str, Any]) -> tuple[Rival, ...]:
    """Test the rivals of a burst: one loud author, reposts only, a capture artefact, an event of the case."""
    inside = (activity.bin >= burst["first_bin"]) & (activity.bin < burst["first_bin"] + burst["bins"])
    usual = burst["expected"] / float(expected.sum())
    return (
        _loudest(activity, inside, usual, first, expected.size),
        _reposts(activity, inside, usual),
        _gap(activity, expected, first, burst),
        _event(corpus, activity, burst),
    )


def of_change(piece: Slice, *, authors: int, before: int, after: int) -> tuple[Rival, ...]:
    """Test the rival of a change: other accounts came, those who stayed changed nothing."""
    sides = [_two_sides(rows, authors, before, after) for rows in (piece, piece.whole)]
    stayed = (sides[1] > 0).all(axis=1)
    part, whole = sides[0][stayed], sides[1][stayed]
    if not stayed.any() or part.sum(axis=0).min() <= 0:
        return (
            Rival(
                name="turnover",
                statement=message("conversation.rival.turnover"),
                status="not_tested",
                missing=message("conversation.missing.stayers"),
            ),
        )
    shares = part.sum(axis=0) / whole.sum(axis=0)
    influence = ((part - shares * whole) / part.sum(axis=0)) @ np.array([-1.0, 1.0])
    k = part.shape[0]
    ratio = log_ratio_interval(
        float(shares[1] / shares[0]), float((influence**2).sum()) * k / max(k - 1, 1), max(effective(influence) - 1, 1.0)
    )
    held = ratio.low > 1 or ratio.high < 1
    return (
        Rival(
            name="turnover",
            statement=message("conversation.rival.turnover"),
            status="disfavoured" if held else "undecided",
            statistic=within(ratio.ratio),
            low=within(ratio.low),
            high=within(ratio.high),
        ),
    )


def _loudest(activity: Activity, inside: npt.NDArray[np.bool_], usual: float, first: int, bins: int) -> Rival:
    """Leave out the author with most posts in the window: is there still a burst?"""
    statement = message("conversation.rival.loudest")
    held = sums(activity.author[inside], activity.posts[inside], len(activity.authors))
    scanned = (activity.bin >= first) & (activity.bin < first + bins)
    sizes = sums(activity.author[scanned], activity.posts[scanned], len(activity.authors))
    others = np.flatnonzero(np.arange(held.size) != int(np.argmax(held)))
    if all(account is None for _, account in activity.authors) or held[others].sum() <= 0:
        return Rival(name="loudest", statement=statement, status="not_tested", missing=message("conversation.missing.authors"))
    rest, base = held[others], sizes[others] * usual
    ratio = float(rest.sum() / base.sum()) if base.sum() > 0 else 1.0
    k = max(int(np.count_nonzero(rest)), 2)
    variance = float(((rest - base) ** 2).sum()) / float(rest.sum()) ** 2 * k / (k - 1)
    interval = log_ratio_interval(ratio, variance, max(effective(rest - base) - 1, 1.0))
    status = "disfavoured" if interval.low > 1 else "favoured" if ratio < 1.1 else "undecided"
    return Rival(
        name="loudest",
        statement=statement,
        status=status,
        statistic=within(ratio),
        low=within(interval.low),
        high=within(interval.high),
    )


def _reposts(activity: Activity, inside: npt.NDArray[np.bool_], usual: float) -> Rival:
    """Share of the excess that is reposts: near 1 means that nothing new was said."""
    statement = message("conversation.rival.reposts")
    kinds = activity.dimensions.get("kind")
    if kinds is None or "repost" not in kinds.labels:
        return Rival(name="reposts", statement=statement, status="not_tested", missing=message("conversation.missing.kinds"))
    repost = kinds.codes == kinds.labels.index("repost")
    excess = [float(activity.posts[inside & rows].sum() - usual * activity.posts[rows].sum()) for rows in (repost, ~repost)]
    share = min(max(excess[0] / sum(excess), 0.0), 1.0) if sum(excess) > 0 else 0.0
    return Rival(
        name="reposts",
        statement=statement,
        status="favoured" if share > 0.9 else "undecided" if share > 0.7 else "disfavoured",
        statistic=share,
    )


def _gap(activity: Activity, expected: Floats, first: int, burst: dict[str, Any]) -> Rival:
    """Volume just before the window over its baseline: near 0 means that a capture caught up."""
    statement = message("conversation.rival.gap")
    start = burst["first_bin"] - first
    begin = max(start - burst["bins"], 0)
    if begin == start:
        return Rival(name="gap", statement=statement, status="not_tested", missing=message("conversation.missing.before"))
    ratio = float(activity.counts[first + begin : first + start].sum() / max(float(expected[begin:start].sum()), 0.5))
    return Rival(
        name="gap",
        statement=statement,
        status="favoured" if ratio < 0.3 else "undecided" if ratio < 0.6 else "disfavoured",
        statistic=min(ratio, FARTHEST_RATIO),
    )


def _event(corpus: Corpus, activity: Activity, burst: dict[str, Any]) -> Rival:
    """Look for an event of the case within a day before the window or in it; p: the chance of one in a window placed at random.

    An event that a window placed anywhere would often have met explains nothing yet: the rival is favoured where p <= 0.05.
    """
    statement = message("conversation.rival.event")
    events = corpus.query(EVENTS).to_pylist() if corpus.has("events") else []
    if not events:
        return Rival(name="event", statement=statement, status="not_tested", missing=message("conversation.missing.events"))
    reach = activity.bin_us * burst["bins"] + DAY_US
    near = [e for e in events if burst["start_us"] - DAY_US <= e["at_us"] < burst["end_us"]]
    chance = 1 - (1 - min(reach / (activity.bin_us * activity.bins), 1.0)) ** len(events)
    status = "disfavoured" if not near else "favoured" if chance <= TOO_OFTEN else "undecided"
    return Rival(name="event", statement=statement, status=status, statistic=float(len(near)), p_value=chance)


def _two_sides(rows: Any, authors: int, before: int, after: int) -> Floats:
    sides = (rows.bin < before, rows.bin >= after)
    return np.column_stack([sums(rows.author[side], rows.posts[side], authors) for side in sides])
