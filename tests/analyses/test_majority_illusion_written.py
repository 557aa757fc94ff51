"""Is a word's majority that among those who write, and each platform's its own?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.findings import Finding, digest
from agorascope.records import schema
from agorascope.texts import LANGUAGES, say

from .test_majority_illusion import asked, rows_of


def reposting(seed: int, share: float) -> dict[str, pa.Table]:
    """A hundred write, a share of them a tag and a word; 150 repost five of these each and write nothing of their own."""
    rng = np.random.default_rng(seed)
    bears = np.flatnonzero(rng.permutation(100) < round(100 * share)).tolist()
    posts: list[dict[str, Any]] = [
        {"post_id": f"o{i}", "account_id": f"a{i}", "kind": "original", "text": "vote now" if i in bears else "hello"}
        for i in range(100)
    ]
    posts += [
        {
            "post_id": f"r{u}-{i}",
            "account_id": f"u{u}",
            "kind": "repost",
            "ref_account_id": f"a{i}",
            "repost_of": "?",
            "text": "vote",
        }
        for u in range(150)
        for i in rng.choice(100, 5, replace=False).tolist()
    ]
    return rows_of(posts=posts, post_objects=[{"post_id": f"o{i}", "kind": "hashtag", "value": "vote"} for i in bears])


def keys(finding: Finding) -> set[str]:
    """Give the short names of the notes."""
    return {note.key.rsplit(".", 1)[1] for note in finding.notes}


@pytest.mark.parametrize("attribute", ["hashtag:vote", "word:vote"])
def test_a_majority_of_those_who_write_is_one(attribute: str) -> None:
    """Seventy of a hundred who write bear it, 28 % of all: a majority in fact, whose base is told in the claim and a note."""
    finding = asked(reposting(1, 0.7), attribute=attribute, direction="seen")
    assert ("not_found", "majority") == (finding.verdict, finding.grade)
    assert "borne by 70% of the 100 accounts that write, among 250 with a tie" in say(finding.claim, "en")
    assert "70 % des 100 comptes qui écrivent sur 250 comptes liés" in say(finding.claim, "fr").replace("\u202f", " ").replace(
        "\u00a0", " "
    )
    assert {"n": 100, "all": 250} == next(n for n in finding.notes if n.key == "majority_illusion.note.writers").args


def test_hashtags_that_differ_by_accents_are_noted() -> None:
    """Thirty of a hundred write `vote`, all others `voté`, who count as not bearing it: a note says so."""
    rows = reposting(1, 0.3)
    bear = {row["post_id"] for row in rows["post_objects"].to_pylist()}
    more = [{"platform": "x", "post_id": f"o{i}", "kind": "hashtag", "value": "voté"} for i in range(100) if f"o{i}" not in bear]
    objects = pa.concat_tables([rows["post_objects"], pa.Table.from_pylist(more, schema("post_objects"))])
    finding = asked(rows | {"post_objects": objects}, attribute="hashtag:VOTE", direction="seen")
    note = next(n for n in finding.notes if n.key == "majority_illusion.note.spelt")
    assert all("#voté" in say(note, lang) for lang in LANGUAGES)
    assert "#VOTE by accents only are other hashtags here: #voté (in 70 posts)" in say(note, "en")
    assert digest(finding)
    assert "spelt" not in keys(asked(rows, attribute="hashtag:vote", direction="seen"))


def test_a_tag_of_whoever_writes_stays_quiet() -> None:
    """Forty of a hundred who write bear it, whoever they are: one alarm in ten at most, the share among those who write is told."""
    found = [asked(reposting(seed, 0.4), attribute="hashtag:vote", direction="seen") for seed in range(10)]
    assert sum(one.verdict == "found" for one in found) <= 1
    assert {0.4} == {one.tables["without"].to_pylist()[0]["bearing_share"] for one in found}


def test_what_is_seen_of_those_who_write_nothing_is_left_out() -> None:
    """Each sees two bearers, one other who writes and three who write nothing: two of the three that count."""
    edges = [{"network": "n", "source": f"u{i}", "target": t} for i in range(40) for t in ("y0", "y1", "n0", "s0", "s1", "s2")]
    edges += [{"network": "n", "source": f"z{i}", "target": t} for i in range(5) for t in (f"y{i}", f"n{i}", f"n{i + 5}")]
    posts = [
        {"post_id": f"{k}{i}", "account_id": f"{k}{i}", "kind": "original", "text": k}
        for k, n in (("y", 5), ("n", 10))
        for i in range(n)
    ]
    posts += [{"post_id": f"s{i}", "account_id": f"s{i}", "kind": "repost", "text": "y"} for i in range(3)]
    finding = asked(rows_of(edges=edges, posts=posts), attribute="word:y", direction="seen", weigh="plain")
    assert (40 / 45, 5 / 15) == pytest.approx(
        (finding.units[0]["deceived_share"], finding.tables["without"].to_pylist()[0]["bearing_share"])
    )


def test_all_who_write_leave_no_others() -> None:
    """Everybody who writes bears it: the others needed are others who write."""
    finding = asked(reposting(1, 1.0), attribute="hashtag:vote", direction="seen")
    assert ("bearers", "majority_illusion.claim.others_written_none") == (finding.gate, finding.claim.key)
    assert all("250" not in say(finding.claim, lang) for lang in LANGUAGES)


def on_platforms(seed: int, *shares: tuple[str, int, float], seen: str = "") -> dict[str, pa.Table]:
    """Networks that no tie joins, one on each platform, where each reads six accounts and a share bears it, whoever they are.

    On the platform ``seen`` everybody reads all bearers besides.
    """
    rng = np.random.default_rng(seed)
    edges, groups = [], []
    for name, accounts, share in shares:
        edges += [
            {"platform": name, "network": "n", "source": f"{name}{i}", "target": f"{name}{j}"}
            for i in range(accounts)
            for j in rng.choice(accounts, 6, replace=False).tolist()
        ]
        bears = rng.permutation(accounts)[: round(share * accounts)].tolist()
        groups += [{"platform": name, "account_id": f"{name}{i}", "group_name": "bearers"} for i in bears]
        ends = [(i, j) for i in range(accounts) for j in bears if name == seen]
        edges += [{"platform": name, "network": "n", "source": f"{name}{i}", "target": f"{name}{j}"} for i, j in ends]
    return {"edges": pa.Table.from_pylist(edges, schema("edges")), "groups": pa.Table.from_pylist(groups, schema("groups"))}


def test_a_majority_on_the_own_platform_is_one() -> None:
    """Of 100 on x 80 % bear it, of 300 elsewhere 10 %: those on x see a majority in fact, and are counted apart."""
    finding = asked(on_platforms(1, ("m", 300, 0.1), ("x", 100, 0.8)), direction="seen")
    assert ("not_found", 300) == (finding.verdict, finding.claim.args["viewers"])
    told = {n.key.rsplit(".", 1)[1]: n for n in finding.notes}
    assert "m 10% of 300 and x 80% of 100" in say(told["platforms"], "en")
    assert "100 viewers are not counted" in say(told["real"], "en")
    assert digest(finding)  # every number of a note is plain, so that the finding can be written
    assert "100 spectateurs ne sont pas comptés" in say(told["real"], "fr")
    assert not {"platforms", "real"} & keys(asked(on_platforms(1, ("m", 300, 0.1)), direction="seen"))


def test_it_is_dealt_within_platforms() -> None:
    """Of 150 on x 45 % bear it, of 450 elsewhere 5 %, whoever they are there: one alarm in ten at most, all viewers are asked.

    So it is where 80 % of 400 on x bear it, and 300 are asked.
    """
    for m, x, viewers in ((("m", 450, 0.05), ("x", 150, 0.45), 600), (("m", 300, 0.3), ("x", 400, 0.8), 300)):
        found = [asked(on_platforms(seed, m, x), direction="seen") for seed in range(10)]
        assert sum(one.verdict == "found" for one in found) <= 1
        assert {viewers} == {one.claim.args["viewers"] for one in found}


def test_viewers_of_a_minority_may_be_too_few() -> None:
    """Without those on x, where it is a majority, 80 viewers are enough and 25 too few, whatever most of all accounts bear."""
    finding = asked(on_platforms(1, ("m", 20, 0.0), ("o", 60, 0.1), ("x", 40, 0.9)), direction="seen")
    assert ("not_found", 80) == (finding.verdict, finding.claim.args["viewers"])
    for others in (24, 100):
        few = asked(on_platforms(1, ("m", 25, 0.2), ("x", others, 0.9)), direction="seen")
        assert ("viewers", "majority_illusion.claim.viewers_apart", 25) == (few.gate, few.claim.key, few.claim.args["n"])


@pytest.mark.parametrize(("share", "key"), [(0.04, "bearers_apart"), (0.0, "bearers_apart_none")])
def test_bearers_where_it_is_a_majority_are_not_enough(share: float, key: str) -> None:
    """Of 80 bearers on x none is asked about: three or none of fifty elsewhere are too few."""
    few = asked(on_platforms(1, ("m", 50, share), ("x", 100, 0.8)), direction="seen")
    assert ("bearers", f"majority_illusion.claim.{key}", 50 * share) == (few.gate, few.claim.key, few.claim.args["n"])
    assert all("80" not in say(few.claim, lang) for lang in LANGUAGES)


@pytest.mark.parametrize("others", [0, 100, 400])
def test_an_illusion_on_one_platform_is_found_whatever_most_of_all_bear(others: int) -> None:
    """Of 200 on m 15 % bear it and all see them: no number of others on x, of whom 80 % bear it, makes that impossible."""
    shares = [("m", 200, 0.15), *([("x", others, 0.8)] if others else [])]
    finding = asked(on_platforms(1, *shares, seen="m"), direction="seen")
    assert ("found", "visibility", 200, 200) == (finding.verdict, finding.grade, *(finding.claim.args[n] for n in ("viewers", "n")))
    assert ({"bearers"}, 1.0) == ({u["of"] for u in finding.units}, finding.units[0]["deceived_share"])
    assert (0.15, 0.15) == (finding.claim.args["bearing"], finding.tables["without"].to_pylist()[0]["bearing_share"])
    assert ("real" in keys(finding)) == bool(others)
    told = [say(finding.claim, lang).replace("\u202f", " ").replace("\u00a0", " ") for lang in LANGUAGES]
    where = {"borne by 15% of the 200 accounts with a tie on platforms where it is no majority, yet"} | {
        "15 % des 200 comptes liés des plateformes sans majorité réelle le portent"
    }
    assert {sum(one in text for text in told) for one in where} == {int(others > 0)}


def test_a_majority_of_those_who_write_elsewhere_hides_nothing() -> None:
    """Of a hundred who write on x 95 % bear a tag, on m 20 %: those on m are asked about, and the base is theirs in the claim."""
    there, elsewhere = reposting(1, 0.2), reposting(2, 0.95)
    moved = {name: [row | {"platform": "m"} for row in one.to_pylist()] for name, one in there.items()}
    rows = {name: pa.Table.from_pylist(moved[name] + one.to_pylist(), schema(name)) for name, one in elsewhere.items()}
    finding, alone = (asked(one, attribute="hashtag:vote", direction="seen") for one in (rows, there))
    assert finding.units[0]["deceived_share"] == alone.units[0]["deceived_share"]
    assert alone.claim.args["bearing"] == finding.claim.args["bearing"] == 0.2
    told = say(finding.claim, "en")
    assert "20% of the 100 accounts that write, among 250 with a tie on platforms where it is no majority" in told
    told = say(finding.claim, "fr").replace("\u202f", " ").replace("\u00a0", " ")
    assert "20 % des 100 comptes qui écrivent sur 250 comptes liés des plateformes sans majorité réelle" in told
    assert finding.calibration == alone.calibration


def test_a_majority_is_one_where_it_is_on_every_platform() -> None:
    """On both platforms most bear it: a majority in fact; camps are held against the share among all, wherever they are."""
    finding = asked(on_platforms(1, ("m", 200, 0.6), ("x", 100, 0.8)), direction="seen")
    assert ("not_found", "majority", None) == (finding.verdict, finding.grade, finding.effect)
    assert ("majority_illusion.base.tied", 300) == (finding.claim.args["base"]["key"], finding.claim.args["n"])
    assert "real" not in keys(finding)
    split = asked(on_platforms(1, ("m", 200, 0.2), ("x", 100, 0.8)), direction="seen", groups="bearers")
    assert {0.4} == {round(row["actual_share"], 9) for row in split.tables["camps"].to_pylist()}
    assert 0.2 == split.claim.args["bearing"]


def test_platforms_where_nothing_is_seen_are_not_asked() -> None:
    """On o, where ties weigh nothing, few of 300 bear it; on x most do: a majority where anything is seen, and said to be that."""
    rows = on_platforms(1, ("o", 300, 0.1), ("x", 100, 0.8))
    weighed = [row | {"weight": float(row["platform"] == "x")} for row in rows["edges"].to_pylist()]
    finding = asked(rows | {"edges": pa.Table.from_pylist(weighed, schema("edges"))}, direction="seen")
    assert ("majority", 0.8, 100) == (finding.grade, finding.claim.args["bearing"], finding.claim.args["n"])
    assert "80% of the 100 accounts with a tie on platforms where anything is seen" in say(finding.claim, "en")
