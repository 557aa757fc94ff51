"""Give the tests the shared reference data, wherever this checkout lies."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Find a file of the reference data; skip where there is none at all, fail where only this file is missing."""
    named = os.environ.get("AGORASCOPE_SHARED")
    root = Path(named) if named else _BESIDE

    def find(path: str) -> Path:
        if not root.is_dir():
            pytest.skip("reference data not here: set AGORASCOPE_SHARED to its folder")
        file = root / path
        assert file.exists(), f"reference data is here but lacks {path}"
        return file

    return find


@pytest.fixture(scope="session", autouse=True)
def _no_language_of_mine() -> Iterator[None]:
    """Keep the language a developer set for the command line away from the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AGORASCOPE_LANG", raising=False)
        yield


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo as a person does, once: its case, every finding, its report."""
    from tests.commands import type_in

    place = tmp_path_factory.mktemp("desk")
    typed = type_in(place, "demo", "demo")
    assert typed.code == 0, typed.err
    return place / "demo"
