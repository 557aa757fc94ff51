"""How many accounts see a majority round them that does not exist, more than chance would bring about, and who makes it?

One row of ``units`` is one comparison: the share of viewers for whom most of what they see comes from bearers of the attribute,
though they are a minority, beside the attribute dealt anew to any accounts (``placed``) and to accounts as visible (``alike``). The
effect is that share less its mean over the first deals: 0 means as many as by chance. ``found`` means that the first is rare at
``alpha``; its grade is ``placement`` where the second is rare too, else ``visibility``: a few who are seen by many make it.
An attribute that most bear is a majority: no illusion of one is possible, which is said. A word or hashtag is borne by some of
those who write, a group by some of those its table lists: who wrote nothing, or is of unknown group, is in no share. All is asked
and dealt within platforms: where it is a majority on some, the shares are those of the others.

Limits: what was collected is not what was shown; the accounts are those in the network, not a public.
Source: Lerman, Yan and Wu 2016, doi:10.1371/journal.pone.0147617. What we changed: exposure weights, camps, the few.
"""

import math
from typing import Annotated, Any, Literal

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.tags import by_accents, counted, near
from agorascope.texts import message

from . import _majority_illusion_said as said
from ._majority_illusion_borne import attribute_called, attribute_meant
from ._majority_illusion_estimate import asked, deceived, first, loud
from ._majority_illusion_reduce import Seen, reduce
from ._majority_illusion_rivals import test

EXAMPLE = "agorascope run my-case majority_illusion -p attribute=hashtag:vote -p layer=repost"
REQUIRES = (("posts",), ("edges",))
NEEDS = ("coordination",)
NEEDS_WHERE = ("posts",)
LIMITS = tuple(message(f"majority_illusion.limits.{name}") for name in ("collected", "network", "camps", "few", "persons"))
QUESTION = message("majority_illusion.question")
FEWEST, FEWEST_BEARERS = 30, 5
MOST_DRAWS = 20_000


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set which attribute is looked at, and in whose sight; ``[params]`` of its texts says what each one is."""

    attribute: str
    layer: str = ""
    network: str = ""
    direction: Literal["seen", "both"] = "seen"
    weigh: Literal["activity", "plain"] = "activity"
    groups: str = ""
    draws: Annotated[int, msgspec.Meta(ge=99, le=MOST_DRAWS)] = 199
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Count the deceived, in the network asked for. Raises BadValue for what cannot be asked."""
    if 1 / (params.draws + 1) > params.alpha + 1e-12:
        raise BadValue(
            f"alpha is {params.alpha:g}, and {params.draws} deals show no p below {1 / (params.draws + 1):.2g}: "
            f"nothing could be found; {_enough(params.alpha)}"
        )
    settings = msgspec.to_builtins(params)
    _check_tag(corpus, params.attribute)
    seen = _reduce(corpus, params)
    what = said.attribute(*attribute_called(corpus, params.attribute))
    if seen is None:
        claim = message("majority_illusion.claim.ties")
        return insufficient("majority_illusion", QUESTION, claim, LIMITS, gate="ties", params=settings)
    if not seen.bears.any():
        return _few(seen, 0, what, settings)
    if not seen.shown.nnz:
        return insufficient("majority_illusion", QUESTION, said.unseen(seen), LIMITS, gate="unseen", params=settings)
    viewers = int((seen.shown.sum(axis=1) > 0).sum())
    if viewers < FEWEST:
        claim = message("majority_illusion.claim.viewers", least=FEWEST, n=viewers)
        return insufficient("majority_illusion", QUESTION, claim, LIMITS, gate="viewers", params=settings)
    if (few := min(int(seen.bears.sum()), int((seen.can & ~seen.bears).sum()))) < FEWEST_BEARERS:
        return _few(seen, few, what, settings)
    whom = asked(seen)
    if (viewers := int(whom.asked.sum())) < FEWEST:
        claim = message("majority_illusion.claim.viewers_apart", least=FEWEST, n=viewers, what=what)
        return insufficient("majority_illusion", QUESTION, claim, LIMITS, gate="viewers", params=settings)
    if whom.of_bearers and (few := int((whom.few & whom.there).sum())) < FEWEST_BEARERS:
        return _few(seen, few, what, settings, apart=True)
    found = deceived(seen, draws=params.draws, seed=params.seed)
    holds = found.of_bearers and found.placed.p_value <= params.alpha
    made_by = loud(seen, found) if holds else None
    shown_first = first(seen.replies, draws=params.draws, seed=params.seed) if seen.replies is not None else None
    rivals, again = test(seen, found, alpha=params.alpha, draws=params.draws, seed=params.seed)
    made = said.tables(seen, found, made_by, shown_first, again)
    finding = Finding(
        analysis="majority_illusion",
        question=QUESTION,
        verdict="found" if holds else "not_found",
        grade=said.grade(found, params.alpha, holds=holds),
        claim=said.claim(seen, found, made_by, what, holds=holds, alpha=params.alpha),
        effect=said.effect(found, params.draws),
        units=tuple(said.units(found)),
        evidence_total=seen.ties.source.size,
        evidence_query=seen.query,
        limits=LIMITS,
        rivals=rivals,
        calibration=said.calibrated(seen, found),
        figures=said.figures(made),
        notes=said.notes(seen, found, made_by, shown_first, what, params.alpha) + said.spelt(what, _spelt(corpus, params)),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _check_tag(corpus: Corpus, attribute: str) -> None:
    """Refuse a hashtag that no post here has, naming near ones: it may be misspelt."""
    kind, value = attribute_meant(corpus, attribute)
    if kind == "hashtag" and (held := counted(corpus)) and value not in held and (like := near(corpus, value)):
        hint = ", ".join(f"#{tag}" for tag in like)
        raise BadValue(f"attribute is {attribute!r}, which no post has here; near ones here: {hint}")


def _spelt(corpus: Corpus, params: Params) -> dict[str, int]:
    """Count the posts of hashtags that differ from the attribute by accents only."""
    kind, value = attribute_meant(corpus, params.attribute)
    return by_accents(corpus, value) if kind == "hashtag" else {}


def _few(seen: Seen, few: int, what: dict[str, Any], settings: dict[str, Any], *, apart: bool = False) -> Finding:
    """Say that too few bear it, anywhere or ``apart`` from platforms where most do, or too few of those who could do not."""
    side = "bearers" if int(seen.bears.sum()) == few else "others" if seen.whose == "tied" else f"others_{seen.whose}"
    side = "bearers_apart" if apart else side
    claim = message(f"majority_illusion.claim.{side}{'' if few else '_none'}", least=FEWEST_BEARERS, n=few, what=what)
    return insufficient("majority_illusion", QUESTION, claim, LIMITS, gate="bearers", params=settings)


def _enough(alpha: float) -> str:
    """Say how many deals show a p as small as this.

    >>> _enough(0.001), _enough(1e-6)
    ('use draws=999 or more', 'use alpha=5e-05 or more')
    """
    least = math.ceil(1 / alpha - 1e-6) - 1
    return f"use draws={least} or more" if least <= MOST_DRAWS else f"use alpha={1 / MOST_DRAWS:g} or more"


def _reduce(corpus: Corpus, params: Params) -> Seen | None:
    names = ("attribute", "layer", "network", "direction", "weigh", "groups")
    return reduce(corpus, **{name: getattr(params, name) for name in names})
