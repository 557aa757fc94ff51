"""Is what a case holds counted, and are the questions it cannot answer told by what is missing?"""

import pytest

from agorascope.findings import message
from agorascope.report.outline import outline
from agorascope.report.unasked import unasked

from . import samples

EXCLUDED = {
    "copying": message("case.missing_tables", names=["posts"]),
    "coordination": message("case.missing_tables", names=["posts"]),
    "bridging": message("case.missing_tables", names=["ratings", "posts + groups"]),
    "majority_illusion": message("case.missing_parameter", names=["attribute"]),
}


def test_questions_that_lack_the_same_share_a_line() -> None:
    """Two that lack posts stand on one line; tables and settings are in the words of the reader, the largest group first."""
    assert unasked(EXCLUDED, {}, "en") == (
        ("Missing: posts.", "Not asked: Coordinated action and Texts lifted without credit."),
        ("A setting is missing, to be given with -p: majority_illusion.attribute.", "Not asked: Illusion of a majority."),
        ("Missing: votes and ratings or posts with group memberships.", "Not asked: Valued across camps."),
    )


def test_what_the_case_holds_is_not_missing() -> None:
    """Where posts are there, memberships of groups alone are missing beside them."""
    lacking = unasked({"bridging": EXCLUDED["bridging"]}, {"posts": 3}, "fr")
    assert lacking == (
        ("Il manque\u00a0: votes et notes ou appartenances à un groupe.", "Non posé\u00a0: Apprécié d’un camp à l’autre."),
    )


@pytest.mark.parametrize(
    ("rows", "english", "french"),
    [
        (
            {"posts": 30, "ratings": 10462},
            "asked of 10,462 votes and 30 posts and texts.",
            "à 10 462 votes et 30 messages et textes.",
        ),
        ({"ratings": 1}, "asked of 1 vote.", "à 1 vote."),
        ({"posts": 2}, "asked of 2 posts.", "à 2 messages."),
        ({"edges": 5}, "asked of 5 rows.", "à 5 lignes."),
        ({"posts": 0}, "questions asked.", "questions posées."),
    ],
)
def test_the_lead_counts_what_the_case_holds(rows: dict[str, int], english: str, french: str) -> None:
    """Votes where there are ratings, and nothing where there is no row."""
    case = samples.case_view(rows=rows)
    said = [outline(samples.all_findings(), lang=lang, case=case, identities=False).lead for lang in ("en", "fr")]
    assert said[0].endswith(english)
    assert said[1].replace("\u202f", " ").replace("\u00a0", " ").endswith(french)
