"""What would a small investigation look like? The seeded demo case: a town, a tram, a breakdown, in French and English.

One row of ``posts`` is one invented post about the trams of Rivemont, a town that does not exist, from 1 April to 30 June 2024 on
three platforms. Planted and told in ``truth``: a burst of three times the usual volume on 14 and 15 May, a hashtag that doubles its
share after it, likes that double everywhere on 29 April, four local pages whose posts are shown twice as often from 27 May, two
camps that seldom read each other, a hashtag of few that most seem to write, three districts and a hashtag that begins in the
smallest, a squad of thirty accounts that boosts one whose texts are lifted, a day on which many lose followers, a vote of
volunteers, proposals that please both camps of those who judge them, a press account whose capture lacks a week, posts collected
twice, hidden counts, one hostile post.

Limits: texts are made from templates; nobody answers anybody's argument.
Source: ``null``; the story is ours.
"""

import numpy as np
import pyarrow as pa

from agorascope.records import schema
from agorascope.texts import message, say

from ._demo_accounts import BOOSTED_GROUP, PAGES_GROUP, groups_of, profiles
from ._demo_calendar import (
    BOOST_DAY,
    BOOST_RATIO,
    BURST_DAY,
    BURST_DAYS,
    BURST_RATIO,
    CALL_DAY,
    CAMPAIGN,
    EARLIER,
    EVENTS,
    GAP_DAYS,
    LIKES_DAY,
    LIKES_RATIO,
    PURGE_DAY,
    at,
    boosted_conversion,
)
from ._demo_districts import NETWORK as DISTRICTS
from ._demo_districts import OWN, SIZES, TREND, neighbours
from ._demo_districts import PLATFORM as CALLING
from ._demo_files import write_files
from ._demo_pages import BOOSTED
from ._demo_posts import PRESS, REPEATED, Row, story
from ._demo_readers import CAMPS, HASHTAG, NETWORK, SEEN_MORE, WITHIN, readers
from ._demo_squad import COLUMNISTS, FORMER, LIFTERS, LOSING, LOST, MADE_DAYS, MEMBERS, PLATFORM, PUSHED
from ._demo_votes import BRIDGES, FOR, ITEM, MARGINS, ODDS, POPULATION, PROPOSALS, TOWN, cast
from .null import DAY_US

__all__ = ["TITLE", "asked", "make", "planted", "truth", "write_files"]

TITLE = "Rivemont: the tram that stopped / le tram à l’arrêt"


def make(seed: int) -> tuple[dict[str, pa.Table], Row]:
    """Make the canonical tables of the demo case, and what was planted. Cost O(posts)."""
    rows, counters, followers = story(seed)
    unique = rows[: len(rows) - REPEATED]
    metrics = ("views", "likes", "reposts", "quotes", "replies")
    posts = [
        {
            "platform": r["platform"],
            "post_id": r["post_id"],
            "account_id": r["account_id"],
            "created_at_us": r["at_us"],
            "permalink": r["permalink"],
            "created_at_source": "declared",
            **{k: r.get(k) for k in ("kind", "text", "language", "repost_of", "reply_to", "quote_of")},
        }
        for r in unique
    ]
    observed = [
        {
            "platform": r["platform"],
            "post_id": r["post_id"],
            "observed_at_us": r["seen_us"],
            **{k: r[k] for k in metrics},
            "views_kind": None if r["views"] is None else "measured",
        }
        for r in unique
    ]
    objects = [
        {"platform": r["platform"], "post_id": r["post_id"], "kind": kind, "value": value}
        for r in unique
        for kind, value in _objects(r)
    ]
    repeats = [
        {
            "platform": r["platform"],
            "post_id": r["post_id"],
            "account_id": r["account_id"],
            "created_at_us": r["at_us"],
            "occurrence": 2,
        }
        for r in rows[len(unique) :]
    ]
    accounts = sorted({(r["platform"], r["account_id"], r["handle"]) for r in unique})
    groups = groups_of(accounts, followers)
    tables = {
        "posts": pa.Table.from_pylist(posts, schema("posts")),
        "post_metrics": pa.Table.from_pylist(observed, schema("post_metrics")),
        "post_objects": pa.Table.from_pylist(objects, schema("post_objects")),
        "accounts": pa.Table.from_pylist(profiles(accounts, seed), schema("accounts")),
        "account_counters": pa.Table.from_pylist(counters, schema("account_counters")),
        "groups": pa.Table.from_pylist(groups, schema("groups")),
        "edges": pa.Table.from_pylist(readers(groups, unique, seed) + neighbours(unique, seed), schema("edges")),
        "events": pa.Table.from_pylist(
            [{"platform": "unknown", "at_us": at(day, hour), "label": label} for day, hour, label in EVENTS], schema("events")
        ),
        "ratings": pa.Table.from_pylist(cast(seed), schema("ratings")),
        "margins": pa.Table.from_pylist(
            [{"platform": "unknown", "population": TOWN, "variable": v, "category": c, "share": s} for v, c, s in MARGINS],
            schema("margins"),
        ),
        "repeats": pa.Table.from_pylist(repeats),
    }
    return tables, truth()


def truth() -> Row:
    """Tell what was planted: windows as [start, end) in µs UTC, ratios, ids and numbers."""
    return {
        "burst": {"start_us": at(BURST_DAY), "end_us": at(BURST_DAY + BURST_DAYS), "ratio": BURST_RATIO},
        "gap": {"platform": PRESS[0], "account_id": PRESS[1], "start_us": at(GAP_DAYS[0]), "end_us": at(GAP_DAYS[1])},
        "growth": {"dimension": "hashtag", "category": "remboursement", "from_us": at(BURST_DAY + BURST_DAYS)},
        "boost": {
            "platform": PRESS[0],
            "group": BOOSTED_GROUP,
            "controls": PAGES_GROUP,
            "account_ids": list(BOOSTED),
            "from_us": at(BOOST_DAY),
            "ratio": BOOST_RATIO,
            "conversion_ratio": boosted_conversion(),
        },
        "likes": {"metric": "likes", "from_us": at(LIKES_DAY), "ratio": LIKES_RATIO},
        "squad": {
            "platform": PLATFORM,
            "account_ids": list(MEMBERS),
            "pushed": PUSHED,
            "former": FORMER,
            "start_us": at(CAMPAIGN[0]),
            "end_us": at(CAMPAIGN[1]),
            "earlier_us": [at(EARLIER[0]), at(EARLIER[1])],
            "created_us": [at(0) + day * DAY_US for day in MADE_DAYS],
        },
        "camps": {"network": NETWORK, "groups": list(CAMPS), "within": WITHIN},
        "illusion": {"network": NETWORK, "hashtag": HASHTAG, "ratio": SEEN_MORE},
        "districts": {
            "network": DISTRICTS,
            "platform": CALLING,
            "within": OWN,
            "shares": list(SIZES),
            "hashtag": TREND,
            "from_us": at(CALL_DAY),
            "origin_share": SIZES[-1],
        },
        "lifted": {"account_ids": [PUSHED, *MEMBERS[:LIFTERS]], "from": list(COLUMNISTS)},
        "purge": {"at_us": at(PURGE_DAY), "share": LOSING, "lost": LOST},
        "vote": {"item": ITEM, "population": POPULATION, "share": FOR, "odds": ODDS},
        "bridges": {"items": [*BRIDGES, ITEM]},
        "repeated_ids": REPEATED,
        "hidden": {"metric": "views", "platforms": ["bluesky", "mastodon"]},
        "hostile": "p_hostile",
    }


def asked() -> list[tuple[str, str, str]]:
    """Say what the demo asks beyond the defaults: (analysis, parameter, value). The date is one everybody in town knows."""
    boost = truth()["boost"]
    date = str(np.datetime64(boost["from_us"], "us").astype("datetime64[D]"))
    named = {"treated": boost["group"], "controls": boost["controls"], "date": date}
    camps, illusion, districts = (truth()[name] for name in ("camps", "illusion", "districts"))
    sides = ",".join(camps["groups"])
    return [
        *(("amplification", name, value) for name, value in named.items()),
        ("polarisation", "network", camps["network"]),
        ("polarisation", "groups", sides),
        ("majority_illusion", "network", illusion["network"]),
        ("majority_illusion", "attribute", f"hashtag:{illusion['hashtag']}"),
        ("communities", "layer", districts["network"]),
        ("communities", "trend", f"hashtag:{districts['hashtag']}"),
        ("poll", "population", str(POPULATION)),
    ]


def planted(lang: str = "en") -> list[str]:
    """Say what was planted, one line each, in English or French."""
    told = truth()
    burst, gap, boost, likes = told["burst"], told["gap"], told["boost"], told["likes"]
    lines = [
        message("demo.head"),
        message("demo.burst", start=burst["start_us"], ratio=burst["ratio"]),
        message("demo.growth", tag="#remboursement"),
        message("demo.likes", start=likes["from_us"], ratio=likes["ratio"]),
        message(
            "demo.boost",
            n=len(boost["account_ids"]),
            group=boost["group"],
            start=boost["from_us"],
            ratio=boost["ratio"],
            conversion=boost["conversion_ratio"],
        ),
        message("demo.squad", n=len(MEMBERS), start=told["squad"]["start_us"], first=told["squad"]["created_us"][0]),
        message("demo.lifted", n=LIFTERS),
        message("demo.camps", first=CAMPS[0], second=CAMPS[1], within=WITHIN),
        message("demo.illusion", tag=f"#{HASHTAG}", ratio=SEEN_MORE),
        message("demo.districts", n=len(SIZES), within=OWN, tag=f"#{TREND}", start=told["districts"]["from_us"], share=SIZES[-1]),
        message("demo.purge", day=told["purge"]["at_us"]),
        message("demo.vote", share=FOR, odds=ODDS),
        message("demo.bridges", n=len(BRIDGES), of=len(PROPOSALS)),
        message("demo.gap", start=gap["start_us"], end=gap["end_us"] - DAY_US),
        message("demo.repeats", n=REPEATED),
        message("demo.hidden"),
        message("demo.hostile"),
    ]
    return [say(line, lang) for line in lines]


def _objects(row: Row) -> list[tuple[str, str]]:
    found = [("hashtag", row["tag"].lower())] if row["tag"] else []
    return found + ([("url", row["link"]), ("domain", row["link"].split("/")[2])] if row["link"] else [])
