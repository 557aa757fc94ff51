"""Does the page of each table source name every column it reads?"""

from pathlib import Path

import pytest

from agorascope.sources import crowdtangle, source
from agorascope.sources.names import LABELS, POST, Aliases

PAGES = Path(__file__).parents[2] / "docs" / "sources"
TOLD: dict[str, Aliases] = {
    "generic": {**POST, **LABELS},
    "crowdtangle": {**crowdtangle.FACEBOOK, **crowdtangle.INSTAGRAM},
    **{
        name: source(name).COLUMNS
        for name in (
            "panel", "shares", "graph", "registration-records", "cascades", "groups", "accounts", "counters", "events", "ratings",
            "margins", "fourcat", "minet", "talkwalker", "brandwatch",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_a_page_names_every_column_and_its_variants(name: str) -> None:
    """What is read is written down, and nothing is read that is not."""
    page = (PAGES / f"{name}.md").read_text("utf-8")
    variants = [v for said in TOLD[name].values() for v in (said.split("|") if name == "crowdtangle" else said.split())]
    assert [] == [word for word in (*TOLD[name], *variants) if f"`{word}`" not in page]
