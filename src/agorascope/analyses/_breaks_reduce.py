"""Which small tables do breaks rest on? Posts, panels and counters by account and period, as logarithms per post.

One row of ``Cells`` is one account in one period. Memory: about 80 bytes a row; never more rows than posts or panel rows.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.tables import Corpus

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US  # 1970-01-01 was a Thursday
BIN_US = {"day": DAY_US, "week": WEEK_US}
MOST_BINS = 800
DAILY_POSTS = 4

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPAN = "SELECT COUNT(created_at_us) AS timed, MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts"

# Reposts carry the counts of others: they are volume, and nothing else. A number of followers is no reach.
POSTS = """
    SELECT platform, account_id, created_at_us - pmod(created_at_us - :origin, :bin_us) - :origin AS bin_us, COUNT(*) AS posts,
        COUNT(views) AS viewed, SUM(LN(CAST(views + 1 AS DOUBLE))) AS log_views,
        COUNT(engagement) AS engaged, SUM(LN(CAST(engagement + 1 AS DOUBLE))) AS log_engagement,
        COUNT(views + engagement) AS paired,
        SUM(LN(CAST(engagement + 1 AS DOUBLE)) - LN(CAST(views + 1 AS DOUBLE))) AS log_conversion
    FROM (SELECT p.platform AS platform, p.account_id AS account_id, p.created_at_us AS created_at_us,
            CASE WHEN p.kind = 'repost' OR m.views_kind <> 'measured' THEN NULL ELSE m.views END AS views,
            CASE WHEN p.kind = 'repost' THEN NULL
            WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL
            ELSE COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) END AS engagement
        FROM posts AS p LEFT JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
        WHERE p.created_at_us IS NOT NULL) AS counted
    GROUP BY platform, account_id, created_at_us - pmod(created_at_us - :origin, :bin_us) - :origin
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST"""

PERIODS = """
    SELECT period_us, COUNT(*) AS found, MIN(period_start_us) AS first_us FROM panels WHERE value IS NOT NULL
    GROUP BY period_us ORDER BY found DESC NULLS LAST, period_us NULLS FIRST"""

PANEL = """
    SELECT platform, account_id, period_start_us - pmod(period_start_us - :origin, :bin_us) - :origin AS bin_us,
        SUM(CASE WHEN metric = 'posts' THEN value END) AS posts, SUM(CASE WHEN metric = 'views' THEN value END) AS views,
        SUM(CASE WHEN metric = 'engagement' THEN value END) AS given,
        SUM(CASE WHEN metric IN ('likes', 'reposts', 'quotes', 'replies') THEN value END) AS parts,
        SUM(CASE WHEN metric = 'followers' THEN value END) AS followers,
        SUM(CASE WHEN metric = 'reactions' THEN value END) AS reactions,
        SUM(CASE WHEN metric LIKE 'reactions!_%' ESCAPE '!' THEN value END) AS chosen,
        SUM(CASE WHEN metric = :reaction THEN value END) AS one, SUM(CASE WHEN metric = 'likes' THEN value END) AS likes
    FROM panels WHERE period_us = :bin_us AND account_id IS NOT NULL
    GROUP BY platform, account_id, period_start_us - pmod(period_start_us - :origin, :bin_us) - :origin
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST"""

COUNTERS = """
    SELECT platform, account_id, at_us - pmod(at_us - :origin, :bin_us) - :origin AS bin_us, MAX(followers) AS followers
    FROM account_counters WHERE followers > 0 AND at_us IS NOT NULL
    GROUP BY platform, account_id, at_us - pmod(at_us - :origin, :bin_us) - :origin
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST"""

COUNTED = "SELECT MIN(at_us) AS first_us, MAX(at_us) AS last_us FROM account_counters WHERE followers > 0 AND at_us IS NOT NULL"


class Cells(NamedTuple):
    """Hold rows of account and period: ``author`` numbers ``authors``, ``bin`` counts from ``origin_us`` in steps of ``bin_us``.

    ``measures``: name -> one value a row, nan where unknown: posts of the period for ``volume``, else a logarithm; ``whole``: the
    first and last period are whole (a panel's), not cut by the ends of a capture.
    """

    origin_us: int
    bin_us: int
    bins: int
    authors: list[tuple[str, str | None]]
    author: Ints
    bin: Ints
    measures: dict[str, Floats]
    whole: bool


def reduce(corpus: Corpus, *, bin_name: str, series: str) -> list[Cells]:
    """Reduce what the case holds: posts, or else panels; and counters of followers. Empty where nothing has a time."""
    found = [_posts(corpus, bin_name) if corpus.has("posts") else None]
    if found[0] is None and corpus.has("panels"):
        found.append(_panel(corpus, series))
    if corpus.has("account_counters"):
        found.append(_counters(corpus, bin_name))
    return [cells for cells in found if cells is not None]


def _posts(corpus: Corpus, bin_name: str) -> Cells | None:
    span = corpus.query(SPAN).to_pylist()[0]
    if not span["timed"]:
        return None
    bin_us, origin = _bins(int(span["first_us"]), int(span["last_us"]), bin_name, int(span["timed"]))
    rows = corpus.query(POSTS, origin=origin, bin_us=bin_us)
    measures = {"volume": _floats(rows["posts"])}
    for name, total, number in (
        ("reach", "log_views", "viewed"),
        ("conversion", "log_conversion", "paired"),
        ("engagement", "log_engagement", "engaged"),
    ):
        measures[name] = _ratio(_floats(rows[total]), _floats(rows[number]))
    return _cells(rows, origin, bin_us, measures, whole=False)


def _panel(corpus: Corpus, series: str) -> Cells | None:
    periods = corpus.query(PERIODS).to_pylist()
    if not periods:
        return None
    bin_us, origin = int(periods[0]["period_us"]), int(periods[0]["first_us"])
    rows = corpus.query(PANEL, origin=origin, bin_us=bin_us, reaction=series)
    if not rows.num_rows:
        return None
    column = {name: _floats(rows[name]) for name in rows.column_names[3:]}
    engagement = np.where(np.isfinite(column["given"]), column["given"], column["parts"])
    posts = np.where(column["posts"] > 0, column["posts"], np.nan)
    total = np.where(np.isfinite(column["reactions"]), column["reactions"], column["likes"] + column["chosen"])
    measures = {
        "volume": column["posts"],
        "reach": np.log(column["views"] + 1) - np.log(posts),
        "conversion": np.log(engagement + 1) - np.log(column["views"] + 1),
        "engagement": np.log(engagement + 1) - np.log(posts),
        "reactions": _log_odds(column["chosen"], total),
    }
    if series.startswith("reactions_"):
        measures[series] = _log_odds(column["one"], total)
    cells = _cells(rows, origin, bin_us, measures, whole=True)
    measures["followers"] = _growth(cells, column["followers"])
    return cells


def _counters(corpus: Corpus, bin_name: str) -> Cells | None:
    span = corpus.query(COUNTED).to_pylist()[0]
    if span["first_us"] is None:
        return None
    bin_us, origin = _bins(int(span["first_us"]), int(span["last_us"]), bin_name, None)
    rows = corpus.query(COUNTERS, origin=origin, bin_us=bin_us)
    cells = _cells(rows, origin, bin_us, {}, whole=False)
    cells.measures["followers"] = _growth(cells, _floats(rows["followers"]))
    return cells


def _bins(first_us: int, last_us: int, name: str, posts: int | None) -> tuple[int, int]:
    """Give length and start of bins: days up to 800 with four posts each on average, else weeks from Monday."""
    span = last_us - first_us + 1
    daily = span <= MOST_BINS * DAY_US and (posts is None or posts >= DAILY_POSTS * span / DAY_US)
    bin_us = BIN_US[name or ("day" if daily else "week")]
    offset = MONDAY_US if bin_us == WEEK_US else 0
    return bin_us, first_us - (first_us - offset) % bin_us


def _cells(rows: pa.Table, origin: int, bin_us: int, measures: dict[str, Floats], *, whole: bool) -> Cells:
    at = rows["bin_us"].to_numpy().astype(np.int64) // bin_us
    signs = pc.binary_join_element_wise(rows["platform"], pc.coalesce(rows["account_id"], pa.scalar("")), "\x1f").combine_chunks()
    coded = signs.dictionary_encode()
    labels = [key.split("\x1f", 1) for key in coded.dictionary.to_pylist()]
    author = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    authors: list[tuple[str, str | None]] = [(platform, account or None) for platform, account in labels]
    return Cells(origin, bin_us, int(at.max()) + 1, authors, author, at, measures, whole)


def _growth(cells: Cells, followers: Floats) -> Floats:
    """Give the growth of the logarithm of followers since the period before; nan where either is unknown."""
    known = np.log(np.where(followers > 0, followers, np.nan))
    follows = (np.diff(cells.author, prepend=-1) == 0) & (np.diff(cells.bin, prepend=-1) == 1)
    return np.where(follows, np.diff(known, prepend=np.nan), np.nan)


def _log_odds(part: Floats, total: Floats) -> Floats:
    rest = np.maximum(total - part, 0.0)
    return np.where(total > 0, np.log(part + 0.5) - np.log(rest + 0.5), np.nan)


def _ratio(total: Floats, number: Floats) -> Floats:
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
