"""Does an audit say what decides where its numbers disagree, how few controls are too few, and which dates it searched?"""

from typing import Any

import numpy as np
import pytest

from agorascope.analyses.amplification import Params, run
from agorascope.findings import Finding
from agorascope.stats.placebo import choices, floor, needed
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.texts import LANGUAGES, say
from agorascope.worlds import audience, audience_tables
from agorascope.worlds.null import DAY_US, START_US

from .said import said

DATE = str(np.datetime64(START_US + 27 * 7 * DAY_US, "us").astype("datetime64[D]"))


def audit(seed: int, *, size: float = 1.4, treated: int = 1, accounts: int = 25, **params: Any) -> Finding:
    """Audit a world with a small push."""
    world = audience.AudienceWorld(accounts=accounts, treated=treated, mechanism="push", size=size)
    given = Params(**{"treated": "treated", "date": DATE} | params)
    return said(run(memory_corpus(audience_tables.panel_tables(world, seed)), given))


def notes(finding: Finding) -> dict[str, dict[str, Any]]:
    """Give the notes by the last word of their key."""
    return {n.key.rpartition(".")[2]: dict(n.args) for n in finding.notes}


@pytest.mark.parametrize(
    ("seed", "note", "grade"), [(3, "disagree_break", "no_break"), (27, "disagree_rank", None), (5, "disagree_interval", None)]
)
def test_what_decides_is_said_where_numbers_disagree(seed: int, note: str, grade: str | None) -> None:
    """Interval, rank and break disagree in these worlds: one note says which decides; where they agree there is none."""
    finding = audit(seed)
    assert [note] == [name for name in notes(finding) if name.startswith("disagree")]
    assert grade in (None, finding.grade)
    assert not any(name.startswith("disagree") for name in notes(audit(0, size=3.0)))


def test_a_small_effect_found_is_said_to_be_too_large() -> None:
    """What is found below the smallest effect seen reliably is probably exaggerated; a large one is not."""
    finding = audit(7)
    assert "found" == finding.verdict
    assert finding.effect.value < notes(finding)["too_large"]["smallest"]  # type: ignore[union-attr,operator]
    assert "too_large" not in notes(audit(0, size=3.0))


def test_a_group_has_the_range_without_one_of_it_and_names_nobody() -> None:
    """Three audited: a range that holds the factor, no account named; two have none, since it would be theirs."""
    finding = audit(1, treated=3, accounts=27, size=2.0)
    ends = notes(finding)["left_out_one"]
    assert ends["low"] <= finding.effect.value <= ends["high"]  # type: ignore[union-attr,operator]
    assert not any("a00" in say(n, "en") for n in finding.notes)
    assert "left_out_one" not in notes(audit(1, treated=2, accounts=26, size=2.0))


def test_dates_searched_are_said() -> None:
    """Of 38 weeks the first six and the last six are not searched."""
    ends = notes(audit(0, size=1.8, date=""))["dates_searched"]
    assert [6, 32] == [(ends[name] - START_US) // (7 * DAY_US) for name in ("first", "last")]


def test_a_date_that_may_be_anywhere_names_no_mechanism() -> None:
    """The interval of the date covers more than half of the new regime: found, no explanation, and why."""
    finding = audit(0, size=1.8, date="")
    assert ("found", "not_identified") == (finding.verdict, finding.grade)
    assert "unnamed_date" in notes(finding)


@pytest.mark.parametrize("treated", [1, 2, 3, 5])
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_needed_controls_are_the_fewest_that_reach_the_level(treated: int, level: float) -> None:
    """With as many the floor is at the level or below, with one fewer above it."""
    floors = []
    for others in (needed(treated, level), needed(treated, level) - 1):
        who = np.arange(treated + others) < treated
        listed, _ = choices(who, np.ones(who.size, bool), draws=5_000, rng=np.random.default_rng(0))
        floors.append(floor(listed))
    assert floors[0] <= level + 1e-9 < floors[1]


def test_few_controls_for_a_group_are_counted_for_the_group() -> None:
    """Two audited and four others: five are needed for 5 %, and not nineteen."""
    told = notes(audit(0, treated=2, accounts=6, size=2.0))
    assert (5, 5) == (told["floor"]["needed"], told["controls"]["needed"])
    strict = notes(audit(0, treated=2, accounts=6, size=2.0, alpha=0.01))
    assert (needed(2, 0.01), 0.01) == (strict["controls"]["needed"], strict["controls"]["level"])


def test_rates_measured_at_five_percent_say_nothing_of_another_level() -> None:
    """At alpha 0.05 the nearest cell is named with its rate; at 0.1 there is none."""
    told = [audit(0, size=3.0, alpha=alpha).calibration for alpha in (0.05, 0.1)]
    assert told[0].false_alarm_rate is not None
    assert ("not calibrated here", None) == (told[1].cell, told[1].false_alarm_rate)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_searched_date_is_told_as_searched_in_the_claim(lang: str) -> None:
    """The headline says that the date was searched, and between which; a date given is told as it is."""
    searched, given = audit(0, size=3.0, date=""), audit(0, size=3.0)
    ends = notes(searched)["date"]
    assert {"en": "(searched; between", "fr": "(date cherchée\xa0; entre le"}[lang] in say(searched.claim, lang)
    assert (ends["low"], ends["high"]) == tuple(searched.claim.args["since"].args[k] for k in ("low", "high"))
    assert {"en": "searched", "fr": "cherchée"}[lang] not in say(given.claim, lang)
    marked = searched.tables["dated"].to_pylist()
    assert [("date", False), ("after", True)] == [(row["label"], row["ratio"] is not None) for row in marked]


def test_no_date_is_given_where_no_step_holds() -> None:
    """A null world, the date searched: no date note, no mark, and the claim says that none can be given."""
    quiet = audit(1, size=1.0, date="")
    assert "no_break" == quiet.grade
    assert "no_date" in notes(quiet)
    assert "date" not in notes(quiet)
    assert 0 == quiet.tables["dated"].num_rows
    assert "no date can be given" in say(quiet.claim, "en")


@pytest.mark.parametrize("seed", range(6))
def test_the_interval_of_a_date_lies_where_a_step_can_be(seed: int) -> None:
    """It holds neither the first period nor any after the last date searched."""
    told = notes(audit(seed, size=1.9, date=""))
    if "date" in told:
        assert START_US < told["date"]["low"] <= told["date"]["high"] <= told["dates_searched"]["last"]


def test_both_one_sided_p_values_are_printed() -> None:
    """The rank in the direction it moved and the other way are both said."""
    told = notes(audit(0, size=1.8))["ranks"]
    assert told["p_one"] + told["p_other"] >= 1
    assert 2 == len({told["p_one"], told["p_other"]})
