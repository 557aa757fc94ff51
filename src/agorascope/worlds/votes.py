"""What does a vote of volunteers look like when it is known what everybody thinks, and who was likelier to vote?

One row of ``ratings`` is one vote of one person of a population whose opinion is fixed: so many of each kind agree. People of one
kind vote with a chance of their own, those who agree ``odds`` times as likely as those who do not: the truth planted. Their
kind is a group ``age:...`` where they declare it, and the population's kinds are in ``margins``.

Limits: people vote independently of each other; nobody votes twice.
Source: the selection model of Meng 2018, doi:10.1214/18-AOAS1161SF, with chances by opinion and kind; the numbers are ours.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.records import schema

KINDS = ("18-34", "35-59", "60+")
SHARES = (0.28, 0.42, 0.30)
TILT = (1.0, 0.0, -1.0)
ITEM = "question"
CROSSED = (1.0, 1.0, -1.0)
LEAN = 0.6  # by so much of it the share of those who do not tell is moved at most

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class VoteWorld:
    """Describe a population and its vote.

    ``agree`` is the share of yes in the middle kind, moved by ``split`` on the scale of log odds in the younger and older;
    ``turnout`` the chance to vote there, moved by ``skew`` on the log scale; ``odds`` how many times as likely those for yes are to
    vote; ``undeclared`` the share of voters who do not tell their kind; ``allowed`` the odds the analysis is asked to allow.
    Who does not tell is related (``hiding``) to nothing, to ``opinion`` (voters for yes tell least), or to ``both``, opinion and
    kind (voters for yes tell least, but among the oldest those for no do).
    """

    population: int = 1_000_000
    agree: float = 0.5
    turnout: float = 0.001
    odds: float = 1.0
    allowed: float = 1.0
    split: float = 0.0
    skew: float = 0.0
    undeclared: float = 0.0
    hiding: Literal["nothing", "opinion", "both"] = "nothing"
    weighted: bool = False


def people(params: VoteWorld) -> tuple[Ints, Ints]:
    """Give how many of each kind agree and do not, (kinds,) each: fixed, not drawn."""
    all_of = np.round(np.array(SHARES) * params.population).astype(np.int64)
    logs = np.log(params.agree / (1 - params.agree)) + params.split * np.array(TILT)
    agree = np.round(all_of / (1 + np.exp(-logs))).astype(np.int64)
    return agree, all_of - agree


def truth(params: VoteWorld) -> float:
    """Give the share of yes in the population."""
    return float(people(params)[0].sum() / np.sum(people(params)))


def votes(params: VoteWorld, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw who votes: yes and no by kind, (kinds,) each."""
    agree, others = people(params)
    chance = params.turnout * np.exp(params.skew * np.array(TILT))
    return rng.binomial(agree, chance * np.sqrt(params.odds)), rng.binomial(others, chance / np.sqrt(params.odds))


def hidden(params: VoteWorld) -> Floats:
    """Give the chance not to tell one's kind, of voters for yes and for no, (2, kinds)."""
    tilt = {"nothing": np.zeros(len(KINDS)), "opinion": np.ones(len(KINDS)), "both": np.array(CROSSED)}[params.hiding]
    return params.undeclared * (1 + LEAN * np.stack([tilt, -tilt]))


def make(params: VoteWorld, seed: int) -> dict[str, pa.Table]:
    """Make ratings, the voters' groups and the margins. Cost O(votes)."""
    rng = np.random.default_rng(seed)
    yes, no = votes(params, rng)
    kind = np.concatenate([np.repeat(np.arange(len(KINDS)), yes), np.repeat(np.arange(len(KINDS)), no)])
    value = np.repeat([1.0, 0.0], [yes.sum(), no.sum()])
    names = [f"v{i}" for i in range(kind.size)]
    told = np.flatnonzero(rng.random(kind.size) >= hidden(params)[(value == 0).astype(int), kind])
    rated = {"platform": ["x"] * kind.size, "rater": names, "item": [ITEM] * kind.size, "value": value, "at_us": [None] * kind.size}
    made = {"ratings": pa.table({n: pa.array(rated[n], schema("ratings").field(n).type) for n in schema("ratings").names})}
    if params.weighted:
        groups = [{"platform": "x", "account_id": names[i], "group_name": f"age:{KINDS[kind[i]]}"} for i in told]
        margins = [
            {"platform": "unknown", "population": "town", "variable": "age", "category": c, "share": s}
            for c, s in zip(KINDS, SHARES, strict=True)
        ]
        made["groups"] = pa.Table.from_pylist(groups, schema("groups"))
        made["margins"] = pa.Table.from_pylist(margins, schema("margins"))
    return made
