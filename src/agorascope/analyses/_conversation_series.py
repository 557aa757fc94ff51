"""How did volume, authors, engagement and reach go over time, in all and by category? The tables behind the figures."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.stats.distinct import distinct
from agorascope.stats.sums import sums
from agorascope.tables import Corpus

from . import _conversation_tops
from ._conversation_bursts import Bursts, Unscanned
from ._conversation_changes import Slice
from ._conversation_reduce import FAR_US, Activity

Floats = npt.NDArray[np.float64]

MOST_CATEGORIES = 12

_MEASURES = [("posts", pa.float64()), ("authors", pa.int64()), ("engagement", pa.float64()), ("views", pa.float64())]
VOLUME = pa.schema(
    [("start_us", pa.int64()), *_MEASURES, ("expected", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
)
SERIES = pa.schema([("start_us", pa.int64()), ("category", pa.string()), *_MEASURES])
EPISODES = pa.schema(
    [
        ("start_us", pa.int64()),
        ("end_us", pa.int64()),
        ("label", pa.string()),
        ("onset_us", pa.int64()),
        ("peak_us", pa.int64()),
        ("half_life_s", pa.float64()),
        ("posts", pa.float64()),
        ("expected", pa.float64()),
        ("excess", pa.float64()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p_value", pa.float64()),
    ]
)
CHANGES = pa.schema(
    [
        ("label", pa.string()),
        ("dimension", pa.string()),
        ("category", pa.string()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("share_before", pa.float64()),
        ("share_after", pa.float64()),
        ("authors", pa.int64()),
        ("ratio", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p_value", pa.float64()),
    ]
)


def tables(
    corpus: Corpus,
    activity: Activity,
    pieces: list[Slice],
    bursts: Bursts | Unscanned,
    changes: list[dict[str, Any]],
    most: int,
    seed: int,
) -> dict[str, pa.Table]:
    """Make every published table but the comparison of events."""
    made = {"volume": _volume(activity, bursts)}
    for name in activity.dimensions:
        made[f"by_{name}"] = _by(activity, name)
    labelled = [
        {**e, "label": f"×{e['ratio']:.2f}" if e["ratio"] is not None else "×?"}
        for e in (bursts.episodes if isinstance(bursts, Bursts) else [])
    ]
    made["episodes"] = pa.Table.from_pylist([{n: e[n] for n in EPISODES.names} for e in labelled], EPISODES)
    made["changes"] = pa.Table.from_pylist([{**c, "label": f"{c['dimension']}: {c['category']}"} for c in changes], CHANGES)
    made["top_authors"] = _conversation_tops.top_authors(activity, most=most)
    made["top_objects"] = _conversation_tops.top_objects(pieces, activity)
    made["concentration"] = _conversation_tops.concentrations(activity, rng=np.random.default_rng([seed, 1]))
    if activity.hours:
        engagement = float(np.nansum(activity.engagement))
        made["top_posts"] = _conversation_tops.top_posts(corpus, start_us=-FAR_US, end_us=FAR_US, most=most, engagement=engagement)
    return made


def _volume(activity: Activity, bursts: Bursts | Unscanned) -> pa.Table:
    columns = _measures(activity, np.ones(activity.author.size, bool))
    band: dict[str, Floats] = {name: np.full(activity.bins, np.nan) for name in ("expected", "low", "high")}
    if isinstance(bursts, Bursts):
        inside = slice(bursts.first, bursts.first + bursts.expected.size)
        band["expected"][inside], band["low"][inside], band["high"][inside] = bursts.expected, bursts.low, bursts.high
    return _table({"start_us": _starts(activity), **columns, **band}, VOLUME)


def _by(activity: Activity, name: str) -> pa.Table:
    """Tabulate bin x category for the largest categories of one dimension; empty where there are none."""
    codes, labels = activity.dimensions[name]
    sizes = sums(codes[codes >= 0], activity.posts[codes >= 0], len(labels))
    parts = []
    for code in np.argsort(-sizes, kind="stable")[:MOST_CATEGORIES].tolist():
        columns = _measures(activity, codes == code)
        parts.append(_table({"start_us": _starts(activity), "category": np.repeat(labels[code], activity.bins), **columns}, SERIES))
    return pa.concat_tables(parts) if parts else SERIES.empty_table()


def _measures(activity: Activity, rows: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[Any]]:
    at = activity.bin[rows]
    active = activity.posts[rows] > 0
    pairs = distinct(activity.author[rows][active] * activity.bins + at[active])
    return {
        "posts": sums(at, activity.posts[rows], activity.bins),
        "authors": np.bincount(pairs % activity.bins, minlength=activity.bins),
        "engagement": _known_sums(activity, activity.engagement, rows),
        "views": _known_sums(activity, activity.views, rows),
    }


def _known_sums(activity: Activity, values: Floats, rows: npt.NDArray[np.bool_]) -> Floats:
    """Add up known values by bin; nan in a bin where there are posts and none has a known value, and everywhere if none has."""
    known = rows & np.isfinite(values)
    if not known.any():
        return np.full(activity.bins, np.nan)
    added = sums(activity.bin[known], values[known], activity.bins)
    silent = (np.bincount(activity.bin[rows], minlength=activity.bins) > 0) & (
        np.bincount(activity.bin[known], minlength=activity.bins) == 0
    )
    return np.where(silent, np.nan, added)


def _starts(activity: Activity) -> npt.NDArray[np.int64]:
    return activity.origin_us + np.arange(activity.bins, dtype=np.int64) * activity.bin_us


def _table(columns: dict[str, npt.NDArray[Any]], shape: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type, from_pandas=True) for f in shape], schema=shape)
