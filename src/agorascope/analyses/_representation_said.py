"""How is it told who speaks? Claim, remarks, rivals, tables and charts: counts of accounts, never a list of them."""

from typing import Any

import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Figure, Rival
from agorascope.tags import written
from agorascope.texts import Message, message
from agorascope.weighing import named, remarks, unweighed, unweighed_for

from ._representation_estimate import Answer
from ._representation_reduce import Speakers

LITTLE = 10.0
"""An interval of a gap that is not beyond chance is wide, in points: it reaches this far from 0."""
QUERY = """
    SELECT posts, COUNT(*) AS accounts FROM (
        SELECT platform, account_id, COUNT(*) AS posts FROM posts WHERE account_id IS NOT NULL AND kind <> 'repost'
        GROUP BY platform, account_id) AS each_account
    GROUP BY posts ORDER BY posts NULLS FIRST"""


def _schema(text: str, whole: str, real: str) -> pa.Schema:
    kinds = ((text, pa.string()), (whole, pa.int64()), (real, pa.float64()))
    return pa.schema([(name, kind) for names, kind in kinds for name in names.split()])


SCHEMAS = {
    "concentration": _schema(
        "of",
        "accounts",
        "top_1_share top_1_share_low top_1_share_high top_10_share top_10_share_low top_10_share_high gini gini_low gini_high "
        "design_effect effective_accounts",
    ),
    "lorenz": _schema("of", "", "accounts_share held_share"),
    "activity": _schema("band", "accounts posts", "accounts_share posts_share attribute_share"),
    "declared": _schema("variable category", "accounts", "accounts_share posts_share"),
    "shares": _schema("measure", "", "share share_low share_high"),
    "traits": _schema("variable category", "accounts", "own_share target_share weighted_share asmd asmd_weighted"),
    "weights": _schema("weights", "accounts", "asmd largest_weight design_effect effective_accounts"),
    "undeclared": _schema("variable", "", "unknown_share share_low share_high"),
}


def claim(answer: Answer, told: Speakers, attribute: str, *, holds: bool, level: float) -> Message:
    """Say how few hold how much, or how loud those with the attribute are, in one hedged sentence."""
    state = "found" if holds else "not_found"
    top = next(row for row in answer.units if row["measure"] == "top_10_posts")
    if answer.gap is not None:
        found = answer.gap
        numbers = {"posts": found.posts, "shown": found.accounts, "gap": 100 * found.gap, "low": 100 * found.low, "level": level}
        wide = not holds and max(-numbers["low"], 100 * found.high) > LITTLE
        kind = "" if holds else "_torn" if found.p_value <= 1 - level + 1e-12 else "_little" if wide else ""
        tenth = {"tenth": top["share"], "tenth_low": top["share_low"], "tenth_high": top["share_high"], "level": level}
        return message(
            f"representation.claim.{state}_gap{kind}",
            name=message(f"representation.claimed.{attribute.partition(':')[0]}", value=_value(attribute)),
            high=100 * found.high,
            p=found.p_value,
            base=base(told, attribute),
            n=answer.accounts,
            rest=_weighted(answer, told, level, message("representation.tenth", **tenth)),
            **numbers,
        )
    numbers = {
        "share": top["share"],
        "low": top["share_low"],
        "high": top["share_high"],
        "effective": answer.effective,
        "level": level,
    }
    return message(f"representation.claim.{state}", n=told.posts.size, p=answer.p_alike, **numbers)


def _weighted(answer: Answer, told: Speakers, level: float, tenth: Message) -> Message:
    """Say the share weighted to the population, or why there is none; nothing of it where the case has no margins."""
    made = answer.frame
    row = next((r for r in answer.units if r["measure"] == "attribute_weighted"), None)
    if made is None or row is None:
        why = unweighed_for(told.margins, told.populations, told.matches)
        return message(f"representation.unweighed.{why}", tenth=tenth) if why else tenth
    numbers = {"share": row["share"], "low": row["share_low"], "high": row["share_high"], "level": level}
    kind, covered = ("part", {"covered": 1 - made.uncovered}) if made.uncovered > 0 else ("whole", {})
    return message(f"representation.weighted.{kind}", names=named(m.variable for m in made.used), tenth=tenth, **numbers, **covered)


def base(told: Speakers, attribute: str) -> Message:
    """Name the posts that shares of the attribute are of: all, or those that tell whether they have it."""
    every = bool((told.telling == told.posts).all())
    return message(f"representation.base.{'every' if every else attribute.partition(':')[0]}")


def too_few(told: Speakers, attribute: str, least: int) -> Message | None:
    """Say that too few accounts wrote, or wrote posts that tell whether they have the attribute; None where enough did."""
    if told.posts.size < least:
        return message("representation.claim.insufficient", n=told.posts.size, least=least)
    if (n := int((told.telling > 0).sum())) < least:
        return message("representation.claim.insufficient_told", base=base(told, attribute), n=n, least=least)
    return None


def _untold(told: Speakers, attribute: str) -> list[Message]:
    """Say of how many posts and accounts it is not known, or that whoever is not on the list of a group counts as not of it."""
    kind = attribute.partition(":")[0]
    every = told.posts.size
    if told.listed and told.having is not None:
        out = int((told.having == 0).sum())
        return [message("representation.note.list", name=_named(attribute), n=out, all=every)] if out else []
    lost = told.posts - told.telling
    if not lost.any():
        return []
    numbers = {"n": int(lost.sum()), "accounts": int((lost > 0).sum()), "silent": int((told.telling == 0).sum()), "all": every}
    return [message(f"representation.note.untold_{kind}", name=_named(attribute), **numbers)]


def _named(attribute: str) -> Message:
    """Name the attribute as people write it."""
    return message(f"representation.attribute.{attribute.partition(':')[0]}", value=_value(attribute))


def _value(attribute: str) -> str:
    kind, _, value = attribute.partition(":")
    return written(value) if kind == "hashtag" else value.strip()


def rivals(answer: Answer, told: Speakers) -> tuple[Rival, ...]:
    """Ask whether the capture, or who takes part, made the picture."""
    silent = answer.unseen.least / told.posts.size
    low, high = (end / told.posts.size for end in (answer.unseen.low, answer.unseen.high))
    capture = Rival(name="capture", statement=message("representation.rival.capture"), status="not_tested",
                    missing=message("representation.missing.capture"))  # fmt: skip
    unseen = Rival(
        name="unseen", statement=message("representation.rival.unseen"), status="undecided", statistic=silent, low=low, high=high
    )
    statement = message("representation.rival.traits")
    row = next((r for r in answer.units if r["measure"] == "attribute_weighted"), None)
    if row is None:
        why = unweighed_for(told.margins, told.populations, told.matches)
        apart = answer.frame is None and why in ("unmatched", "unknown")
        missing = message(f"representation.missing.{'categories' if apart else 'traits'}")
        traits = Rival(name="traits", statement=statement, status="not_tested", missing=missing)
    else:
        plain = row["share"] - answer.moved
        moved = {"low": row["share_low"] - plain, "high": row["share_high"] - plain}
        status = "favoured" if moved["low"] > 0 or moved["high"] < 0 else "undecided"
        traits = Rival(name="traits", statement=statement, status=status, statistic=answer.moved, **moved)
    return unseen, traits, capture


def calibrated(answer: Answer) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("representation", **descriptors(answer.accounts, asked=answer.gap is not None))


def descriptors(accounts: int, *, asked: bool) -> dict[str, float | str]:
    """Describe a corpus by what is tested, and on how many accounts."""
    return {"tested": "gap" if asked else "rate", "accounts": float(accounts)}


def tables(answer: Answer) -> dict[str, pa.Table]:
    """Make every published table that has rows; that of shares only where an attribute was asked."""
    asked = [row for row in answer.units if row["measure"].startswith("attribute")]
    rows: dict[str, list[dict[str, Any]]] = {"shares": asked} | {
        name: getattr(answer, name)
        for name in ("concentration", "lorenz", "activity", "declared", "traits", "weights", "undeclared")
    }
    return {
        name: pa.Table.from_pylist([{c: r.get(c) for c in SCHEMAS[name].names} for r in listed], SCHEMAS[name])
        for name, listed in rows.items()
        if listed
    }


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts: shares of the attribute, the Lorenz curve; and the tables."""
    listed = []
    if "shares" in made:
        listed.append(
            Figure(
                name="shares",
                kind="bars",
                table="shares",
                title=message("representation.figure.shares"),
                x="measure",
                y=("share",),
                band=("share_low", "share_high"),
            )
        )
    if "lorenz" in made:
        listed.append(
            Figure(
                name="lorenz",
                kind="line",
                table="lorenz",
                title=message("representation.figure.lorenz"),
                x="accounts_share",
                y=("held_share",),
                series="of",
                note=message("representation.figure.lorenz_note"),
            )
        )
    for name in ("activity", "concentration", "weights", "traits", "undeclared", "declared"):
        if name in made:
            columns = tuple(c for c in made[name].column_names if made[name][c].null_count < made[name].num_rows)
            title, note = (message(f"representation.figure.{name}{end}") for end in ("", "_note"))
            listed.append(Figure(name=name, kind="table", table=name, title=title, y=columns, note=note))
    return tuple(listed)


def notes(answer: Answer, told: Speakers, attribute: str) -> tuple[Message, ...]:
    """Remark on the silent, on the effective number of voices, on weighting and what it could not reach."""
    said = []
    seen = answer.unseen
    if seen.least > told.posts.size:
        numbers = {"n": told.posts.size, "least": round(seen.least), "low": round(seen.low), "high": round(seen.high)}
        said.append(message("representation.note.unseen", once=seen.once, **numbers))
    said.append(message("representation.note.effective", n=answer.accounts, effective=answer.effective))
    if told.reposts:
        said.append(message(f"representation.note.reposts{'_silent' if told.silent else ''}", n=told.reposts, silent=told.silent))
    said += _untold(told, attribute)
    if told.unsigned:
        said.append(message("representation.note.unsigned", n=told.unsigned))
    made = answer.frame
    if made is None:
        return (*said, *unweighed("representation", told.margins, told.populations, told.matches))
    last, names = answer.weights[-1], named(m.variable for m in made.used)
    numbers = {"n": int(made.complete.sum()), "of": answer.accounts, "effect": last["design_effect"]}
    said.append(message("representation.note.weighted", names=names, effective=last["effective_accounts"], **numbers))
    if answer.gap is None:
        said.append(message("representation.note.unasked"))
    return (*said, *remarks("representation", made, answer.off, told.matches))
