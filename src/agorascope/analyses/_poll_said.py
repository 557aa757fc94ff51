"""How is a vote told? Claim, remarks, rivals, tables and charts, all counts of groups."""

import math
from typing import Any

import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration, Figure, Rival
from agorascope.texts import Message, beginning, message
from agorascope.weighing import named, remarks, unweighed, unweighed_for

from ._poll_estimate import Answer
from ._poll_reduce import Cast

QUOTED_CHARS = 200
CLAIMED_CHARS = 120
NEEDED = pa.schema(
    [("case", pa.string()), *((n, pa.float64()) for n in ("population_share", "error_share", "ddc", "times_as_likely"))]
)
EQUIVALENT = pa.schema(
    [(n, pa.float64()) for n in ("ddc", "random_sample", "lost_share", "margin_share", "share_low", "share_high")]
)
CURVE = pa.schema([(n, pa.float64()) for n in ("odds", "share", "share_low", "share_high")])
TRAITS = pa.schema(
    [
        ("variable", pa.string()),
        ("category", pa.string()),
        ("rows", pa.int64()),
        *((n, pa.float64()) for n in ("own_share", "target_share", "weighted_share", "yes_share", "asmd", "asmd_weighted")),
    ]
)
UNDECLARED = pa.schema([("variable", pa.string()), *((n, pa.float64()) for n in ("unknown_share", "share_low", "share_high"))])


def number(answer: Answer) -> str:
    """Name whose share the number is: its bounds alone are of the whole population, under the odds, and so of no level."""
    if answer.frame is None:
        return "share of yes among the voters"
    return "share of yes, weighted to the " + ("part of the population covered" if answer.frame.uncovered > 0 else "population")


def claim(answer: Answer, cast: Cast, odds: float) -> Message:
    """Say what was voted on, what the vote allows under the odds, and up to which odds it would say who has the majority."""
    told: dict[str, Any] = {
        "vote": _vote(answer, cast),
        "published": answer.published,
        "share": answer.share,
        "low": answer.low,
        "high": answer.high,
        "assumed": message("poll.assumed.uneven", odds=odds) if odds > 1 else message("poll.assumed.even"),
        "side": message("poll.side.yes" if answer.low > 0.5 else "poll.side.no"),
        "turn": _turn(answer),
    }
    kind = "_weighted" if answer.frame else ""
    if answer.frame:
        told["names"] = named(m.variable for m in answer.frame.used)
    if answer.frame and answer.frame.uncovered > 0:
        kind, told = "_covered", told | {"covered": 1 - answer.frame.uncovered}
    if answer.untold:
        told["assumed"] = message("poll.assumed.untold", n=round(answer.untold), assumed=told["assumed"])
    if why := _not_weighed(answer, cast):
        told["turn"] = message(f"poll.unweighed.{why}", turn=told["turn"])
    return message(f"poll.claim.{'found' if answer.holds else 'not_found'}{kind}", **told)


def _vote(answer: Answer, cast: Cast) -> Message:
    """Say how many voted, on what, and what share said yes: named by its words, else by the name of the item."""
    name = beginning(cast.text, CLAIMED_CHARS) or cast.item
    said = message("poll.said.yes") if cast.scale is None else message("poll.said.above", above=cast.scale[0])
    told = {"votes": round(answer.votes), "published": answer.published, "said": said}
    if not name:
        return message("poll.vote.unnamed", **told)
    if cast.text and cast.item:
        return message("poll.vote.words", name=name, item=cast.item, **told)
    return message(f"poll.vote.{'text' if cast.text else 'item'}", name=name, **told)


def _not_weighed(answer: Answer, cast: Cast) -> str:
    """Give the one word for why margins were not used, empty where they were or there are none."""
    return "" if answer.frame else unweighed_for(cast.margins, cast.populations, cast.matches)


def _turn(answer: Answer) -> Message:
    """Say how far the majority holds by the bounds that the verdict rests on; odds are rounded down, so that they still hold."""
    if answer.breakdown is None:
        return message("poll.turn.never")
    if answer.breakdown > 1:
        times = _rounded_down(answer.breakdown)
        if times <= 1:
            return message("poll.turn.slightest")
        return message("poll.turn.at" if answer.holds else "poll.turn.would", times=times)
    return message("poll.turn.tie" if answer.published == answer.share == 0.5 else "poll.turn.open")


def _rounded_down(number: float) -> float:
    """Keep the three digits that are shown, rounded down.

    >>> _rounded_down(1.9999), _rounded_down(23.46), _rounded_down(1.004)
    (1.99, 23.4, 1.0)
    """
    unit = 10.0 ** (math.floor(math.log10(number)) - 2)
    return round(math.floor(number / unit + 1e-9) * unit, 10)


def rivals(answer: Answer, cast: Cast) -> tuple[Rival, ...]:
    """Ask whether opinion, traits or copies made the share."""
    worst = next((u for u in answer.units if u["assumption"] == "worst"), None)
    sure = worst is not None and worst["majority"] != "open"
    opinion = Rival(
        name="opinion",
        statement=message("poll.rival.opinion"),
        status="disfavoured" if sure else "undecided",
        statistic=answer.breakdown,
    )
    copies = Rival(
        name="copies", statement=message("poll.rival.copies"), status="not_tested", missing=message("poll.missing.copies")
    )
    statement = message("poll.rival.traits")
    if answer.frame is None:
        missing = "categories" if _not_weighed(answer, cast) == "unmatched" else "traits"
        traits = Rival(name="traits", statement=statement, status="not_tested", missing=message(f"poll.missing.{missing}"))
    else:
        unit = next(u for u in answer.units if u["assumption"] == "weighted")
        turned = (answer.share - 0.5) * (answer.published - 0.5) < 0
        open_ = unit["majority"] == "open" and (turned or answer.untold > 0)
        status = "undecided" if open_ else "favoured" if turned else "disfavoured"
        moved = answer.share - answer.published
        low, high = unit["share_low"] - answer.published, unit["share_high"] - answer.published
        traits = Rival(name="traits", statement=statement, status=status, statistic=moved, low=low, high=high)
    return opinion, traits, copies


def calibrated(answer: Answer) -> Calibration:
    """Look up the nearest cell of worlds."""
    return nearest("poll", **descriptors(answer))


def descriptors(answer: Answer) -> dict[str, float | str]:
    """Describe a vote by what decides the bounds: weighted or not, how many voted, and what share of them are of known kind."""
    told = 1 - answer.untold / answer.votes
    return {"weighted": "yes" if answer.frame else "no", "votes": min(answer.votes, 1e6), "told": told}


def tables(answer: Answer, population: float) -> dict[str, pa.Table]:
    """Make every published table; those that need the population, or traits, only where they are known."""
    made = {"curve": pa.Table.from_pylist(answer.curve, CURVE)}
    if population:
        made["needed"] = pa.Table.from_pylist(answer.needed, NEEDED)
        made["equivalent"] = pa.Table.from_pylist(answer.equivalent, EQUIVALENT)
    if answer.frame is not None:
        made["traits"] = pa.Table.from_pylist(answer.traits, TRAITS)
        made["undeclared"] = pa.Table.from_pylist(answer.undeclared, UNDECLARED)
    return made


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the charts: bounds along the odds, what being wrong needs, the random sample that says as much, the traits."""
    listed = [
        Figure(
            name="curve",
            kind="line",
            table="curve",
            title=message("poll.figure.curve"),
            x="odds",
            y=("share",),
            band=("share_low", "share_high"),
            note=message("poll.figure.curve_note"),
        )
    ]
    for name in ("needed", "equivalent", "traits", "undeclared"):
        if name in made and made[name].num_rows:
            columns = tuple(made[name].column_names)
            noted = message(f"poll.figure.{name}_note")
            listed.append(Figure(name=name, kind="table", table=name, title=message(f"poll.figure.{name}"), y=columns, note=noted))
    return tuple(listed)


def notes(answer: Answer, cast: Cast) -> tuple[Message, ...]:
    """Remark on the size that says as much, on the defect that turns the majority, on what weighting used and could not."""
    said = []
    if cast.item and cast.text:
        quoted = beginning(cast.text, QUOTED_CHARS)
        said.append(message("poll.note.item_said", item=cast.item, text=quoted))
    if cast.rest:
        said.append(message("poll.note.item", item=cast.item, n=cast.rest))
    if cast.elsewhere:
        names, n = [platform for platform, _ in cast.elsewhere], sum(votes for _, votes in cast.elsewhere)
        said.append(message("poll.note.elsewhere", names=names, n=n, item=cast.item))
    if cast.scale is not None:
        said.append(message("poll.note.scale", **dict(zip(("above", "low", "high"), cast.scale, strict=True))))
    if cast.others:
        said.append(message("poll.note.others", n=cast.others))
    if cast.coded:
        said.append(message("poll.note.coded", n=cast.coded[0], signed=cast.coded[1]))
    if cast.aside:
        said.append(message("poll.note.aside", n=cast.aside))
    defect = next((u for u in answer.units if u["assumption"] == "defect"), None)
    if defect is None:
        said.append(message("poll.note.population"))
    else:
        row = next(r for r in answer.equivalent if r["ddc"] == defect["setting"])
        told = {"ddc": defect["setting"], "votes": round(answer.votes), "low": row["share_low"], "high": row["share_high"]}
        if row["random_sample"] is None:
            said.append(message("poll.note.defect_nothing", **told))
        else:
            said.append(message("poll.note.defect", n=round(row["random_sample"]), **told))
        flip = next((r for r in answer.needed if r["case"] == "flip"), None)
        if flip is not None:
            said.append(message("poll.note.flip", ddc=abs(flip["ddc"]), ratio=abs(flip["ddc"]) / defect["setting"]))
    made = answer.frame
    if made is None:
        return (*said, *unweighed("poll", cast.margins, cast.populations, cast.matches))
    traits = named(m.variable for m in made.used)
    weighted = "weighted" if not made.uncovered else "weighted_covered"
    numbers = {"effect": answer.effect, "published": answer.published, "share": answer.share}
    said.append(message(f"poll.note.{weighted}", names=traits, n=round((answer.votes - answer.untold) / answer.effect), **numbers))
    if defect is not None:
        said.append(message("poll.note.unweighed", published=answer.published, share=answer.share))
    if answer.untold:
        said.append(message("poll.note.untold", n=round(answer.untold), votes=round(answer.votes), names=traits))
    return (*said, *remarks("poll", made, answer.off, cast.matches))
