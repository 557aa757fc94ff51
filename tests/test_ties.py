"""Are ties between accounts read as the case holds them, from posts and from networks, and accounts found by their names?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.errors import BadValue
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.ties import NOWHERE, SEVERAL, Ties, belonging, counting, held, named, positions, read, untied

POSTS = [
    {"post_id": "1", "account_id": "ana", "kind": "original"},
    {"post_id": "2", "account_id": "bob", "kind": "repost", "repost_of": "1"},
    {"post_id": "3", "account_id": "bob", "kind": "repost", "repost_of": "9", "ref_account_id": "ana"},
    {"post_id": "4", "account_id": "cyd", "kind": "reply", "reply_to": "2"},
    {"post_id": "5", "account_id": "cyd", "kind": "repost", "repost_of": "nobody knows"},
]
MENTIONS = [{"post_id": "1", "kind": "mention", "value": value} for value in ("BobH", "stranger")]
ACCOUNTS = [{"account_id": "bob", "handle": "bobh"}, {"account_id": "ana", "handle": "AnaH"}]
EDGES = [
    {"network": "given", "layer": layer, "source": a, "target": b}
    for layer, a, b in (("follow", "ana", "bob"), ("follow", "bob", "cyd"), ("like", "ana", "cyd"), ("like", "ana", "bob"))
]


def corpus(**tables: list[dict[str, Any]]) -> Corpus:
    """Put rows into tables, on platform x unless they say otherwise."""
    return memory_corpus(
        {name: pa.Table.from_pylist([{"platform": "x"} | row for row in rows], schema(name)) for name, rows in tables.items()}
    )


def pairs(ties: Ties | None) -> set[tuple[str, str, float]]:
    """List the ties by name and weight."""
    assert ties is not None
    return {
        (ties.account[s], ties.account[t], w)
        for s, t, w in zip(ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), strict=True)
    }


def test_acts_become_ties_where_the_target_is_known() -> None:
    """Reposts add up, by the post's author or the account named; an unknown target makes no tie; a handle is its account's."""
    case = corpus(posts=POSTS, post_objects=MENTIONS, accounts=ACCOUNTS)
    assert {("bob", "ana", 2.0)} == pairs(read(case, layer="repost"))
    assert {("cyd", "bob", 1.0)} == pairs(read(case, layer="reply"))
    assert {("ana", "bob", 1.0), ("ana", "stranger", 1.0)} == pairs(read(case, layer="mention"))
    with pytest.raises(BadValue, match=r"'quote', of which .* layers here are: repost, reply, mention; networks here are: none"):
        read(case, layer="quote")
    assert {("repost", ""): 1, ("reply", ""): 1, ("mention", ""): 2} == held(case)


def test_a_network_is_read_by_name_by_layer_or_for_its_size() -> None:
    """Layers add up unless one is named; without a word the layer with most ties is taken."""
    case = corpus(posts=POSTS, edges=EDGES)
    assert {("ana", "bob", 2.0), ("bob", "cyd", 1.0), ("ana", "cyd", 1.0)} == pairs(read(case, network="given"))
    assert {("ana", "bob", 1.0), ("bob", "cyd", 1.0)} == pairs(read(case, layer="follow"))
    chosen = read(case)
    assert chosen is not None
    assert ("given", "", ["reply", "repost"]) == (chosen.name, chosen.layer, chosen.others)
    assert 3 == case.query(counting(chosen))["ties"][0].as_py()


@pytest.mark.parametrize(("asked", "said"), [
    ({"network": "none"}, "networks here are: given, other"), ({"network": "given", "layer": "x"}, "follow, like"),
    ({"layer": "x"}, "layers here are: reply, follow, like; networks here are: given, other"),
    ({"network": "x"}, "layers here are: reply, follow, like; networks here are: given, other"),
    ({"layer": "like"}, "several networks: name one with network, of: given, other"),
])  # fmt: skip
def test_what_nobody_has_is_refused_with_what_there_is(asked: dict[str, str], said: str) -> None:
    """An unknown network or layer, or one of several networks, is refused with the known ones."""
    other = {"network": "other", "layer": "like", "source": "ana", "target": "bob"}
    with pytest.raises(BadValue, match=said):
        read(corpus(posts=[POSTS[3] | {"ref_account_id": "ana"}], edges=[*EDGES, other]), **asked)


def test_registrations_are_no_ties() -> None:
    """What accounts were registered with is not a network of accounts."""
    assert read(corpus(edges=[{"network": "registrations", "layer": "domain", "source": "ana", "target": "a.org"}])) is None


def test_accounts_are_found_by_id_handle_and_without_platform() -> None:
    """An id on its platform, an id without one, a handle; others are nowhere."""
    case = corpus(edges=EDGES, accounts=ACCOUNTS)
    ties = read(case, network="given")
    assert ties is not None
    found = positions(case, ties, ["x", "unknown", "x", "unknown", "y"], ["ana", "bob", "anah", "bobh", "ana"])
    assert ["ana", "bob", "ana", "bob"] == [ties.account[i] for i in found[:4].tolist()]
    assert NOWHERE == found[4]


def test_accounts_without_a_tie_are_counted_once_whatever_they_are_called() -> None:
    """Known by a post, a profile, a group, by handle or without a platform: one account; those with a tie are not counted."""
    groups = [{"account_id": "eve", "group_name": "g"}, {"account_id": "eve", "group_name": "h"}]
    groups += [{"platform": "unknown", "account_id": a, "group_name": "g"} for a in ("eve", "danh", "bobh", "cyd", "fay")]
    accounts = [*ACCOUNTS, {"account_id": "dan", "handle": "DanH"}]
    case = corpus(posts=[{"post_id": "7", "account_id": "dan"}], accounts=accounts, groups=groups, edges=EDGES)
    ties = read(case, network="given")
    assert ties is not None
    assert 3 == untied(case, ties.platform, ties.account)  # dan, eve, fay
    assert 0 == untied(corpus(edges=EDGES), ties.platform, ties.account)


def test_an_account_of_two_groups_belongs_to_none() -> None:
    """One group, the same twice, two, none."""
    where, label = np.array([0, 1, 1, 2, 2, -1]), np.array([1, 0, 0, 0, 1, 1])
    assert [1, 0, SEVERAL, NOWHERE] == belonging(where, label, 4).tolist()
    groups = [{"account_id": a, "group_name": g} for a, g in (("ana", "l"), ("bob", "r"), ("bob", "z"))]
    case = corpus(edges=EDGES, groups=groups)
    ties = read(case, network="given")
    assert ties is not None
    assert (["l", "r"], [0, 1, NOWHERE]) == (named(case, ties, "l, r")[1], named(case, ties, "l, r")[0].tolist())
    with pytest.raises(BadValue, match="groups are: l, r, z"):
        named(case, ties, "nobody")
