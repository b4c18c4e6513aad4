"""A real browser: Chromium as the machine has it, driven by Playwright, which brings none of its own here.

A package of fixtures, for tests that name them in their own `pytest_plugins` or `conftest`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ALONE = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No request but those of the page."""

Opened = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once a session, with a profile of its own that goes with it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("there is no Chromium; .ci/run installs it on Debian")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # most tests need no browser

    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*ALONE, *root])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opened]:
    """Open a published folder from the disk, `open_page(folder, fragment="", width=1200, height=900, **context)`.

    The test fails if the page wrote to the console, threw, or asked for anything that is not in its folder.
    """
    troubles: list[str] = []
    contexts = []

    def opened(folder: Path, fragment: str = "", *, width: int = 1200, height: int = 900, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
        inside = f"{folder.absolute().as_uri()}/"

        def asked(url: str) -> None:
            if not url.startswith(inside):
                troubles.append(f"request: {url}")

        page.on("request", lambda request: asked(request.url))
        page.goto(f"{inside}index.html{fragment and '#' + fragment}")
        page.wait_for_selector("html[data-drawn]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
