"""What do the camps value alike: which items does every camp approve of, and is there more than one camp at all?

One row of ``units`` is one item that was voted on, or one post that was reposted, with its ``score`` and interval. The score is the
share that approves in the camp that approves least of those that voted on it (``camps`` many); beside it stand the group-informed
consensus of Polis and the intercept of Community Notes' factor model, ``chance``, which is the score where camps do not exist, and
the share of each camp. The effect is the share of items that more than half approve of in every camp that voted on them, two at
least; 0 means none, 1 all. ``found`` means that raters fall into camps beyond chance, and that at least one item holds in every
camp that voted on it, false discoveries among items held at ``alpha``. Camps that voted on nothing together with another are left
out. Camps are declared groups, else found by the votes as Polis finds them; groups that stand in the file of the votes, as Polis's
do, were made from them: they name the camps, whether there are any is tested as for camps found, and an item must hold in both.
Of reposts there is no vote against: in every camp more than its usual share must repost.

Limits: approval across camps is not truth; items one camp has not seen are not known to be disliked; nothing is said of any rater.
Source: Wojcik et al. 2022, arXiv:2210.15723; Small et al. 2021, doi:10.6035/recerca.5516. What we changed: a test of whether
there are camps, an exact test per item, intervals over raters.
"""

import math
from typing import Annotated, Literal

import msgspec
import numpy as np

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _bridging_estimate, _bridging_said, _bridging_tables
from ._bridging_calibrated import calibrated
from ._bridging_estimate import FEWEST, Camps, Votes
from ._bridging_met import together
from ._bridging_reduce import Voted, ends, reduce, texts

EXAMPLE = "agorascope run my-case bridging"
REQUIRES = (("ratings",), ("posts", "groups"))
LIMITS = tuple(message(f"bridging.limits.{name}") for name in ("truth", "seen", "camps", "group", "gamed"))
QUESTION = message("bridging.question")
ITEMS = 8
"""Items that camps are read from the votes on, at least."""
MOST_DRAWS = 2_000


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set who the camps are and which score counts; ``[params]`` of its texts says what each one is."""

    camps: Literal["auto", "votes", "groups"] = "auto"
    groups: str = ""
    score: Literal["minimum", "consensus", "intercept"] = "minimum"
    act: Literal["repost", "reply", "quote"] = "repost"
    above: float | None = None
    least: Annotated[int, msgspec.Meta(ge=1)] = 10
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=19, le=MOST_DRAWS)] = 99
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def refuse(params: Params) -> None:
    """Raise BadValue for groups named beside camps that are found by the votes: they would do nothing."""
    if params.camps == "votes" and params.groups:
        raise BadValue(
            f"groups is {params.groups!r}, and camps is 'votes', which finds the camps by the votes and uses no groups; "
            "use camps=groups, or leave groups out"
        )


def run(corpus: Corpus, params: Params) -> Finding:
    """Score every item across the camps of the corpus.

    Raises BadValue for an ``alpha`` that no p-value of so few draws can reach, for an ``above`` off the scale of the votes, and for
    a parameter that does nothing on these data.
    """
    _check_alpha(params.alpha, params.draws)
    settings = msgspec.to_builtins(params)
    _check_asked(corpus, params)
    told = _reduce(corpus, params)
    if told is None or (not told.acts and float(np.ptp(told.value)) == 0):
        claim = message("bridging.claim.nothing")
        if told is not None:
            claim = message("bridging.claim.unanimous", n=told.value.size, value=float(told.value[0]))
        return insufficient("bridging", QUESTION, claim, LIMITS, gate="votes", params=settings)
    votes = _votes(told, params.above)
    _check_camps(params.camps, votes)
    several = bool(params.groups) or np.unique(told.said[told.said >= 0]).size > 1
    by_groups = params.camps == "groups" or votes.acts or (params.camps == "auto" and several)
    if votes.acts and told.made:
        return insufficient("bridging", QUESTION, message("bridging.claim.made"), LIMITS, gate="camps", params=settings)
    if (told.made or not by_groups) and len(told.items) < ITEMS:
        claim = message("bridging.claim.few_items", least=ITEMS, n=len(told.items))
        return insufficient("bridging", QUESTION, claim, LIMITS, gate="items", params=settings)
    camps = _bridging_estimate.declared(told.said, told.camps, made=told.made) if by_groups else _bridging_estimate.voted(votes)
    if len(camps.sizes) < 2:
        claim = message("bridging.claim.one_camp", least=FEWEST, n=len(camps.sizes))
        return insufficient("bridging", QUESTION, claim, LIMITS, gate="camps", params=settings)
    if camps.made and not _bridging_estimate.follow(votes, camps):
        return insufficient("bridging", QUESTION, message("bridging.claim.unlike"), LIMITS, gate="camps", params=settings)
    enough = np.bincount(votes.item, minlength=votes.items) >= params.least
    if not enough.any() or (votes.acts and params.score == "intercept"):
        few = "few" if votes.rated else "few_acts"
        named = {} if votes.rated else {"act": f"bridging.act.{params.act}"}
        claim = message(f"bridging.claim.{few if not enough.any() else 'acts'}", least=params.least, **named)
        return insufficient("bridging", QUESTION, claim, LIMITS, gate="items", params=settings)
    camps = camps if votes.acts else together(votes, camps, enough)
    if not camps.sizes:
        return insufficient("bridging", QUESTION, message("bridging.claim.unmet"), LIMITS, gate="items", params=settings)
    answer = _bridging_estimate.estimate(votes, camps, score=params.score, least=params.least, draws=params.draws, seed=params.seed)
    if answer.p_value is None:
        claim = message("bridging.claim.halves", least=FEWEST)
        return insufficient("bridging", QUESTION, claim, LIMITS, gate="halves", params=settings)
    return with_numbers(_finding(corpus, told, votes, camps, answer, params), settle)


def _check_alpha(alpha: float, draws: int) -> None:
    """Refuse a level below the least p-value that ``draws`` can give: with it nothing could ever be found."""
    if alpha * (draws + 1) >= 1 - 1e-9:
        return
    needed, least = math.ceil(1 / alpha - 1e-9) - 1, 1 / (draws + 1)
    enough = f"draws={needed} or more" if needed <= MOST_DRAWS else f"draws={MOST_DRAWS} and alpha={1.001 / (MOST_DRAWS + 1):.3g}"
    raise BadValue(f"alpha is {alpha:g}, and the least p-value of {draws} draws is {least:.2g}; use {enough}, or a larger alpha")


def _check_asked(corpus: Corpus, params: Params) -> None:
    """Refuse an act beside a table of votes, and a threshold of votes without one: neither would do anything."""
    if corpus.has("ratings"):
        if params.act != "repost":
            raise BadValue(
                f"act is {params.act!r}, which says what is approval among posts, and this case has a table of votes, which alone "
                "is read; leave act out, or make a case of the posts without the votes"
            )
    elif params.above is not None and corpus.has("posts"):
        raise BadValue(
            f"above is {params.above:g}, from where on a vote approves, and this case has no votes, only posts; "
            "leave above out, or add a table of votes"
        )


def _check_camps(camps: str, votes: Votes) -> None:
    """Refuse camps found by the votes where there is no vote against to find them by."""
    if camps == "votes" and votes.acts:
        seen = "its table holds approvals only" if votes.rated else "it has posts and no votes"
        raise BadValue(
            f"camps is 'votes', which finds the camps by votes for and against, and this case has none against: {seen}; "
            "use camps=groups, with the groups of the accounts (--groups)"
        )


def _reduce(corpus: Corpus, params: Params) -> Voted | None:
    return reduce(corpus, act=params.act, groups=params.groups)


def _votes(told: Voted, above: float | None) -> Votes:
    """Bring votes to 0..1 by the ends of their scale; above the middle, or above ``above``, a vote approves.

    Raises BadValue for an ``above`` that all votes, or none, are above.
    """
    low, high = float(told.value.min()), float(told.value.max())
    if above is not None and told.rated and not (above < high and (told.acts or low <= above)):
        asked = f"use less than {high:g}" if told.acts else f"use at least {low:g} and less than {high:g}"
        raise BadValue(f"above is {above:g}, and the votes go from {low:g} to {high:g}; {asked}")
    low, high = ends(told.value)
    value = np.ones(told.value.size) if told.acts else (told.value - low) / (high - low)
    middle = (low + high) / 2 if above is None else above
    approves = np.ones(told.value.size) if told.acts else (told.value > middle).astype(np.float64)
    return Votes(told.rater, told.item, value, approves, told.raters, len(told.items), told.acts, told.rated)


def _finding(corpus: Corpus, told: Voted, votes: Votes, camps: Camps, answer: _bridging_estimate.Answer, params: Params) -> Finding:
    said = texts(corpus, act=params.act, least=params.least)
    units = _bridging_tables.units(told, said, votes, camps, answer, params.score, params.alpha)
    across = [u for u in units if u["place"] in _bridging_tables.ACROSS]
    made = _bridging_tables.tables(units, votes, camps, answer)
    assert answer.p_value is not None
    real = answer.p_value <= params.alpha
    return Finding(
        analysis="bridging",
        question=QUESTION,
        verdict="found" if across and real else "not_found",
        claim=_bridging_said.claim(units, across, votes, camps, answer, params, real=real),
        effect=_bridging_said.effect(units, answer, votes, camps, params.draws),
        units=tuple(units),
        evidence=_bridging_said.evidence(corpus, across if real else [], params.score, rated=votes.rated),
        evidence_total=len(across) if real else 0,
        evidence_query=_bridging_said.query(params.act, rated=votes.rated),
        limits=LIMITS,
        rivals=_bridging_said.rivals(votes, camps, answer, params.score),
        calibration=calibrated(votes, camps),
        figures=_bridging_tables.figures(made),
        notes=_bridging_said.notes(told, units, votes, camps, answer, params),
        params=msgspec.to_builtins(params),
        tables=made,
    )
