"""Which votes were cast, and what is known of those who cast them? Yes and no, by cells of the traits that margins name.

One row of ``Cast`` is one cell: voters alike in every trait. Memory while traits are joined: about 200 bytes a voter; without
margins the engine counts and nothing grows with the votes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.stats.margins import Margin, codes, named
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.weighing import targets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# What was voted on, the most voted on first, each platform's items being its own; ``other`` counts values that are neither 1, 0 nor
# -1 in the files its votes are of: a scale, of which a table may hold the ones alone.
ITEMS = """
    SELECT r.platform AS platform, r.item AS item, COUNT(r.value) AS votes, MAX(f.other) AS other,
        MIN(f.lowest) AS lowest, MAX(f.highest) AS highest
    FROM ratings AS r JOIN (
        SELECT COALESCE(file_id, -1) AS place, SUM(CASE WHEN value IN (-1, 0, 1) THEN 0 ELSE 1 END) AS other, MIN(value) AS lowest,
            MAX(value) AS highest FROM ratings WHERE value IS NOT NULL GROUP BY COALESCE(file_id, -1)) AS f
    ON COALESCE(r.file_id, -1) = f.place
    WHERE r.value IS NOT NULL GROUP BY r.platform, r.item
    ORDER BY votes DESC NULLS LAST, item NULLS FIRST, platform NULLS FIRST"""
LOWEST = """
    SELECT COALESCE(file_id, -1) AS place, MIN(value) AS lowest
    FROM ratings WHERE value IS NOT NULL GROUP BY COALESCE(file_id, -1)"""
# A vote is for if above ``:above``, else against; where passes are told apart, one of just that much is a pass. Without a threshold
# asked it is 0, and passes are told apart vote by vote: where somebody voted below 0 in the file that the vote is of.
EACH = f"""
    SELECT r.platform AS platform, r.rater AS rater, MAX(CASE WHEN r.value > :above THEN 1 ELSE 0 END) AS yes,
        MAX(CASE WHEN r.value < :above OR (r.value = :above AND (:passes = 0 OR f.lowest >= 0)) THEN 1 ELSE 0 END) AS no
    FROM ratings AS r JOIN ({LOWEST}) AS f ON COALESCE(r.file_id, -1) = f.place
    WHERE r.platform = :platform AND r.item = :item AND r.value IS NOT NULL GROUP BY r.platform, r.rater"""
# How many votes of 0 an item has in files where nobody voted below 0, and how many votes in the others.
CODED = f"""
    SELECT SUM(CASE WHEN f.lowest >= 0 AND r.value = 0 THEN 1 ELSE 0 END) AS plain,
        SUM(CASE WHEN f.lowest < 0 THEN 1 ELSE 0 END) AS signed
    FROM ratings AS r JOIN ({LOWEST}) AS f ON COALESCE(r.file_id, -1) = f.place
    WHERE r.platform = :platform AND r.item = :item AND r.value IS NOT NULL"""
COUNTED = (
    f"SELECT yes, no, COUNT(*) AS voters FROM ({EACH}) AS each_voter GROUP BY yes, no ORDER BY yes NULLS FIRST, no NULLS FIRST"
)
VOTERS = f"SELECT platform, rater, yes, no FROM ({EACH}) AS each_voter ORDER BY platform NULLS FIRST, rater NULLS FIRST"
TRAITS = """
    SELECT r.platform AS platform, r.rater AS rater, g.group_name AS trait FROM (
        SELECT platform, rater FROM ratings WHERE platform = :platform AND item = :item AND value IS NOT NULL
        GROUP BY platform, rater) AS r
    JOIN groups AS g ON g.account_id = r.rater AND (g.platform = r.platform OR g.platform = 'unknown' OR r.platform = 'unknown')
    GROUP BY r.platform, r.rater, g.group_name
    ORDER BY platform NULLS FIRST, rater NULLS FIRST, trait NULLS FIRST"""

SAID = "SELECT MIN(text) AS text FROM posts WHERE platform = :platform AND post_id = :item"

Key = tuple[str, str]


class Cast(NamedTuple):
    """Hold the votes: ``yes, no`` (cells,); ``codes`` per margin the category of each cell, (cells,), -1 unknown.

    ``item`` is what was voted on, as ``platform:item`` where several platforms have one of this name, empty where the user gave the
    result; ``elsewhere`` counts the votes on those of the other platforms; ``aside`` counts passes and voters who voted both ways;
    ``populations`` names the populations the case has margins of, where none was chosen among several; ``text`` is what the item
    says, where the case has a post of its name (the comments of a Polis export). ``scale`` is the threshold asked for and the
    lowest and highest value given beside it; ``others`` counts items passed over because they are rated on a scale. ``coded``:
    votes of 0 in files without a vote below 0, and votes in files with one, where the item has both.
    """

    yes: Floats
    no: Floats
    margins: tuple[Margin, ...]
    codes: tuple[Ints, ...]
    item: str
    aside: int
    populations: tuple[str, ...]
    text: str = ""
    scale: tuple[float, float, float] | None = None
    others: int = 0
    elsewhere: tuple[tuple[str, int], ...] = ()
    coded: tuple[int, int] | None = None


class Scaled(NamedTuple):
    """Say that all items are rated on scales, of which nothing says what is a yes: how many, and the values of the first."""

    items: int
    least: float
    most: float


def given(votes: int, share: float) -> Cast:
    """Take the result of a vote as it was published."""
    return Cast(np.array([share * votes]), np.array([(1 - share) * votes]), (), (), "", 0, ())


def reduce(corpus: Corpus, *, item: str, margins: str, above: float | None = None) -> Cast | Scaled | None:
    """Count the votes on an item, by the traits that margins name; None without votes, Scaled where none is of yes and no.

    Raises BadValue for what the case lacks, and for an item on a scale where ``above`` does not say what is a yes.
    """
    if not corpus.has("ratings"):
        return None
    items: dict[Key, dict[str, Any]] = {(r["platform"], r["item"]): r for r in corpus.query(ITEMS).to_pylist()}
    if not items:
        return None
    plain = items if above is not None else {key: row for key, row in items.items() if not row["other"]}
    if not item and not plain:
        first = next(iter(items.values()))
        return Scaled(len(items), first["lowest"], first["highest"])
    key = _named(items, item) if item else next(iter(plain))
    chosen, name = items[key], _label(items, key)
    span = f"values from {chosen['lowest']:g} to {chosen['highest']:g}"
    if above is None and chosen["other"]:
        raise BadValue(
            f"item is {name!r}, whose table has {span}: neither yes (1) and no (0) nor yes, pass and no (1, 0, -1); "
            f"say above which value a vote is a yes: -p above={(chosen['lowest'] + chosen['highest']) / 2:g}"
        )
    if above is not None and not chosen["lowest"] <= above < chosen["highest"]:
        advice = f"use at least {chosen['lowest']:g} and less than {chosen['highest']:g}"
        raise BadValue(f"above is {above:g}, and the table has {span}; {advice}")
    asked: dict[str, object] = {
        "platform": key[0],
        "item": key[1],
        "above": float(above or 0),
        "passes": int(above is None),
    }
    scale = None if above is None else (above, chosen["lowest"], chosen["highest"])
    found = corpus.query(SAID, platform=key[0], item=key[1])["text"][0].as_py() if corpus.has("posts") else None
    text = (found or "").strip()
    towards, populations = targets(corpus, margins)
    if not towards:
        rows = corpus.query(COUNTED, **asked).to_pylist()
        yes, no = (sum(r["voters"] for r in rows if (r["yes"], r["no"]) == side) for side in ((1, 0), (0, 1)))
        aside = sum(r["voters"] for r in rows) - yes - no
        cast = Cast(np.array([float(yes)]), np.array([float(no)]), (), (), name, aside, populations)
    else:
        cast = _by_traits(corpus, asked, towards)
    elsewhere = tuple((other[0], row["votes"]) for other, row in items.items() if other[1] == key[1] and other != key)
    others = 0 if item else len(items) - len(plain)
    coded = _coded(corpus, key) if above is None and chosen["lowest"] < 0 else None
    return cast._replace(item=name, text=text, scale=scale, others=others, elsewhere=elsewhere, coded=coded)


def _coded(corpus: Corpus, key: Key) -> tuple[int, int] | None:
    """Count votes of 0 that are a no by their file, and votes of files where a 0 is a pass; None where an item has not both."""
    row = corpus.query(CODED, platform=key[0], item=key[1]).to_pylist()[0]
    return (int(row["plain"]), int(row["signed"])) if row["plain"] and row["signed"] else None


def _label(items: Mapping[Key, object], key: Key) -> str:
    """Name an item, with its platform where another platform has one of the same name."""
    return key[1] if sum(name == key[1] for _, name in items) == 1 else f"{key[0]}:{key[1]}"


def _named(items: Mapping[Key, object], wanted: str) -> Key:
    """Find an item by its name, or by platform and name. Raises BadValue where there is none, or one on several platforms."""
    found = [key for key in items if key[1] == wanted] or [key for key in items if f"{key[0]}:{key[1]}" == wanted]
    if not found:
        most = ", ".join(_label(items, key) for key in list(items)[:5])
        raise BadValue(f"item is {wanted!r}, on which nobody voted here; items with most votes: {most}")
    if len(found) > 1:
        ways = " or ".join(f"-p item={_label(items, key)}" for key in found)
        raise BadValue(f"item is {wanted!r}, of which each of {len(found)} platforms has its own; use {ways}")
    return found[0]


def _by_traits(corpus: Corpus, asked: dict[str, object], margins: Sequence[Margin]) -> Cast:
    voters = corpus.query(VOTERS, **asked)
    place = {key: i for i, key in enumerate(zip(voters["platform"].to_pylist(), voters["rater"].to_pylist(), strict=True))}
    yes, no = (np.asarray(voters[n].to_numpy(), np.float64) for n in ("yes", "no"))
    pairs = corpus.query(TRAITS, platform=asked["platform"], item=asked["item"]).to_pylist() if corpus.has("groups") else []
    traits = named((place[r["platform"], r["rater"]], r["trait"]) for r in pairs)
    coded = [codes(margin, traits, yes.size) for margin in margins]
    told = yes != no
    cells, at = np.unique(np.stack(coded)[:, told], axis=1, return_inverse=True)
    at = np.ravel(at)
    size = cells.shape[1]
    return Cast(
        sums(at, yes[told], size),
        sums(at, no[told], size),
        tuple(margins),
        tuple(cells),
        str(asked["item"]),
        int((~told).sum()),
        (),
    )
