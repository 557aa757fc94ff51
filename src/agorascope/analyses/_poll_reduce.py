"""Which votes were cast, and what is known of those who cast them? Yes and no, by cells of the traits that margins name.

One row of ``Cast`` is one cell: voters alike in every trait. Memory while traits are joined: about 200 bytes a voter; without
margins the engine counts and nothing grows with the votes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.stats.margins import Margin, codes, named
from agorascope.stats.sums import sums
from agorascope.tables import Corpus
from agorascope.weighing import targets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# A vote is for if above 0; 0 is against where nobody voted below 0 on the item, and a pass where somebody did.
ITEMS = """
    SELECT item, COUNT(value) AS votes, SUM(CASE WHEN value < 0 THEN 1 ELSE 0 END) AS below FROM ratings
    GROUP BY item ORDER BY votes DESC NULLS LAST, item NULLS FIRST"""
EACH = """
    SELECT platform, rater, MAX(CASE WHEN value > 0 THEN 1 ELSE 0 END) AS yes,
        MAX(CASE WHEN value < 0 OR (value = 0 AND :below = 0) THEN 1 ELSE 0 END) AS no
    FROM ratings WHERE item = :item AND value IS NOT NULL GROUP BY platform, rater"""
COUNTED = (
    f"SELECT yes, no, COUNT(*) AS voters FROM ({EACH}) AS each_voter GROUP BY yes, no ORDER BY yes NULLS FIRST, no NULLS FIRST"
)
VOTERS = f"SELECT platform, rater, yes, no FROM ({EACH}) AS each_voter ORDER BY platform NULLS FIRST, rater NULLS FIRST"
TRAITS = """
    SELECT r.platform AS platform, r.rater AS rater, g.group_name AS trait FROM (
        SELECT platform, rater FROM ratings WHERE item = :item AND value IS NOT NULL GROUP BY platform, rater) AS r
    JOIN groups AS g ON g.account_id = r.rater AND (g.platform = r.platform OR g.platform = 'unknown' OR r.platform = 'unknown')
    GROUP BY r.platform, r.rater, g.group_name
    ORDER BY platform NULLS FIRST, rater NULLS FIRST, trait NULLS FIRST"""


SAID = """
    SELECT MIN(p.text) AS text FROM posts AS p
    JOIN (SELECT platform FROM ratings WHERE item = :item GROUP BY platform) AS r ON p.platform = r.platform
    WHERE p.post_id = :item"""


class Cast(NamedTuple):
    """Hold the votes: ``yes, no`` (cells,); ``codes`` per margin the category of each cell, (cells,), -1 unknown.

    ``item`` is what was voted on, empty where the user gave the result; ``aside`` counts passes and voters who voted both ways;
    ``populations`` names the populations the case has margins of, where none was chosen among several; ``text`` is what the item
    says, where the case has a post of its name (the comments of a Polis export).
    """

    yes: Floats
    no: Floats
    margins: tuple[Margin, ...]
    codes: tuple[Ints, ...]
    item: str
    aside: int
    populations: tuple[str, ...]
    text: str = ""


def given(votes: int, share: float) -> Cast:
    """Take the result of a vote as it was published."""
    return Cast(np.array([share * votes]), np.array([(1 - share) * votes]), (), (), "", 0, ())


def reduce(corpus: Corpus, *, item: str, margins: str) -> Cast | None:
    """Count the votes on an item, by the traits that margins name; None without votes. Raises BadValue for what the case lacks."""
    if not corpus.has("ratings"):
        return None
    items = {r["item"]: r for r in corpus.query(ITEMS).to_pylist() if r["votes"]}
    if not items:
        return None
    asked_of = item or next(iter(items))
    if asked_of not in items:
        raise BadValue(f"item is {item!r}, on which nobody voted here; items with most votes: {', '.join(list(items)[:5])}")
    asked: dict[str, object] = {"item": asked_of, "below": int(items[asked_of]["below"] > 0)}
    found = corpus.query(SAID, item=asked_of)["text"][0].as_py() if corpus.has("posts") else None
    text = (found or "").strip()
    towards, populations = targets(corpus, margins)
    if not towards:
        rows = corpus.query(COUNTED, **asked).to_pylist()
        yes, no = (sum(r["voters"] for r in rows if (r["yes"], r["no"]) == side) for side in ((1, 0), (0, 1)))
        aside = sum(r["voters"] for r in rows) - yes - no
        return Cast(np.array([float(yes)]), np.array([float(no)]), (), (), asked_of, aside, populations, text)
    return _by_traits(corpus, asked, towards)._replace(text=text)


def _by_traits(corpus: Corpus, asked: dict[str, object], margins: Sequence[Margin]) -> Cast:
    voters = corpus.query(VOTERS, **asked)
    place = {key: i for i, key in enumerate(zip(voters["platform"].to_pylist(), voters["rater"].to_pylist(), strict=True))}
    yes, no = (np.asarray(voters[n].to_numpy(), np.float64) for n in ("yes", "no"))
    pairs = corpus.query(TRAITS, item=asked["item"]).to_pylist() if corpus.has("groups") else []
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
