"""Who acts together, beyond chance: on the same objects, at the same time, more than accounts as active as they are do?

One row of ``units`` is one network: five accounts or more, tied by having acted within a window of each other on two objects or
more. The effect is the number of accounts in networks that count; 0 means none. A network that a community with objects of its own
(rival ``apart``) or people who react each for themselves (``reacting``) would explain is shown, not counted. ``found`` means that
a network counts, and that at most a share ``q`` of the accounts of all is expected to be there by chance; ``p_value`` of a network
holds for all sets of accounts at once. Objects are
reposted posts, addresses, sequences of three tags or more, the same or near-same texts, media, posts replied to and shared objects,
each a behaviour of its own with its own window, or one of them (``object``). ``compat`` draws the edges of CooRTweet or
coordination-network-toolkit instead, which have no error rate.

The events are not reduced to a small table in the engine: every act is held in memory, about 150 bytes each; the pairs of acts are
counted in ``memory_gb``.

Limits: coordination is seen, not who stands behind it, nor whether it is forbidden; fan clubs, alerts and feeds act together too.
Source: Efron 2004, doi:10.1198/016214504000000089 (empirical null); Benjamini and Hochberg 1995,
doi:10.1111/j.2517-6161.1995.tb02031.x; Donoho and Jin 2004, doi:10.1214/009053604000000265 (choice of the window). What we changed:
see ``stats.together`` and ``stats.squads``.
"""

from typing import Annotated, Literal

import msgspec

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _coordination_compat, _coordination_said, _coordination_scope, _coordination_tables
from ._coordination_apart import apart, counts
from ._coordination_dossier import dossier
from ._coordination_figures import figures
from ._coordination_networks import FEWEST, Settings, behind, members, search
from ._coordination_reduce import ALONE, KINDS, Acts, pooled, present, reduce, without_authors
from ._coordination_strata import languages

EXAMPLE = "agorascope run my-case coordination -p object=repost -p window_s=60"
REQUIRES = (("posts",),)
LIMITS = tuple(message(f"coordination.limits.{name}") for name in ("who", "innocent", "account", "capture", "thin", "window"))
QUESTION = message("coordination.question")


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set what is an act, how near in time, and at what rate it may err; ``[params]`` of its texts says what each is."""

    object: Literal["auto", "repost", "url", "domain", "hashtag", "hashtags", "text", "media", "reply", "share", "any"] = "auto"
    window_s: str | int = "auto"
    q: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    compat: Literal["none", "coortweet", "cnt"] = "none"
    min_participation: Annotated[int, msgspec.Meta(ge=1)] = 2
    edge_weight: Annotated[float, msgspec.Meta(ge=0)] = 0.5
    draws: Annotated[int, msgspec.Meta(ge=2, le=200, multiple_of=2)] = 8
    memory_gb: Annotated[float, msgspec.Meta(gt=0)] = 2.0
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Test every account in every behaviour, put those found into networks, and describe each network."""
    settings = msgspec.to_builtins(params)
    window = _window(params.window_s)
    if params.compat != "none":
        return _coordination_compat.run(corpus, params, window, QUESTION, LIMITS, settings)
    gathered = _reduce(corpus, params)
    asked = _coordination_scope.scope(gathered, params.object, window)
    parts, untested = asked.parts, _coordination_scope.notes(asked, gathered, window)
    if not parts:
        most = max((int(one.account.size) for one in gathered), default=0)
        claim = message("coordination.claim.insufficient", least=FEWEST, n=most)
        refused = insufficient("coordination", QUESTION, claim, LIMITS, gate="acts", params=settings)
        return msgspec.structs.replace(refused, notes=tuple(untested))
    chosen = Settings(params.q, params.draws, params.seed, params.memory_gb, params.min_participation)
    found = search(parts, window, chosen, languages(corpus))
    acts, beside = behind(parts, found), apart(parts, found)
    counted = [f"n{n + 1}" for n, one in enumerate(counts(beside, found.number)) if one]
    about = dossier(corpus, members(found), acts, counted) if found.number else None
    units = _coordination_tables.units(found, about, acts, beside)
    verdict, names = _coordination_said.verdict(units), _coordination_said.ordered(units)
    made = _coordination_tables.tables(found, about, acts, beside, params.q)
    finding = Finding(
        analysis="coordination",
        question=QUESTION,
        verdict=verdict,
        grade="not_identified" if verdict == "insufficient" else None,
        gate="apart" if verdict == "insufficient" else None,
        claim=_coordination_said.claim(found, units, made, params.q, _coordination_scope.said(asked)),
        effect=_coordination_said.effect(units),
        units=tuple(units),
        evidence=_coordination_said.evidence(acts, names),
        evidence_total=acts.num_rows,
        evidence_query=_coordination_said.query(acts, names[0]) if names else "",
        limits=LIMITS,
        rivals=(*about.rivals, *_coordination_said.apart(next((b for b in beside if b.counts), beside[0]))) if about else (),
        calibration=_coordination_said.calibrated(found),
        figures=figures(made),
        notes=_coordination_said.notes(found, untested, beside) + (about.notes if about else ()),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _reduce(corpus: Corpus, params: Params) -> list[Acts]:
    """Gather the acts asked for: each kind by itself, one kind, or all as one."""
    kinds = present(corpus)
    if params.object == "auto":
        return [without_authors(reduce(corpus, kind)) for kind in kinds if kind in ALONE]
    if params.object == "any":
        return [pooled([without_authors(reduce(corpus, kind)) for kind in kinds if kind in ALONE])]
    return [without_authors(reduce(corpus, params.object))] if params.object in KINDS else []


def _window(given: str | int) -> int | None:
    """Read the window in seconds; None to choose it. Raises BadValue for what is no whole number of seconds."""
    if str(given).strip() == "auto":
        return None
    try:
        seconds = int(str(given))
    except ValueError as error:
        raise BadValue(f"window_s is {given!r}; give a whole number of seconds such as 60, or auto") from error
    if seconds < 0:
        raise BadValue(f"window_s is {seconds}; use 0 or more")
    return seconds
