"""Which votes were cast, and what is known of those who cast them? Yes and no, by cells of the traits that margins name.

One row of ``Cast`` is one cell: voters alike in every trait. Memory while traits are joined: about 200 bytes a voter; without
margins the engine counts and nothing grows with the votes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.stats.margins import Margin, Match, codes, matched, named
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.weighing import refuse_unmatched, targets

from ._poll_items import item_called, items_of, label, text_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# A file of zeros alone does not say what they are: read as passes, which say nothing, not as votes against.
LOWEST = """
    SELECT COALESCE(file_id, -1) AS place, CASE WHEN MIN(value) = 0 AND MAX(value) = 0 THEN -1 ELSE MIN(value) END AS lowest
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


class Cast(NamedTuple):
    """Hold the votes: ``yes, no`` (cells,); ``codes`` per margin the category of each cell, (cells,), -1 unknown.

    ``item`` is what was voted on, as ``platform:item`` where several platforms have one of this name, empty where the user gave the
    result; ``rest`` counts the other items, where none was asked for; ``elsewhere`` the votes on those of the other platforms;
    ``aside`` counts passes and voters who voted both ways; ``populations`` names the populations of the case, where none was chosen
    among several; ``text`` is what the item says, where the case has a post of its name (the comments of a Polis export), or what
    the user says a published result is about. ``matches`` sets each margin beside the voters' traits. ``scale`` is the threshold
    asked for and the lowest and highest value given beside it; ``others`` counts items passed over because they are rated
    on a scale. ``coded``: votes of 0 in files without a vote below 0, and votes in files with one, where the item has both.
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
    rest: int = 0
    matches: tuple[Match, ...] = ()


class Scaled(NamedTuple):
    """Say that all items are rated on scales, of which nothing says what is a yes: how many, and the values of the first."""

    items: int
    least: float
    most: float


def given(votes: int, share: float, about: str) -> Cast:
    """Take the result of a vote as it was published, and what it was about."""
    return Cast(np.array([share * votes]), np.array([(1 - share) * votes]), (), (), "", 0, (), " ".join(about.split()))


def reduce(corpus: Corpus, *, item: str, margins: str, above: float | None = None) -> Cast | Scaled | None:
    """Count the votes on an item, by the traits that margins name; None without votes, Scaled where none is of yes and no.

    Raises BadValue for what the case lacks, and for an item on a scale where ``above`` does not say what is a yes.
    """
    if not corpus.has("ratings"):
        return None
    items = items_of(corpus)
    if not items:
        return None
    plain = items if above is not None else {key: row for key, row in items.items() if not row["other"]}
    if not item and not plain:
        first = next(iter(items.values()))
        return Scaled(len(items), first["lowest"], first["highest"])
    key = item_called(corpus, items, item) if item else next(iter(plain))
    chosen, name = items[key], label(items, key)
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
    towards, populations = targets(corpus, margins)
    if not towards:
        rows = corpus.query(COUNTED, **asked).to_pylist()
        yes, no = (sum(r["voters"] for r in rows if (r["yes"], r["no"]) == side) for side in ((1, 0), (0, 1)))
        aside = sum(r["voters"] for r in rows) - yes - no
        cast = Cast(np.array([float(yes)]), np.array([float(no)]), (), (), name, aside, populations)
    else:
        cast = _by_traits(corpus, asked, towards)
        refuse_unmatched(margins, cast.matches, "voters")
    elsewhere = tuple((other[0], row["votes"]) for other, row in items.items() if other[1] == key[1] and other != key)
    others, rest = (0, 0) if item else (len(items) - len(plain), len(plain) - 1)
    coded = _coded(corpus, key) if above is None and chosen["lowest"] < 0 else None
    return cast._replace(
        item=name, text=text_of(corpus, key), scale=scale, others=others, elsewhere=elsewhere, coded=coded, rest=rest
    )


def _coded(corpus: Corpus, key: tuple[str, str]) -> tuple[int, int] | None:
    """Count votes of 0 that are a no by their file, and votes of files where a 0 is a pass; None where an item has not both."""
    row = corpus.query(CODED, platform=key[0], item=key[1]).to_pylist()[0]
    return (int(row["plain"]), int(row["signed"])) if row["plain"] and row["signed"] else None


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
        matches=matched(margins, traits, told),
    )
