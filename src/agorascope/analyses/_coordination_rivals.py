"""What else could a network be? Five innocent explanations, each with a share that it predicts to be large, and its interval.

``favoured``: the share lies above its bound with its whole interval and nothing else speaks against it: the data are as this
explanation would have them, which leaves room for others. ``disfavoured``: something it needs is not so. Each bound is a constant
with its reason, none fitted to data or to a world.

Limits: posts of several accounts on one object are taken as independent; a botnet may imitate each of these.
Source: the shares and intervals of ``_coordination_group``; the explanations and their bounds are ours.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.findings import Rival
from agorascope.stats.shares import wilson
from agorascope.texts import Message, message

from ._coordination_group import MOST, SAYS, TWO, WEEK_US, Floats, Group, Ints, Mask, Rows, clustered, half, plain
from ._coordination_own import Own

ALERT_S = 120.0  # who shares on a notification does so within two minutes, or looks later; as the field's "fast share" with slack
FEWEST_WEEKS = 4  # an interest seen for less than a month cannot be called long
OFTEN = 0.5  # a club is there in most weeks in which its members are
BUTTON_S = 3_600.0  # readers come upon an article over hours; text posted by all within the hour was sent round
FEW_ACCOUNTS = 20  # a publisher has some editions and desks, not dozens of accounts
ONLY = 0.9  # "never anything else", one post in ten left for a holiday greeting
PUNCTUAL_S = 60.0  # machines set to one time post within its minute; clocks of many captures show minutes only
EXPLANATIONS = pa.schema(
    [("network", pa.string()), ("explanation", pa.string()), ("status", pa.string())]
    + [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
    + [("says", SAYS), ("missing", SAYS)]
)


def explain(own: Own, group: Group) -> tuple[tuple[Rival, ...], Rows]:
    """Put every explanation to the data of one network."""
    tests = {
        "news_alert": _news_alert,
        "fan_club": _fan_club,
        "share_button": _share_button,
        "scheduled_feed": _scheduled_feed,
        "syndication": _syndication,
    }
    rows = [_blank(name) | {"network": group.network} | test(own, group) for name, test in tests.items()]
    return tuple(_rival(row) for row in rows), [row | {k: row[k] and plain(row[k]) for k in ("says", "missing")} for row in rows]


def _blank(name: str) -> dict[str, Any]:
    return {"explanation": name, "status": "not_tested", "share": None, "share_low": None, "share_high": None,
            "says": None, "missing": None}  # fmt: skip


def _rival(row: dict[str, Any]) -> Rival:
    statement = message(f"coordination.rival.{row['explanation']}")
    ends = {"statistic": row["share"], "low": row["share_low"], "high": row["share_high"]}
    return Rival(name=row["explanation"], statement=statement, status=row["status"], missing=row["missing"], **ends)


def _missing(name: str) -> dict[str, Any]:
    missing = message(f"coordination.explanation.missing_{name}")
    return {"missing": missing, "says": message("coordination.explanation.not_tested")}


def _judged(
    found: tuple[float, float, float], bound: float, said: Message, *, against: bool = False, open_: bool = False
) -> dict[str, Any]:
    """Compare an interval with a bound; ``against``: something else speaks against it; ``open_``: something needed is not known."""
    share, low, high = found
    status = "disfavoured" if against or high < bound else "favoured" if low > bound and not open_ else "undecided"
    return {"status": status, "share": share, "share_low": low, "share_high": high, "says": said}


def _news_alert(own: Own, group: Group) -> dict[str, Any]:
    """Share of the tied acts on a post that came within two minutes of its publication."""
    acts, posts = group.acts, own.posts
    used = acts.place >= 0
    place, member = acts.place[used], acts.member[used]
    delay = (posts.at_us[place] - posts.published_us[place]) / 1e6
    timed = np.isfinite(delay)
    if not timed.any():
        return _missing("published")
    found = clustered(delay[timed] <= ALERT_S, member[timed])
    return _judged(found, MOST, _said("news_alert", n=int(timed.sum()), share=found[0], seconds=ALERT_S))


def _fan_club(own: Own, group: Group) -> dict[str, Any]:
    """Share of the members who boost one and the same account most; in most weeks, and of ordinary ages."""
    posts = own.posts
    at = group.posts[posts.target[group.posts] >= 0]
    if not at.size:
        return _missing("authors")
    pair, number = np.unique(np.stack([posts.member[at], posts.target[at]]), axis=1, return_counts=True)
    accounts = np.bincount(pair[1])
    idol = int(np.lexsort((-np.bincount(pair[1], number), -accounts))[0])
    most = np.zeros(len(own.keys))
    np.maximum.at(most, pair[0], number)
    loyal = (pair[1] == idol) & (number == most[pair[0]])
    members = np.unique(pair[0]).size
    share = float(loyal.sum()) / members
    low, high = wilson(float(loyal.sum()), members)
    weeks, present = _weeks(posts.at_us[at], posts.member[at], posts.target[at] == idol)
    known = own.created_us[group.members]
    ages = half(np.sort(known[np.isfinite(known)]), own.others_created_us[np.isfinite(own.others_created_us)])
    args = {"share": share, "n": members, "m": present, "weeks": weeks}
    brief = weeks >= FEWEST_WEEKS and present < OFTEN * weeks
    if ages is None or ages.unusual is None:
        said = _said("fan_club_undated", **args)
        missing = {"missing": message("coordination.explanation.missing_created")}
        return _judged((share, low, high), MOST, said, against=brief, open_=True) | missing
    said = _said("fan_club", **args, seconds=(ages.until_us - ages.from_us) / 1e6, part=ages.share, other=ages.others_share)
    return _judged((share, low, high), MOST, said, against=brief or bool(ages.unusual), open_=weeks < FEWEST_WEEKS)


def _weeks(at_us: Floats, member: Ints, idol: Mask) -> tuple[int, int]:
    """Count the weeks in which two members or more boost anybody, and those in which two or more boost the idol."""
    timed = np.isfinite(at_us)
    week, member, idol = (at_us[timed] // WEEK_US).astype(np.int64), member[timed], idol[timed]
    counts = []
    for chosen in (np.ones(week.size, np.bool_), idol):
        pair = np.unique(np.stack([week[chosen], member[chosen]]), axis=1)
        counts.append(int((np.unique(pair[0], return_counts=True)[1] >= TWO).sum()))
    return counts[0], counts[1]


def _written(own: Own, group: Group) -> tuple[Ints, Ints]:
    """Give the tied posts that are no reposts, each once, and the number of all tied posts."""
    place = np.unique(group.acts.place[group.acts.place >= 0])
    return place[own.posts.kind[place] != 2], place


def _share_button(own: Own, group: Group) -> dict[str, Any]:
    """Share of the tied posts with a text that two members or more have, always with one address; and over which time they came."""
    return _of_texts(own, group, "share_button", "url")


def _syndication(own: Own, group: Group) -> dict[str, Any]:
    """Share of the tied posts with a text that two members or more have, with several sites."""
    return _of_texts(own, group, "syndication", "site")


def _of_texts(own: Own, group: Group, name: str, carried: str) -> dict[str, Any]:
    written, tied = _written(own, group)
    if not tied.size:
        return _missing("posts")
    posts, codes = own.posts, own.posts.url if carried == "url" else own.posts.site
    if not written.size:  # what is repeated by the platform's own button has no text or address of its own
        found = clustered(np.zeros(tied.size, np.bool_), posts.member[tied])
        return _judged(found, MOST, _said(f"{name}_reposts", n=int(tied.size)))
    if not (posts.text[group.posts] >= 0).any():
        return _missing("texts")
    if not (codes[group.posts] >= 0).any():
        return _missing("links")
    at = group.posts[(posts.kind[group.posts] != 2) & (posts.text[group.posts] >= 0)]
    shared = _texts_of(posts.text[at], posts.member[at], TWO)
    values = _texts_of(posts.text[at][codes[at] >= 0], codes[at][codes[at] >= 0], TWO)
    several = np.isin(posts.text[tied], values)
    alone = np.isin(posts.text[tied], shared) & (posts.text[tied] >= 0)
    flag = alone & several if carried == "site" else alone & ~several & (codes[tied] >= 0)
    found = clustered(flag, posts.member[tied])
    seconds = _spread(posts.text[at], posts.at_us[at], shared)
    said = _said(name, n=int(tied.size), share=found[0], seconds=seconds)
    return _judged(found, MOST, said, open_=carried == "url" and (seconds is None or seconds < BUTTON_S))


def _texts_of(text: Ints, value: Ints, least: int) -> Ints:
    """Name the texts that have so many values or more."""
    pair = np.unique(np.stack([text, value]), axis=1)
    found, number = np.unique(pair[0], return_counts=True)
    return found[number >= least]


def _spread(item: Ints, at_us: Floats, kept: Ints) -> float | None:
    """Give the median time, in s, from the first post on an item to each other one."""
    used = np.isfinite(at_us) & np.isin(item, kept) & (item >= 0)
    if not used.any():
        return None
    order = np.lexsort((at_us[used], item[used]))
    item, at_us = item[used][order], at_us[used][order]
    _, first, group = np.unique(item, return_index=True, return_inverse=True)
    later = np.arange(item.size) != first[group]
    return float(np.median((at_us - at_us[first][group])[later])) / 1e6 if later.any() else None


def _scheduled_feed(own: Own, group: Group) -> dict[str, Any]:
    """Share of all the members' posts that are about one publisher, account or site; by few accounts, all punctual.

    Punctual: within a minute of the first on the same thing (median), or most in the same minute of the hour.
    """
    posts, at = own.posts, group.posts
    codes = [posts.target[at], posts.site[at]]
    if not any((c >= 0).any() for c in codes):
        return _missing("targets")
    counts = [np.bincount(c[c >= 0]) if (c >= 0).any() else np.zeros(1, np.int64) for c in codes]
    best = int(np.argmax([c.max() for c in counts]))
    flag = codes[best] == int(counts[best].argmax())
    found = clustered(flag, posts.member[at])
    seconds = _punctual(own, group)
    accounts = int(group.members.size)
    minute = posts.at_us[at][np.isfinite(posts.at_us[at])] // 6e7 % 60
    part = float(np.bincount(minute.astype(np.int64)).max() / minute.size) if minute.size else None
    said = _said("scheduled_feed", n=accounts, share=found[0], seconds=seconds, part=part)
    hourly = part is not None and part > MOST
    late = not hourly and seconds is not None and seconds > PUNCTUAL_S
    against = accounts > FEW_ACCOUNTS or found[2] < ONLY or late
    # An interval of so few accounts cannot lie above nine tenths: the share itself must, and its interval above one half.
    return _judged(found, MOST, said, against=against, open_=(seconds is None and not hourly) or found[0] < ONLY)


def _punctual(own: Own, group: Group) -> float | None:
    """Give the median time from the first to the other posts on one post, address or text, whether tied or not.

    Ties hold what is near in time only, so that their acts would seem punctual whoever made them.
    """
    posts, at = own.posts, group.posts
    item = np.full(at.size, -1, np.int64)
    start = 0
    for code in (posts.ref[at], posts.url[at], posts.text[at]):
        item = np.where((item < 0) & (code >= 0), code + start, item)
        start += int(code.max(initial=-1)) + 1
    known = item >= 0
    return _spread(item, posts.at_us[at], _texts_of(item[known], posts.member[at][known], TWO))


def _said(name: str, **args: Any) -> Message:
    return message(f"coordination.explanation.{name}", **args)
