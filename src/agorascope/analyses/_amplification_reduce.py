"""Which small arrays does the audit read? Posts and their counts added up by account and period; panels as they are.

Reposts are left out: they show somebody else's words, even where they have counts of their own (Facebook). Posts counted while
their counts were still growing are put at what they would have come to where other posts tell how counts grow
(``_amplification_ages``), and left out where none do. The periods of posts are weeks, or days where the corpus is shorter than
twelve weeks, laid so that one begins at the date asked about; those of a panel are its own, and the one that straddles the date
is left out.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.stats.distinct import distinct
from agorascope.tables import Corpus
from agorascope.tags import folded

from ._amplification_ages import age_class, growth, unknown
from ._amplification_cast import Cast
from ._amplification_cells import DAY_US, Adder, Floats, Ints, floats, places, ratio, whole
from ._amplification_counts import CHOSEN, LIKE_SHARE, components, components_of_panel, counted_as, engagement_as
from ._amplification_followers import followers

WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US  # 1970-01-01 was a Thursday
DAYS_FOR_WEEKS = 84
FAR_US = 2**62

Bools = npt.NDArray[np.bool_]

SPAN = """
    SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts
    WHERE created_at_us IS NOT NULL AND created_at_us >= :since AND created_at_us < :until AND platform = :platform"""

POSTS = """
    SELECT p.account_id AS account_id, p.at_us AS at_us, p.topical AS topical, p.age AS age, COUNT(*) AS posts,
        SUM(CASE WHEN p.exposure IS NOT NULL THEN 1 ELSE 0 END) AS seen, SUM(p.exposure) AS exposure,
        SUM(CASE WHEN p.exposure IS NOT NULL THEN p.engagement END) AS engagement,
        SUM(CASE WHEN p.engagement IS NOT NULL THEN p.exposure END) AS engaged_exposure,
        SUM(CASE WHEN p.exposure IS NOT NULL AND p.engagement IS NOT NULL THEN 1 ELSE 0 END) AS engaged_seen
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

REPOSTS = """
    SELECT account_id, COUNT(*) AS reposts FROM posts WHERE platform = :platform AND kind = 'repost'
        AND created_at_us >= :since AND created_at_us < :until GROUP BY account_id ORDER BY account_id NULLS FIRST"""

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
    with anything but views, engagement is that metric itself. ``engagement`` is engagement per view of the posts for which both are
    known, times the views of all; ``unengaged`` those of ``seen`` whose engagement is not known.
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
    unengaged: Floats | None = None

    @property
    def has_views(self) -> bool:
        """Say whether exposure was counted, and not engagement in its stead."""
        return self.metric == "views"


class Window(NamedTuple):
    """Bound the audit: ``since_us``, ``until_us`` (exclusive), the date asked about or None."""

    since_us: int = -FAR_US
    until_us: int = FAR_US
    date_us: int | None = None


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
    given = components(corpus, cast.platform) if metric == "views" else []
    sql = POSTS.format(age=age_class(young_us), metric=counted_as(metric), engaged=engagement_as(given))
    rows = corpus.query(sql, **within, origin=origin, length=length, topic=folded(topic))
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
        grown = growth(
            corpus, platform=cast.platform, metric_sql=counted_as(metric), engaged_sql=engagement_as(given), young_us=young_us
        )
    known = np.isfinite(grown.exposure[age]) & (np.isfinite(grown.engagement[age]) | (not engaged))
    values = {
        "posts": floats(rows["posts"]),
        "seen": np.where(known, floats(rows["seen"]), 0.0),
        "exposure": np.where(known, floats(rows["exposure"]) / grown.exposure[age], np.nan),
        "engagement": np.where(known, floats(rows["engagement"]) / grown.engagement[age], np.nan),
        "engaged_exposure": np.where(known, floats(rows["engaged_exposure"]) / grown.exposure[age], np.nan),
        "engaged_seen": np.where(known, floats(rows["engaged_seen"]), 0.0),
    }
    add = Adder(shape, row[inside], column[inside])
    posts, seen, exposure, engagement = (add(values[n][inside]) for n in ("posts", "seen", "exposure", "engagement"))
    engaged_exposure, engaged_seen = (add(values[n][inside]) for n in ("engaged_exposure", "engaged_seen"))
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
        "reposts": sum(int(r["reposts"]) for r in corpus.query(REPOSTS, **within).to_pylist() if r["account_id"] in place),
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
        _on_all(engagement, exposure, engaged_exposure, engaged_seen) if engaged else None,
        followers(corpus, cast, starts, length),
        extras,
        counted,
        np.where(seen > 0, add((values["seen"] * (age > 0))[inside]) / np.where(seen > 0, seen, 1.0), 0.0),
        seen - engaged_seen if engaged else None,
    )


def reduce_panel(corpus: Corpus, cast: Cast, window: Window, *, metric: str) -> Panel | None:
    """Take sums per account and period as they are; the period that straddles the date is left out."""
    length = int(corpus.query(PERIODS, platform=cast.platform).to_pylist()[0]["period_us"])
    rows = corpus.query(PANEL, length=length, since=window.since_us, until=window.until_us)
    if not rows.num_rows:
        return None
    at_us = rows["at_us"].to_numpy()
    starts = distinct(at_us)
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

    posts = of("posts")
    exposure = _like_share(of, sorted(set(names.tolist())), posts) if metric == LIKE_SHARE else of(metric)
    if posts is None or exposure is None:
        return None
    seen = np.where((posts > 0) & np.isfinite(exposure), posts, np.nan)
    extras = {"attention": of("attention")}
    for name in ("on", "off"):
        views, number = of(f"views_{name}_topic"), of(f"posts_{name}_topic")
        extras[f"{name}_topic"] = None if views is None or number is None else ratio(views, number)
    far, many = of(metric, here=False), of("posts", here=False)
    extras["elsewhere"] = None if far is None or many is None else ratio(far, many)
    parts = [of(name) for name in components_of_panel(corpus, cast.platform)] if metric == "views" else []
    known = [part for part in parts if part is not None]
    engagement = sum(known[1:], known[0]) if known else None  # nan where a component of the cell is unknown
    return Panel(
        metric,
        cast.accounts,
        starts,
        length,
        np.nan_to_num(posts),
        seen,
        np.where(np.isfinite(seen), exposure, np.nan),
        engagement,
        of("followers"),
        {name: values for name, values in extras.items() if values is not None},
        {"straddling": int(straddling.sum())},
        None,
        None if engagement is None else np.where((seen > 0) & ~np.isfinite(engagement), seen, 0.0),
    )


def _like_share(of: Callable[..., Floats | None], names: list[str], posts: Floats | None) -> Floats | None:
    """Give the share of likes among all reactions, once for every post, so that the mean per post is the share itself."""
    chosen, likes = of(*(name for name in names if name.startswith(CHOSEN))), of("likes")
    if posts is None or chosen is None or likes is None:
        return None
    total = chosen + likes
    return np.asarray(np.where(total > 0, posts * likes / np.where(total > 0, total, 1.0), np.nan))


def _on_all(engagement: Floats, exposure: Floats, engaged_exposure: Floats, engaged_seen: Floats) -> Floats:
    """Put engagement per view of the posts whose engagement is known on the views of all; nan where none is known."""
    some = engaged_exposure > 0
    shown = np.where(some, engagement * (exposure / np.where(some, engaged_exposure, 1.0)), engagement)
    return np.asarray(np.where(engaged_seen > 0, shown, np.nan))
