"""How little does a vote of those who chose to vote say about everybody, and what must be true for its majority to be real?

One row of ``units`` is one assumption about those who did not vote, with the shares of yes in the population that it allows. The
effect is the share of yes among the voters, weighted to margins where their traits are known, with the bounds of the population's
if one side was up to ``odds`` times as likely to vote as the other, sampling error included: 0 none agree, 1 all do.
``found`` means that every share within the bounds gives the same side the majority: it says that the majority survives that
assumption, not that the assumption is true. The breakdown is the odds up to which these bounds give one side the majority.

Limits: nobody can tell from the votes alone how likely each side was to vote.
Source: Meng 2018, doi:10.1214/18-AOAS1161SF; Manski 1989, J. Human Resources 24:343; Squire 1988, doi:10.1086/269085 (1936).
What we changed: bounds under odds with sampling error, and after weighting; see ``stats.selfselected``.
"""

from typing import Annotated

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Estimate, Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _poll_estimate, _poll_said
from ._poll_reduce import EACH, Cast, Scaled, given, reduce

EXAMPLE = "agorascope run my-case poll -p votes=1100000 -p share=0.82 -p population=217000000"
REQUIRES = (("ratings",),)
INSTEAD = ("votes", "share")
LIMITS = tuple(message(f"poll.limits.{name}") for name in ("odds", "copies", "defect", "population", "traits", "question"))
QUESTION = message("poll.question")
FEWEST = 10
PLAIN = "bounds under odds of voting"
WEIGHTED = "bounds under odds of voting, weighted to margins"
DEFAULTS = {"ddc": 0.005, "error": 0.05}
COVERED = "bounds under odds of voting, weighted to margins, value of the part covered"


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set the vote and what is assumed of those who did not vote; ``[params]`` of its texts says what each one is."""

    votes: Annotated[int, msgspec.Meta(ge=0)] = 0
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    population: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    odds: Annotated[float, msgspec.Meta(ge=1, le=1_000_000)] = 3.0
    ddc: Annotated[float, msgspec.Meta(gt=0, lt=1)] = DEFAULTS["ddc"]
    error: Annotated[float, msgspec.Meta(gt=0, lt=1)] = DEFAULTS["error"]
    about: str = ""
    item: str = ""
    above: float | None = None
    margins: str = ""
    level: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.95


def refuse(params: Params) -> None:
    """Raise BadValue for what is assumed of a population that is not known: it would do nothing."""
    for name, usual in DEFAULTS.items():
        if not params.population and (value := getattr(params, name)) != usual:
            raise BadValue(
                f"{name} is {value:g}, and is read only with the number of people asked about; give population, or leave {name} out"
            )


def run(corpus: Corpus, params: Params) -> Finding:
    """Bound the share of yes in the population under stated assumptions, and say which of them the majority needs."""
    settings = msgspec.to_builtins(params)
    cast = _reduce(corpus, params)
    if isinstance(cast, Scaled):
        claim = message(
            "poll.claim.scale", n=cast.items, low=cast.least, high=cast.most, middle=f"{(cast.least + cast.most) / 2:g}"
        )
        return insufficient("poll", QUESTION, claim, LIMITS, gate="scale", params=settings)
    votes = 0.0 if cast is None else float(cast.yes.sum() + cast.no.sum())
    if cast is None or votes < FEWEST:
        claim = message("poll.claim.insufficient", n=round(votes), least=FEWEST)
        return insufficient("poll", QUESTION, claim, LIMITS, gate="votes", params=settings)
    if params.population and params.population < votes:
        raise BadValue(
            f"population is {params.population:,.0f}, fewer than the {votes:,.0f} who voted; give all who could have answered"
        )
    answer = _estimate(cast, params)
    made = _poll_said.tables(answer, params.population)
    finding = Finding(
        analysis="poll",
        question=QUESTION,
        verdict="found" if answer.holds else "not_found",
        claim=_poll_said.claim(answer, cast, params.odds),
        effect=Estimate(
            metric=_poll_said.number(answer),
            value=answer.share,
            low=answer.low,
            high=answer.high,
            unit="share",
            method=PLAIN if not answer.frame else COVERED if answer.frame.uncovered > 0 else WEIGHTED,
        ),
        units=tuple(answer.units),
        evidence_total=round(votes) if cast.item else 0,
        evidence_query=_query(cast) if cast.item else "",
        limits=LIMITS,
        rivals=_poll_said.rivals(answer, cast),
        calibration=_poll_said.calibrated(answer),
        figures=_poll_said.figures(made),
        notes=_poll_said.notes(answer, cast),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> Cast | Scaled | None:
    """Take the vote as given, else count the one in the case."""
    _refuse_unread(params)
    if params.share is not None:
        return given(params.votes, params.share, params.about)
    return reduce(corpus, item=params.item, margins=params.margins, above=params.above)


def _refuse_unread(params: Params) -> None:
    """Raise BadValue for a value that this way to ask does not read."""
    if bool(params.votes) != (params.share is not None):
        lone, other = ("votes", "share") if params.votes else ("share", "votes")
        raise BadValue(f"{lone} is given without {other}; a published result is both: -p votes=1100000 -p share=0.82")
    if params.share is not None and (params.item or params.margins or params.above is not None):
        raise BadValue("item, above and margins are of a vote in the case; leave votes and share out, or these three")
    if params.share is None and params.about:
        raise BadValue(
            f"about is {params.about!r}, and names a published result; a vote in the case is named by its item: leave about out, "
            "or give votes and share"
        )


def _estimate(cast: Cast, params: Params) -> _poll_estimate.Answer:
    return _poll_estimate.estimate(
        cast, population=params.population, odds=params.odds, ddc=params.ddc, error=params.error, level=params.level
    )


def _query(cast: Cast) -> str:
    """Write the query that counts the voters of each side; nobody's vote is listed."""
    return (
        f"SELECT yes, no, COUNT(*) AS voters FROM ({EACH}) AS each_voter GROUP BY yes, no ORDER BY yes NULLS FIRST, no NULLS FIRST"
    )
