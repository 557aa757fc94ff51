"""Whose post is this, on which platform, under which id and address? From its columns, else from its own address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.sources import Sample
from agorascope.sources.columns import platform_name
from agorascope.sources.fields import ident, text
from agorascope.sources.permalinks import Permalink, permalink

from .habits import Habits, positions

Identity = tuple[str, str, str | None, str | None, str | None, str | None, str | None]
"""Platform, post, account, handle, name, the post's own address, an address it shares."""


def identity(sample: Sample, at: Mapping[str, int], habits: Habits, usual: str) -> Callable[[Sequence[Any]], Identity]:
    """Bind to a file's columns; ``usual`` is the platform of a row that names none. An id may be empty.

    An author known only by a handle, or by a name, is identified by it.
    """
    i_id, i_account, i_handle, i_name, i_platform, i_permalink, i_url = positions(
        sample, at, "post_id account_id handle name platform permalink url"
    )
    default = sample.constants.get("platform")
    fixed = platform_name(default) if default else habits.platform
    said_account = sample.constants.get("account_id")
    has_address = bool({"permalink", "url"} & at.keys())

    def of_row(row: Sequence[Any]) -> Identity:
        post_id = ident(row[i_id]) or ""
        handle = text(row[i_handle])
        if handle is not None:
            handle = handle.lstrip("@") or None
        name = text(row[i_name])
        account = ident(row[i_account]) or handle or name or said_account
        platform = platform_name(row[i_platform]) or fixed
        address = shared = None
        if has_address:
            address, shared, link = _addresses(text(row[i_permalink]), text(row[i_url]), post_id, account, handle)
            if link is not None:
                post_id = post_id or link.post_id
                account = account or link.handle or None
                platform = platform or link.platform
            elif habits.address_is_id and address is not None:
                post_id = post_id or address
                platform = platform or "web"
        return platform or usual, post_id, account, handle, name, address, shared

    return of_row


def usual_platform(sample: Sample, at: Mapping[str, int]) -> str | None:
    """Give the one platform all own addresses of the sample speak of, for the rows without such an address."""
    seen = set()
    width = len(sample.header)
    for row in sample.rows:
        cells = (*row, *(None,) * (width + 1 - len(row)))
        given = (cells[at.get(name, width)] for name in ("post_id", "handle"))
        post_id, who = (text(cell) if isinstance(cell, str | int) else None for cell in given)
        for name in ("permalink", "url"):
            address = cells[at.get(name, width)]
            found = permalink(address.strip()) if isinstance(address, str) else None
            if found and (name == "permalink" or _is_own(found, post_id or "", who, who)):
                seen.add(found.platform)
    return seen.pop() if len(seen) == 1 else None


def _addresses(
    address: str | None, url: str | None, post_id: str, account: str | None, handle: str | None
) -> tuple[str | None, str | None, Permalink | None]:
    """Tell the post's own address from one it shares, and read the former."""
    link = permalink(address) if address else None
    if url is None or url == address:
        return address, None, link
    found = permalink(url) if address is None else None
    if found is not None and _is_own(found, post_id, account, handle):
        return url, None, found
    return address, url, link


def _is_own(found: Permalink, post_id: str, account: str | None, handle: str | None) -> bool:
    if post_id:
        return found.post_id == post_id or post_id.endswith("_" + found.post_id)
    who = handle or account
    if not found.handle or who is None or not who.isascii() or " " in who:
        return True
    return found.handle.lower() in ("i", who.lower()) or found.handle.isdigit() != who.isdigit()
