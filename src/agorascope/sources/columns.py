"""Which column is which? Canonical names found in a header by their usual variants, in French and English.

Names are compared without case, accents, spaces and punctuation: ``Nombre d'abonnés`` is ``nombredabonnes``. A dot
inside a name is kept, since it marks a field of a flattened JSON object. A user's ``--columns`` comes first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agorascope.errors import BadRecord, BadValue
from agorascope.texts import message

from . import Sample
from .fields import number, text, time_us
from .names import Aliases
from .times import day_first

_NOT_NAME = re.compile(r"(?<![^\W_])\.|\.(?![^\W_])|[^\w.]|_")
_BARE = re.compile(r"\d{1,7}")

_PLATFORMS = {
    said: platform
    for platform, names in {
        "x": ("twitter", "x (twitter)", "x/twitter", "twitter/x", "twitter.com", "x.com", "twitter public"),
        "facebook": ("fb", "facebook public", "facebook.com"),
        "instagram": ("ig", "insta", "instagram public", "instagram.com"),
        "youtube": ("yt", "youtube.com"),
        "bluesky": ("bsky", "bsky.app", "bluesky social"),
        "threads": ("threads.net", "threads.com"),
        "truthsocial": ("truth", "truth social", "truthsocial.com"),
        "mastodon": ("fediverse",),
        "reddit": ("reddit.com",),
        "tiktok": ("tiktok.com",),
    }.items()
    for said in (platform, *names)
}
_KNOWN = frozenset(_PLATFORMS.values()) | {
    "telegram", "gab", "linkedin", "pinterest", "tumblr", "vk", "weibo", "twitch", "snapchat", "whatsapp", "discord", "4chan",
    "8kun", "parler", "gettr", "rumble", "bitchute", "odysee", "douyin", "xiaohongshu", "imgur", "9gag", "quora", "medium",
}  # fmt: skip


_WRITERS = frozenset(("account", "author", "auteur", "compte", "user", "utilisateur"))


def key(name: str) -> str:
    """Reduce a column's name to what is compared.

    >>> key("Nombre d'abonnés"), key("Unique UserID"), key("user.screen_name")
    ('nombredabonnes', 'uniqueuserid', 'user.screenname')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_NAME.sub("", bare).casefold()


def bind(sample: Sample, aliases: Aliases) -> dict[str, int]:
    """Find the position of each canonical column in a header; each column serves once, in the order of ``aliases``.

    Raises BadValue when ``--columns`` names a column the file lacks.
    """
    keys = {key(name): position for position, name in reversed(list(enumerate(sample.header)))}
    at: dict[str, int] = {}
    for canonical, column in given_names(sample, aliases).items():
        found = sample.header.index(column) if column in sample.header else keys.get(key(column))
        if found is None:
            raise BadValue(f"--columns gives {column!r} for {canonical}, but {sample.name} has: {', '.join(sample.header)}")
        if canonical in aliases:
            at[canonical] = found
    taken = set(at.values())
    for canonical, variants in aliases.items():
        if canonical not in at:
            free = (keys[v] for v in (key(canonical), *_variants(variants)) if v in keys and keys[v] not in taken)
            position = next(free, None)
            if position is not None:
                at[canonical] = position
                taken.add(position)
    return at


def has_column(sample: Sample, column: str) -> bool:
    """Say whether a header has a column, by its name as written or as names are compared."""
    return column in sample.header or key(column) in map(key, sample.header)


def given_names(sample: Sample, aliases: Aliases) -> dict[str, str]:
    """Give the ``--columns`` of a user under canonical names: an alias stands for its own; others stay as written."""
    named = {_canonical(said, aliases) or said: column for said, column in sample.columns.items() if said not in aliases}
    return named | {said: column for said, column in sample.columns.items() if said in aliases}


def lacked(sample: Sample, aliases: Aliases) -> list[str]:
    """List the names of ``--columns`` that a source does not have, in alphabetical order."""
    return sorted(s for s in sample.columns if s not in aliases and _canonical(s, aliases) is None and not _any_of(s, aliases))


def unknown_names(sample: Sample, aliases: Aliases) -> str | None:
    """Say which names of ``--columns`` a source does not have, as the reason why it is not its format."""
    strange = lacked(sample, aliases)
    return f"--columns names {', '.join(strange)}, which this format lacks; it has {', '.join(aliases)}" if strange else None


def with_more(sample: Sample, at: Mapping[str, int], more: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Add columns a source reads beside those bound by name: the second under one name is ``likes.2``."""
    found = dict(at)
    for canonical, names in more.items():
        for name in names:
            position = sample.header.index(name) if name in sample.header else None
            if position is not None and position not in found.values():
                number_of = sum(1 for known in found if known.partition(".")[0] == canonical) + 1
                found[canonical if number_of == 1 else f"{canonical}.{number_of}"] = position
    return found


def saw(sample: Sample) -> str:
    """List the columns of a file, for a reason shown to a user.

    >>> saw(Sample("a.csv", "table", ("a", "b")))
    'saw: a, b'
    """
    shown = [name[:30] for name in sample.header[:12]]
    return "saw: " + ", ".join(shown) + (f" and {len(sample.header) - 12} more" if len(sample.header) > 12 else "")


def padded(row: Sequence[Any], width: int) -> tuple[Any, ...]:
    """Give the cells of a row and one None more, where columns a file lacks are read; a short row ends in None.

    Raises BadRecord for a row longer than the header.
    """
    if len(row) == width:
        return (*row, None)
    if len(row) > width:
        raise BadRecord(message("reasons.long_row", cells=len(row), width=width))
    return (*row, *(None,) * (width + 1 - len(row)))


def given_platform(sample: Sample, at: Mapping[str, int]) -> Callable[[Sequence[Any]], str]:
    """Bind the platform of a row: its column, else the constant, else ``unknown``."""
    fixed = platform_name(sample.constants.get("platform")) or "unknown"
    if "platform" not in at:
        return lambda row: fixed
    position = at["platform"]
    return lambda row: platform_name(row[position]) or fixed


def values(sample: Sample, position: int) -> list[Any]:
    """List what the sample has in one column, empty cells left out."""
    return [row[position] for row in sample.rows if position < len(row) and row[position] not in (None, "")]


def numeric(sample: Sample, position: int) -> bool:
    """Say whether every value of a column in the sample is a number, an empty cell or a null word."""
    try:
        for value in values(sample, position):
            number(value)
    except BadRecord:
        return False
    return True


def dates(sample: Sample, position: int) -> tuple[bool, tzinfo]:
    """Say how to read the times of one column: day first or not, and the zone of times without one.

    Both may be given under ``[constants]``: ``date_order = "dmy"``, ``timezone = "Europe/Paris"``. Raises BadValue.
    """
    order, name = sample.constants.get("date_order"), sample.constants.get("timezone", "UTC")
    if order not in (None, "dmy", "mdy"):
        raise BadValue(f'date_order is {order!r}; use "dmy" or "mdy"')
    try:
        zone: tzinfo = UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadValue(f"timezone is {name!r}, which is not known; use a name such as Europe/Paris") from error
    return (order == "dmy" if order else bool(day_first(values(sample, position)))), zone


def times(sample: Sample, position: int) -> list[int]:
    """List the times the sample has in one column, in µs UTC; values that are not times are left out."""
    first, zone = dates(sample, position)
    found = []
    for value in values(sample, position):
        try:
            at = time_us(value, day_first=first, zone=zone)
        except BadRecord:
            continue
        found += [at] if at is not None else []
    return found


def stem(name: str) -> str:
    """Give a file's name without folder and endings.

    >>> stem("a/karate_edges.csv.gz")
    'karate_edges'
    """
    return name.replace("\\", "/").rpartition("/")[2].partition(".")[0] or name


def platform_name(value: Any) -> str | None:
    """Give a platform's name as stored: lower case, ``x`` for Twitter.

    >>> platform_name("Twitter"), platform_name(" Facebook ")
    ('x', 'facebook')
    """
    said = text(value)
    return _PLATFORMS.get(said.lower(), said.lower()) if said else None


def is_platform(value: Any) -> bool:
    """Say whether a cell names a platform this code has heard of."""
    return platform_name(value) in _KNOWN


def local_ids(sample: Sample, positions: Iterable[int], scope: int | None) -> bool:
    """Say whether ids are mere row numbers within a scope (a network, a cascade), so that 0 is another node in each.

    True when there is a scope column and every id of the sample is a whole number of at most 7 digits; given under
    ``[constants]`` as ``ids = "local"`` or ``"global"``. Raises BadValue.
    """
    said = sample.constants.get("ids")
    if said not in (None, "local", "global"):
        raise BadValue(f'ids is {said!r}; use "local" or "global"')
    if said or scope is None:
        return said == "local" and scope is not None
    found = [text(v) or "" for p in positions for v in values(sample, p)]
    return bool(found) and all(_BARE.fullmatch(v) for v in found)


def _any_of(said: str, aliases: Aliases) -> bool:
    """Say whether a name falls under one that stands for any: ``label.campaign`` under ``label.*``."""
    start, dot, end = said.partition(".")
    return bool(dot and end.strip()) and f"{start}.*" in aliases


def _canonical(said: str, aliases: Aliases) -> str | None:
    """Find the canonical name a user means; who wrote a post is the account, whatever its column is called."""
    reduced = key(said)
    if reduced in _WRITERS and "account_id" in aliases:
        return "account_id"
    return next((name for name, variants in aliases.items() if reduced in (key(name), *_variants(variants))), None)


@cache
def _variants(variants: str) -> tuple[str, ...]:
    return tuple(key(name) for name in variants.split())
