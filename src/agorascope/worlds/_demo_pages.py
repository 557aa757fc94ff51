"""Which local pages write in Rivemont week after week, and which of them are shown to more people from one day on?

Thirty-two associations on platform x, drawn from one law: a little more than a post a day, more in the burst, views lognormal
around a level of the page's own. From ``BOOST_DAY`` on every post of four of them is shown ``BOOST_RATIO`` times as often, whatever
it speaks of; the audience added likes less, so that likes per view fall to ``boosted_conversion``. Their followers grow a little
faster.
"""

from typing import Any

import numpy as np

from ._demo_calendar import (
    BOOST_DAY,
    BOOST_RATIO,
    BURST_DAY,
    BURST_DAYS,
    BURST_RATIO,
    DAYS,
    at,
    boosted_conversion,
    liked,
)
from ._demo_texts import HASHTAGS, LINKS, text_of
from .null import DAY_US

PLATFORM = "x"
THEMES = ("quartier", "ecole", "marche", "parents", "jardin", "theatre", "velo", "club")
PLACES = ("nord", "sud", "port", "gare")
PAGES = tuple(f"{theme}_{place}" for theme in THEMES for place in PLACES)
BOOSTED = ("ecole_sud", "jardin_gare", "velo_nord", "club_port")
POSTS_A_DAY = 1.2
POST_SD, WEEK_SD = 0.8, 0.15

Row = dict[str, Any]


def pages(seed: int) -> tuple[list[Row], list[Row]]:
    """Write the posts of every page, and read its counters each Monday. Cost O(posts)."""
    rng = np.random.default_rng([seed, 11])
    rows: list[Row] = []
    counters: list[Row] = []
    for page in PAGES:
        boosted = page in BOOSTED
        reach, conversion, rate = rng.normal(7.3, 0.7), 0.02 * rng.lognormal(0, 0.3), POSTS_A_DAY * rng.lognormal(0, 0.2)
        week = rng.normal(0, WEEK_SD, DAYS // 7 + 1)
        followers, written, growth = float(rng.lognormal(7.5, 0.8)), int(rng.integers(500, 3_000)), rng.normal(0.002, 0.001)
        for day in range(DAYS + 1):
            if day % 7 == 0:
                counters.append(
                    {"platform": PLATFORM, "account_id": page, "at_us": at(day), "posts": written, "followers": round(followers)}
                )
                followers *= float(np.exp(growth + (0.002 if boosted and day >= BOOST_DAY else 0.0) + rng.normal(0, 0.0005)))
            if day == DAYS:
                break
            busy = (BURST_RATIO if BURST_DAY <= day < BURST_DAY + BURST_DAYS else 1.0) * (1.1 if day % 7 < 5 else 0.75)
            hours = np.sort(rng.uniform(6, 22, rng.poisson(rate * busy))).tolist()
            written += len(hours)
            pushed = boosted and day >= BOOST_DAY
            for number, hour in enumerate(hours):
                views = rng.lognormal(reach + week[day // 7], POST_SD) * (BOOST_RATIO if pushed else 1.0)
                rows.append(_row(page, day, hour, number, views, conversion * (boosted_conversion() if pushed else 1.0), rng))
    return rows, counters


def _row(page: str, day: int, hour: float, number: int, views: float, conversion: float, rng: np.random.Generator) -> Row:
    at_us, during, after = at(day, hour), BURST_DAY <= day < BURST_DAY + 5, day >= BURST_DAY + BURST_DAYS
    tag = HASHTAGS[int(rng.integers(len(HASHTAGS)))] if rng.random() < 0.3 else None
    if tag is None and rng.random() < (0.09 if after else 0.03):
        tag = "remboursement"
    link = LINKS[int(rng.integers(len(LINKS)))] if rng.random() < 0.15 else None
    shown, likes = round(views), int(rng.poisson(views * conversion))
    post_id = f"page{PAGES.index(page):02d}{day:02d}{number:02d}"  # an id that names nobody
    return {
        "platform": PLATFORM,
        "post_id": post_id,
        "account_id": page,
        "handle": f"{page}_rivemont",
        "at_us": at_us,
        "seen_us": at_us + 7 * DAY_US,
        "kind": "original",
        "language": "fr",
        "tag": tag,
        "link": link,
        "text": text_of("fr", during=during, tag=tag, link=link, rng=rng),
        "permalink": f"https://x.example.org/{page}_rivemont/{post_id}",
        "views": shown,
        "likes": liked(at_us, likes),
        "reposts": likes // 4,
        "quotes": likes // 20,
        "replies": likes // 6,
    }
