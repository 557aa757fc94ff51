"""Does the page work in a browser: quiet, inert, readable on a phone, by keyboard, on paper?"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from agorascope import report

from . import samples

pytestmark = pytest.mark.browser
Opened = Callable[..., tuple[Any, list[str]]]


def _page(lang: str = "en") -> str:
    return report.html(samples.all_findings(), lang=lang, case=samples.case_view(samples.HOSTILE))


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_quiet_and_fits(open_page: Opened, width: int, scheme: str, lang: str) -> None:
    """Nothing is logged, asked for or popped up by a page full of hostile text, and nothing sticks out at the side."""
    page, said = open_page(_page(lang), width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert page.locator(".chart canvas").count() == 5
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page: Opened, scheme: str) -> None:
    """The accessibility checker axe reports nothing serious or critical with every detail open."""
    checker = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed").Axe()
    page, _ = open_page(_page("fr"), scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    faults = checker.run(page).response["violations"]
    assert [(f["id"], f["nodes"][0]["html"][:120]) for f in faults if f["impact"] in ("serious", "critical")] == []


def test_a_chart_can_be_walked_with_the_keyboard(open_page: Opened) -> None:
    """The right arrow shows the first point in words, in the page's locale."""
    page, _ = open_page(_page("fr"))
    page.locator("[data-chart='sample-daily']").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".tip-head").wait_for()
    shown = page.locator(".tip").inner_text().replace("\n", " ")
    assert shown.startswith("1er juillet 2024")
    assert "[330\u202f; 470]" in shown


def test_the_tooltip_shows_a_hostile_name_as_text(open_page: Opened) -> None:
    """A series named by a hostile text makes no element in the tooltip."""
    page, said = open_page(_page())
    page.locator("[data-chart='sample-platforms']").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".tip-head").wait_for()
    assert "</script><script>" in page.locator(".tip").inner_text()
    assert page.locator(".tip script, .tip img, .tip svg, .tip style").count() == 0
    assert said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_tables_of_long_texts_hide_no_column(open_page: Opened, width: int) -> None:
    """On a phone their rows are cards, each cell under the name of its column, and few are not cut; on a screen not."""
    page, _ = open_page(_page("fr"), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    tables = page.locator(".stacked")
    assert tables.count() > 0
    assert page.evaluate("[...document.querySelectorAll('.stacked')].filter((t) => t.scrollWidth > t.clientWidth).length") == 0
    assert page.evaluate("[...document.querySelectorAll('.few')].filter((t) => t.scrollHeight > t.clientHeight + 1).length") == 0
    cell = tables.first.locator("tbody td").first
    shown = cell.evaluate("(c) => [getComputedStyle(c).display, getComputedStyle(c, '::before').content]")
    assert shown == (["block", f'"{cell.get_attribute("data-l")}"'] if width == 390 else ["table-cell", "none"])


def test_a_table_sorts_by_value_and_back(open_page: Opened) -> None:
    """A click sorts, a second turns round, a third restores the order; the state is announced."""
    page, _ = open_page(_page())
    head = page.locator("#sample-top th", has_text="posts")
    first = page.locator("#sample-top tbody tr td.num").first
    seen = []
    for _ in range(3):
        head.locator("button").click()
        seen.append((head.get_attribute("aria-sort"), first.inner_text()))
    assert seen == [("ascending", "411"), ("descending", "812"), ("none", "812")]


def test_the_button_switches_the_theme(open_page: Opened) -> None:
    """One press turns a light page dark."""
    page, _ = open_page(_page())
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (before, after) == ("rgb(253, 252, 249)", "rgb(21, 23, 26)")


def test_the_page_prints(open_page: Opened) -> None:
    """Printing a dark page gives a PDF and leaves the page as it was, details closed again."""
    page, said = open_page(_page(), scheme="dark")
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.locator("details[open]").count() == 0
    assert said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_no_header_is_many_times_taller_than_its_words(open_page: Opened, width: int) -> None:
    """The tallest header of a row makes all of them tall: long names get the room to stand on three lines or so."""
    heads = ["n", "m", "shown_to_be_not_known_at_all", "a_name_of_a_column_that_goes_on_for_as_long_as_a_sentence_does"]
    row = dict.fromkeys(heads, 1) | {f"x{i}": 1 for i in range(20)}
    finding = msgspec.structs.replace(samples.all_findings()[0], units=(row,))
    page, _ = open_page(report.html([finding], lang="en", case=samples.case_view()), width=width)
    heights = page.evaluate("[...document.querySelectorAll('thead')].map((head) => head.getBoundingClientRect().height)")
    assert max(heights) < 90
