"""Who is who in Rivemont? Every account's profile, and the group it is in."""

from collections.abc import Iterable
from typing import Any

from ._demo_pages import BOOSTED, PAGES
from ._demo_posts import PRESS
from ._demo_squad import created

BOOSTED_GROUP, PAGES_GROUP = "boosted", "associations"

Row = dict[str, Any]


def profiles(accounts: list[tuple[str, str, str]], seed: int) -> list[Row]:
    """Describe every account: its handle and the day it was made."""
    made = created([account for _, account, _ in accounts], seed)
    return [
        {"platform": p, "account_id": a, "handle": h, "created_at_us": at_us, "created_at_source": "declared"}
        for (p, a, h), at_us in zip(accounts, made, strict=True)
    ]


def groups_of(accounts: Iterable[tuple[str, str, str]], followers: dict[str, int]) -> list[Row]:
    """Put pages in groups of their own, large accounts among the press, a few among the town, the rest among the passengers."""
    found = []
    for platform, account, _ in accounts:
        if account in PAGES:
            name = BOOSTED_GROUP if account in BOOSTED else PAGES_GROUP
        else:
            large = account == PRESS[1] or followers.get(account.replace("u", "a", 1), 0) > 15_000
            name = "press" if large else "town" if account.endswith("7") else "passengers"
        found.append({"platform": platform, "account_id": account, "group_name": name})
    return found
