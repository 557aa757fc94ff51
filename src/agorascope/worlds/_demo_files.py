"""How would a person have the demo case? Its posts as JSON lines, each of its lists as CSV."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from ._demo_accounts import groups_of, profiles
from ._demo_calendar import EVENTS, at
from ._demo_districts import neighbours
from ._demo_posts import Row, story
from ._demo_readers import readers
from ._demo_votes import MARGINS, TOWN, cast


def write_files(folder: Path, seed: int) -> list[Path]:
    """Write the demo as a user would have it: posts.jsonl, and its lists as CSV; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, counters, followers = story(seed)
    accounts = sorted({(r["platform"], r["account_id"], r["handle"]) for r in rows})
    posts = folder / "posts.jsonl"
    posts.write_bytes(b"".join(msgspec.json.encode(_line(row)) + b"\n" for row in rows))
    groups = groups_of(accounts, followers)
    return [
        posts,
        _csv(
            folder / "accounts.csv",
            ("platform", "account_id", "handle", "created_at"),
            ((r["platform"], r["account_id"], r["handle"], _iso(r["created_at_us"])) for r in profiles(accounts, seed)),
        ),
        _csv(
            folder / "groups.csv",
            ("platform", "account_id", "group"),
            ((g["platform"], g["account_id"], g["group_name"]) for g in groups),
        ),
        _csv(folder / "events.csv", ("at", "label"), ((_iso(at(day, hour)), label) for day, hour, label in EVENTS)),
        _csv(
            folder / "account_counters.csv",
            ("platform", "account_id", "date", "statuses_count", "followers"),
            ((c["platform"], c["account_id"], _iso(c["at_us"]), c["posts"], c["followers"]) for c in counters),
        ),
        _csv(folder / "votes.csv", ("rater", "item", "value"), ((v["rater"], v["item"], v["value"]) for v in cast(seed))),
        _csv(folder / f"{TOWN}.csv", ("variable", "category", "share"), MARGINS),
        _csv(
            folder / "readers.csv",
            ("platform", "network", "source", "target"),
            ((r["platform"], r["network"], r["source"], r["target"]) for r in readers(groups, rows, seed)),
        ),
        _csv(
            folder / "districts.csv",
            ("platform", "network", "source", "target"),
            ((r["platform"], r["network"], r["source"], r["target"]) for r in neighbours(rows, seed)),
        ),
    ]


def _line(row: Row) -> Row:
    names = (
        "platform",
        "post_id",
        "account_id",
        "handle",
        "kind",
        "language",
        "text",
        "permalink",
        "repost_of",
        "reply_to",
        "quote_of",
        "views",
        "likes",
        "reposts",
        "quotes",
        "replies",
    )
    line = {name: row.get(name) for name in names}
    return line | {
        "created_at": _iso(row["at_us"]),
        "observed_at": _iso(row["seen_us"]),
        "hashtags": [row["tag"]] if row["tag"] else [],
        "urls": [row["link"]] if row["link"] else [],
    }


def _csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _iso(at_us: int) -> str:
    return str(np.datetime64(at_us - at_us % 1_000, "us").astype("datetime64[ms]")) + "Z"
