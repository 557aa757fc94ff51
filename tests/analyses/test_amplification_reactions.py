"""A break that everybody shares is dated and blamed on nobody: the introduction of Facebook's Reactions, on all pages at once."""

import json
from collections.abc import Callable
from pathlib import Path

from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.records import Panel, to_arrow
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.null import DAY_US, START_US
from tests.commands import type_in

from .said import said

FILE = "amplification/buzzfeed_fb_weekly/page-engagement-by-week.csv"
FOX_NEWS = "15704546335"
PAGE = " ".join((Path(__file__).parents[2] / "docs/analyses/amplification.md").read_text("utf-8").split())


def test_a_break_of_all_pages_is_dated_and_not_differential(shared: Callable[[str], Path], tmp_path: Path) -> None:
    """Week of 21 February 2016: dated on all pages within a week; the share of likes of one page moved with the others."""
    assert 0 == type_in(tmp_path, "new", "case").code
    assert 0 == type_in(tmp_path, "add", "case", str(shared(FILE))).code
    asked = ("treated=" + FOX_NEWS, "date=2016-02-21", "metric=like_share", "draws=199")
    audit = type_in(tmp_path, "run", "case", "amplification", *(word for p in asked for word in ("-p", p)), "--json")
    dated = type_in(tmp_path, "run", "case", "breaks", "-p", "series=reactions", "--json")
    (finding,), (breaks,) = (json.loads(typed.out) for typed in (audit, dated))
    assert ("not_found", "not_differential") == (finding["verdict"], finding["grade"])
    value, low, high = (finding["effect"][name] for name in ("value", "low", "high"))
    assert low < 1 < high
    assert f"{value:.2f} times that of the others (95 % interval {low:.2f} to {high:.2f})" in PAGE
    first = next(unit for unit in breaks["units"] if unit["scope"] == "all")
    assert "2016-02-14" <= first["at_low"] <= "2016-02-21" <= first["at_high"] <= "2016-02-28"


def reactions(*, only: str = "") -> Finding:
    """Audit account a0 of 30, all of which get reactions beside likes from week 30 on, or ``only`` one of them."""
    rows = []
    for a in range(30):
        for week in range(60):
            other = (20 + (7 * a + 3 * week) % 11) * (week >= 30 and only in ("", f"a{a}"))
            sums = {"posts": 10, "likes": 100 + (5 * a + week) % 7, "reactions_love": other}
            rows += [Panel("x", f"a{a}", START_US + week * 7 * DAY_US, 7 * DAY_US, name, float(v)) for name, v in sums.items()]
    corpus = memory_corpus({"panels": to_arrow("panels", rows)})
    finding = said(run(corpus, Params(treated="a0", metric="like_share", date="2024-07-29", draws=199)))
    assert finding.evidence_total == corpus.query(finding.evidence_query).num_rows == 60
    return finding


def test_the_share_of_likes_of_one_account_is_told_from_that_of_all() -> None:
    """Reactions for everybody: not differential; for one account only: its share falls to a fifth less, and is found."""
    assert "not_differential" == reactions().grade
    alone = reactions(only="a0")
    assert alone.effect is not None
    assert ("found", True) == (alone.verdict, 0.7 < (alone.effect.value or 0) < 0.9)
