"""Does Markdown say what the page says, and stay text?"""

import re

import pytest

from agorascope import report
from agorascope.report.hostile import markdown_text
from agorascope.texts import say

from . import samples


def _text(lang: str = "en") -> str:
    return report.markdown(samples.all_findings(), lang=lang, case=samples.case_view(samples.HOSTILE))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_claim_question_and_limit_is_there(lang: str) -> None:
    """All four findings are told in full."""
    from agorascope.report.masking import masked

    findings = masked(samples.all_findings(), samples.case_view().name, identities=False)
    told = [say(m, lang) for f in findings for m in (f.claim, *f.limits)]
    assert [text for text in told if markdown_text(text) not in _text(lang)] == []


def test_a_hostile_post_is_text() -> None:
    """No HTML and no link is left that a Markdown renderer would obey."""
    outside_code = "\n".join(line for line in _text().splitlines() if not line.startswith("    "))
    assert re.findall(r"(?<!\\)<(?!https://x\.com/i/status/1812>)", outside_code) == []
    assert re.findall(r"(?<!\\)\]\((.*?)\)", outside_code) == ["<https://x.com/i/status/1812>"]


def test_tables_keep_their_columns() -> None:
    """Every row of a table has as many cells as its head, whatever a post holds."""
    rows = [line for line in _text().splitlines() if line.startswith("|")]
    counts = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    heads = [i for i, row in enumerate(rows) if set(row) <= set("|- :")]
    assert all(counts[i] == counts[i - 1] for i in heads)
    assert len(rows) > 40


def test_long_tables_say_what_is_missing() -> None:
    """A table of 90 rows shows 30 and names the command that gives all."""
    assert "The first 30 of 90 rows are shown. All of them: agorascope export DIR sample --to csv" in _text()
