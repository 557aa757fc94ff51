"""Does the page work in a browser: quiet, inert, readable on a phone, by keyboard, on paper?"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from agorascope import report
from agorascope.findings import message

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
    """On a phone the rows of a table that does not fit are cards, each cell beside the name of its column; on a screen not."""
    page, _ = open_page(_page("fr"), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    tables = page.locator(".stacked")
    assert tables.count() > 0
    assert page.evaluate("[...document.querySelectorAll('.stacked')].filter((t) => t.scrollWidth > t.clientWidth).length") == 0
    assert page.evaluate("[...document.querySelectorAll('.scroller')].filter((t) => t.scrollWidth > t.clientWidth).length") == 0
    cell = tables.first.locator("tbody td:not(.wide)").first
    shown = cell.evaluate("(c) => [getComputedStyle(c).display, getComputedStyle(c, '::before').content]")
    assert shown == (["grid", f'"{cell.get_attribute("data-l")}"'] if width == 390 else ["table-cell", "none"])


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


def _units(columns: int, rows: int) -> str:
    """Write a page with one table of results: a name, an estimate with its interval, and further numbers."""
    row = {"category": "stationnement, commerces", "value": 0.123, "low": -0.101, "high": 0.145}
    row |= {f"x{i}_share": 0.5 for i in range(columns - 2)}
    finding = msgspec.structs.replace(samples.all_findings()[0], units=(row,) * rows)
    return report.html([finding], lang="fr", case=samples.case_view())


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_table_shows_whole_rows_and_says_how_many_there_are(open_page: Opened, width: int) -> None:
    """Its first rows stand whole above a fold that names the number of all; opened, all are there; on paper too."""
    page, _ = open_page(_units(4, 40), width=width)
    shown = "[...document.querySelectorAll('[id$=-units] + .scroller tbody tr')].filter((r) => r.checkVisibility()).length"
    table, fold = page.locator("[id$='-units'] + .scroller"), page.locator("[id$='-units'] + .scroller + .rest")
    assert page.evaluate(shown) == (10 if width == 1440 else 3)
    assert table.evaluate("(t) => t.scrollHeight - t.clientHeight") <= 1
    assert fold.inner_text() == "Afficher 40 lignes"
    page.emulate_media(media="print")
    assert page.evaluate(shown) == 40
    page.emulate_media(media="screen")
    fold.locator("summary").click()
    assert page.evaluate(shown) == 40


def test_a_table_of_some_rows_is_whole_on_a_screen(open_page: Opened) -> None:
    """Thirty rows are not cut and have no fold."""
    page, _ = open_page(_units(4, 30))
    assert page.locator("[id$='-units'] + .scroller").evaluate("(t) => t.scrollHeight - t.clientHeight") <= 1
    assert not page.locator("[id$='-units'] + .scroller + .rest").is_visible()


def test_many_columns_stand_in_the_page(open_page: Opened) -> None:
    """Thirteen columns fit a screen: an interval stands under its number, no word is broken before its comma."""
    page, _ = open_page(_units(13, 3))
    table = page.locator("[id$='-units'] + .scroller")
    assert table.evaluate("(t) => t.scrollWidth - t.clientWidth") == 0
    name = table.locator("td").first.evaluate(
        """(cell) => { const range = document.createRange(), text = cell.querySelector('bdi').firstChild;
        range.setStart(text, 0); range.setEnd(text, 'stationnement,'.length); return range.getClientRects().length; }"""
    )
    assert name == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_the_contents_are_folded_on_a_phone(open_page: Opened, width: int) -> None:
    """On a phone they are a closed fold above the answers, which opens; on a screen they stand beside them."""
    page, _ = open_page(_page("fr"), width=width)
    listed, fold = page.locator(".contents ol"), page.locator(".contents .fold")
    assert (listed.is_visible(), fold.is_visible()) == (width == 1440, width == 390)
    if width == 390:
        fold.locator("summary").click()
        assert listed.is_visible()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_entry_of_the_contents_is_two_lines_at_most(open_page: Opened, lang: str) -> None:
    """However long the question, which is whole where it is pointed at, and for who hears the page."""
    long = message("sample.question", what="messages, " * 30)
    findings = [msgspec.structs.replace(f, question=long) if f.analysis == "sample" else f for f in samples.all_findings()]
    page, _ = open_page(report.html(findings, lang=lang, case=samples.case_view()), width=1440)
    lines = "(a) => (a.clientHeight - 16) / parseFloat(getComputedStyle(a).lineHeight)"
    assert max(page.evaluate(f"[...document.querySelectorAll('.contents a')].map({lines})")) < 2.2
    whole = "[...document.querySelectorAll('.contents a[title]')].every((a) => a.textContent.endsWith(a.title))"
    assert page.locator(".contents a[title]").count() > 2
    assert page.evaluate(whole)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_table_of_many_columns_shows_the_first_and_names_the_others(open_page: Opened, width: int) -> None:
    """Of 24 columns as many as fit stand beside the contents; a fold names the others and shows them; so does paper."""
    page, _ = open_page(_units(24, 3), width=width)
    cells = "[...document.querySelectorAll('[id$=-units] + .scroller tbody tr:first-child td')]"
    shown = f"{cells}.filter((c) => c.checkVisibility()).length"
    table, fold = page.locator("[id$='-units'] + .scroller"), page.locator("[id$='-units'] ~ .spares").first
    first = page.evaluate(shown)
    assert 10 <= first < 24
    assert table.evaluate("(t) => t.scrollWidth - t.clientWidth") <= 0
    assert fold.inner_text().startswith(f"Afficher {24 - first} autres colonnes")
    assert all(f"x{i}" in fold.inner_text() for i in range(first - 2, 22))
    page.emulate_media(media="print")
    assert page.evaluate(shown) == 24
    page.emulate_media(media="screen")
    fold.locator("summary").click()
    assert page.evaluate(shown) == 24
