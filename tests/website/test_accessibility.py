"""axe finds nothing against WCAG 2.2 AA, on every page and in every state, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.website.conftest import NewContext, Shoot
from tests.website.people import Chat, Reader

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
LANGUAGES = ("en", "zh")
SCHEMES = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _assert_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    problems = [
        (problem["id"], node["target"], node["failureSummary"])
        for problem in found.response["violations"]
        for node in problem["nodes"]
    ]
    assert problems == []


def _without_script_of_ours(page: Page) -> None:
    """Let the page stand as it is without script; axe itself needs script."""
    page.route("**/static/hbv-chat.js", lambda route: route.abort())


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages(new_context: NewContext, shoot: Shoot, language: str, scheme: str) -> None:
    page = new_context(language, color_scheme=scheme).new_page()
    for name, path in {
        "clinic": "/",
        "chat": "/chat",
        "erase": "/chat/erase",
    }.items():
        page.goto(f"{path}?lang={language}")
        if name != "erase":
            expect(page.locator("hbv-chat").get_by_role("button").first).to_be_visible()
        shoot(page, f"page-{name}-{language}-{scheme}")
        _assert_accessible(page)
    page.goto("/chat/erase")
    page.locator("form button").click()
    expect(page.locator("form")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    shoot(page, f"page-erased-{language}-{scheme}")
    _assert_accessible(page)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_without_script_and_the_page_of_a_problem(
    new_context: NewContext, shoot: Shoot, language: str, scheme: str
) -> None:
    page = new_context(language, color_scheme=scheme).new_page()
    _without_script_of_ours(page)
    reader = Reader(page, language)
    _assert_accessible(page)
    reader.asks_to_the_end()
    _assert_accessible(page)

    reader.says("/")
    expect(page.locator("textarea")).to_have_count(0)
    shoot(page, f"page-problem-{language}-{scheme}")
    _assert_accessible(page)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_states_of_the_chat(
    new_context: NewContext, shoot: Shoot, language: str, scheme: str
) -> None:
    page = new_context(language, color_scheme=scheme).new_page()
    page.goto(f"/?lang={language}")
    page.locator("hbv-chat .launcher").click()
    chat = Chat(page, language)
    _assert_accessible(page)

    chat.asks_to_the_end()
    chat.goal.first.locator("summary").first.click()
    _assert_accessible(page)

    chat.root.locator(".menu").evaluate("node => node.previousSibling.lastChild.click()")
    chat.root.locator(".menu button").last.click()
    expect(chat.root.locator(".confirm")).to_be_visible()
    shoot(page, f"panel-confirm-{language}-{scheme}")
    _assert_accessible(page)

    chat.root.locator(".confirm button").last.click()
    expect(chat.messages).to_have_count(0)
    shoot(page, f"panel-erased-{language}-{scheme}")
    _assert_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_larger_text_and_danger(new_context: NewContext, shoot: Shoot, language: str) -> None:
    page = new_context(language, width=360, height=740).new_page()
    chat = Chat.at_page(page, language)
    chat.says({"en": "I vomited blood this morning", "zh": "我早上吐血了"}[language])
    alarm = chat.root.locator(".message .care.emergency_now").first
    expect(alarm.get_by_role("heading")).to_be_visible()
    shoot(page, f"danger-360-{language}")
    _assert_accessible(page)

    chat.root.locator(".tools button").first.click()

    expect(alarm.locator(".text")).to_be_in_viewport(ratio=0.5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, f"danger-larger-360-{language}")
    _assert_accessible(page)
