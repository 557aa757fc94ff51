"""Is a word's majority that among those who write, and each platform's its own?"""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from agorascope.findings import Finding
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


def on_platforms(seed: int, *shares: tuple[str, int, float]) -> dict[str, pa.Table]:
    """Networks that no tie joins, one on each platform, where each reads six accounts and a share bears it, whoever they are."""
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
    return {"edges": pa.Table.from_pylist(edges, schema("edges")), "groups": pa.Table.from_pylist(groups, schema("groups"))}


def test_a_majority_on_the_own_platform_is_one() -> None:
    """Of 100 on x 80 % bear it, of 300 elsewhere 10 %: those on x see a majority in fact, and are counted apart."""
    finding = asked(on_platforms(1, ("m", 300, 0.1), ("x", 100, 0.8)), direction="seen")
    assert ("not_found", 300) == (finding.verdict, finding.claim.args["viewers"])
    told = {n.key.rsplit(".", 1)[1]: n for n in finding.notes}
    assert "m 10% of 300 and x 80% of 100" in say(told["platforms"], "en")
    assert "100 viewers are not counted" in say(told["real"], "en")
    assert "100 spectateurs ne sont pas comptés" in say(told["real"], "fr")
    assert not {"platforms", "real"} & keys(asked(on_platforms(1, ("m", 300, 0.1)), direction="seen"))


def test_it_is_dealt_within_platforms() -> None:
    """Of 150 on x 45 % bear it, of 450 elsewhere 5 %, whoever they are there: one alarm in ten at most, all viewers are asked."""
    found = [asked(on_platforms(seed, ("m", 450, 0.05), ("x", 150, 0.45)), direction="seen") for seed in range(10)]
    assert sum(one.verdict == "found" for one in found) <= 1
    assert {600} == {one.claim.args["viewers"] for one in found}


def test_viewers_of_a_minority_may_be_too_few() -> None:
    """Without those on x, where it is a majority, 80 viewers are enough and 25 too few."""
    finding = asked(on_platforms(1, ("m", 20, 0.0), ("o", 60, 0.0), ("x", 40, 0.9)), direction="seen")
    assert "not_found" == finding.verdict
    few = asked(on_platforms(1, ("m", 25, 0.0), ("x", 24, 0.9)), direction="seen")
    assert ("viewers", "majority_illusion.claim.viewers_apart", 25) == (few.gate, few.claim.key, few.claim.args["n"])
