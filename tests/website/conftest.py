"""A browser in front of the running website."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.stack import Stack

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
# A name of another website, for what a plain address on another host does.
ELSEWHERE = "clinic.test"
_SECONDS = 30.0

NewContext = Callable[..., BrowserContext]
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the distribution; one for a module, for its loop must not meet other tests."""
    chromium = shutil.which("chromium")
    assert chromium, "make programs installs chromium"
    arguments = [
        "--no-sandbox",
        f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
        "--disable-features=LocalNetworkAccessChecks",
    ]
    expect.set_options(timeout=_SECONDS * 1000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


@pytest.fixture
def website(stack: Stack) -> str:
    return stack.addresses.website


@pytest.fixture
def new_context(browser: Browser, website: str) -> Iterator[NewContext]:
    """Return a browser of somebody's own: ``new_context(language, width=…)``."""
    made: list[BrowserContext] = []

    def make(language: str = "en", *, width: int = 1100, height: int = 800, **more: Any) -> Any:
        context = browser.new_context(
            base_url=website,
            locale="zh-CN" if language == "zh" else "en-GB",
            viewport={"width": width, "height": height},
            **more,
        )
        context.set_default_timeout(_SECONDS * 1000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def shoot() -> Shoot:
    """Keep a picture of a page, to be looked at by a person."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep
