"""What else could a network be? Five innocent explanations, each with a share that it predicts to be large, and its interval.

``favoured``: the share lies above its bound with its whole interval and nothing else speaks against it: the data are as this
explanation would have them, which leaves room for others. ``disfavoured``: something it needs is not so. Each bound is a constant
with its reason, none fitted to data or to a world. Techniques of DISARM are named by id where what was seen resembles them.

Intervals take all posts of one account as one cluster (Kish 1965 at the ends, where a linearised variance is zero). Limits: posts
of several accounts on one object are taken as independent; a botnet may imitate each of these.
Source: Kuiper 1960, with the finite-sample form of Stephens 1970, J. R. Stat. Soc. B 32:115; Wilson 1927 as in ``stats.shares``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.findings import Rival
from agorascope.stats.shares import design_effect, wilson
from agorascope.texts import Message, message

from ._coordination_own import APART, Own

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US

MOST = 0.5  # an explanation must account for most of what it is about: for more than it does not
ALERT_S = 120.0  # who shares on a notification does so within two minutes, or looks later; as the field's "fast share" with slack
FEWEST_WEEKS = 4  # an interest seen for less than a month cannot be called long
OFTEN = 0.5  # a club is there in most weeks in which its members are
TWO = 2  # members who make a week of the network, or a shared text
BUTTON_S = 3_600.0  # readers come upon an article over hours; text posted by all within the hour was sent round
FEW_ACCOUNTS = 20  # a publisher has some editions and desks, not dozens of accounts
ONLY = 0.9  # "never anything else", one post in ten left for a holiday greeting
PUNCTUAL_S = 60.0  # machines set to one time post within its minute; clocks of many captures show minutes only
FEWEST_DATED = 10  # dates below this number make no distribution
KUIPER = 1.747  # 5 % point of Kuiper's statistic, Stephens 1970, table 1
SWARM = 10  # accounts on one object, in the median, to speak of a swarm: more than a circle of friends
FEW_FRACTION = 0.1  # part of the network that makes an earlier campaign its own

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = list[dict[str, Any]]

_ARGS = {"n": pa.int64(), "m": pa.int64(), "weeks": pa.int64()}
_ARGS |= dict.fromkeys(("share", "seconds", "part", "other", "ratio"), pa.float64())
SAYS = pa.struct([("key", pa.string()), ("args", pa.struct(list(_ARGS.items())))])
"""A message in a table: all have the same values, absent where a sentence does not speak of them, so that files can hold them."""
EXPLANATIONS = pa.schema(
    [("network", pa.string()), ("explanation", pa.string()), ("status", pa.string())]
    + [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
    + [("says", SAYS), ("missing", SAYS)]
)
TECHNIQUES = pa.schema([("network", pa.string()), ("technique", pa.string()), ("because", SAYS)])


class Acts(NamedTuple):
    """Hold the acts behind the ties of one network, in order of object and time. Shapes (acts,); ``place`` in the posts, or -1.

    ``objects`` are kind and name.
    """

    objects: list[tuple[str, str]]
    obj: Ints
    member: Ints
    at_us: Floats
    place: Ints
    post: pa.Array


class Group(NamedTuple):
    """Hold one network: ``members`` and ``posts`` are positions in those of ``Own``."""

    network: str
    members: Ints
    posts: Ints
    acts: Acts


class Half(NamedTuple):
    """Hold the shortest stretch of whole days with half of the members' dates, and whether others' dates could be like theirs."""

    from_us: int
    until_us: int
    share: float
    others_share: float | None
    unusual: bool | None


def half(known: Floats, others: Floats) -> Half | None:
    """Find the shortest stretch that holds half of the sorted dates. ``unusual`` after Kuiper, which allows for the search."""
    if known.size < FEWEST_DATED:
        return None
    within = math.ceil(known.size / 2)
    first = int(np.argmin(known[within - 1 :] - known[: known.size - within + 1]))
    start, stop = (int(known[first] // DAY_US) * DAY_US, int(known[first + within - 1] // DAY_US + 1) * DAY_US)
    share = float(((known >= start) & (known < stop)).mean())
    if others.size < FEWEST_DATED:
        return Half(start, stop, share, None, None)
    other = float(((others >= start) & (others < stop)).mean())
    root = math.sqrt(known.size * others.size / (known.size + others.size))
    return Half(start, stop, share, other, share - other > KUIPER / (root + 0.155 + 0.24 / root))


def effect(square: float, cross: float, total_square: float, number: float, total: float) -> float:
    """Give the design effect of a share under clustering by account, at the ends of the scale that of clusters all alike."""
    if number in (0.0, total):
        return max(1.0, total_square / total) if total else 1.0
    return design_effect(square=square, cross=cross, total_square=total_square, count=number, total=total)


def clustered(flag: Mask, member: Ints) -> tuple[float, float, float]:
    """Give a share with its interval, all posts of one account a cluster. Shapes (posts,), at least one post."""
    _, who = np.unique(member, return_inverse=True)
    inside, each = np.bincount(who, flag), np.bincount(who).astype(np.float64)
    number, total = float(flag.sum()), float(flag.size)
    wide = effect(float((inside**2).sum()), float((inside * each).sum()), float((each**2).sum()), number, total)
    return number / total, *wilson(number, total, design_effect=wide)


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
    return tuple(_rival(row) for row in rows), [row | {k: row[k] and _plain(row[k]) for k in ("says", "missing")} for row in rows]


def _blank(name: str) -> dict[str, Any]:
    return {"explanation": name, "status": "not_tested", "share": None, "share_low": None, "share_high": None,
            "says": None, "missing": None}  # fmt: skip


def _rival(row: dict[str, Any]) -> Rival:
    statement = message(f"coordination.rival.{row['explanation']}")
    ends = {"statistic": row["share"], "low": row["share_low"], "high": row["share_high"]}
    return Rival(name=row["explanation"], statement=statement, status=row["status"], missing=row["missing"], **ends)


def _plain(said: Message) -> dict[str, Any]:
    return {"key": said.key, "args": {name: said.args.get(name) for name in _ARGS}}


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
        return _missing("targets")
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


def techniques(own: Own, group: Group, earlier: Rows, main: str | None, *, created: float | None) -> dict[str, Any]:
    """Name the techniques that what was seen resembles; ``created``: how many times as many were created in the shortest half."""
    acts = group.acts
    found: list[tuple[str, Message]] = []
    if not acts.obj.size:
        return {"techniques": [], "because": []}
    kinds = np.array([kind for kind, _ in acts.objects])[acts.obj]
    place = acts.place[acts.place >= 0]
    kind = own.posts.kind[place]
    accounts = np.unique(np.stack([acts.obj, acts.member]), axis=1)[0]
    reposts = float((kind == 2).mean()) if place.size else 0.0
    if reposts > MOST:
        found.append(("T0049.003", _because("reposts", share=reposts)))
    swarm = float(np.median(np.bincount(accounts)))
    if swarm >= SWARM:
        found.append(("T0049.005", _because("swarm", n=round(swarm))))
    for technique, name, names in _BY_KIND:
        share = float(np.isin(kinds, names).mean())
        if share > MOST:
            found.append((technique, _because(name, share=share)))
    target = own.posts.target[place]
    inside = np.isin(own.targets[target[target >= 0]], group.members)
    foreign = float((~inside).sum() / place.size) if place.size else 0.0
    if foreign > MOST:
        found.append(("T0118", _because("others", share=foreign)))
    least = max(TWO, FEW_FRACTION * group.members.size)
    before = [r for r in earlier if r["account_id"] != main and r["also_main"] >= least]
    if before and created is not None:
        found.append(("T0093.002", _because("reused", n=before[0]["also_main"], ratio=created)))
    platforms = {key.split(APART, 1)[0] for key in own.keys.take(pa.array(group.members)).to_pylist()}
    if len(platforms) > 1:
        found.append(("T0119.002", _because("platforms", n=len(platforms))))
    rows = [
        {"network": group.network, "technique": t, "because": _plain(because)} for t, because in sorted(found, key=lambda f: f[0])
    ]
    return {"techniques": [r["technique"] for r in rows], "because": rows}


_BY_KIND = (
    ("T0084.001", "copies", ("text",)),
    ("T0049.002", "tags", ("hashtag", "hashtags")),
    ("T0116", "replies", ("reply",)),
)


def _because(name: str, **args: Any) -> Message:
    return message(f"coordination.technique.{name}", **args)
