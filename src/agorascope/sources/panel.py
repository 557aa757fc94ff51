"""Is this a panel? One row per account and period, or per period, with sums: posts, views, likes...

Long form of the store: every numeric column gives one row, under the canonical name of its metric or its own name in
snake case. An empty cell is kept as null: hidden or not collected. A table without accounts speaks of the whole
capture. Two wide forms are read too: ``posts_musk, views_musk, posts_others, ...`` (a metric and an account in each
name), and one column per account, where the constant ``metric`` or the file's name tells the metric.
"""

import re
from collections.abc import Sequence
from typing import Any

from agorascope.records import Account, Group, Panel, Record

from . import Mapper, Sample
from .columns import bind, given_names, given_platform, key, numeric, padded, saw, stem, unknown_names, values
from .fields import called, ident, number, text
from .names import POST, Aliases
from .periods import PERIOD, is_period, period_reader

NAME = "panel"
CONTAINER = "table"
PRIORITY = -5
COLUMNS: Aliases = {
    "account_id": POST["account_id"],
    "handle": POST["handle"],
    "name": "pagename accountname displayname nom",
    "group": "groupe lean leaning side party camp",
    "platform": "plateforme",
    **PERIOD,
}
METRICS: Aliases = {
    "posts": "postcount numposts tweets ids studyposts publications messages nombredeposts volume",
    "views": POST["views"],
    "likes": f"{POST['likes'].replace(' reactions reactioncount numreactions', '')}",
    "reposts": POST["reposts"],
    "quotes": POST["quotes"],
    "replies": f"{POST['replies']} numcomments",
    "bookmarks": POST["bookmarks"],
    "reactions": "reactioncount numreactions",
    "reactions_love": "numloves loves lovecount",
    "reactions_wow": "numwows wows wowcount",
    "reactions_haha": "numhahas hahas hahacount",
    "reactions_sad": "numsads sads sadcount",
    "reactions_angry": "numangrys numangries angrys angries angrycount",
    "reactions_care": "numcares cares carecount",
    "engagement": "engagements totalengagement interactions totalinteractions",
    "followers": f"{POST['followers']} pagefans pagefollowers numfollowers numfans",
    "following": POST["following"],
    "counter_posts": "independentposts counterposts",
    "duplicate_posts": "duplicateids duplicates duplicateposts",
}
_NOT_PANEL: Aliases = {
    "text": POST["text"], "title": POST["title"], "post_id": f"id {POST['post_id']}", "permalink": POST["permalink"],
    "url": POST["url"], "kind": POST["kind"], "language": POST["language"], "urls": POST["urls"], "label": "event",
}  # fmt: skip
_CANONICAL = {key(v): name for name, variants in METRICS.items() for v in (name, *variants.split())}
NAMES: Aliases = {**COLUMNS, **METRICS}
Column = tuple[int, str, str | None]


def recognise(sample: Sample) -> str | None:
    """Accept a table with a period, numbers, and nothing that belongs to single posts."""
    if reason := unknown_names(sample, NAMES):
        return reason
    at = bind(sample, COLUMNS)
    period = next((name for name in PERIOD if name in at), None)
    if period is None:
        return f"no column for a period (week, month, date...); {saw(sample)}"
    if found := bind(sample, _NOT_PANEL):
        return f"has columns of single posts: {', '.join(sample.header[i] for i in found.values())}"
    if not is_period(sample, period, at[period]):
        return f"column {sample.header[at[period]]!r} is not one of whole days or months"
    return None if _columns(sample, at) else f"no column of numbers that names a metric; {saw(sample)}"


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read: one period, who it speaks of, and each column of numbers."""
    at = bind(sample, COLUMNS)
    period = next((name for name in PERIOD if name in at), None)
    who = {name: i for name, i in at.items() if name not in PERIOD or name == period}
    return who | {f"{metric} of {account}" if account else metric: i for i, metric, account in _columns(sample, at)}


def mapper(sample: Sample) -> Mapper:
    """Bind to the file's form and map each row to one Panel row per metric, and to the account's group and name."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    period = next(name for name in PERIOD if name in at)
    i_period, read_period = at[period], period_reader(sample, period, at[period])
    i_account, i_handle, i_name, i_group = (at.get(n, width) for n in ("account_id", "handle", "name", "group"))
    columns = _columns(sample, at)
    platform_of = given_platform(sample, at)
    usual = sample.constants.get("account_id")

    def map_row(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        platform, name, party = platform_of(row), text(row[i_name]), called(row[i_group])
        handle = text(row[i_handle])
        handle = handle.lstrip("@") if handle else None
        account = ident(row[i_account]) or handle or name or usual
        start, length = read_period(row[i_period])
        records: list[Record] = [
            Panel(platform, account if of is None else of, start, length, metric, number(row[i])) for i, metric, of in columns
        ]
        if account is not None and party is not None:
            records.append(Group(platform, account, party))
        if account is not None and ((handle and handle != account) or (name and name != account)):
            records.append(Account(platform, account, handle, name))
        return records

    return map_row


def _columns(sample: Sample, at: dict[str, int]) -> list[Column]:
    """List the columns of numbers: position, metric, and the account where the column's name tells it."""
    said = given_names(sample, NAMES)
    given = {i: name for name, i in bind(sample, METRICS).items() if name in said}
    taken = set(at.values())
    free = [(i, h) for i, h in enumerate(sample.header) if i not in taken and numeric(sample, i)]
    if not {"account_id", "handle", "name"} & at.keys():
        if wide := _metric_and_account(free):
            return wide
        if not given and len(free) > 1 and not any(key(h) in _CANONICAL for _, h in free):
            metric = sample.constants.get("metric") or _metric_in(stem(sample.name))
            return [(i, metric, h) for i, h in free if values(sample, i)] if metric else []
    named: list[Column] = [(i, given.get(i) or _CANONICAL.get(key(h)) or _snake(h), None) for i, h in free]
    return named if any(metric in METRICS for _, metric, _ in named) else []


def _metric_and_account(free: list[tuple[int, str]]) -> list[Column]:
    """Split names such as ``posts_musk``; the accounts are the ends that at least two metrics share."""
    split = [(i, *h.partition("_")) for i, h in free]
    if len(split) < 4 or any(key(metric) not in _CANONICAL or not end for _, metric, _, end in split):
        return []
    ends = [end for _, _, _, end in split]
    shared = {end for end in ends if sum(other == end or other.startswith(end + "_") for other in ends) > 1}
    accounts = [end for end in shared if not any(end.startswith(other + "_") for other in shared)]
    found: list[Column] = []
    for i, metric, _, end in split:
        account = next((a for a in accounts if end == a or end.startswith(a + "_")), None)
        if account is None:
            return []
        found.append((i, _CANONICAL[key(metric)], account))
    return found if len(accounts) > 1 and len({c[1:] for c in found}) == len(found) else []


def _metric_in(name: str) -> str | None:
    """Find the one metric a file's name speaks of."""
    seen = {_CANONICAL[word] for part in re.split(r"[\W_]+", name) if (word := key(part)) in _CANONICAL} - {"posts"}
    return seen.pop() if len(seen) == 1 else None


def _snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"\W+|_+", "_", spaced).strip("_").lower()[:60] or "value"
