"""What would the corpus look like without the networks: which rankings, trends and shares would be different, and by how much?

One row of ``units`` is one ranking (reposted posts, accounts reposted, tags, addresses, sites): how many places of its top lists,
of the whole and of every day or week, would be held by others without the posts of the members of the networks, with the range
obtained when a share ``q`` of them is put back, what taking away as many other accounts, as active, would change, and the object
that falls most. The effect is the share of the places of all top lists that would be held by others; 0 means that no list changes.
``found`` means that the networks change more than other accounts of like activity do, at ``alpha``. All posts of members are left
out; beside it, only those behind the ties of the networks.

The acts on the objects in reach of a list are held in memory, about 150 bytes each.

Limits: it says what the counts would be without these posts, not what people would have done without them: no cause is measured.
Source: permutation within strata, Good 2005, doi:10.1007/b138696, section 3.7. What we changed: see ``stats.without``.
"""

from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import pyarrow.compute as pc

from agorascope.errors import BadValue
from agorascope.findings import Finding, insufficient, with_numbers
from agorascope.stats.rounding import settle
from agorascope.stats.without import ranking, strata
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _counterfactual_said, _counterfactual_tables
from ._counterfactual_estimate import List, compare, exact
from ._counterfactual_reduce import RANKINGS, Acts, Ints, Posted, acts, behind, member_positions, posted, width

EXAMPLE = "agorascope run my-case counterfactual -p network=n1"
REQUIRES = (("posts",),)
NEEDS = ("coordination",)
LIMITS = tuple(message(f"counterfactual.limits.{name}") for name in ("counts", "all_posts", "members", "selected", "capture"))
QUESTION = message("counterfactual.question")
REACH = 20
FEWEST = 5


class Params(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set which networks are left out, and which lists are looked at; ``[params]`` of its texts says what each one is."""

    network: str = "all"
    top: Annotated[int, msgspec.Meta(ge=5, le=200)] = 20
    by: Literal["auto", "day", "week"] = "auto"
    q: Annotated[float, msgspec.Meta(ge=0, lt=1)] = 0.05
    alpha: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    draws: Annotated[int, msgspec.Meta(ge=99, le=2_000)] = 200
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(corpus: Corpus, params: Params) -> Finding:
    """Count every list with and without the networks, with some members put back, and without as many others."""
    settings = msgspec.to_builtins(params)
    chosen = _members(corpus, params.network)
    if chosen is None:
        claim = message("counterfactual.claim.insufficient")
        return insufficient("counterfactual", QUESTION, claim, LIMITS, gate="networks", params=settings)
    members, networks, left_out = chosen
    if not networks:
        claim = message("counterfactual.claim.apart", n=left_out)
        return insufficient("counterfactual", QUESTION, claim, LIMITS, gate="apart", params=settings)
    width_us = width(corpus, params.by)
    everyone = posted(corpus, width_us)
    member = np.zeros(len(everyone.keys), np.bool_)
    member[member_positions(everyone, members)] = True
    ties = corpus.derived("coordination.acts")
    if ties.num_rows and "network" in ties.column_names:
        ties = ties.filter(pc.is_in(ties["network"], pc.unique(members["network"])))
    found, lists = _gather(corpus, params, everyone, np.flatnonzero(member), ties, width_us)
    if not lists:
        claim = message("counterfactual.claim.thin", least=2 * FEWEST)
        return insufficient("counterfactual", QUESTION, claim, LIMITS, gate="rankings", params=settings)
    posts, reposts = everyone.of(everyone.posts), everyone.of(everyone.reposts)
    stratum = strata(posts, (2 * reposts > posts).astype(np.int64), member)
    compared, back, others = compare(lists, member, stratum, q=params.q, draws=params.draws, seed=params.seed)
    units = _counterfactual_tables.units(found, lists, compared)
    about: dict[str, Any] = {"accounts": int(member.sum()), "networks": networks, "q": params.q}
    total = _counterfactual_tables.total(units, compared)
    holds = bool(total["changed"]) and total["p_value"] <= params.alpha
    made = _counterfactual_tables.tables(found, lists, compared, everyone, member, back, others, units)
    records, number, query = _counterfactual_said.evidence(found, lists, compared, member)
    finding = Finding(
        analysis="counterfactual",
        question=QUESTION,
        verdict="found" if holds else "not_found",
        claim=_counterfactual_said.claim(total | about, holds=holds, whole=made["shares"], width_us=width_us),
        effect=_counterfactual_said.effect(total, params.draws),
        units=tuple(units),
        evidence=records,
        evidence_total=number,
        evidence_query=query,
        limits=LIMITS,
        rivals=(
            *_counterfactual_said.rivals(total | about, params.alpha),
            _counterfactual_said.apart(corpus.derived("coordination.apart"), members),
        ),
        calibration=_counterfactual_said.calibrated(about["accounts"], int(posts.sum())),
        figures=_counterfactual_tables.figures(made, width_us),
        notes=_counterfactual_said.notes(found, lists, compared, everyone, made, width_us, left_out),
        params=settings,
        tables=made,
    )
    return with_numbers(finding, settle)


def _members(corpus: Corpus, network: str) -> tuple[Any, int, int] | None:
    """List the members of the networks asked for, and count these and those left out; None where there is none.

    ``all`` are those that ``coordination`` counts; others have to be asked for. Raises BadValue for an unknown one.
    """
    accounts = corpus.derived("coordination.accounts")
    if not accounts.num_rows:
        return None
    names = np.array([name or "" for name in accounts["network"].to_pylist()], dtype=object)
    inside = np.array(accounts["in_network"].to_pylist(), np.bool_)
    known = sorted(set(names[inside].tolist()), key=lambda name: (len(name), name))
    if not known:
        return None
    if network != "all" and network not in known:
        raise BadValue(f"network is {network!r}; use all or one of: {', '.join(known)}")
    if network != "all":
        return accounts.take(np.flatnonzero(inside & (names == network))), 1, 0
    if "counted" in accounts.column_names:
        inside &= np.array(accounts["counted"].to_pylist(), np.bool_)
    kept = len(set(names[inside].tolist()))
    return accounts.take(np.flatnonzero(inside)), kept, len(known) - kept


def _gather(
    corpus: Corpus, params: Params, everyone: Posted, members: Ints, ties: Any, width_us: int
) -> tuple[list[Acts], list[List]]:
    """Gather every ranking that has objects enough, with a reach that makes its list exact."""
    found, lists = [], []
    for name in RANKINGS:
        reach = REACH * params.top
        while True:
            one = acts(corpus, name, everyone, reach=reach, width_us=width_us)
            top = min(params.top, one.number // 2)
            if top < FEWEST:
                break
            seen = ranking(one.account, one.obj, one.piece, accounts=len(everyone.keys), objects=len(one.objects))
            tied = behind(one, ties) if ties.num_rows else np.zeros(one.obj.size, np.bool_)
            made = List(seen, top, tied[seen.own])
            if one.whole or exact(made, members, reach):
                found.append(one)
                lists.append(made)
                break
            reach *= 4
    return found, lists
