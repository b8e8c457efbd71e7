"""One question from the first word to its cited answer, by everybody who may come."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.website.conftest import NewContext, Shoot
from tests.website.people import OPENING, Chat, Reader, Typist

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
LANGUAGES = ("en", "zh")
SMALLEST_TARGET = 44


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_mouse(new_context: NewContext, shoot: Shoot, language: str) -> None:
    page = new_context(language).new_page()
    chat = Chat.at_page(page, language)
    shoot(page, f"chat-empty-{language}")

    chat.asks_to_the_end()

    shoot(page, f"chat-cards-{language}")
    card = chat.goal.first
    expect(card.get_by_role("heading")).to_be_visible()
    assert card.locator("details").count() >= 2
    card.locator("summary").first.click()
    card.scroll_into_view_if_needed()
    shoot(page, f"chat-card-open-{language}")
    expect(chat.field).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keyboard_alone_in_the_panel(
    new_context: NewContext, shoot: Shoot, language: str
) -> None:
    page = new_context(language).new_page()
    page.goto(f"/?lang={language}")
    launcher = page.locator("hbv-chat .launcher")
    expect(launcher).to_be_visible()
    chat = Typist(page, language)

    chat.goes_to(launcher)
    page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    chat.asks_to_the_end()
    shoot(page, f"panel-cards-{language}")
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script(new_context: NewContext, shoot: Shoot, language: str) -> None:
    page = new_context(language, java_script_enabled=False).new_page()
    reader = Reader(page, language)
    shoot(page, f"plain-empty-{language}")

    reader.asks_to_the_end()

    reader.goal.first.scroll_into_view_if_needed()
    shoot(page, f"plain-cards-{language}")
    assert page.locator(".message.person").first.inner_text().endswith(OPENING[language])
    page.set_viewport_size({"width": 360, "height": 740})
    _assert_fits(page)
    page.locator("form.write").scroll_into_view_if_needed()
    shoot(page, f"plain-360-{language}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    shoot(page, f"plain-print-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_narrow_telephone(new_context: NewContext, shoot: Shoot, language: str) -> None:
    page = new_context(
        language, width=360, height=740, has_touch=True, color_scheme="dark"
    ).new_page()
    page.goto(f"/?lang={language}")
    shoot(page, f"clinic-360-{language}")
    _assert_fits(page)
    page.locator("hbv-chat .launcher").tap()
    chat = Chat(page, language)
    shoot(page, f"panel-empty-360-{language}")

    chat.asks_to_the_end()

    _assert_fits(page)
    shoot(page, f"panel-cards-360-{language}")
    page.goto("/chat")
    expect(Chat(page).goal.first).to_be_attached()
    _assert_fits(page)
    shoot(page, f"chat-360-{language}")


def _assert_fits(page: Page) -> None:
    """Nothing is wider than the window, and every target can be met by a finger."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    controls = page.locator(":is(button, summary, a, textarea, label.tick):visible")
    for control in controls.all():
        box = control.bounding_box()
        if box is None or control.evaluate("node => !!node.closest('p, .skip')"):
            continue
        assert box["height"] >= SMALLEST_TARGET - 0.5, control.inner_text()
        assert box["x"] >= -1, control.inner_text()
        assert box["x"] + box["width"] <= 361, control.inner_text()
