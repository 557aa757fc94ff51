"""Does `coordination` say what it counts, what it could not use or test, and which posts it rests on, platform by platform?"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import coordination
from agorascope.analyses._coordination_apart import Apart
from agorascope.analyses.coordination import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding, outcome
from agorascope.records import schema
from agorascope.report.masking import pseudonymise
from agorascope.stats.stragglers import Gaps
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, catalogue, say

DAY_S = 86_400
Row = tuple[str, str, str, int]


def acts(platform: str, seed: int, step_s: int = 1, people: int = 80) -> list[Row]:
    """Draw acts (platform, account, object, second) of people over ten days, and of eight that share twelve objects."""
    rng = np.random.default_rng(seed)
    ends = (people, people // 2, 10 * DAY_S)
    drawn = zip(*(rng.integers(0, end, people * 11 + 20).tolist() for end in ends), strict=True)
    rows = [(platform, f"u{a}", f"o{o}", int(at)) for a, o, at in drawn]
    for k in range(12):
        start = int(rng.integers(0, 10 * DAY_S))
        rows += [(platform, f"s{i}", f"o{k}", start + int(rng.integers(0, 20))) for i in range(8)]
    return [(p, a, f"{p} {o}", at // step_s * step_s) for p, a, o, at in rows]


def corpus(rows: list[Row], *, text: bool = False, more: list[dict[str, Any]] | None = None) -> Any:
    """Hold acts as posts that share an object, or that write it out as a text."""
    posts = [
        {"platform": p, "post_id": f"{i}", "account_id": a, "created_at_us": at * 1_000_000, "kind": "original"}
        | ({"text": " ".join(sha256(f"{o} {k}".encode()).hexdigest()[:8] for k in range(9))} if text else {})
        for i, (p, a, o, at) in enumerate(rows)
    ]
    objects = [] if text else [
        {"platform": p, "post_id": f"{i}", "kind": "share", "value": o} for i, (p, _, o, _) in enumerate(rows)]  # fmt: skip
    for i, one in enumerate(more or []):
        posts.append({"platform": "x", "post_id": f"more{i}", "kind": "original"} | one)
        objects.append({"platform": "x", "post_id": f"more{i}", "kind": "share", "value": "x o1"})
    tables = {"posts": pa.Table.from_pylist(posts, schema("posts"))}
    return memory_corpus(tables | {"post_objects": pa.Table.from_pylist(objects, schema("post_objects"))})


@cache
def two() -> Finding:
    """Ask of two platforms whose accounts have the same ids."""
    return run(corpus(acts("x", 1) + acts("y", 2)), Params(window_s=60))


def test_one_id_on_two_platforms_is_two_accounts() -> None:
    """Two squads with the same ids are two networks; every tie says on which platforms its ends are."""
    edges = two().tables["edges"].to_pylist()
    where = {(a["platform"], a["account_id"]): a["network"] for a in two().tables["accounts"].to_pylist()}
    assert [8, 8] == [u["accounts"] for u in two().units]
    assert {("x", "x"), ("y", "y")} == {(e["source_platform"], e["target_platform"]) for e in edges}
    assert all(e["network"] == where[e[f"{end}_platform"], e[end]] for e in edges for end in ("source", "target"))


def test_the_rule_of_other_tools_tells_platforms_too() -> None:
    """With compat, edges and accounts bear their platforms as well."""
    tables = run(corpus(acts("x", 1) + acts("y", 2)), Params(compat="cnt", window_s=60)).tables
    assert {("x", "x"), ("y", "y")} == {(e["source_platform"], e["target_platform"]) for e in tables["edges"].to_pylist()}
    assert {"x", "y"} == set(tables["accounts"]["platform"].to_pylist())


@pytest.mark.parametrize("text", [False, True])
def test_the_query_gives_the_posts_of_members_on_the_object(text: bool) -> None:
    """It gives acts of the largest network on one object, all of them, and nobody else's, on their own platform."""
    rows = acts("x", 1) + acts("y", 2)
    held = corpus(rows, text=text)
    finding = run(held, Params(window_s=60, object="text" if text else "share"))
    given = {(r["platform"], r["post_id"]) for r in held.query(finding.evidence_query).to_pylist()}
    listed = [r for r in finding.tables["acts"].to_pylist() if r["network"] == "n1"]
    objects = {r["object"] for r in listed if (r["platform"], r["post_id"]) in given}
    assert 1 == len(objects)
    assert given == {(r["platform"], r["post_id"]) for r in listed if r["object"] in objects}


def test_a_query_names_nobody_in_what_is_shared() -> None:
    """Ids of posts that hold their author's are masked in the query, also those of posts that are no evidence."""
    query = "SELECT * FROM posts WHERE post_id IN ('at://did:plc:abc123/app.bsky.feed.post/3k', 'https://m.example/@ann/1')"
    shown = pseudonymise(msgspec.structs.replace(two(), evidence=(), evidence_query=query), lambda account: f"<{account[-6:]}>")
    assert "at://<abc123>/app" in shown.evidence_query
    assert "ann" not in shown.evidence_query


def test_acts_without_account_or_time_are_counted() -> None:
    """Three of 999 posts cannot be used: the finding says so in its table and in a note, whatever its verdict."""
    more = [{"account_id": "u1"}, {"created_at_us": 5_000_000}, {}]
    finding = run(corpus(acts("x", 1), more=more), Params(window_s=60))
    assert [3] == finding.tables["tested"]["unused"].to_pylist()
    assert [3] == [n.args["n"] for n in finding.notes if n.key == "coordination.note.unused"]
    few = run(corpus([("x", "u1", "o", 1)], more=more), Params())
    assert ("insufficient", [3]) == (few.verdict, [n.args["n"] for n in few.notes if n.key == "coordination.note.unused"])
    rule = run(corpus(acts("x", 1), more=more), Params(compat="cnt", window_s=60))
    assert [3] == [n.args["n"] for n in rule.notes]


@pytest.mark.parametrize("compat", ["none", "coortweet", "cnt"])
def test_a_window_finer_than_the_times_is_refused(compat: Any) -> None:
    """Ten seconds are not to be told where times are minutes: what was seen and what to do is said; a minute is fine."""
    minutes = corpus(acts("x", 1, step_s=60))
    with pytest.raises(BadValue, match=r"window_s is 10, but .* whole steps of 60 seconds; use 60 or more, or auto"):
        run(minutes, Params(window_s=10, compat=compat))
    assert 60 == run(minutes, Params(window_s=60, compat=compat)).params["window_s"]


def test_a_behaviour_with_coarser_times_is_left_out() -> None:
    """Where one behaviour's times can tell the window, the other is named as not tested."""
    said = "a text that is long enough to be told from others by what it says, whoever writes it"
    rows = acts("x", 1)
    more = [{"account_id": f"u{i}", "created_at_us": 60_000_000 * i, "text": said} for i in range(30)]
    finding = run(corpus(rows, more=more), Params(window_s=10))
    assert [("coordination.values.behaviour.text", 60)] == [
        (n.args["behaviour"], n.args["step"]) for n in finding.notes if n.key == "coordination.note.coarse"
    ]


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "Tested: shared objects; not tested, so that nothing is said of them: reposts, addresses, sequences of tags, texts, "),
    ("fr", "Testés\u00a0: objets partagés\u00a0; non testés, si bien que rien n’en est dit\u00a0: partages, adresses, "),
])  # fmt: skip
def test_the_claim_says_what_was_not_tested(lang: str, said: str) -> None:
    """Behaviours without data are named in the claim, and why in a note, in both languages."""
    assert said in say(two().claim, lang)
    assert "coordination.note.absent" in {n.key for n in two().notes}
    quiet = run(corpus([r for r in acts("x", 1) if r[1].startswith("u")]), Params(window_s=60, object="share"))
    assert ("not_found", True) == (quiet.verdict, said in say(quiet.claim, lang))
    assert "coordination.note.unasked" in {n.key for n in quiet.notes}


ORDERED = Gaps(20, 0.98, 0.95, 0.99)


def asked(patch: pytest.MonkeyPatch, *statuses: str) -> Finding:
    """Ask again where the rival ``apart`` says this of the two networks."""
    told: dict[str, Callable[[str], Apart]] = {
        "favoured": lambda name: Apart(name, 0.9, 0.1, 0.1),
        "disfavoured": lambda name: Apart(name, 0.1, 0.9, 0.1, gaps=ORDERED),
        "open": lambda name: Apart(name, 0.1, 0.9, 0.1, gaps=Gaps(90, 0.95, 0.9, 0.97)),
        "at_once": lambda name: Apart(name, 0.1, 0.9, 0.1, gaps=Gaps(9, 0.6, 0.5, 0.7, 0.9, 0.8)),
        "reacting": lambda name: Apart(name, 0.1, 0.9, 0.1, gaps=Gaps(90, 0.8, 0.75, 0.85)),
        "undecided": lambda name: Apart(name, 0.1, 0.1, 0.1),
    }
    patch.setattr(coordination, "apart", lambda parts, found: [told[s](f"n{i + 1}") for i, s in enumerate(statuses)])
    return run(corpus(acts("x", 1) + acts("y", 2)), Params(window_s=60))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_community_apart_is_not_counted(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """Of two networks the one with objects of its own is shown beside the headline, which counts the other's accounts alone."""
    finding = asked(monkeypatch, "favoured", "disfavoured")
    assert ("found", 8.0, None) == (finding.verdict, finding.effect and finding.effect.value, finding.grade)
    assert ["favoured", "disfavoured"] == [u["apart"] for u in finding.units]
    network = dict(zip(*(finding.tables["acts"][c].to_pylist() for c in ("post_id", "network")), strict=True))
    assert ("n2", f"'{finding.evidence[0].id}'" in finding.evidence_query) == (network[finding.evidence[0].id], True)
    assert (8, 1, 1) == (finding.claim.args["n"], finding.claim.args["networks"], finding.claim.args["apart"]["args"]["n"])
    said = {"en": "Besides, 1 network of 8 accounts may be innocent", "fr": "1 autre réseau, de 8 comptes, peut être innocent"}
    assert said[lang] in say(finding.claim, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_communities_apart_alone_are_not_identified(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """Where every network looks like a community apart, or may be one, nothing is found, and the claim says why."""
    finding = asked(monkeypatch, "favoured", "undecided")
    assert ("insufficient", "not_identified", "apart", None) == (finding.verdict, finding.grade, finding.gate, finding.effect)
    assert 2 == len(finding.units)
    assert say(finding.claim, lang).startswith({"en": "Not identified: 16 accounts", "fr": "Non identifié\u00a0: 16 comptes"}[lang])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_who_react_each_for_themselves_are_not_counted(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """A network more punctual than others, but with stragglers, is shown, not counted; claim and note say why."""
    finding = asked(monkeypatch, "reacting", "favoured")
    assert ("insufficient", "not_identified", "apart", None) == (finding.verdict, finding.grade, finding.gate, finding.effect)
    assert [("disfavoured", "favoured", False), ("favoured", "undecided", False)] == [
        (u["apart"], u["reacting"], u["counted"]) for u in finding.units
    ]
    claim = say(finding.claim, lang)
    assert {"en": "1 leaves stragglers", "fr": "1 a des retardataires"}[lang] in claim
    assert {"en": "1 may be a community", "fr": "1 peut être une communauté"}[lang] in claim
    assert [["n1"]] == [note.args["networks"] for note in finding.notes if note.key == "coordination.note.reacting"]
    assert ("reacting", "favoured", 0.8) == (finding.rivals[-1].name, finding.rivals[-1].status, finding.rivals[-1].statistic)


def test_what_cannot_be_told_is_not_said_to_leave_stragglers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network whose share may lie on either side is open: claim and note say so, and nothing of stragglers it leaves."""
    finding = asked(monkeypatch, "open", "open")
    claim = say(finding.claim, "en")
    assert "each of the 2 networks they form may be innocent: 2 cannot be told from people who react each for themselves." in claim
    assert "chacun des 2 réseaux qu’ils forment peut être innocent" in say(finding.claim, "fr")
    assert [["n1", "n2"]] == [note.args["networks"] for note in finding.notes if note.key == "coordination.note.open"]
    assert "coordination.note.reacting" not in {note.key for note in finding.notes}


def test_a_rival_says_by_what_it_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is there in the same seconds leaves stragglers and counts: the share shown is that of the same seconds."""
    finding = asked(monkeypatch, "at_once", "at_once")
    assert ("found", 0.9, 0.8) == (finding.verdict, finding.rivals[-1].statistic, finding.rivals[-1].low)
    assert "same seconds" in say(finding.rivals[-1].statement, "en")


def test_rivals_are_those_of_the_first_network_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the largest does not count, the rivals and what they are measured by are the next one's."""
    finding = asked(monkeypatch, "reacting", "disfavoured")
    status = {rival.name: (rival.status, rival.statistic) for rival in finding.rivals}
    assert (("disfavoured", 9.0), ("disfavoured", 0.98)) == (status["apart"], status["reacting"])


def test_networks_not_apart_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both count where neither may be a community apart."""
    finding = asked(monkeypatch, "disfavoured", "disfavoured")
    assert ("found", 16.0) == (finding.verdict, finding.effect and finding.effect.value)
    assert {"n": 2} == finding.claim.args["apart"]["args"]


@pytest.mark.parametrize(("lang", "word"), [("en", "Not identified"), ("fr", "Non identifié")])
def test_a_report_does_not_call_data_insufficient_that_show_a_network(
    monkeypatch: pytest.MonkeyPatch, lang: str, word: str
) -> None:
    """What was seen and cannot be named is headed so, and not as if nothing could be tested."""
    assert "not_identified" == outcome(asked(monkeypatch, "favoured", "open"))
    assert ("found", "not_found") == (outcome(two()), outcome(run(corpus([r for r in acts("x", 1) if r[1][0] == "u"]), Params())))
    assert catalogue(lang)["report.verdict.not_identified"] == word
