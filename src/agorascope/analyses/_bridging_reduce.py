"""Who voted how on what, and of which camp are they said to be? Votes as whole numbers, the last one of a rater on an item.

The votes themselves are the answer's matter: they do not reduce to a small table. Memory: about 24 bytes a vote here and 40 in
the fit, and the names of raters and items once.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.divisions import Chosen, divided, traits
from agorascope.errors import BadValue
from agorascope.tables import Corpus
from agorascope.ties import NOWHERE, SEVERAL

from ._bridging_estimate import FEWEST

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# One row per rater and item, the last vote: of several at one time, or without time, the highest.
LAST = """
    SELECT platform, rater, item, value FROM (
        SELECT platform, rater, item, value, ROW_NUMBER() OVER (
            PARTITION BY platform, rater, item ORDER BY at_us DESC NULLS LAST, value DESC NULLS LAST) AS turn
        FROM ratings WHERE value IS NOT NULL) AS told WHERE turn = 1"""
# One row per account and post of another account it acted on.
ACTS = """
    SELECT p.platform AS platform, p.account_id AS rater, p.{to} AS item, CAST(1 AS DOUBLE) AS value
    FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.{to} = o.post_id
    WHERE p.account_id IS NOT NULL AND p.{to} IS NOT NULL AND p.kind = :act
        AND COALESCE(p.ref_account_id, o.account_id, '') <> p.account_id
    GROUP BY p.platform, p.account_id, p.{to}"""
TO = {"repost": "repost_of", "reply": "reply_to", "quote": "quote_of"}
PLACES = "SELECT platform, {name}, ROW_NUMBER() OVER (ORDER BY platform NULLS FIRST, {name} NULLS FIRST) - 1 AS place"
NAMES = "SELECT platform, {name} FROM ({votes}) AS v GROUP BY platform, {name} ORDER BY platform NULLS FIRST, {name} NULLS FIRST"
VOTES = """
    SELECT u.place AS rater, i.place AS item, v.value AS value FROM ({votes}) AS v
    JOIN ({raters} FROM ({votes}) AS a GROUP BY platform, rater) AS u ON v.platform = u.platform AND v.rater = u.rater
    JOIN ({items} FROM ({votes}) AS b GROUP BY platform, item) AS i ON v.platform = i.platform AND v.item = i.item
    ORDER BY rater NULLS FIRST, item NULLS FIRST"""
# What an item says: the text of the post of that id, as the comments of a Polis export are.
TEXTS = """
    SELECT i.platform AS platform, i.item AS item, MIN(p.text) AS text FROM (
        SELECT platform, item FROM ({votes}) AS v GROUP BY platform, item HAVING COUNT(*) >= :least) AS i
    JOIN posts AS p ON p.platform = i.platform AND p.post_id = i.item
    GROUP BY i.platform, i.item ORDER BY platform NULLS FIRST, item NULLS FIRST"""
# ``made``: the membership stands in a file of votes, as Polis writes the groups it made from these votes beside them.
MEMBERS = """
    SELECT g.platform AS platform, g.account_id AS account_id, g.group_name AS group_name,
        MAX(CASE WHEN v.file_id IS NULL THEN 0 ELSE 1 END) AS made
    FROM groups AS g
    LEFT JOIN (SELECT file_id FROM ratings WHERE file_id IS NOT NULL GROUP BY file_id) AS v ON g.file_id = v.file_id
    GROUP BY g.platform, g.account_id, g.group_name
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, group_name NULLS FIRST"""


SCALES = """
    SELECT COALESCE(file_id, -1) AS place, SUM(CASE WHEN value IN (-1, 0, 1) THEN 0 ELSE 1 END) AS other, MIN(value) AS lowest,
        MAX(value) AS highest FROM ratings WHERE value IS NOT NULL GROUP BY COALESCE(file_id, -1) ORDER BY place NULLS FIRST"""


class Voted(NamedTuple):
    """Hold votes (votes,) as places of rater and item with their value, and the names behind the places.

    ``rated``: they stand in ``ratings``, else posts say them. ``acts``: there is one value only and it is above 0, as with
    reposts: who does not act says nothing. ``said`` is the declared camp of every rater, as a place in ``camps``, -1 for none or
    several. ``several`` counts raters of more than one. ``made``: some camp was declared in a file of these votes. ``elsewhere``:
    acts on other platforms, by platform, which are left out: nobody acts across. ``variable``: what camps are by, "" for groups
    without one; ``others``: the variables not taken, with how many raters each is known of. ``aside`` counts raters with a group
    beside the votes where groups of another file were taken.
    """

    rater: Ints
    item: Ints
    value: Floats
    raters: int
    items: list[tuple[str, str]]
    acts: bool
    said: Ints
    camps: list[str]
    several: int
    made: bool
    rated: bool
    elsewhere: dict[str, int]
    variable: str = ""
    others: tuple[tuple[str, int], ...] = ()
    aside: int = 0


def reduce(corpus: Corpus, *, act: str, groups: str) -> Voted | None:
    """Read the table ``ratings``; where it is empty, acts on posts. None where there are neither."""
    rated = corpus.has("ratings")
    if not rated and not corpus.has("posts"):
        return None
    votes = LAST if rated else ACTS.format(to=TO[act])
    given: dict[str, object] = {} if rated else {"act": act}
    of_raters, of_items = (PLACES.format(name=name) for name in ("rater", "item"))
    rows = corpus.query(VOTES.format(votes=votes, raters=of_raters, items=of_items), **given)
    if not rows.num_rows:
        return None
    raters = corpus.query(NAMES.format(votes=votes, name="rater"), **given)
    items = corpus.query(NAMES.format(votes=votes, name="item"), **given)
    names = list(zip(raters["platform"].to_pylist(), raters["rater"].to_pylist(), strict=True))
    told = list(zip(items["platform"].to_pylist(), items["item"].to_pylist(), strict=True))
    rater, item = (np.asarray(rows[c].to_numpy(), np.int64) for c in ("rater", "item"))
    value = np.asarray(rows["value"].to_numpy(), np.float64)
    acts, elsewhere = bool(value.min() == value.max() > 0), dict[str, int]()
    if rated and not acts:
        _one_scale(corpus)
    if acts:
        kept, elsewhere = _of_one_platform([p for p, _ in told], item)
        (some, rater), (things, item) = (np.unique(x[kept], return_inverse=True) for x in (rater, item))
        names, told, value = [names[i] for i in some.tolist()], [told[i] for i in things.tolist()], value[kept]
    found, made, aside = _said(corpus, names, groups)
    return Voted(
        rater.astype(np.int64),
        item.astype(np.int64),
        value,
        len(names),
        told,
        acts,
        np.maximum(found.label, NOWHERE),
        found.names,
        int((found.label == SEVERAL).sum()),
        rated and made,
        rated,
        elsewhere,
        found.variable,
        found.others,
        aside,
    )


def _of_one_platform(platforms: list[str], item: Ints) -> tuple[npt.NDArray[np.bool_], dict[str, int]]:
    """Mark the acts (acts,) on the platform of most of them, the first by name of equal ones, and count those on each other one."""
    names, of = np.unique(np.array(platforms, object).astype(str), return_inverse=True)
    number = np.bincount(of[item], minlength=names.size)
    most = int(number.argmax())
    return of[item] == most, {str(n): int(c) for i, (n, c) in enumerate(zip(names, number, strict=True)) if i != most and c}


def _one_scale(corpus: Corpus) -> None:
    """Refuse files of which some hold votes for and against, and others a scale: no vote is the same on both."""
    rows = [r for r in corpus.query(SCALES).to_pylist() if r["lowest"] is not None]
    votes, scales = [r for r in rows if not r["other"]], [r for r in rows if r["other"]]
    if votes and scales:
        first = scales[0]
        raise BadValue(
            f"some files hold votes for and against (1, 0, -1), and others a scale ({first['lowest']:g} to {first['highest']:g}): "
            "what approves on one does not on the other; make a case of each"
        )


def ends(value: Floats) -> tuple[float, float]:
    """Give the ends of the scale of votes: the lowest and highest given, but -1 and 1 where votes against and passes are all.

    >>> ends(np.array([-1.0, 0.0])), ends(np.array([1.0, 5.0]))
    ((-1.0, 1.0), (1.0, 5.0))
    """
    low, high = float(value.min()), float(value.max())
    return (low, 1.0) if low == -1 and high == 0 and np.isin(value, (-1, 0)).all() else (low, high)


def texts(corpus: Corpus, *, act: str, least: int) -> dict[tuple[str, str], str]:
    """Give the text of each item of ``least`` votes or more that has one here: platform and item -> text."""
    if not corpus.has("posts"):
        return {}
    rated = corpus.has("ratings")
    given: dict[str, object] = {"least": least} if rated else {"least": least, "act": act}
    rows = corpus.query(TEXTS.format(votes=LAST if rated else ACTS.format(to=TO[act])), **given).to_pylist()
    return {(r["platform"], r["item"]): r["text"].strip() for r in rows if (r["text"] or "").strip()}


def _said(corpus: Corpus, names: list[tuple[str, str]], asked: str) -> tuple[Chosen, bool, int]:
    """Choose the declared camps of raters, by one variable unless named, and say whether a file of votes declares any.

    Groups of a file of votes were made from these: others go before them, but for traits of a population, which name no camps; also
    given is how many raters have such a group where it was left aside. Raises BadValue for an unknown group.
    """
    rows = sorted(corpus.query(MEMBERS).to_pylist(), key=lambda row: row["group_name"]) if corpus.has("groups") else []
    place = {name: i for i, name in enumerate(names)}
    anywhere: dict[str, list[int]] = {}
    for i, (_, rater) in enumerate(names):
        anywhere.setdefault(rater, []).append(i)
    where, listed, beside = list[int](), list[str](), list[bool]()
    for row in rows:
        on, who = row["platform"], row["account_id"]
        for i in anywhere.get(who, [-1]) if on == "unknown" else [place.get((on, who), -1)]:
            where.append(i)
            listed.append(row["group_name"])
            beside.append(bool(row["made"]))
    at, every = np.array(where, np.int64), np.ones(len(names), bool)
    own = [i for i, made in enumerate(beside) if not made]
    if own and not asked:
        declared = divided(at[own], [listed[i] for i in own], "", every, FEWEST, traits=traits(corpus))
        if not declared.unfit and not declared.trait:
            return declared, False, np.unique([i for i, made in zip(where, beside, strict=True) if made and i >= 0]).size
    found = divided(at, listed, asked, every, FEWEST, traits=traits(corpus))
    taken = set(found.names)
    told = np.array([made and i >= 0 and name in taken for i, name, made in zip(where, listed, beside, strict=True)], bool)
    return found, bool((found.label[at[told]] >= 0).any()), 0
