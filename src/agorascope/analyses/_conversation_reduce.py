"""Which small tables does the conversation analysis read? Posts added up by author, bin, kind and language; panels by account.

One row of ``Activity`` is one author in one bin, kind and language: never more rows than posts. Memory: about 60 bytes a row.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.stats.sums import sums
from agorascope.tables import Corpus

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US  # 1970-01-01 was a Thursday
BIN_US = {"hour": HOUR_US, "day": DAY_US, "week": WEEK_US}
MOST_BINS = 800
FAR_US = 2**62
VOLUMES = ("posts", "views", "likes", "reactions", "reposts", "total_engagement", "engagement")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPAN = """
    SELECT COUNT(*) AS posts, COUNT(created_at_us) AS timed, COUNT(account_id) AS signed,
        MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts"""

ACTIVITY = """
    SELECT p.platform AS platform, p.account_id AS account_id, p.kind AS kind, p.language AS language,
        p.created_at_us - :origin - pmod(p.created_at_us - :origin, :bin_us) AS bin_us,
        COUNT(*) AS posts, SUM(m.engagement) AS engagement, SUM(m.views) AS views
    FROM posts AS p LEFT JOIN (
        SELECT platform, post_id, views,
            CASE WHEN likes IS NULL AND reposts IS NULL AND quotes IS NULL AND replies IS NULL THEN NULL
            ELSE COALESCE(likes, 0) + COALESCE(reposts, 0) + COALESCE(quotes, 0) + COALESCE(replies, 0) END AS engagement
        FROM latest_metrics) AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.created_at_us IS NOT NULL
    GROUP BY p.platform, p.account_id, p.kind, p.language, p.created_at_us - :origin - pmod(p.created_at_us - :origin, :bin_us)
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST, kind NULLS FIRST, language NULLS FIRST"""

MEASURED = """
    SELECT COUNT(views) AS known, COUNT(CASE WHEN views_kind = 'measured' THEN views END) AS measured FROM latest_metrics"""

HOURS = """
    SELECT created_at_us - pmod(created_at_us, 3600000000) AS hour_us, COUNT(*) AS posts FROM posts WHERE created_at_us IS NOT NULL
    GROUP BY created_at_us - pmod(created_at_us, 3600000000) ORDER BY hour_us NULLS FIRST"""

METRICS = """
    SELECT metric, COUNT(value) AS known, MIN(period_start_us) AS first_us, MAX(period_start_us) AS last_us FROM panels
    GROUP BY metric ORDER BY metric NULLS FIRST"""

PERIODS = """
    SELECT period_us, COUNT(*) AS found FROM panels WHERE metric = :metric
    GROUP BY period_us ORDER BY found DESC NULLS LAST, period_us NULLS FIRST"""

PANEL = """
    SELECT platform, account_id, period_start_us - pmod(period_start_us - :origin, :bin_us) - :origin AS bin_us,
        SUM(CASE WHEN metric = :metric THEN value END) AS posts,
        SUM(CASE WHEN metric IN ('likes', 'reposts', 'quotes', 'replies') AND metric <> :metric THEN value END) AS engagement,
        SUM(CASE WHEN metric = 'views' AND metric <> :metric THEN value END) AS views
    FROM panels WHERE period_us = :bin_us
    GROUP BY platform, account_id, period_start_us - pmod(period_start_us - :origin, :bin_us) - :origin
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST"""

MEMBERS = """
    SELECT platform, account_id, group_name, since_us, until_us FROM groups
    ORDER BY group_name DESC NULLS LAST, platform DESC NULLS LAST, account_id NULLS FIRST, since_us NULLS FIRST,
        until_us NULLS FIRST"""


class Labelled(NamedTuple):
    """Hold one dimension of the rows: ``codes`` (rows,), -1 where not given, and the ``labels`` they number."""

    codes: Ints
    labels: list[str]


class Activity(NamedTuple):
    """Hold the reduced posts: row arrays of equal length, sorted by author and bin.

    ``author`` numbers ``authors`` (platform, account_id or None); ``bin`` counts from ``origin_us`` in steps of ``bin_us``;
    ``posts`` is the volume, in posts or in the unit of ``metric``; ``engagement`` and ``views`` are nan where hidden.
    ``measured``: no view is a number of followers or a vendor's estimate.
    """

    origin_us: int
    bin_us: int
    bin_name: str
    bins: int
    metric: str
    author: Ints
    authors: list[tuple[str, str | None]]
    bin: Ints
    posts: Floats
    engagement: Floats
    views: Floats
    dimensions: dict[str, Labelled]
    hours: dict[int, int]
    untimed: int = 0
    measured: bool = True

    @property
    def counts(self) -> Floats:
        """Add up the volume of every bin. Shape (bins,)."""
        return sums(self.bin, self.posts, self.bins)


def reduce_posts(corpus: Corpus, *, bin_name: str) -> Activity | None:
    """Add up posts by author, bin, kind and language; None where no post has a time."""
    span = corpus.query(SPAN).to_pylist()[0]
    if not span["timed"]:
        return None
    name = bin_name or _suitable(int(span["first_us"]), int(span["last_us"]), int(span["timed"]))
    origin = _origin(int(span["first_us"]), name)
    rows = corpus.query(ACTIVITY, origin=origin, bin_us=BIN_US[name])
    hours = corpus.query(HOURS)
    views = corpus.query(MEASURED).to_pylist()[0]
    return _activity(
        corpus,
        rows,
        origin,
        BIN_US[name],
        name,
        "posts",
        {r["hour_us"]: r["posts"] for r in hours.to_pylist()},
        int(span["posts"] - span["timed"]),
        views["known"] == views["measured"],
    )


def reduce_panel(corpus: Corpus, *, metric: str) -> Activity | None:
    """Add up one metric by account and period (the commonest length); None where the metric has no value."""
    known = {r["metric"]: r for r in corpus.query(METRICS).to_pylist() if r["known"]}
    chosen = metric or next((m for m in VOLUMES if m in known), "")
    if chosen not in known:
        return None
    bin_us = int(corpus.query(PERIODS, metric=chosen).to_pylist()[0]["period_us"])
    origin = int(known[chosen]["first_us"])
    rows = corpus.query(PANEL, origin=origin, bin_us=bin_us, metric=chosen)
    rows = rows.filter(pc.is_valid(rows["posts"]))
    name = next((n for n, us in BIN_US.items() if bin_us <= us), "week")
    return _activity(corpus, rows, origin, bin_us, name, chosen, {}, 0)


def panel_metrics(corpus: Corpus) -> list[str]:
    """List the metrics of the panels that have a value."""
    return [r["metric"] for r in corpus.query(METRICS).to_pylist() if r["known"]]


def _suitable(first_us: int, last_us: int, posts: int) -> str:
    """Choose hours up to 15 days, days up to 800, weeks beyond; a coarser bin where fewer than four posts would fill one."""
    span = last_us - first_us + 1
    for name, longest in (("hour", 15 * DAY_US), ("day", MOST_BINS * DAY_US)):
        if span <= longest and posts >= 4 * span / BIN_US[name]:
            return name
    return "week"


def _origin(first_us: int, name: str) -> int:
    offset = MONDAY_US if name == "week" else 0
    return first_us - (first_us - offset) % BIN_US[name]


def _activity(
    corpus: Corpus,
    rows: pa.Table,
    origin: int,
    bin_us: int,
    name: str,
    metric: str,
    hours: dict[int, int],
    untimed: int,
    measured: bool = True,
) -> Activity:
    """Number authors and categories; rows come sorted, so numbers follow the order of ids."""
    at = rows["bin_us"].to_numpy().astype(np.int64) // bin_us
    signs = pc.binary_join_element_wise(rows["platform"], pc.coalesce(rows["account_id"], pa.scalar("")), "\x1f").combine_chunks()
    coded = signs.dictionary_encode()
    labels = [tuple(key.split("\x1f", 1)) for key in coded.dictionary.to_pylist()]
    authors: list[tuple[str, str | None]] = [(platform, account or None) for platform, account in labels]
    author = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    dimensions = {key: _labelled(rows[key]) for key in ("platform", "kind", "language") if key in rows.column_names}
    dimensions["group"] = _groups(corpus, author, authors, origin + at * bin_us)
    return Activity(
        origin,
        bin_us,
        name,
        int(at.max()) + 1,
        metric,
        author,
        authors,
        at,
        _floats(rows["posts"]),
        _floats(rows["engagement"]),
        _floats(rows["views"]),
        dimensions,
        hours,
        untimed,
        measured,
    )


def _labelled(column: pa.ChunkedArray) -> Labelled:
    coded = column.combine_chunks().dictionary_encode()
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    names = coded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda i: str(names[i]))
    rank = np.empty(len(names) + 1, np.int64)
    rank[order] = np.arange(len(names))
    rank[-1] = -1
    return Labelled(rank[codes], [str(names[i]) for i in order])


def _groups(corpus: Corpus, author: Ints, authors: list[tuple[str, str | None]], at_us: Ints) -> Labelled:
    """Give every row the group its author was in when its bin began; of several, the first by name."""
    rows = corpus.query(MEMBERS).to_pylist() if corpus.has("groups") else []
    labels = sorted({row["group_name"] for row in rows})
    codes = np.full(author.size, -1)
    numbers: dict[tuple[str, str | None], list[int]] = {}
    for number, (platform, account) in enumerate(authors):
        for key in ((platform, account), ("unknown", account)):
            numbers.setdefault(key, []).append(number)
    first = np.searchsorted(author, np.arange(len(authors) + 1))
    for row in rows:
        for number in numbers.get((row["platform"], row["account_id"]), ()):
            mine = slice(first[number], first[number + 1])
            since, until = (
                row[name] if row[name] is not None else far for name, far in (("since_us", -FAR_US), ("until_us", FAR_US))
            )
            codes[mine] = np.where((at_us[mine] >= since) & (at_us[mine] < until), labels.index(row["group_name"]), codes[mine])
    return Labelled(codes, labels)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
