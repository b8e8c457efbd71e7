"""Lines break, tabs are many, pages are loaded again: what was written is there once, in order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.website.conftest import ELSEWHERE, NewContext, Shoot
from tests.website.people import OPENING, Chat

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def test_what_is_written_offline_waits_in_sight_and_is_sent_once(
    new_context: NewContext, shoot: Shoot
) -> None:
    context = new_context()
    chat = Chat.at_page(context.new_page())
    chat.says("hello")
    written = ["I am 34 years old", "I am female", "my ALT is 86 U/L"]

    context.set_offline(True)
    for text in written:
        chat.write(text)
    expect(chat.root.locator(".pending .state")).to_have_count(3)
    expect(chat.status).to_contain_text("3")
    shoot(chat.page, "offline-en")
    context.set_offline(False)

    expect(chat.root.locator(".pending")).to_have_count(0)
    expect(chat.status).not_to_contain_text("3")
    chat.wait_for_answer(3)
    stored = [m["text"] for m in chat.stored() if m["from"] == "person"]
    assert stored == ["hello", *written]
    expect(chat.own).to_have_count(4)


def test_an_acknowledgement_that_is_lost_makes_no_second_message(new_context: NewContext) -> None:
    """The same id is sent again, and the server knows it."""
    chat = Chat.at_page(new_context().new_page())
    chat.says("hello")
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch()
        lost.append(route.request.post_data_json["client_id"])
        route.abort()

    chat.page.route("**/chat/messages", lose)
    chat.says("I am 34 years old")

    expect(chat.root.locator(".pending")).to_have_count(0)
    assert len(lost) == 1
    assert [m["text"] for m in chat.stored() if m["from"] == "person"] == [
        "hello",
        "I am 34 years old",
    ]
    expect(chat.own).to_have_count(2)


def test_a_fault_is_shown_and_tried_again_when_the_person_wants(
    new_context: NewContext, shoot: Shoot
) -> None:
    chat = Chat.at_page(new_context().new_page())
    chat.says("hello")

    chat.page.route("**/chat/messages", lambda route: route.fulfill(status=500, json={}))
    chat.write("I am 34 years old")
    again = chat.own.last.get_by_role("button")
    expect(again).to_be_visible()
    shoot(chat.page, "not-sent-en")
    chat.page.unroute("**/chat/messages")
    before = chat.answers.count()
    again.click()

    chat.wait_for_answer(before)
    expect(again).to_have_count(0)
    expect(chat.field).to_be_focused()


def test_what_the_server_refuses_comes_back_to_be_written_again(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    too_long = "word " * 500

    chat.field.fill(too_long)
    expect(chat.root.locator(".count.over")).to_contain_text("500")
    chat.field.press("Enter")
    chat.own.last.get_by_role("button").click()

    expect(chat.field).to_have_value(too_long.strip())
    expect(chat.field).to_be_focused()
    expect(chat.own).to_have_count(0)


def test_two_tabs_show_the_same(new_context: NewContext) -> None:
    context = new_context()
    one = Chat.at_page(context.new_page())
    one.says(OPENING["en"])
    two = Chat.at_page(context.new_page())
    expect(two.messages).to_have_count(one.messages.count())

    before = two.answers.count()
    one.answers_the_question()
    two.wait_for_answer(before)
    two.answers_to_the_end()

    expect(one.goal.first).to_be_attached()
    expect(one.messages).to_have_count(two.messages.count())
    assert _texts(one) == _texts(two)
    live = one.messages.locator(".choices :is(button, input):not([aria-disabled=true])")
    expect(live).to_have_count(0)


def test_a_page_that_is_loaded_again_goes_on(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    chat.says(OPENING["en"])
    before = chat.answers.count()
    chat.answers_the_question()
    chat.wait_for_answer(before)
    shown = chat.messages.count()

    chat.page.reload()

    expect(chat.messages).to_have_count(shown)
    chat.answers_to_the_end()


def test_erasing_empties_every_tab_and_the_next_message_begins_anew(
    new_context: NewContext, shoot: Shoot
) -> None:
    context = new_context()
    one, two = Chat.at_page(context.new_page()), Chat.at_page(context.new_page())
    one.says("I am 34 years old")
    two.page.reload()
    expect(two.messages).not_to_have_count(0)

    one.root.get_by_role("button", name="My data").click()
    one.root.get_by_role("button", name="Erase everything").click()
    dialog = one.root.get_by_role("dialog")
    expect(dialog).to_be_visible()
    shoot(one.page, "erase-dialog-en")
    dialog.get_by_role("button").last.click()

    expect(one.messages).to_have_count(0)
    expect(two.messages).to_have_count(0)
    shoot(one.page, "erased-chat-en")
    one.says("hello")
    assert [m["text"] for m in one.stored() if m["from"] == "person"] == ["hello"]


def test_where_the_cookie_is_not_taken_the_token_goes_in_the_header(
    new_context: NewContext, website: str
) -> None:
    """A Secure cookie is refused over plain HTTP on any host but this machine."""
    page = new_context().new_page()
    page.goto(website.replace("127.0.0.1", ELSEWHERE) + "/chat")
    chat = Chat(page)

    chat.says("I am 34 years old")
    page.reload()

    expect(chat.own).to_have_count(1)
    assert page.context.cookies() == []
    kept = page.evaluate("({ ...sessionStorage })")
    assert len(kept) == 1
    assert all(re.fullmatch(r"[\w-]{32,}", token) for token in kept.values())


def _texts(chat: Chat) -> list[str]:
    """Return the texts without the state of what was sent from this tab."""
    return [re.sub(r"\n+Sent$", "", text) for text in chat.messages.all_inner_texts()]
