"""Do the parameters go together, and does the time asked about lie in the data? What does nothing is refused, not passed over."""

import datetime as dt
from typing import Any

from agorascope.errors import BadValue
from agorascope.tables import Corpus
from agorascope.tags import folded

from ._amplification_cast import Cast
from ._amplification_cells import DAY_US
from ._amplification_counts import from_posts
from ._amplification_reduce import FAR_US, Window

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

_OF_CONTRAST = {
    "controls": "the posts that bear the label are compared with those that do not",
    "date": "a contrast has no date",
    "trends": "a contrast has no time in it",
    "recipe": "the recipe is run on periods",
    "topic": "give a label in strata instead",
    "bin": "a contrast has no periods",
}
_OF_SCREEN = {
    "controls": "a screen compares every account with the median of all; name the accounts to audit in treated",
    "date": "a screen searches the date of every account; name the accounts to audit in treated",
    "trends": "a screen always takes own trends out",
    "recipe": "name the accounts to audit in treated",
    "topic": "a screen tests no explanations; name the accounts to audit in treated",
}


def check(settings: dict[str, Any]) -> None:
    """Raise BadValue for parameters that cannot be combined. ``settings``: all of them, by name."""
    if settings["contrast"]:
        _refuse(settings, _OF_CONTRAST, "contrast")
        return
    if settings["strata"]:
        raise BadValue(
            f"strata is {settings['strata']!r}, but nothing is contrasted; name a label in contrast, or leave strata out"
        )
    if settings["treated"] and not settings["treated"].replace(",", " ").strip():
        raise BadValue(f"treated is {settings['treated']!r}, which names nobody; name accounts or groups, or leave treated out")
    if not settings["treated"]:
        _refuse(settings, _OF_SCREEN, "a screen (no account in treated)")


def check_panel(bin_name: str, young_s: int | None) -> None:
    """Raise BadValue for what can be asked of single posts only. ``young_s`` None: it was left as it is."""
    if bin_name:
        raise BadValue(f"bin is {bin_name!r}, but only sums by period are given here, and they keep their periods; leave bin out")
    if young_s is not None:
        raise BadValue(f"young_s is {young_s}, but only sums are given here, and no age of a post; leave young_s out")


def window(corpus: Corpus, platform: str, *, since: str, until: str, date: str) -> Window:
    """Read the time asked about. Raises BadValue for no ISO date, since after until, a date outside the window or the data."""
    first = _us(since, "since") if since else -FAR_US
    last = _us(until, "until") + DAY_US if until else FAR_US
    at = _us(date, "date") if date else None
    given = ends(corpus, platform)
    span = f"the data run from {_day(given[0])} to {_day(given[1])}" if given else "no post or period has a date"
    if first >= last:
        raise BadValue(f"since is {since}, after until, {until}; {span}")
    if at is not None and not first <= at < last:
        raise BadValue(f"date is {date}, outside of since and until ({since or 'the first'} to {until or 'the last'}); {span}")
    if at is not None and given and not given[0] <= at + DAY_US - 1 <= given[1] + DAY_US - 1:
        raise BadValue(f"date is {date}, outside of the data; {span}")
    return Window(first, last, at)


def check_topic(corpus: Corpus, cast: Cast, window: Window, topic: str) -> None:
    """Raise BadValue for a hashtag that no post of the platform bears in the window, naming those there are."""
    if not topic:
        return
    if not from_posts(corpus, cast.platform):
        raise BadValue(f"topic is {topic!r}, but only sums are given here, and no posts with hashtags; leave topic out")
    within = {"since": window.since_us, "until": window.until_us, "platform": cast.platform}
    given = [r["value"] for r in corpus.query(TOPICS, **within).to_pylist()] if corpus.has("post_objects") else []
    if folded(topic) not in given:
        told = ", ".join(given[:10]) + (" ..." if len(given) > 10 else "")
        raise BadValue(f"topic is {topic!r}; use a hashtag of these posts: {told or 'they bear none'}")


def ends(corpus: Corpus, platform: str) -> tuple[int, int] | None:
    """Give the first and the last microsecond there is of a platform, posts and panels; None without a date."""
    row = corpus.query(ENDS, platform=platform).to_pylist()[0]
    return None if row["first_us"] is None else (int(row["first_us"]), int(row["last_us"]))


def _refuse(settings: dict[str, Any], reasons: dict[str, str], mode: str) -> None:
    for name, reason in reasons.items():
        if settings[name]:
            raise BadValue(f"{name} does nothing in {mode}: {reason}; leave {name} out")


def _day(at_us: int) -> str:
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=at_us)).date().isoformat()


def _us(said: str, name: str) -> int:
    try:
        day = dt.date.fromisoformat(said)
    except ValueError as error:
        raise BadValue(f"{name} is {said!r}; give an ISO date such as 2024-07-13") from error
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()) * 1_000_000
