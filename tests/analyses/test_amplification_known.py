"""Does the audit reproduce what is known of real data: a study, one account, posts paid for?"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agorascope import new_case
from agorascope.texts import say

from .said import said

Shared = Callable[[str], Path]
PANEL = "amplification/graham_andrejevic_2024/weekly_panel.csv"


@cache
def study(folder: Path, file: Path, groups: Path | None = None) -> Any:
    """Make a case of the study's panel."""
    case = new_case(folder)
    case.add(file, *([groups] if groups else []))
    return case


def test_the_study_is_not_identified(shared: Shared, tmp_path: Path) -> None:
    """Musk against the nine others: x2.0, ranks 2 one-sided and 3 two-sided of ten, not identified."""
    finding = study(tmp_path / "case", shared(PANEL)).run("amplification", treated="elonmusk", date="2024-07-13")
    ranks = next(n.args for n in finding.notes if n.key.endswith("ranks"))
    assert 1.9 <= finding.effect.value <= 2.005
    assert (3, 2, 0.2, 0.3) == (ranks["plain"], ranks["one"], ranks["p_one"], ranks["p_plain"])
    assert ("insufficient", "not_identified") == (finding.verdict, finding.grade)
    assert "amplification.note.straddling" in [n.key for n in finding.notes]


def test_the_report_of_an_audit_opens_with_coverage(shared: Shared, tmp_path: Path) -> None:
    """The audit ran the coverage gate: the report shows it and does not say that it was not checked; what a user ran is kept."""
    case = study(tmp_path / "case", shared(PANEL))
    case.run("amplification", treated="elonmusk", date="2024-07-13", draws=99)
    assert "The check of the data’s coverage" not in case.report(lang="en", out=tmp_path / "report.md").read_text("utf-8")
    assert ["amplification", "coverage"] == sorted(f.analysis for f in case.findings())


def test_without_the_weeks_of_low_capture_it_is_smaller(shared: Shared, tmp_path: Path) -> None:
    """Until 29 September the ratio is about 1.3, one-sided p between 0.3 and 0.4; own trends turn the sign."""
    case = study(tmp_path / "case", shared(PANEL))
    finding = case.run("amplification", treated="elonmusk", date="2024-07-13", until="2024-09-29", trends=True)
    ranks = next(n.args for n in finding.notes if n.key.endswith("ranks"))
    assert finding.effect.value == pytest.approx(1.3, abs=0.05)
    assert 0.3 <= ranks["p_one"] <= 0.4
    assert "amplification.note.trends" in [n.key for n in finding.notes]


def test_the_published_sign_is_reversed(shared: Shared, tmp_path: Path) -> None:
    """Republican-leaning accounts without Musk against Democrat-leaning: about half, p near 0.12, of 126 choices."""
    finding = study(tmp_path / "case", shared(PANEL)).run("amplification", treated="R", controls="D", date="2024-07-13")
    assert finding.effect.value == pytest.approx(0.5, abs=0.05)
    assert 0.06 <= finding.effect.p_value <= 0.16
    assert finding.effect.p_floor == pytest.approx(1 / 126)


def test_one_account_in_two_groups_is_refused(shared: Shared, tmp_path: Path) -> None:
    """With Musk listed among the Republican-leaning accounts too, the comparison is refused."""
    groups = tmp_path / "groups.csv"
    groups.write_text("account_id,group\nelonmusk,R\n", "utf-8")
    finding = study(tmp_path / "case", shared(PANEL), groups).run("amplification", treated="R", controls="D", date="2024-07-13")
    assert ("insufficient", None, "roles") == (finding.verdict, finding.grade, finding.gate)
    assert "elonmusk" in say(finding.claim, "en")


def test_one_account_without_views_says_so(shared: Shared, tmp_path: Path) -> None:
    """The change of regime of one account is dated; without views it is not identified, and views are what is missing."""
    case = new_case(tmp_path / "case")
    case.add(shared("amplification/fivethirtyeight_twitter_ratio/realDonaldTrump.csv"))
    finding = case.run("amplification", treated="realDonaldTrump")
    dates = [np.datetime64(int(finding.units[0][k]), "us") for k in ("at_low_us", "at_high_us")]
    assert dates[0] < np.datetime64("2017-02-28")
    assert dates[1] > np.datetime64("2016-11-01")
    assert "not_identified" == finding.grade
    assert "amplification.missing.views" == finding.notes[0].key


def test_posts_paid_for_are_exposure_led(shared: Shared, tmp_path: Path) -> None:
    """The positive control: a page's posts bought reach further than like posts, and fewer of those reached engage."""
    case = new_case(tmp_path / "case")
    case.add(shared("amplification/uci_facebook_metrics/dataset_Facebook.csv"))
    finding = case.run("amplification", contrast="paid")
    assert ("found", "exposure_led") == (finding.verdict, finding.grade)
    reach, conversion = finding.units
    assert 1.35 < reach["ratio"] < 1.6
    assert 0.75 < conversion["ratio"] < 0.9
    assert conversion["p_value"] < 0.05
    page = " ".join((Path(__file__).parents[2] / "docs/analyses/amplification.md").read_text("utf-8").split())
    assert f"{reach['ratio']:.2f} times the impressions" in page
    assert f"{conversion['ratio']:.2f} times the people engaged per impression (p = {conversion['p_value']:.2f})" in page


def test_posts_not_paid_for_are_worded_as_a_fall(shared: Shared, tmp_path: Path) -> None:
    """The same posts with the label turned: as many times fewer, and worded so."""
    lines = shared("amplification/uci_facebook_metrics/dataset_Facebook.csv").read_text("utf-8").splitlines()
    column = lines[0].split(",").index("paid")
    turned = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        cells[column] = {"0": "1", "1": "0"}.get(cells[column], cells[column])
        turned.append(",".join(cells))
    file = tmp_path / "turned.csv"
    file.write_text("\n".join(turned), "utf-8")
    case = new_case(tmp_path / "case")
    case.add(file)
    finding = said(case.run("amplification", contrast="paid"))
    assert "amplification.claim.contrast_exposure_led_down" == finding.claim.key
    assert finding.units[0]["ratio"] < 1 < finding.units[1]["ratio"]
    assert "withheld" in say(finding.claim, "en")
