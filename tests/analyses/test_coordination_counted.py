"""Does `coordination` say which networks count, how near their acts are and what may explain them?"""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import _coordination_said, coordination
from agorascope.analyses._coordination_apart import Apart, counts
from agorascope.analyses.coordination import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import message, say

from .said import said
from .test_coordination_told import DAY_S, ORDERED, acts, asked, corpus, two


def test_accounts_say_whether_their_network_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that may be a community apart does not count; of an account in none, nothing counts."""
    rows = asked(monkeypatch, "undecided", "disfavoured").tables["accounts"].to_pylist()
    assert {("n1", False), ("n2", True), (None, False)} == {(r["network"], r["counted"]) for r in rows}
    assert 8 == sum(r["counted"] for r in rows)


def test_networks_beyond_those_asked_do_not_count() -> None:
    """Whether a network is a community apart is asked of the largest; the others do not count."""
    assert [True, False, False] == counts([Apart("n1", 0.1, 0.9, 0.1, gaps=ORDERED), Apart("n2", 0.9, 0.1, 0.1)], 3)


def test_an_account_in_no_network_is_below_no_level() -> None:
    """Four accounts that act together are too few for a network: their q-values are 1, their p-values what they were."""
    finding = run(corpus([r for r in acts("x", 1, people=300) if r[1] not in {f"s{k}" for k in range(4, 8)}]), Params(window_s=60))
    rows = finding.tables["accounts"].to_pylist()
    few = [r for r in rows if r["account_id"].startswith("s")]
    assert [4] == [n.args["n"] for n in finding.notes if n.key == "coordination.note.smaller"]
    assert [(1.0, False)] * 4 == [(r["q_value"], r["counted"]) for r in few]
    assert all(r["p_value"] < 0.001 for r in few)
    for one in (finding, two()):
        assert all(r["in_network"] for r in one.tables["accounts"].to_pylist() if r["q_value"] <= 0.05)


@pytest.mark.parametrize("compat", ["none", "coortweet"])
def test_a_window_longer_than_the_data_is_refused(compat: Any) -> None:
    """Everybody is together within thirty days of ten: what was seen and what to do is said."""
    with pytest.raises(BadValue, match=r"window_s is 2592000, but all acts lie within \d+ seconds.* use less, or auto"):
        run(corpus(acts("x", 1)), Params(window_s=2_592_000, compat=compat))


@pytest.mark.parametrize(("lang", "near"), [
    ("en", "shared objects within 1 minute of each other"), ("fr", "objets partagés à 1\u00a0minute d’écart au plus"),
])  # fmt: skip
def test_the_claim_says_the_window(lang: str, near: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is found, it is said within which time accounts act together; nothing is at the same time."""
    quiet = run(corpus([r for r in acts("x", 1) if r[1].startswith("u")]), Params(window_s=60))
    for finding in (two(), quiet, asked(monkeypatch, "favoured", "favoured")):
        assert near in say(finding.claim, lang)
        assert "same time" not in say(finding.claim, "en")


def test_each_behaviour_has_its_own_window() -> None:
    """Of several behaviours each is named with its window: those that tie the networks told of, or else all tested."""
    found: Any = SimpleNamespace(kinds=["repost", "text", "url"], windows=[300, 3_600, 60])
    both = _coordination_said.within(found, [{"behaviours": ["repost"]}, {"behaviours": ["text"]}])
    assert [300, 3_600] == [one.args["window"] for one in both]
    assert [300, 3_600, 60] == [one.args["window"] for one in _coordination_said.within(found, [])]
    pairs = [{"key": one.key, "args": one.args} for one in both]
    told = message("coordination.claim.not_found", within=pairs, tested=9, acts=9, q=0.05, scope={
        "key": "coordination.scope.all", "args": {"done": []}})  # fmt: skip
    assert "(reposts within 5 minutes of each other and texts within 1 hour of each other)" in say(told, "en")
    assert "(partages à 5\u00a0minutes d’écart au plus et textes à 1\u00a0heure d’écart au plus)" in say(told, "fr")


def test_what_does_not_count_resembles_no_technique(monkeypatch: pytest.MonkeyPatch) -> None:
    """No technique of DISARM is named of a network that looks like a community apart."""
    posts = [
        {"platform": p, "post_id": f"{i}", "account_id": a, "created_at_us": at * 1_000_000, "kind": "repost", "repost_of": o}
        for i, (p, a, o, at) in enumerate(acts("x", 1) + acts("y", 2))
    ]
    told = [Apart("n1", 0.9, 0.1, 0.1), Apart("n2", 0.1, 0.9, 0.1, gaps=ORDERED)]
    monkeypatch.setattr(coordination, "apart", lambda parts, found: told)
    half = run(memory_corpus({"posts": pa.Table.from_pylist(posts, schema("posts"))}), Params(window_s=60))
    assert {"n2"} == set(half.tables["techniques"]["network"].to_pylist())
    assert [True, False] == [not unit["techniques"] for unit in half.units]


def feeds() -> Finding:
    """Ask a crowd of readers, among whom ten desks of one paper post its front page every day, and nothing else."""
    rng = np.random.default_rng(5)
    drawn = [(f"u{rng.integers(800)}", int(rng.integers(30 * DAY_S)), f"site{rng.integers(200)}") for _ in range(10_000)]
    rows = [(a, at, f"https://{site}.example/{rng.integers(9)}", f"{site}.example") for a, at, site in drawn]
    for day in range(30):
        begun = day * DAY_S + int(rng.integers(23)) * 3_600
        rows += [(f"desk{k}", begun + int(rng.integers(40)), f"https://paper.example/{day}", "paper.example") for k in range(10)]
    key = [{"platform": "x", "post_id": f"p{i}"} for i in range(len(rows))]
    posts = [
        k | {"account_id": r[0], "created_at_us": r[1] * 1_000_000, "kind": "original"} for k, r in zip(key, rows, strict=True)
    ]
    links = [k | {"kind": kind, "value": r[n]} for k, r in zip(key, rows, strict=True) for kind, n in (("url", 2), ("domain", 3))]
    tables = {
        "posts": pa.Table.from_pylist(posts, schema("posts")),
        "post_objects": pa.Table.from_pylist(links, schema("post_objects")),
    }
    return run(memory_corpus(tables), Params(object="url", window_s=60))


def test_the_claim_names_an_innocent_explanation_that_fits() -> None:
    """Ten desks of one paper are a network that counts, and the claim says what would explain it; two squads have none."""
    finding = said(feeds())
    assert ("found", ["coordination.values.explanation.scheduled_feed"]) == (
        finding.verdict, finding.claim.args["fits"]["args"]["explanations"])  # fmt: skip
    assert "An innocent explanation fits (scheduled feed of one publisher): a person must look." in say(finding.claim, "en")
    assert "explication innocente convient (flux programmé d’un éditeur)\u00a0: une personne doit regarder" in say(
        finding.claim, "fr"
    )
    assert "No innocent explanation of what is counted could be checked with these data." in say(two().claim, "en")
