"""Which small arrays does the audit read? Posts and their counts added up by account and period; panels as they are.

Reposts are left out: they show somebody else's words, even where they have counts of their own (Facebook). Posts counted while
their counts were still growing are put at what they would have come to where other posts tell how counts grow
(``_amplification_ages``), and left out where none do. The periods of posts are weeks, or days where the corpus is shorter than
twelve weeks, laid so that one begins at the date asked about; those of a panel are its own, and the one that straddles the date
is left out.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.tables import Corpus

from ._amplification_ages import ENGAGED, age_class, growth, unknown
from ._amplification_cast import Cast
from ._amplification_cells import DAY_US, Adder, Floats, Ints, floats, places, ratio, whole
from ._amplification_followers import followers

WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US  # 1970-01-01 was a Thursday
DAYS_FOR_WEEKS = 84
METRICS = ("views", "likes", "reposts", "quotes", "replies", "reactions", "total_engagement", "engagement")
FAR_US = 2**62
_COUNTED = ("likes", "reposts", "quotes", "replies")

Bools = npt.NDArray[np.bool_]

SPAN = """
    SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts
    WHERE created_at_us IS NOT NULL AND created_at_us >= :since AND created_at_us < :until AND platform = :platform"""

POSTS = """
    SELECT p.account_id AS account_id, p.at_us AS at_us, p.topical AS topical, p.age AS age, COUNT(*) AS posts,
        SUM(CASE WHEN p.exposure IS NOT NULL THEN 1 ELSE 0 END) AS seen, SUM(p.exposure) AS exposure,
        SUM(CASE WHEN p.exposure IS NOT NULL THEN p.engagement END) AS engagement
    FROM (SELECT q.account_id AS account_id, q.created_at_us - pmod(q.created_at_us - :origin, :length) AS at_us,
            CASE WHEN t.post_id IS NULL THEN 0 ELSE 1 END AS topical, {age} AS age, CAST({metric} AS DOUBLE) AS exposure,
            {engaged} AS engagement
        FROM posts AS q LEFT JOIN latest_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
            LEFT JOIN (SELECT DISTINCT platform, post_id FROM post_objects WHERE kind = 'hashtag' AND value = :topic) AS t
            ON q.platform = t.platform AND q.post_id = t.post_id
        WHERE q.platform = :platform AND q.kind <> 'repost' AND q.account_id IS NOT NULL AND q.created_at_us IS NOT NULL
            AND q.created_at_us >= :since AND q.created_at_us < :until) AS p
    GROUP BY p.account_id, p.at_us, p.topical, p.age
    ORDER BY account_id NULLS FIRST, at_us NULLS FIRST, topical NULLS FIRST, age NULLS FIRST"""

ENDS = """
    SELECT MIN(first_us) AS first_us, MAX(last_us) AS last_us FROM (
        SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts WHERE platform = :platform
        UNION ALL
        SELECT MIN(period_start_us) AS first_us, MAX(period_start_us + period_us - 1) AS last_us FROM panels
        WHERE platform = :platform AND account_id IS NOT NULL) AS e"""

TOPICS = """
    SELECT t.value AS value, COUNT(*) AS posts FROM posts AS q JOIN post_objects AS t
        ON q.platform = t.platform AND q.post_id = t.post_id
    WHERE t.kind = 'hashtag' AND q.platform = :platform AND q.created_at_us >= :since AND q.created_at_us < :until
    GROUP BY t.value ORDER BY posts DESC NULLS LAST, value NULLS FIRST"""

REPOSTS = """
    SELECT COUNT(*) AS reposts FROM posts WHERE platform = :platform AND kind = 'repost' AND created_at_us >= :since
    AND created_at_us < :until"""

KNOWN = """
    SELECT p.platform AS platform, COUNT(CASE WHEN m.views_kind = 'measured' THEN m.views END) AS views, COUNT(m.likes) AS likes,
        COUNT(m.reposts) AS reposts, COUNT(m.quotes) AS quotes, COUNT(m.replies) AS replies
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.kind <> 'repost' GROUP BY p.platform ORDER BY platform NULLS FIRST"""

PANEL_METRICS = """
    SELECT platform, metric, COUNT(value) AS known FROM panels WHERE account_id IS NOT NULL GROUP BY platform, metric
    ORDER BY platform NULLS FIRST, metric NULLS FIRST"""

PERIODS = """
    SELECT period_us, COUNT(*) AS found FROM panels WHERE account_id IS NOT NULL AND platform = :platform
    GROUP BY period_us ORDER BY found DESC NULLS LAST, period_us NULLS FIRST"""

PANEL = """
    SELECT platform, account_id, period_start_us AS at_us, metric, SUM(value) AS value FROM panels
    WHERE period_us = :length AND account_id IS NOT NULL AND value IS NOT NULL
        AND period_start_us >= :since AND period_start_us + period_us <= :until
    GROUP BY platform, account_id, period_start_us, metric
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, at_us NULLS FIRST, metric NULLS FIRST"""

ELSEWHERE = """
    SELECT p.account_id AS account_id, p.created_at_us - pmod(p.created_at_us - :origin, :length) AS at_us,
        COUNT({metric}) AS seen, SUM(CAST({metric} AS DOUBLE)) AS exposure
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.platform <> :platform AND p.kind <> 'repost' AND p.account_id IS NOT NULL AND p.created_at_us IS NOT NULL
        AND p.created_at_us >= :since AND p.created_at_us < :until
    GROUP BY p.account_id, p.created_at_us - pmod(p.created_at_us - :origin, :length)
    ORDER BY account_id NULLS FIRST, at_us NULLS FIRST"""


class Panel(NamedTuple):
    """Hold what the audit reads; arrays of shape (accounts, periods), nan where unknown.

    ``posts`` is the volume, ``seen`` the posts whose exposure is known, ``exposure`` and ``engagement`` sums over those;
    ``extras`` holds the same for ``attention``, ``elsewhere``, ``on_topic`` and ``off_topic`` (exposure per post) where given;
    ``counted`` what was left out; ``early`` the share of ``seen`` counted early and put right. ``metric`` names the exposure;
    with anything but views, engagement is that metric itself.
    """

    metric: str
    accounts: list[str]
    starts_us: Ints
    length_us: int
    posts: Floats
    seen: Floats
    exposure: Floats
    engagement: Floats | None
    followers: Floats | None
    extras: dict[str, Floats]
    counted: dict[str, int]
    early: Floats | None = None

    @property
    def has_views(self) -> bool:
        """Say whether exposure was counted, and not engagement in its stead."""
        return self.metric == "views"


class Window(NamedTuple):
    """Bound the audit: ``since_us``, ``until_us`` (exclusive), the date asked about or None."""

    since_us: int = -FAR_US
    until_us: int = FAR_US
    date_us: int | None = None


def metrics(corpus: Corpus, *platforms: str, posts: bool = False) -> list[str]:
    """List the metrics that could stand for exposure on these platforms, or all, best first; ``posts``: of single posts only."""
    counts = [row for row in _counts(corpus) if not platforms or row["platform"] in platforms]
    if any(row[name] for row in counts for name in METRICS if name in row):
        return [name for name in METRICS if any(row.get(name) for row in counts)]
    if posts or not corpus.has("panels"):
        return []
    rows = [r for r in corpus.query(PANEL_METRICS).to_pylist() if r["known"] and (not platforms or r["platform"] in platforms)]
    given = {r["metric"] for r in rows}
    return [name for name in METRICS if name in given] if "posts" in given else []


def _counts(corpus: Corpus) -> list[dict[str, Any]]:
    """Count the posts of each platform whose views, likes and so on are known."""
    return corpus.query(KNOWN).to_pylist() if corpus.has("posts", "post_metrics") else []


def counted_as(metric: str) -> str:
    """Give the SQL of a count of ``latest_metrics AS m``: views that are followers or a vendor's estimate are no exposure."""
    return "CASE WHEN m.views_kind = 'measured' THEN m.views END" if metric == "views" else f"m.{metric}"


def from_posts(corpus: Corpus, platform: str) -> bool:
    """Say whether single posts with counts are given of a platform, and not only sums."""
    return bool(metrics(corpus, platform, posts=True))


def ends(corpus: Corpus, platform: str) -> tuple[int, int] | None:
    """Give the first and the last microsecond there is of a platform, posts and panels; None without a date."""
    row = corpus.query(ENDS, platform=platform).to_pylist()[0]
    return None if row["first_us"] is None else (int(row["first_us"]), int(row["last_us"]))


def check_topic(corpus: Corpus, cast: Cast, window: Window, topic: str) -> None:
    """Raise BadValue for a hashtag that no post of the platform bears in the window, naming those there are."""
    if not topic:
        return
    if not from_posts(corpus, cast.platform):
        raise BadValue(f"topic is {topic!r}, but only sums are given here, and no posts with hashtags; leave topic out")
    within = {"since": window.since_us, "until": window.until_us, "platform": cast.platform}
    given = [r["value"] for r in corpus.query(TOPICS, **within).to_pylist()] if corpus.has("post_objects") else []
    if topic.lstrip("#").lower() not in given:
        told = ", ".join(given[:10]) + (" ..." if len(given) > 10 else "")
        raise BadValue(f"topic is {topic!r}; use a hashtag of these posts: {told or 'they bear none'}")


def reduce_posts(
    corpus: Corpus, cast: Cast, window: Window, *, metric: str, topic: str, young_us: int, bin_name: str
) -> Panel | None:
    """Add up posts by account and period; None where no post lies in the window.

    Counts taken before ``young_us`` are put right where accounts are compared with others, else left out.
    """
    within = {"since": window.since_us, "until": window.until_us, "platform": cast.platform}
    span = corpus.query(SPAN, **within).to_pylist()[0]
    if span["first_us"] is None:
        return None
    long = span["last_us"] - span["first_us"] >= DAYS_FOR_WEEKS * DAY_US
    length = {"day": DAY_US, "week": WEEK_US, "": WEEK_US if long else DAY_US}[bin_name]
    origin = window.date_us if window.date_us is not None else MONDAY_US
    sql = POSTS.format(age=age_class(young_us), metric=counted_as(metric), engaged=ENGAGED)
    rows = corpus.query(sql, **within, origin=origin, length=length, topic=topic.lstrip("#").lower())
    first = span["first_us"] - (span["first_us"] - origin) % length
    last = span["last_us"] - (span["last_us"] - origin) % length
    starts = np.arange(first, last + 1, length, dtype=np.int64)
    starts, edges = whole(starts, length, int(span["first_us"]), int(span["last_us"]))
    names = cast.accounts
    place = {name: i for i, name in enumerate(names)}
    row = places(rows["account_id"].to_pylist(), place)
    column = np.searchsorted(starts, rows["at_us"].to_numpy())
    inside = (row >= 0) & (column < starts.size) & np.isin(rows["at_us"].to_numpy(), starts)
    topical, age = (rows[n].to_numpy() for n in ("topical", "age"))
    shape = (len(names), starts.size)
    # Counts are put at what they would have come to; those whose growth is not known are left out.
    engaged = metric == "views" and np.isfinite(floats(rows["engagement"])).any()
    compared = bool(cast.treated) and len(cast.accounts) - len(cast.treated) >= 2
    grown = unknown(young_us)
    if compared and age.any():
        grown = growth(corpus, platform=cast.platform, metric_sql=counted_as(metric), young_us=young_us)
    known = np.isfinite(grown.exposure[age]) & (np.isfinite(grown.engagement[age]) | (not engaged))
    values = {
        "posts": floats(rows["posts"]),
        "seen": np.where(known, floats(rows["seen"]), 0.0),
        "exposure": np.where(known, floats(rows["exposure"]) / grown.exposure[age], np.nan),
        "engagement": np.where(known, floats(rows["engagement"]) / grown.engagement[age], np.nan),
    }
    add = Adder(shape, row[inside], column[inside])
    posts, seen, exposure, engagement = (add(values[n][inside]) for n in ("posts", "seen", "exposure", "engagement"))
    extras: dict[str, Floats] = {}
    if topic and topical[inside].any():
        for name, wanted in (("on_topic", 1), ("off_topic", 0)):
            mine = inside & (topical == wanted)
            part = Adder(shape, row[mine], column[mine])
            extras[name] = ratio(part(values["exposure"][mine]), part(values["seen"][mine]))
    other = corpus.query(ELSEWHERE.replace("{metric}", counted_as(metric)), **within, origin=origin, length=length)
    if other.num_rows:
        where = places(other["account_id"].to_pylist(), place)
        at = np.searchsorted(starts, other["at_us"].to_numpy())
        mine = (where >= 0) & np.isin(other["at_us"].to_numpy(), starts)
        if mine.any():
            part = Adder(shape, where[mine], at[mine])
            extras["elsewhere"] = ratio(part(floats(other["exposure"])[mine]), part(floats(other["seen"])[mine]))
    counted = {
        "reposts": int(corpus.query(REPOSTS, **within).to_pylist()[0]["reposts"]),
        "young": int(values["posts"][inside & ~known].sum()),
        "aged": int(values["posts"][inside & known & (age > 0)].sum()),
        "edge_periods": edges,
    }
    return Panel(
        metric,
        names,
        starts,
        length,
        posts,
        np.where(seen > 0, seen, np.nan),
        np.where(seen > 0, exposure, np.nan),
        np.where(seen > 0, engagement, np.nan) if engaged else None,
        followers(corpus, cast, starts, length),
        extras,
        counted,
        np.where(seen > 0, add((values["seen"] * (age > 0))[inside]) / np.where(seen > 0, seen, 1.0), 0.0),
    )


def reduce_panel(corpus: Corpus, cast: Cast, window: Window, *, metric: str) -> Panel | None:
    """Take sums per account and period as they are; the period that straddles the date is left out."""
    length = int(corpus.query(PERIODS, platform=cast.platform).to_pylist()[0]["period_us"])
    rows = corpus.query(PANEL, length=length, since=window.since_us, until=window.until_us)
    if not rows.num_rows:
        return None
    at_us = rows["at_us"].to_numpy()
    starts = np.unique(at_us)
    date = window.date_us
    straddling = (starts < date) & (starts + length > date) if date is not None else np.zeros(starts.size, np.bool_)
    starts = starts[~straddling]
    place = {name: i for i, name in enumerate(cast.accounts)}
    row = places(rows["account_id"].to_pylist(), place)
    names = np.array(rows["metric"].to_pylist())
    home = np.array(rows["platform"].to_pylist()) == cast.platform
    values = floats(rows["value"])

    def of(*wanted: str, here: bool = True) -> Floats | None:
        mine = np.isin(names, wanted) & (home == here) & (row >= 0) & np.isin(at_us, starts)
        if not mine.any():
            return None
        filled = np.full((len(cast.accounts), starts.size), np.nan)
        column = np.searchsorted(starts, at_us[mine])
        filled[row[mine], column] = 0.0
        np.add.at(filled, (row[mine], column), values[mine])
        return filled

    posts, exposure = of("posts"), of(metric)
    if posts is None or exposure is None:
        return None
    seen = np.where((posts > 0) & np.isfinite(exposure), posts, np.nan)
    extras = {"attention": of("attention")}
    for name in ("on", "off"):
        views, number = of(f"views_{name}_topic"), of(f"posts_{name}_topic")
        extras[f"{name}_topic"] = None if views is None or number is None else ratio(views, number)
    far, many = of(metric, here=False), of("posts", here=False)
    extras["elsewhere"] = None if far is None or many is None else ratio(far, many)
    return Panel(
        metric,
        cast.accounts,
        starts,
        length,
        np.nan_to_num(posts),
        seen,
        np.where(np.isfinite(seen), exposure, np.nan),
        of(*_COUNTED) if metric == "views" else None,
        of("followers"),
        {name: values for name, values in extras.items() if values is not None},
        {"straddling": int(straddling.sum())},
    )
