"""Into which communities do the accounts fall, beyond chance, and how large is the one a trend comes from?

One row of ``units`` is one community of ``least`` accounts or more: its suggested name, its accounts and their share of all, its
share of posts and of views, how loud it is (share of posts over share of accounts), the share of its ties that stay inside, its
conductance, the accounts between it and others, and how far it returns with another seed. Smaller communities are counted together
(``small``), and accounts without ties or in small circles too (``apart``). The effect is how far the modularity exceeds that of
random networks; 0 means no more communities than chance makes of any network. ``found`` means that it does so at ``alpha``, by a p
extrapolated from the random networks drawn and told down to "p < 0.001" only; the grade says whether the cut is ``clear`` (seeds
agree by 0.8 or more) or ``blurred``. Nobody's community is listed or published, but
of the few that many repost or are tied to.

Limits: communities are of ties in one collection, not opinions of people. See ``limits``. Source: Traag, Waltman and van Eck 2019,
doi:10.1038/s41598-019-41695-z; Monroe, Colaresi and Quinn 2008, doi:10.1093/pan/mpn018. What we changed: see ``stats.plateaus`` and
``stats.beyond``.
"""

from typing import Annotated, Any, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.findings import Evidence, Finding, insufficient, post_evidence, with_numbers
from agorascope.stats.onemore import FLOOR
from agorascope.stats.plateaus import Cut
from agorascope.stats.rounding import settle
from agorascope.tables import Corpus
from agorascope.texts import Message, message
from agorascope.ties import untied

from . import _communities_groups, _communities_notes, _communities_rivals, _communities_said, _communities_tables
from ._communities_network import Network, Tested, cut, judged, ties_of
from ._communities_parts import Parts, between, bridges, comparable, fields, loudest, parts_of, placed_parts, reposted, rows
from ._communities_reduce import Gathered, reduce
from ._communities_trend import Trend, trend_of
from ._communities_words import distinctive, names_of

EXAMPLE = "agorascope run my-case communities -p trend=hashtag:climate"
REQUIRES = (("posts",), ("edges",))
NEEDS = ("coordination",)
LIMITS = tuple(message(f"communities.limits.{n}") for n in ("ties", "opinion", "captured", "size", "words", "bridges", "persons"))
QUESTION = message("communities.question")
FEWEST = 30

Bools = npt.NDArray[np.bool_]


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set the ties, the resolution and the trend; ``[params]`` of its texts says what each one is."""

    layer: str = "auto"
    resolution: str = "auto"
    trend: str = ""
    without: Literal["", "coordination"] = ""
    least: Annotated[int, msgspec.Meta(ge=5)] = 10
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    nulls: Annotated[int, msgspec.Meta(ge=3, le=99)] = 19
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def needs(params: Params) -> bool:
    """Say whether networks of ``coordination`` are of use: only where they are to be left out."""
    return bool(params.without)


class Left(NamedTuple):
    """Hold the accounts left out (accounts,), and the network and its cut with them in it."""

    out: Bools
    made: Network
    cut: Cut


def run(corpus: Corpus, params: Params) -> Finding:
    """Look for communities in the ties asked for."""
    if params.alpha < FLOOR:
        raise BadValue(f"alpha is {params.alpha:g}, and no p below {FLOOR:g} is told of so few draws; use {FLOOR:g} or more")
    settings = msgspec.to_builtins(params)
    resolution = _resolution(params.resolution)
    gathered = _reduce(corpus, params)
    out = _coordinated(corpus, gathered) if params.without else None
    made = ties_of(gathered.layers, len(gathered.accounts), out)
    if made.nodes < max(FEWEST, 2 * params.least) or made.source.size < made.nodes - 1:
        claim = _communities_said.insufficient(made, max(FEWEST, 2 * params.least))
        return insufficient("communities", QUESTION, claim, LIMITS, gate="ties", params=settings)
    how: dict[str, Any] = {"resolution": resolution, "least": params.least, "seed": params.seed}
    against, found = judged(made, gathered.stratum, nulls=params.nulls, **how)
    parts = parts_of(found.label, made.account, len(gathered.accounts), least=params.least)
    holds = against.beyond.p_value <= params.alpha and parts.communities >= 2
    left = None
    if out is not None and out.any():
        whole = ties_of(gathered.layers, len(gathered.accounts))
        left = Left(out, whole, cut(whole, against.scans, like=made, **how))
    finding = _told(corpus, params, gathered, made, against, found, parts, left, holds=holds)
    return with_numbers(msgspec.structs.replace(finding, params=settings), settle)


def _reduce(corpus: Corpus, params: Params) -> Gathered:
    return reduce(corpus, params.layer)


def _told(
    corpus: Corpus,
    params: Params,
    gathered: Gathered,
    made: Network,
    against: Tested,
    found: Cut,
    parts: Parts,
    left: Left | None,
    *,
    holds: bool,
) -> Finding:
    """Describe the parts, and say what was found."""
    said = distinctive(corpus, gathered, parts, least=params.least)
    names = names_of(said, parts.communities)
    told = [{"community": r["community"], "name": _name(names, i)} | r for i, r in enumerate(rows(parts, gathered, made, found))]
    units = [r for r in told if r["community"].isdigit()]
    field = fields(parts, made, gathered.stratum)
    tied = between(parts, made, field)
    directed = gathered.reposts or next((layer for layer in gathered.layers if not layer.shared), None)
    trend = trend_of(corpus, gathered, parts, params.trend) if params.trend else None
    compared = _communities_said.compared(left, made, found, len(gathered.accounts), params.least) if left else []
    grouped, agreed = _communities_groups.compared(corpus, gathered, parts)
    tables = _communities_tables.tables(
        parts=told,
        map=placed_parts(parts, tied, names),
        between=tied,
        words=said,
        groups=grouped,
        influencers=reposted(parts, directed, gathered, least=params.least) if directed else [],
        bridges=bridges(parts, made, gathered, least=params.least),
        resolutions=_communities_tables.levels(found),
        layers=_communities_tables.layers(gathered),
        trend=[{"community": r["community"], "name": _name(names, i)} | r for i, r in enumerate(trend.rows)] if trend else None,
        without=compared if params.without else None,
    )
    resolution = _resolution(params.resolution) or 1.0
    loud = loudest(parts, gathered.posts, seed=params.seed) if holds else set()
    few = not holds and against.beyond.p_value <= params.alpha
    claimed = _communities_said.claim(
        units, made, against, gathered, names, parts, params.least, resolution=resolution, beyond=loud, holds=holds, few=few
    )
    sharp = found.level.agreement >= _communities_said.AGREED
    if holds and not sharp:
        claimed = _communities_said.blurred(claimed, found, parts.communities)
    unknown = untied(corpus, *(gathered.accounts[c].to_pylist() for c in ("platform", "account_id")))
    return Finding(
        analysis="communities",
        question=QUESTION,
        verdict="found" if holds else "not_found",
        grade=("clear" if sharp else "blurred") if holds else None,
        claim=_communities_said.traced(claimed, trend, names, params.trend, holds=holds, few=few),
        effect=_communities_said.effect(against),
        units=tuple(units) if holds else (),
        evidence=_evidence(trend),
        evidence_total=len(trend.posts) if trend else 0,
        limits=LIMITS,
        rivals=_communities_rivals.test(corpus, gathered, made, found, parts, compared, sought=bool(params.without)),
        calibration=_communities_said.calibrated(made, gathered),
        figures=_communities_tables.figures(tables, mapped=bool(comparable(field).any()), holds=holds),
        notes=_communities_notes.notes(
            gathered, made, against, found, parts, field, compared, params.without, unknown, params.least, holds=holds
        )
        + _communities_notes.untraced(trend)
        + (agreed if holds else ()),
        tables=tables,
    )


def _name(names: list[str | None], at: int) -> str | None:
    return names[at] if at < len(names) else None


def _evidence(trend: Trend | None) -> tuple[Evidence, ...]:
    """Point to the first posts of the trend."""
    first: list[dict[str, Any]] = [row for row in trend.posts if row["created_at_us"] is not None][:20] if trend else []
    role: Message = message("communities.evidence.first")
    return tuple(post_evidence(row, role) for row in first)


def _resolution(asked: str) -> float | None:
    if asked == "auto":
        return None
    try:
        value = float(asked)
    except ValueError:
        value = 0.0
    if not 0 < value <= 100:
        raise BadValue(f"resolution is {asked!r}; use auto, or a number above 0 such as 1")
    return value


def _coordinated(corpus: Corpus, gathered: Gathered) -> Bools:
    """Mark the accounts that are in networks of ``coordination``."""
    rows = corpus.derived("coordination.accounts")
    named = {(r["platform"], r["account_id"]) for r in rows.to_pylist() if r["in_network"]} if rows.num_rows else set()
    columns = (gathered.accounts[c].to_pylist() for c in ("platform", "account_id"))
    return np.array([key in named for key in zip(*columns, strict=True)], bool)
