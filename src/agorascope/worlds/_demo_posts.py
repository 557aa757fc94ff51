"""Who wrote what in Rivemont, and when? The posts of the demo case, dressed and damaged as planted."""

from typing import Any

import numpy as np

from ._demo_calendar import BURST_DAY, BURST_DAYS, BURST_RATIO, DAYS, FIRST_US, GAP_DAYS, at, liked
from ._demo_districts import call
from ._demo_pages import pages
from ._demo_squad import READ, squad
from ._demo_texts import HASHTAGS, HOSTILE, LINKS, name_of, text_of
from .null import DAY_US, START_US, NullWorld, make_with

WORLD = NullWorld(
    days=DAYS,
    posts=11_000,
    authors=900,
    session_posts=2.0,
    spell=0.3,
    day_noise=0.03,
    trend=0.2,
    languages=("fr", "en"),
    platforms=("x", "bluesky", "mastodon"),
    hashtags=len(HASHTAGS),
)
REPEATED = 40
PRESS = ("x", "u_press")

Row = dict[str, Any]


def story(seed: int) -> tuple[list[Row], list[Row], dict[str, int]]:
    """Tell every post as a row, repeats last; the counters of press and pages; and the followers of accounts."""
    rng = np.random.default_rng([seed, 7])
    modulation = np.ones(WORLD.days * 24)
    modulation[BURST_DAY * 24 + 7 : (BURST_DAY + BURST_DAYS) * 24 + 2] = BURST_RATIO
    world = make_with(WORLD, seed, modulation)
    counts = world["post_metrics"].to_pylist()
    followers = dict(
        zip(world["accounts"]["account_id"].to_pylist(), world["account_counters"]["followers"].to_pylist(), strict=True)
    )
    tags: dict[str, str] = {o["post_id"]: HASHTAGS[int(o["value"][3:])] for o in world["post_objects"].to_pylist()}
    rows = [
        _row(post | metric, tags.get(post["post_id"]), rng) for post, metric in zip(world["posts"].to_pylist(), counts, strict=True)
    ]
    press, counters = _press(rng)
    local, read = pages(seed)
    rows = sorted([*rows, *press, *local, _hostile()], key=lambda r: (r["at_us"], r["post_id"]))
    call(rows, seed)
    _refer(rows, rng)
    there = {r["account_id"] for r in rows if r["platform"] == "x" and r["account_id"][1:].isdigit()}
    boosting, daily = squad(seed, sorted(there)[:READ])
    rows = sorted([*rows, *boosting], key=lambda r: (r["at_us"], r["post_id"]))
    again = [rows[i] for i in np.sort(rng.choice(len(rows), REPEATED, replace=False)).tolist()]
    return rows + again, counters + read + daily, followers


def _row(post: Row, tag: str | None, rng: np.random.Generator) -> Row:
    at_us = post["created_at_us"] - START_US + FIRST_US
    during = at(BURST_DAY, 7) <= at_us < at(BURST_DAY + BURST_DAYS + 3)
    after = at_us >= at(BURST_DAY + BURST_DAYS)
    if tag is None and rng.random() < (0.09 if after else 0.03):
        tag = "remboursement"
    link = LINKS[int(rng.integers(len(LINKS)))] if rng.random() < 0.15 else None
    number = int(post["account_id"][1:])
    shown = post["platform"] == "x"
    return {
        "platform": post["platform"],
        "post_id": post["post_id"],
        "account_id": f"u{number}",
        "handle": name_of(number),
        "at_us": at_us,
        "seen_us": at_us + 7 * DAY_US,
        "kind": post["kind"],
        "language": post["language"],
        "tag": tag,
        "link": link,
        "text": text_of(post["language"], during=during, tag=tag, link=link, rng=rng),
        "permalink": f"https://{post['platform']}.example.org/{name_of(number)}/{post['post_id']}",
        "views": post["views"] if shown else None,
        "likes": liked(at_us, post["likes"]),
        "reposts": post["reposts"],
        "quotes": int(post["reposts"]) // 5,
        "replies": post["replies"],
    }


def _press(rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    """Write a press account of twelve posts a day, a week of which is not captured while its own counter goes on."""
    rows: list[Row] = []
    counters: list[Row] = []
    written = 48_000
    for day in range(WORLD.days):
        if day % 7 == 0:
            counters.append(
                {"platform": PRESS[0], "account_id": PRESS[1], "at_us": at(day), "posts": written, "followers": 61_000 + 40 * day}
            )
        posts = int(rng.poisson(12))
        written += posts
        hours = np.sort(rng.uniform(6, 22, posts)).tolist()
        if not GAP_DAYS[0] <= day < GAP_DAYS[1]:
            rows += [_press_row(day, hour, i, rng) for i, hour in enumerate(hours)]
    counters.append({"platform": PRESS[0], "account_id": PRESS[1], "at_us": at(WORLD.days), "posts": written, "followers": 64_640})
    return rows, counters


def _press_row(day: int, hour: float, number: int, rng: np.random.Generator) -> Row:
    during = BURST_DAY <= day < BURST_DAY + 5
    link = LINKS[int(rng.integers(len(LINKS)))]
    views = int(rng.lognormal(8.5, 0.6))
    likes = int(rng.poisson(views * 0.004))
    post_id = f"press{day:02d}{number:02d}"
    return {
        "platform": PRESS[0],
        "post_id": post_id,
        "account_id": PRESS[1],
        "handle": "echo_rivemont",
        "at_us": at(day, hour),
        "seen_us": at(day, hour) + 7 * DAY_US,
        "kind": "original",
        "language": "fr",
        "tag": "Rivemont",
        "link": link,
        "text": text_of("fr", during=during, tag="Rivemont", link=link, rng=rng),
        "permalink": f"https://x.example.org/echo_rivemont/{post_id}",
        "views": views,
        "likes": liked(at(day, hour), likes),
        "reposts": likes // 4,
        "quotes": likes // 20,
        "replies": likes // 6,
    }


def _hostile() -> Row:
    at_us = at(BURST_DAY, 19)
    return {
        "platform": "x",
        "post_id": "p_hostile",
        "account_id": "u_hostile",
        "handle": "troll_404",
        "at_us": at_us,
        "seen_us": at_us + 7 * DAY_US,
        "kind": "original",
        "language": "en",
        "tag": None,
        "link": None,
        "text": HOSTILE,
        "permalink": "https://x.example.org/troll_404/p_hostile",
        "views": 150_000,
        "likes": 3_000,
        "reposts": 700,
        "quotes": 60,
        "replies": 300,
    }


def _refer(rows: list[Row], rng: np.random.Generator) -> None:
    """Point reposts, replies and quotes at posts of their platform from the two days before; without any, they stand alone."""
    recent: dict[str, list[Row]] = {}
    for row in rows:
        earlier = [r for r in recent.get(row["platform"], []) if r["at_us"] >= row["at_us"] - 2 * DAY_US]
        recent[row["platform"]] = [*earlier, row]
        if row["kind"] == "original" or not earlier:
            row["kind"] = "original"
            continue
        target = earlier[int(rng.integers(len(earlier)))]
        field = {"repost": "repost_of", "reply": "reply_to", "quote": "quote_of"}[row["kind"]]
        row[field] = target.get("repost_of") or target["post_id"]
        if row["kind"] == "repost":
            said = target["text"] if target["text"].startswith("RT @") else f"RT @{target['handle']}: {target['text']}"[:280]
            row |= {"text": said, "tag": target["tag"], "link": target["link"], "language": target["language"]}
