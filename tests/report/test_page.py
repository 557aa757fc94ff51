"""Is the page self-contained, complete in both languages, and inert whatever a post holds?"""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from agorascope import report
from agorascope.report import charts
from agorascope.report.cells import word
from agorascope.report.outline import again
from tests.test_texts import ENGLISH

from . import samples


class Outline(HTMLParser):
    """Collect the elements, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.blocks: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.blocks else ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a block."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Note a text."""
        (self.blocks[self._inside] if self._inside else self.texts).append(data)


def _page(lang: str = "en", **options: bool) -> str:
    return report.html(samples.all_findings(), lang=lang, case=samples.case_view(samples.HOSTILE), **options)


def _tags(post: str) -> list[tuple[str, list[str]]]:
    """List the elements and attribute names of a page whose evidence, labels and case title hold ``post``."""
    finding = samples.burst()
    evidence = tuple(msgspec.structs.replace(e, text=post, permalink=None) for e in finding.evidence)
    page = report.html([msgspec.structs.replace(finding, evidence=evidence)], lang="en", case=samples.case_view(post))
    return [(tag, sorted(attributes)) for tag, attributes in Outline(page).elements]


def test_a_hostile_post_makes_no_element_and_no_attribute() -> None:
    """The page has the same elements with a hostile post as with a harmless one."""
    assert _tags("harmless") == _tags(samples.HOSTILE)


def test_a_hostile_post_is_shown_as_it_was_written() -> None:
    """The words of the post are there to be read, its direction override made visible, its mention masked."""
    shown = "".join(Outline(_page()).texts)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in shown
    assert "⟨RLO⟩gnp.exe" in shown
    assert "\u202e" not in shown


def test_the_page_carries_no_direction_override_anywhere() -> None:
    """No character that turns the reading direction round is left, not even in the chart's data."""
    assert re.search("[\u202a-\u202e\u2066-\u2069]", _page()) is None


def test_only_web_addresses_become_links() -> None:
    """A javascript: permalink is no link; a web address is one, without referrer."""
    links = [a for tag, a in Outline(_page()).elements if tag == "a" and not (a["href"] or "").startswith("#")]
    assert [a["href"] for a in links] == ["https://x.com/i/status/1812"]
    assert links[0]["rel"] == "noopener noreferrer nofollow"


def test_the_page_loads_nothing() -> None:
    """No element names an outside address to load from."""
    loading = {"src", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href"}
    named = [a for tag, a in Outline(_page()).elements if loading & set(a) or (tag == "link" and a.get("href") != "data:,")]
    assert named == []
    assert "url(" not in Outline(_page()).blocks["style"][0]


def test_the_policy_allows_our_script_and_style_only() -> None:
    """The hashes of the policy are those of the one script and the one style of the page."""
    outline = Outline(_page())
    policy = next(a["content"] for tag, a in outline.elements if tag == "meta" and a.get("http-equiv"))
    program, style = outline.blocks["script"][-1], outline.blocks["style"][0]
    hashes = ["sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (program, style)]
    assert re.findall(r"'(sha256-[^']+)'", policy or "") == hashes
    assert "unsafe" not in (policy or "")


def test_the_data_of_the_charts_cannot_end_its_script_element() -> None:
    """The data block is JSON without a single angle bracket."""
    data = Outline(_page()).blocks["script"][0]
    assert set(json.loads(data)["charts"]) == {f"sample-{name}" for name in ("daily", "platforms", "change", "ages", "accounts")}
    assert not set("<>&\u2028\u2029") & set(data)


def test_the_same_findings_give_the_same_bytes() -> None:
    """Two renderings are equal, in whatever order the findings come."""
    assert _page() == report.html(samples.all_findings()[::-1], lang="en", case=samples.case_view(samples.HOSTILE))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_strongest_finding_comes_first_and_the_gate_before_all(lang: str) -> None:
    """Sections stand in the order: summary, gate, found, insufficient, not found, case."""
    sections = [a["id"] for tag, a in Outline(_page(lang)).elements if tag == "section"]
    assert sections == ["summary", "gate", "sample", "poor", "quiet", "case"]


def test_every_anchor_leads_somewhere() -> None:
    """Each link within the page names an id that is there, and no id is there twice."""
    elements = Outline(_page()).elements
    ids = [a["id"] for _, a in elements if "id" in a]
    wanted = {(a["href"] or "")[1:] for tag, a in elements if tag == "a" and (a["href"] or "").startswith("#")}
    assert wanted <= set(ids)
    assert len(ids) == len(set(ids))


def test_numbers_and_dates_are_in_locale_form() -> None:
    """French shows 56 184, 39,2 % and 10 août 2024; English 56,184, 39.2% and 10 August 2024."""
    english, french = ("".join(Outline(_page(lang)).texts).replace("\u00a0", "\u202f") for lang in ("en", "fr"))
    assert all(text in english for text in ("56,184", "39.2%", "×2.31", "10 August 2024", "−1.2 to 2.1"))
    assert all(text in french for text in ("56\u202f184", "39,2\u202f%", "×2,31", "10 août 2024", "de −1,2 à 2,1"))
    assert "56,184" not in french


def test_a_report_without_findings_says_so() -> None:
    """An empty list of findings gives a page, not a fault."""
    page = "".join(Outline(report.html([], lang="en", case=samples.case_view())).texts)
    assert "No analysis has been run on this case yet." in page


def test_the_page_is_light() -> None:
    """Without its charts' library the page of four findings stays under 200 kB, with it under 900 kB."""
    assert len(_page().encode()) < 900_000
    assert len(_page().encode()) - len(Outline(_page()).blocks["script"][-1]) < 200_000


def test_the_checks_of_the_gate_are_a_list() -> None:
    """Faults and warnings are told once with what follows; what is in order or not checked is named."""
    page = report.html([samples.gate()], lang="fr", case=samples.case_view())
    shown = " ".join("".join(Outline(page).texts).split())
    assert "own counter" in shown
    assert shown.count("Conséquence. les changements avant cette date ne peuvent être jugés") == 2
    assert "non vérifié groups groups les compteurs des comptes" in shown


def test_no_english_stop_word_is_on_a_french_page() -> None:
    """Headings, tables, sentences and notes of a French page hold no word that only English has."""
    finding = samples.burst()
    evidence = tuple(msgspec.structs.replace(e, text="Bonjour") for e in finding.evidence)
    tables = {name: table for name, table in finding.tables.items() if name in ("daily", "ages", "top")}
    figures = tuple(figure for figure in finding.figures if figure.table in tables)
    calm = msgspec.structs.replace(finding, evidence=evidence, tables=tables, figures=figures, evidence_query="")
    page = report.html(
        [calm, samples.quiet(), samples.poor()], lang="fr", case=samples.case_view("Tram", files=(), events=(), quarantine=())
    )
    said = re.sub(r"agorascope export .*", "", "".join(Outline(page).texts).casefold())
    words = re.findall(r"[^\W\d_]+", said)
    assert sorted(set(words) & ENGLISH) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_findings_older_than_the_rows_are_said_to_be(lang: str) -> None:
    """A report of findings made before rows were added warns at its top; one made of the rows as they are does not."""
    finding = samples.burst()
    made = finding.provenance.corpus_digest
    command = f"agorascope run {word('report.words.folder', lang)} {finding.analysis}"
    stale = word("report.summary.stale", lang, n=1, names=[finding.analysis], commands=[command])
    assert stale in Outline(report.html([finding], lang=lang, case=samples.case_view(corpus_digest="0" * 64))).texts
    assert stale not in Outline(report.html([finding], lang=lang, case=samples.case_view(corpus_digest=made))).texts


def test_what_runs_older_findings_again_names_the_parameters_they_need() -> None:
    """An analysis that would not run without a parameter has a command of its own, with its name and no value."""
    finding = samples.burst()
    view = samples.case_view(corpus_digest="0" * 64, needs={finding.analysis: ("attribute",)})
    page = Outline(report.html([finding], lang="en", case=view)).texts
    assert any(f"(agorascope run DIR {finding.analysis} -p attribute=…)" in text for text in page)
    assert ["agorascope run c a b", "agorascope run c d -p x=… -p y=…"] == again("c", "abd", {"d": ("x", "y")}, others="a b")


def test_the_json_report_names_the_findings_older_than_the_rows() -> None:
    """A program that reads the JSON is told what a person is told; nothing is stale where the digests agree."""
    finding = samples.burst()
    for digest, names in (("0" * 64, [finding.analysis]), (finding.provenance.corpus_digest, [])):
        case = json.loads(report.json_report([finding], lang="fr", case=samples.case_view(corpus_digest=digest)))["case"]
        assert case["stale"] == names
        assert case["stale_text"].endswith("(agorascope run DOSSIER sample), puis le rapport.") == bool(names)


@pytest.mark.parametrize(
    ("created", "said"), [("2026-11-25", "25 November 2026"), ("2026-11-22T03:00:00+00:00", "22 November 2026, 03:00 UTC")]
)
def test_a_case_of_which_only_the_date_is_known_is_given_no_hour(created: str, said: str) -> None:
    """The line on the case's making says the date alone where nothing more is known."""
    shown = Outline(report.html([], lang="en", case=samples.case_view(created=created))).texts
    assert f"Case created: {said}" in [text.strip() for text in shown]


def test_an_event_that_no_time_line_reaches_is_said_to_be_outside() -> None:
    """The list of events tells which of them no chart shows; where there is no chart of time, it does not."""
    case = samples.case_view(events=[(samples.START + samples.DAY, "inside"), (samples.START + 900 * samples.DAY, "later")])
    shown = [text.strip() for text in Outline(report.html([samples.burst()], lang="en", case=case)).texts]
    assert "inside" in shown
    assert "later (outside the time of the data: on no time line)" in shown
    assert "later" in [text.strip() for text in Outline(report.html([samples.quiet()], lang="en", case=case)).texts]


def test_whole_days_are_named_with_the_last_in_them() -> None:
    """A mark of one whole day is one date, of two days is the first and the second; one of no length is its own day."""
    day = samples.START // 1000

    def told(days: int) -> str:
        mark = {"letter": "A", "text": "x", "from": day, "to": day + days * charts.DAY_MS}
        return charts.explained({"marks": [mark], "events": [], "band": "", "kind": "timeline"}, "en", again=False)[0][1]

    assert "x (1 July 2024)" == told(1)
    assert "x (1 July 2024 to 2 July 2024)" == told(2)
    assert "x (1 July 2024)" == told(0)
