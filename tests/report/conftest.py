"""Give the report's tests their findings, their texts and a browser."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .sentences import install_texts

FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
"""


@pytest.fixture(autouse=True)
def _texts() -> None:
    install_texts()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the system's Chromium; skip, with the reason, where there is none."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install chromium or google-chrome")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed: it is in the dev group")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., tuple[Any, list[str]]]]:
    """Open a page from a file and collect all it complains of: console lines, dialogs, errors, requests for other addresses."""
    contexts = []

    def opened(text: str, *, width: int = 1440, scheme: str = "light") -> tuple[Any, list[str]]:
        file = tmp_path / "report.html"
        file.write_text(text, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page, said = context.new_page(), []
        page.on("console", lambda line: said.append(f"console {line.type}: {line.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        return page, said

    yield opened
    for context in contexts:
        context.close()
