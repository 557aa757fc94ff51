"""Are the numbers of the worked example those of the data?"""

from collections.abc import Callable
from pathlib import Path

from tests.test_docs import script


def test_the_page_is_what_the_data_give(shared: Callable[[str], Path]) -> None:
    """Every number between marks is written anew from the study's panel."""
    made = script("make_worked")
    folder = shared(f"{made.STUDY}/weekly_panel.csv").parent
    page = made.PAGE.read_text("utf-8")
    assert made.filled(page, made.parts(folder)) == page, "run: AGORASCOPE_SHARED=... python scripts/make_worked.py"
