"""What does `bridging` say of declared groups that differ in nothing but leniency or loudness, and of tables without a vote for?"""

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses.bridging import Params, run
from agorascope.errors import BadValue
from agorascope.findings import Finding
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds.declared import DeclaredWorld, LoudWorld, make


def asked(rows: dict[str, pa.Table]) -> Finding:
    """Ask the analysis."""
    return run(memory_corpus(rows, threads=1), Params(draws=19))


def test_lenient_groups_are_no_camps_and_the_calibration_is_of_declared_ones() -> None:
    """Groups 1.2 logits apart that meet other items are not announced; the rate told is that of such worlds."""
    found = [asked(make(DeclaredWorld(lenient=0.6, selective=0.6), seed)) for seed in range(6)]
    assert sum(f.effect is not None and f.effect.p_value <= 0.05 for f in found) <= 2
    assert all((f.calibration.cell or "").startswith("declared-") for f in found)


def test_loud_groups_are_no_camps_and_their_posts_score_what_chance_gives() -> None:
    """Accounts of 25 and of 3 reposts pass on the same posts: no camps, and scores lie at those without camps."""
    found = [asked(make(LoudWorld(), seed)) for seed in range(6)]
    assert sum(f.effect is not None and f.effect.p_value <= 0.05 for f in found) <= 2
    assert abs(np.mean([u["score"] - u["chance"] for f in found for u in f.units])) < 0.01
    assert {"acts-25/3"} == {f.calibration.cell for f in found}


def test_a_pass_is_no_approval_where_nobody_agreed() -> None:
    """Votes of -1 and 0 only approve of nothing, and a note says so; a vote for makes the middle the same 0."""
    rng = np.random.default_rng(3)
    against = rng.random((60, 20)) < rng.uniform(0.3, 0.8, 20)
    votes = [
        {"platform": "x", "rater": f"v{r}", "item": f"i{i}", "value": -1.0 if against[r, i] else 0.0}
        for r in range(60)
        for i in range(20)
    ]
    members = [{"platform": "x", "account_id": f"v{r}", "group_name": f"g{r % 2}"} for r in range(60)]
    groups = pa.Table.from_pylist(members, schema("groups"))
    finding = asked({"ratings": pa.Table.from_pylist(votes, schema("ratings")), "groups": groups})
    assert ("not_found", {0.0}) == (finding.verdict, {u["approved_share"] for u in finding.units})
    claim = say(finding.claim, "en")
    assert "nobody approved of any of 20 items" in claim
    assert "declared groups" in claim
    note = next(n for n in finding.notes if n.key == "bridging.note.passes")
    assert all(say(note, lang) for lang in LANGUAGES)
    one_for = asked({"ratings": pa.Table.from_pylist([votes[0] | {"value": 1.0}, *votes[1:]], schema("ratings")), "groups": groups})
    assert 0.0 == next(n for n in one_for.notes if n.key == "bridging.note.middle").args["middle"]
    assert 1 == sum(u["approved_share"] > 0 for u in one_for.units)


def test_acts_are_told_of_one_platform_and_the_others_counted() -> None:
    """On each of two platforms accounts follow popularity alone, sides of other sizes: no camps; the smaller platform is noted."""
    alarms = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        posts, groups = [], []
        for name, left, right in (("x", 90, 60), ("mastodon", 50, 80)):
            popular = rng.gamma(1, 1, 40)
            for at in range(left + right):
                groups.append({"platform": name, "account_id": f"a{at}", "group_name": "left" if at < left else "right"})
                chosen = rng.choice(40, 6, replace=False, p=popular / popular.sum()).tolist()
                own = {"platform": name, "account_id": f"a{at}", "kind": "repost"}
                posts += [own | {"post_id": f"r{at}.{i}", "repost_of": f"p{i}"} for i in chosen]
            posts += [{"platform": name, "post_id": f"p{i}", "account_id": "author", "kind": "original"} for i in range(40)]
        made = {n: pa.Table.from_pylist(r, schema(n)) for n, r in (("posts", posts), ("groups", groups))}
        told = asked(made)
        note = next(n for n in told.notes if n.key == "bridging.note.elsewhere")
        assert (780, ["mastodon"], {"x"}) == (note.args["n"], note.args["names"], {u["platform"] for u in told.units})
        alarms += told.verdict == "found"
    assert alarms <= 1


def ballots(values: dict[str, list[float]], file: int = 1) -> list[dict[str, object]]:
    """Write votes by item, raters in order."""
    return [
        {"platform": "unknown", "rater": f"{name}{i}", "item": name, "value": value, "file_id": file}
        for name, given in values.items()
        for i, value in enumerate(given)
    ]


def test_camps_that_meet_nothing_in_common_are_not_compared() -> None:
    """The left votes on its own items, the right on others: insufficient, not "no camps"."""
    rng = np.random.default_rng(1)
    votes = [{"platform": "unknown", "rater": f"{side}{r}", "item": f"{side}{i}", "value": float(rng.random() < 0.5)}
             for side in "lr" for r in range(40) for i in range(12)]  # fmt: skip
    groups = [{"platform": "unknown", "account_id": f"{side}{r}", "group_name": side} for side in "lr" for r in range(40)]
    made = {n: pa.Table.from_pylist(r, schema(n)) for n, r in (("ratings", votes), ("groups", groups))}
    told = asked(made)
    assert ("insufficient", "items", "bridging.claim.unmet") == (told.verdict, told.gate, told.claim.key)


def test_votes_and_a_scale_in_one_case_are_refused() -> None:
    """A file of votes beside one of stars: neither is read on the scale of the other."""
    files = (ballots({"a": [1.0, -1.0] * 20}, 1), ballots({"b": [2.0, 5.0] * 20}, 2))
    parts = [pa.Table.from_pylist(rows, schema("ratings")).append_column("file_id", pa.array([k] * len(rows), pa.int64()))
             for k, rows in enumerate(files, 1)]  # fmt: skip
    with pytest.raises(BadValue, match="make a case of each"):
        asked({"ratings": pa.concat_tables(parts)})


def test_raters_with_a_camp_and_an_age_keep_their_camp() -> None:
    """Of groups of two variables one divides the raters, the other is named in a note: nobody is dropped for being in two."""
    rows = make(DeclaredWorld(), 1)
    camps = rows["groups"].to_pylist()
    named = [m | {"group_name": f"camp:{m['group_name']}"} for m in camps]
    ages = [m | {"group_name": f"age:{'18-34' if i % 2 else '35+'}"} for i, m in enumerate(camps[20:])]
    rows["groups"] = pa.Table.from_pylist(named + ages, schema("groups"))
    told = asked(rows)
    note = next(n for n in told.notes if n.key == "divisions.aside")
    assert all(say(note, lang) for lang in LANGUAGES)
    assert ("camp", len(camps)) == (note.args["taken"].args["name"], note.args["taken"].args["n"])
    assert ["age"] == [o.args["name"] for o in note.args["others"]]
    assert not [n for n in told.notes if n.key == "bridging.note.none_declared"]
    assert {"camp:"} == {row["camp"][:5] for row in told.tables["camps"].to_pylist()}
    by_age = run(memory_corpus(rows, threads=1), Params(draws=19, groups="age"))
    assert {"age:18-34", "age:35+"} == {row["camp"] for row in by_age.tables["camps"].to_pylist()}


def test_declared_camps_go_before_groups_made_from_the_votes() -> None:
    """A column of groups in the file of the votes, of everybody, hides no camps that a file of their own declares."""
    rows = make(DeclaredWorld(), 1)
    camps = rows["groups"].to_pylist()
    raters = sorted(set(rows["ratings"]["rater"].to_pylist()))
    platform = camps[0]["platform"]
    beside = [{"platform": platform, "account_id": r, "group_name": f"{i % 2}", "file_id": 1} for i, r in enumerate(raters)]
    named = [m | {"group_name": f"camp:{m['group_name']}", "file_id": 2} for m in camps[1:]]
    with_file = schema("groups").append(pa.field("file_id", pa.int64()))
    both = rows | {
        "groups": pa.Table.from_pylist(beside + named, with_file),
        "ratings": rows["ratings"].append_column("file_id", pa.array([1] * rows["ratings"].num_rows, pa.int64())),
    }
    assert {"camp:"} == {row["camp"][:5] for row in asked(both).tables["camps"].to_pylist()}


def test_groups_beside_the_votes_that_do_not_go_with_them_are_no_camps() -> None:
    """Two camps vote the other way on every item; a column of regions in their file has items in common, and nothing is found."""
    rng = np.random.default_rng(0)
    liked = rng.random(30) < 0.5
    camp, region = np.arange(240) % 2, np.arange(240) // 2 % 2
    value = np.where(rng.random((240, 30)) < np.where(liked == camp[:, None], 0.97, 0.35), 1.0, -1.0)
    votes = [
        {"platform": "x", "rater": f"v{r}", "item": f"i{i}", "value": value[r, i], "file_id": 1}
        for r in range(240)
        for i in range(30)
    ]
    for beside, gate in ((region, "camps"), (camp, None)):
        groups = [{"platform": "x", "account_id": f"v{r}", "group_name": f"g{beside[r]}", "file_id": 1} for r in range(240)]
        with_file = {n: schema(n).append(pa.field("file_id", pa.int64())) for n in ("ratings", "groups")}
        told = asked({n: pa.Table.from_pylist(r, with_file[n]) for n, r in (("ratings", votes), ("groups", groups))})
        assert gate == told.gate
        assert "found" != told.verdict
    assert 0 == sum(u["place"] in {"across", "across_met"} for u in told.units)
