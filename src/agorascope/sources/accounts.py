"""Is this a list of accounts? One row per account: its profile, its counters when they were read, its group.

Counters without a time of reading have none: they are not dated by the account's creation.
"""

from collections.abc import Sequence
from typing import Any

from agorascope.errors import BadRecord
from agorascope.records import Account, AccountCounter, Group, Record
from agorascope.texts import message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, padded, saw, unknown_names
from .fields import called, count, flag, ident, text, time_us
from .id_times import mastodon_us
from .names import POST, Aliases

NAME = "accounts"
CONTAINER = "table"
PRIORITY = -6
COLUMNS: Aliases = {
    "account_id": f"id idstr {POST['account_id']}",
    "handle": POST["handle"],
    "name": POST["name"],
    "created_at": f"{POST['account_created_at']} createdat joined registered",
    "verified": POST["verified"],
    "account_type": f"{POST['account_type']} pagetype",
    "posts": f"{POST['account_posts']} postcount postscount",
    "followers": POST["followers"],
    "following": POST["following"],
    "observed_at": POST["observed_at"],
    "group": "groupe lean leaning side party parti camp politicalcategory accountcategory",
    "platform": "plateforme",
}
_PROFILE = frozenset(("created_at", "verified", "account_type", "posts", "followers", "following"))
# A profile's own words and favourites say nothing of posts: they are not read, but they belong to a list of accounts.
_LEFT_OUT: Aliases = {
    "description": "bio biography", "location": "lieu country", "lang": "language langue", "time_zone": "timezone",
    "favourites": "favouritescount favorites likescount", "listed": "listedcount", "url": "website", "other_id": "externalauthorid",
}  # fmt: skip
_POSTS: Aliases = {
    "text": "body content message tweet texte contenu posttext fulltext", "period": "date day week weekending month timestamp ts",
    "post_id": "tweetid statusid", "kind": "posttype",
    "views": POST["views"], "reposts": POST["reposts"], "replies": POST["replies"],
}  # fmt: skip


def recognise(sample: Sample) -> str | None:
    """Accept a table of accounts with at least one column of a profile, and none of a post."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS).keys()
    if not at & {"account_id", "handle"}:
        return f"no column for an account; {saw(sample)}"
    if not at & _PROFILE:
        return f"no column of an account's profile; {saw(sample)}"
    if found := bind(sample, _POSTS):
        return f"has columns of posts ({', '.join(sample.header[i] for i in found.values())}), not only of accounts"
    known = len(at) + len(bind(sample, _LEFT_OUT).keys())
    return (
        f"most columns are not those of accounts; {saw(sample)}" if 2 * known < len(sample.header) and not sample.columns else None
    )


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's columns and map each row to an account, its counters and its group."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    i_id, i_handle, i_name, i_born, i_verified, i_type, i_posts, i_followers, i_following, i_seen, i_group, _ = (
        at.get(n, width) for n in COLUMNS
    )
    day_first, zone = dates(sample, i_born)
    platform_of = given_platform(sample, at)

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        platform, handle, party = platform_of(row), text(row[i_handle]), called(row[i_group])
        handle = handle.lstrip("@") if handle else None
        account = ident(row[i_id]) or handle
        if not account:
            raise BadRecord(message("reasons.account_unnamed"))
        born, source = time_us(row[i_born], day_first=day_first, zone=zone), "declared"
        if born is None and platform == "mastodon":
            born, source = mastodon_us(account), "derived"
        records: list[Record] = [
            Account(
                platform,
                account,
                handle,
                text(row[i_name]),
                born,
                None if born is None else source,
                flag(row[i_verified]),
                text(row[i_type]),
            )
        ]
        posts, followers, following = count(row[i_posts]), count(row[i_followers]), count(row[i_following])
        if not (posts is None and followers is None and following is None):
            records.append(
                AccountCounter(platform, account, time_us(row[i_seen], day_first=day_first, zone=zone), posts, followers, following)
            )
        return [*records, Group(platform, account, party)] if party else records

    return map_row
