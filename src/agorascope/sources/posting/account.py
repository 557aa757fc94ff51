"""What does a row say of the account beside the post? Its profile, its counters when read, its group."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.records import Account, AccountCounter, Group, Record
from agorascope.sources import Sample
from agorascope.sources.columns import dates
from agorascope.sources.fields import called, count, flag, text, time_us

from .habits import positions

Describe = Callable[[Sequence[Any], str, str, str | None, str | None, int | None], list[Record]]
"""Of a row: platform, account, handle, name, and when the counters were read, else when the post was made."""


def described(sample: Sample, at: Mapping[str, int]) -> Describe:
    """Bind to a file's columns; return what gives an account's rows. An account of which only the id is said has none."""
    i_born, i_verified, i_type, i_followers, i_following, i_posts, i_group = positions(
        sample, at, "account_created_at verified account_type followers following account_posts group"
    )
    born_first, zone = dates(sample, i_born)
    has_profile = bool({"name", "account_created_at", "verified", "account_type"} & at.keys())
    has_counters = bool({"followers", "following", "account_posts"} & at.keys())

    def of_row(
        row: Sequence[Any], platform: str, account: str, handle: str | None, name: str | None, seen: int | None
    ) -> list[Record]:
        rows: list[Record] = []
        if has_profile or (handle is not None and handle != account):
            born = time_us(row[i_born], day_first=born_first, zone=zone)
            declared = None if born is None else "declared"
            rows.append(Account(platform, account, handle, name, born, declared, flag(row[i_verified]), text(row[i_type])))
        if has_counters:
            posts, followers, following = count(row[i_posts]), count(row[i_followers]), count(row[i_following])
            if not (posts is None and followers is None and following is None):
                rows.append(AccountCounter(platform, account, seen, posts, followers, following))
        if row[i_group] is not None and (party := called(row[i_group])):
            rows.append(Group(platform, account, party))
        return rows

    return of_row
