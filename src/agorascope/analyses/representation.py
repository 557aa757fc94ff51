"""Who speaks here, how few of them, and what changes when every account has one voice, or the population its own weight?

One row of ``units`` is one share with its interval: of the posts or the engagement held by the most active 1 % and 10 % of
accounts, of accounts seen once; and, with ``attribute``, the attribute's share by post, by account, by engagement, and weighted to
margins. The effect is the share of posts by the most active tenth, 0.1 where all write alike, 1 where one account writes all;
``found`` means that accounts differ more than chance gives at one common rate. With ``attribute`` the effect is the loudness gap in
percentage points, share by post minus share by account, 0 where the loud say what the others say; ``found`` means that it is
beyond chance, with an interval on one side of 0.
A post tells whether it has a word only with its text, an account of which group it is only in its table: the others are counted.

Limits: those who wrote nothing are not seen; their number is bounded from below, what they think is not known.
Source: Mustafaraj et al. 2011, doi:10.1109/PASSAT/SocialCom.2011.188; Chao 1984, Scand. J. Statist. 11:265; Deming and Stephan
1940, doi:10.1214/aoms/1177731829; Kish 1965, Survey Sampling, 11.7. What we changed: a gap with a p-value that deals the accounts'
own shares anew, and worst-case bounds for accounts that do not say what they are.
"""

import math
from typing import Annotated

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Estimate, Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message
from agorascope.ties import group_called
from agorascope.weighing import unweighed_for

from . import _representation_estimate, _representation_said
from ._representation_estimate import FEWEST, Answer
from ._representation_reduce import Speakers, reduce

EXAMPLE = "agorascope run my-case representation -p attribute=hashtag:climate -p margins=census.csv"
REQUIRES = (("posts",),)
LIMITS = tuple(
    message(f"representation.limits.{name}") for name in ("unseen", "captured", "accounts", "declared", "tail", "person")
)
QUESTION = message("representation.question")
MOST_DRAWS = 20_000
USUAL_TRIM = 5.0


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set what share is compared, and which population accounts are weighted to; ``[params]`` of its texts says what each is."""

    attribute: str = ""
    margins: str = ""
    trim: Annotated[float, msgspec.Meta(ge=0)] = USUAL_TRIM
    level: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.95
    draws: Annotated[int, msgspec.Meta(ge=99, le=MOST_DRAWS)] = 499
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Measure how unequal the voices are, and what an attribute's share is with one vote per account."""
    if 1 / (params.draws + 1) > 1 - params.level + 1e-12:
        raise BadValue(
            f"level is {params.level:g}, and {params.draws} draws show no p below {1 / (params.draws + 1):.2g}, above 1 - level: "
            f"nothing could be found; {_enough(1 - params.level)}"
        )
    settings = msgspec.to_builtins(params)
    told = _reduce(corpus, params)
    if claim := _representation_said.too_few(told, params.attribute, FEWEST):
        return insufficient("representation", QUESTION, claim, LIMITS, gate="accounts", params=settings)
    answer = _estimate(told, params)
    _refuse_unread(answer, told, params)
    made = _representation_said.tables(answer)
    effect = _effect(answer, params)
    alpha = 1 - params.level + 1e-12
    holds = answer.p_alike <= alpha if answer.gap is None else answer.gap.beyond(alpha)
    finding = Finding(
        analysis="representation",
        question=QUESTION,
        verdict="found" if holds else "not_found",
        claim=_representation_said.claim(answer, told, _meant(corpus, params.attribute), holds=holds, level=params.level),
        effect=effect,
        units=tuple(answer.units),
        evidence_total=int(told.posts.size),
        evidence_query=_representation_said.QUERY,
        limits=LIMITS,
        rivals=_representation_said.rivals(answer, told),
        calibration=_representation_said.calibrated(answer),
        figures=_representation_said.figures(made),
        notes=_representation_said.notes(answer, told, params.attribute),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _refuse_unread(answer: Answer, told: Speakers, params: Params) -> None:
    """Raise BadValue for a cut of weights where there are none."""
    if answer.frame is not None or params.trim == USUAL_TRIM:
        return
    why = {
        "": "the case has no margins",
        "populations": f"none of its populations was chosen: margins={' or '.join(told.populations)}",
        "unsound": "the shares in the margins do not add up to 1",
    }.get(unweighed_for(told.margins, told.populations, told.matches), "too few accounts are of a known category of the margins")
    raise BadValue(
        f"trim is {params.trim:g}, and cuts weights, of which there are none: {why}; leave trim out, or give margins that fit"
    )


def _enough(chance: float) -> str:
    """Say how many draws show a p as small as this.

    >>> _enough(1 - 0.999), _enough(1e-6)
    ('use draws=999 or more', 'use level=0.99995 or less')
    """
    least = math.ceil(1 / chance - 1e-6) - 1
    return f"use draws={least} or more" if least <= MOST_DRAWS else f"use level={1 - 1 / MOST_DRAWS:g} or less"


def _meant(corpus: Corpus, attribute: str) -> str:
    """Name a group as it is called here, whatever the case it was written in."""
    kind, colon, name = attribute.partition(":")
    return f"{kind}{colon}{group_called(corpus, name.strip())}" if kind == "group" else attribute


def _reduce(corpus: Corpus, params: Params) -> Speakers:
    return reduce(corpus, attribute=params.attribute, margins=params.margins)


def _estimate(told: Speakers, params: Params) -> Answer:
    return _representation_estimate.estimate(told, trimmed=params.trim, draws=params.draws, level=params.level, seed=params.seed)


def _effect(answer: Answer, params: Params) -> Estimate:
    floor = 1 / (params.draws + 1)
    if answer.gap is not None:
        return Estimate(
            metric="share by post minus share by account",
            value=100 * answer.gap.gap,
            low=100 * answer.gap.low,
            high=100 * answer.gap.high,
            unit="points",
            level=params.level,
            method="bootstrap of accounts, studentised; p-value by dealing own shares anew",
            p_value=answer.gap.p_value,
            p_floor=floor,
            sided="two",
        )
    top = next(row for row in answer.units if row["measure"] == "top_10_posts")
    return Estimate(
        metric="share of posts by the most active tenth",
        value=top["share"],
        low=top["share_low"],
        high=top["share_high"],
        unit="share",
        level=params.level,
        method="Bayesian bootstrap of accounts; p-value against one common rate",
        p_value=answer.p_alike,
        p_floor=floor,
        sided="greater",
    )
