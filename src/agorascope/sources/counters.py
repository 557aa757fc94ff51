"""Is this a table of an account's counters over time? Followers and posts ever published, by date.

These are levels, not sums over a period: a table with other counts is a ``panel``. A table that names no account
speaks of one; it is named by the constant ``account_id``, else by the file.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import AccountCounter, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, padded, saw, stem, unknown_names
from .fields import count, ident, time_us
from .names import POST, Aliases

NAME = "counters"
CONTAINER = "table"
PRIORITY = -4
COLUMNS: Aliases = {
    "account_id": f"{POST['account_id']} {POST['handle']}",
    "at": "date day timestamp datetime observedat time jour dateutc",
    "posts": f"{POST['account_posts']} poststotal totalposts cumulativeposts",
    "followers": POST["followers"],
    "following": POST["following"],
    "platform": "plateforme",
}


def recognise(sample: Sample) -> str | None:
    """Accept a table of a time and counters, and nothing else but the account and the platform."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    missing = ["time"] * ("at" not in at) + ["value"] * (not at.keys() & {"posts", "followers", "following"})
    if missing:
        return f"no column for {' and '.join(missing)} of an account's counter; {saw(sample)}"
    others = [name for i, name in enumerate(sample.header) if i not in at.values()]
    return f"has more than counters: {', '.join(others[:6])}" if others and not sample.columns else None


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to one reading of an account's counters."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_account, i_at, i_posts, i_followers, i_following = (
        at.get(n, width) for n in ("account_id", "at", "posts", "followers", "following")
    )
    usual = None if "account_id" in at else sample.constants.get("account_id") or stem(sample.name)
    day_first, zone = dates(sample, i_at)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        account, when = ident(row[i_account]) or usual, time_us(row[i_at], day_first=day_first, zone=zone)
        if account is None or when is None:
            raise BadRecord(message("reasons.counter_unplaced"))
        return [
            AccountCounter(platform_of(row), account, when, count(row[i_posts]), count(row[i_followers]), count(row[i_following]))
        ]

    return map_row
