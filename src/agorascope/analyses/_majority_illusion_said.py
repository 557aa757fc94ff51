"""What does the analysis of the illusion say? Claim, effect, units, tables, figures and notes, from the estimates alone."""

from typing import Any

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Estimate, Figure
from agorascope.stats.illusion import Illusion
from agorascope.texts import Message, message
from agorascope.ties import ACTS, called

from . import _majority_illusion_camps
from ._majority_illusion_estimate import FIRST, First, Loud
from ._majority_illusion_reduce import Seen

SHOWN_FROM = 5
MOST_STEPS = 100
MOST_OTHERS = 6
LOUD = pa.schema([("removed", pa.int64()), ("deceived_share", pa.float64())])
FEW = pa.schema([("about", pa.string()), ("value", pa.float64()), ("of_all_share", pa.float64())])
REPLIES = pa.schema([("threads", pa.int64()), *((n, pa.float64()) for n in ("all_share", "first_share", "p_value"))])
WITHOUT = pa.schema(
    [("kept", pa.string()), ("accounts", pa.int64())]
    + [(n, pa.float64()) for n in ("bearing_share", "deceived_share", "chance_share", "p_value")]
)


def attribute(kind: str, value: str) -> dict[str, Any]:
    """Name the attribute as a message that others speak of. ``value`` as a person wrote it, in capitals and small letters."""
    return {"key": f"majority_illusion.attribute.{kind}", "args": {"value": value}}


def base(seen: Seen, found: Illusion | None = None) -> dict[str, Any]:
    """Name the accounts that shares are of, all or those on the platforms asked about, as a message that others speak of."""
    there = np.ones(seen.can.size, bool) if found is None else found.there
    name = "tied" if seen.can.all() else seen.whose
    if found is not None and not there.all():
        name += "_apart" if found.of_bearers else "_seen"
    return {"key": f"majority_illusion.base.{name}", "args": {"n": int((seen.can & there).sum()), "all": int(there.sum())}}


def grade(found: Illusion, alpha: float, *, holds: bool) -> str | None:
    """Say what kind of illusion it is, or that the attribute is a majority in fact on every platform."""
    if not found.of_bearers:
        return "majority"
    if not holds:
        return None
    return "placement" if found.alike.p_value <= alpha else "visibility"


def unseen(seen: Seen) -> Message:
    """Say that there are ties, by which nobody is seen to see anything."""
    return message("majority_illusion.claim.unseen", n=seen.ties.source.size, name=_layer(seen))


def claim(seen: Seen, found: Illusion, made_by: Loud | None, what: dict[str, Any], *, holds: bool, alpha: float) -> Message:
    """Say the illusion in one hedged sentence; and where all rows weigh the same, that repeated ones were dropped."""
    key = "majority" if not found.of_bearers else f"found_{grade(found, alpha, holds=True)}" if holds else "not_found"
    size = made_by.few.accounts.size if made_by is not None else 0
    told = message(
        f"majority_illusion.claim.{key}",
        what=what,
        name=_layer(seen),
        seen=message(f"majority_illusion.claim.{_counted(seen)}", name=_layer(seen)),
        bearing=found.prevalence,
        n=int((seen.can & found.there).sum()),
        base=base(seen, found),
        viewers=found.viewers,
        deceived=found.deceived,
        chance=found.placed.mean,
        alike=found.alike.mean,
        p=found.placed.p_value,
        few=size,
    )
    return message("majority_illusion.claim.even", claim=told) if seen.even else told


def _counted(seen: Seen) -> str:
    """Name how what is seen is counted: by posts, by the weight of ties, or each account once."""
    return "by_accounts" if not seen.weighed else "by_posts" if seen.posts.any() else "by_weight"


def effect(found: Illusion, draws: int) -> Estimate | None:
    """State the share deceived, less its mean over deals; bounded from below by what chance reaches once in twenty.

    None where the attribute is a majority: of that no illusion is possible.
    """
    if not found.of_bearers:
        return None
    return Estimate(
        metric="viewers who see a false majority, above chance",
        value=found.deceived - found.placed.mean,
        low=found.deceived - found.placed.high,
        unit="share",
        level=0.95,
        method="share of viewers less that with the attribute dealt anew to any accounts",
        p_value=found.placed.p_value,
        p_floor=1 / (draws + 1),
        sided="greater",
    )


def units(found: Illusion) -> list[dict[str, Any]]:
    """Give one row per comparison."""
    return [
        {
            "comparison": name,
            "of": "bearers" if found.of_bearers else "others",
            "deceived_share": found.deceived,
            "chance_share": one.mean,
            "chance_sd": one.sd,
            "chance_high_share": one.high,
            "p_value": one.p_value,
        }
        for name, one in (("placed", found.placed), ("alike", found.alike))
    ]


def calibrated(seen: Seen, found: Illusion) -> Calibration:
    """Look up the nearest cell of worlds, for the platforms asked about."""
    exposures = int(np.diff(seen.shown.indptr)[found.there].sum())
    return nearest("majority_illusion", **descriptors(int(found.there.sum()), exposures, found.prevalence))


def descriptors(accounts: int, exposures: int, prevalence: float) -> dict[str, float | str]:
    """Describe a network by what decides the test: accounts, how many each is tied to, and how many bear the attribute."""
    return {"accounts": float(accounts), "mean_degree": exposures / accounts, "bearing": prevalence}


def tables(
    seen: Seen, found: Illusion, made_by: Loud | None, shown_first: First | None, again: list[dict[str, Any]]
) -> dict[str, pa.Table]:
    """Make every published table: shares of many, never a list of accounts."""
    replies = [] if shown_first is None else [dict(zip(REPLIES.names, shown_first, strict=True))]
    return {
        "camps": pa.Table.from_pylist(_majority_illusion_camps.rows(seen, found), _majority_illusion_camps.CAMPS),
        "loud": pa.Table.from_pylist(_steps(found, made_by), LOUD),
        "few": pa.Table.from_pylist(_few(made_by), FEW),
        "replies": pa.Table.from_pylist(replies, REPLIES),
        "without": pa.Table.from_pylist(again, WITHOUT),
    }


def _steps(found: Illusion, made_by: Loud | None) -> list[dict[str, Any]]:
    """Give the share still deceived as accounts are taken away, at most ``MOST_STEPS`` of the steps."""
    if made_by is None:
        return []
    after = made_by.few.deceived
    at = np.unique(np.linspace(0, after.size, min(after.size + 1, MOST_STEPS)).round().astype(np.int64))
    return [{"removed": int(n), "deceived_share": float(found.deceived if n == 0 else after[n - 1])} for n in at.tolist()]


def _few(made_by: Loud | None) -> list[dict[str, Any]]:
    """Give the size of the loud few and, of five accounts or more, their share of what is seen and posted."""
    if made_by is None:
        return []
    size, shown = made_by.few.accounts.size, made_by.few.accounts.size >= SHOWN_FROM
    return [
        {"about": "few", "value": float(size), "of_all_share": made_by.accounts},
        {"about": "at_least", "value": float(made_by.few.at_least)},
        {"about": "seen", "of_all_share": made_by.seen if shown else None},
        {"about": "posts", "of_all_share": made_by.posts if shown and np.isfinite(made_by.posts) else None},
    ]


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts: what camps see, the illusion without the loud few; and the tables."""
    listed = []
    if made["camps"].num_rows:
        title, note = message("majority_illusion.figure.perceived"), message("majority_illusion.figure.perceived_note")
        seen = ("perceived_share", "bearing_share", "actual_share")
        listed.append(Figure(name="perceived", kind="bars", table="camps", title=title, x="camp", y=seen, note=note))
    if made["loud"].num_rows:
        title, note = message("majority_illusion.figure.loud"), message("majority_illusion.figure.loud_note")
        listed.append(Figure(name="loud", kind="line", table="loud", title=title, x="removed", y=("deceived_share",), note=note))
    return (*listed, *(
        Figure(name=n, kind="table", table=n, title=message(f"majority_illusion.figure.{n}"), y=tuple(made[n].column_names))
        for n in ("few", "camps", "replies", "without")
        if made[n].num_rows
    ))  # fmt: skip


def notes(
    seen: Seen, found: Illusion, made_by: Loud | None, shown_first: First | None, what: dict[str, Any], alpha: float
) -> tuple[Message, ...]:
    """Remark on what is taken for seen, on bearers outside, on the reverse of a majority, on the few, camps and replies."""
    how = "plain" if not seen.weighed else "weighed_rows" if seen.rows else "weighed" if seen.ties.network else "weighed_acts"
    said = [message(f"majority_illusion.note.{how}", name=_layer(seen))]
    if seen.ties.others:
        said.append(message("majority_illusion.note.layer", others=_others(seen)))
    said += _whose(seen, what)
    if seen.weighed and seen.posts.any() and not what["key"].endswith(".group"):
        said.append(message("majority_illusion.note.once"))
    said += _platforms(seen, found)
    if seen.untied:
        said.append(message("majority_illusion.note.untied", n=seen.untied))
    outside = seen.bearers - int(seen.bears.sum())
    if outside > 0:
        said.append(message("majority_illusion.note.outside", n=outside, of=seen.bearers, what=what))
    if not found.of_bearers:
        told = {"deceived": found.deceived, "chance": found.placed.mean, "p": found.placed.p_value}
        said.append(message("majority_illusion.note.reverse", bearing=1 - found.prevalence, **told))
    if made_by is not None:
        size = made_by.few.accounts.size
        key = ("ended" if made_by.few.ended else "unended") + ("" if seen.posts.any() else "_unseen")
        said.append(message(f"majority_illusion.note.{key}", n=size, least=made_by.few.at_least, share=made_by.accounts))
        if size >= SHOWN_FROM:
            said.append(message("majority_illusion.note.content", n=size, share=made_by.seen))
    said += _majority_illusion_camps.notes(seen, found, base(seen), alpha)
    if shown_first is None:
        said.append(message("majority_illusion.note.unranked"))
    else:
        key = "first" if shown_first.p_value <= alpha else "first_none"
        told = {"first": shown_first.first, "all": shown_first.all, "p": shown_first.p_value, "threads": shown_first.threads}
        said.append(message(f"majority_illusion.note.{key}", number=FIRST, **told))
    return tuple(said)


def spelt(what: dict[str, Any], others: dict[str, int]) -> tuple[Message, ...]:
    """Name the hashtags (with their posts) that differ from the attribute by accents only: to write these is not to bear it."""
    if not others:
        return ()
    tags = [message("majority_illusion.note.tag", tag=tag, n=n) for tag, n in list(others.items())[:MOST_OTHERS]]
    return (message("majority_illusion.note.spelt", what=what, tags=tags),)


def _whose(seen: Seen, what: dict[str, Any]) -> list[Message]:
    """Say who could not be seen to bear it, or that whoever is not on the list of a group counts as not of it."""
    n, every = int(seen.can.sum()), seen.can.size
    if n < every and seen.whose == "written":
        return [message("majority_illusion.note.writers", n=n, all=every)]
    if n < every:
        return [message("majority_illusion.note.declared", n=n, all=every, unknown=every - n)]
    if seen.whose == "tied":
        out = int((~seen.bears).sum())
        return [message("majority_illusion.note.list", n=out, all=every, what=what)]
    return []


def _platforms(seen: Seen, found: Illusion) -> list[Message]:
    """Say how many bear it on each platform, and who was not asked, since most of its own platform bear it."""
    if len(seen.platforms) < 2:
        return []
    number, bear = (np.bincount(seen.platform, one, len(seen.platforms)) for one in (seen.can, seen.bears))
    large = np.flatnonzero(number >= SHOWN_FROM)[:MOST_OTHERS].tolist()
    told = [
        message("majority_illusion.note.platform", name=seen.platforms[i], share=float(bear[i] / number[i]), n=int(number[i]))
        for i in large
    ]
    said = [message("majority_illusion.note.platforms", platforms=told)] if told else []
    out = int((seen.shown.sum(axis=1) > 0).sum()) - found.viewers
    if out:
        said.append(message("majority_illusion.note.real", n=out))
    return said


def _layer(seen: Seen) -> Message:
    return called("majority_illusion", seen.ties.name, act=not seen.ties.network)


def _others(seen: Seen) -> list[Message]:
    """Name the other ties of the case."""
    return [called("majority_illusion", name, act=name in ACTS) for name in seen.ties.others[:MOST_OTHERS]]
