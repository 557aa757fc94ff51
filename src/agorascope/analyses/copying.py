"""Do accounts write again, without credit, what others wrote first, and more often than accounts as active as they are?

One row of ``units`` is one test: of the whole corpus (how many accounts lift three texts or more and a fifth of theirs, against
deals of the authors among the texts of the same language and week; and how many draw so on one source, against deals of the
sources), or with ``accounts`` of those named (the share of their texts another wrote first, against accounts of the same language
and activity). The effect is the number of accounts beyond chance, or the difference of shares; 0 means as chance gives. ``found``
means that it holds at ``alpha`` and speaks of ten accounts or more. A lift is an account's first text of a group of same or
near-same ones, where another person's account wrote one before; no repost, no text that mentions, answers or quotes the first
author, none with the first text's own link, none that more than 20 accounts wrote. Beside: delays, the texts lifted most, and
accounts that changed their handle.

Limits: the first in the corpus is not the first; no single account is judged.
Source: near-sameness, Broder 1997, doi:10.1109/SEQUEN.1997.666900; permutation within strata, Good 2005, doi:10.1007/b138696.
What we changed: what is dealt, see ``stats.lifting`` and ``stats.sourced``.
"""

import datetime as dt
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _copying_names, _copying_rivals, _copying_said
from ._copying_estimate import FEWEST, Answer, affordable, estimate
from ._copying_reduce import FAR_US, Written, members, reduce

EXAMPLE = "agorascope run my-case copying -p accounts=my-group"
REQUIRES = (("posts",),)
LIMITS = tuple(message(f"copying.limits.{name}") for name in ("first", "single", "alike", "persons", "near", "short", "reposts"))
QUESTION = message("copying.question")
FEWEST_TEXTS = 100

Bools = npt.NDArray[np.bool_]


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set whose texts are compared, and when two are near-same; ``[params]`` of its texts says what each one is."""

    accounts: str = ""
    threshold: Annotated[float, msgspec.Meta(ge=0.5, le=1)] = 0.8
    since: str = ""
    until: str = ""
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=20_000)] = 999
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    same: str = ""


def run(corpus: Corpus, params: Params) -> Finding:
    """Find who wrote again what others wrote first, and test how often."""
    settings = msgspec.to_builtins(params)
    written = _reduce(corpus, params)
    texts, accounts = (0, 0) if written is None else (len(written.rows), len(written.accounts))
    if written is None or texts < FEWEST_TEXTS or accounts < FEWEST:
        claim = message("copying.claim.insufficient", texts=texts, accounts=accounts, least=FEWEST_TEXTS, fewest=FEWEST)
        return insufficient("copying", QUESTION, claim, LIMITS, gate="texts", params=settings)
    member = members(corpus, written, params.accounts) if params.accounts else None
    if member is not None and member.sum() < FEWEST:
        claim = message("copying.claim.members", n=int(member.sum()), least=FEWEST)
        return insufficient("copying", QUESTION, claim, LIMITS, gate="members", params=settings)
    answer = estimate(written, member, draws=affordable(written, params.draws), seed=params.seed)
    if member is not None and (answer.against is None or min(answer.against.members, answer.against.others) < FEWEST):
        claim = message("copying.claim.others", least=FEWEST)
        return insufficient("copying", QUESTION, claim, LIMITS, gate="others", params=settings)
    return with_numbers(_finding(corpus, params, written, member, answer), settle)


def _finding(corpus: Corpus, params: Params, written: Written, member: Bools | None, answer: Answer) -> Finding:
    rows = _copying_said.units(written, answer)
    verdict = _verdict(answer, params.alpha)
    source = written.author[written.found.first]
    copied = {written.accounts[a]: int(n) for a, n in zip(*np.unique(source, return_counts=True), strict=True)}
    names = _copying_names.names(corpus, copied)
    made = _copying_said.tables(written, answer, names)
    left_out = 0 if member is None or answer.against is None else int(member.sum()) - answer.against.members
    records, total, query = _copying_said.evidence(written, answer) if verdict == "found" else ((), 0, "")
    draws = affordable(written, params.draws)
    return Finding(
        analysis="copying",
        question=QUESTION,
        verdict=verdict,
        gate="persons" if verdict == "insufficient" else None,
        claim=_copying_said.claim(rows[0], verdict, FEWEST),
        effect=_copying_said.effect(answer, draws),
        units=rows,
        evidence=records,
        evidence_total=total,
        evidence_query=query,
        limits=LIMITS,
        rivals=_copying_rivals.test(written, answer, member, alpha=params.alpha, draws=draws, seed=params.seed),
        calibration=_copying_said.calibrated(written, answer),
        figures=_copying_said.figures(made),
        notes=_copying_said.notes(written, names, left_out=left_out, fewer=draws if draws < params.draws else 0),
        params=msgspec.to_builtins(params),
        tables=made,
    )


def _verdict(answer: Answer, alpha: float) -> str:
    """Say whether more than chance is seen, of ten accounts or more: fewer would be singled out."""
    if answer.p_value > alpha:
        return "not_found"
    return "insufficient" if answer.against is None and answer.repeated.observed[0] < FEWEST else "found"


def _reduce(corpus: Corpus, params: Params) -> Written | None:
    since = _us(params.since, "since") if params.since else -FAR_US
    until = _us(params.until, "until") + 86_400_000_000 if params.until else FAR_US
    return reduce(corpus, since_us=since, until_us=until, threshold=params.threshold, seed=params.seed, same=params.same)


def _us(said: str, name: str) -> int:
    try:
        day = dt.date.fromisoformat(said)
    except ValueError as error:
        raise BadValue(f"{name} is {said!r}; give an ISO date such as 2024-07-13") from error
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()) * 1_000_000
