"""What the element promises to the website that holds it."""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from gateway.app import create_app
from gateway.gate import Message
from gateway.settings import Settings
from gateway.words import all_words
from scripts.stack import Addresses, get
from tests.website.conftest import ELSEWHERE, ROOT, NewContext
from tests.website.people import OPENING, Chat

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
STATIC = ROOT / "gateway" / "static"
LARGEST = 20_000
NEUTRAL = "https://www.wikipedia.org/"


def test_script_and_styles_are_small() -> None:
    parts = [(STATIC / f"hbv-chat.{kind}").read_bytes() for kind in ("js", "css")]

    assert sum(len(gzip.compress(part)) for part in parts) <= LARGEST


def test_text_enters_the_page_as_text_only() -> None:
    script = (STATIC / "hbv-chat.js").read_text(encoding="utf-8")

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in script


def test_every_phrase_of_the_script_is_in_the_words() -> None:
    script = (STATIC / "hbv-chat.js").read_text(encoding="utf-8")
    named = re.findall(r'(?:say|tellStatus|button)\(\s*"(\w+)"', script)
    named += re.findall(r'\blabel\(.*?\), "(\w+)"', script)
    named += re.findall(r'setState\(\w+, "(\w+)"', script)

    assert len(named) > 30
    assert set(named) <= all_words().keys() | {"button"}


def test_nothing_is_asked_of_another_origin_and_nothing_is_kept_but_the_cookie(
    new_context: NewContext, website: str
) -> None:
    context = new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/")
    page.locator("hbv-chat .launcher").click()
    chat = Chat(page)
    chat.says("I am 34 years old")

    assert asked
    assert all(url.startswith((website, "data:", f"blob:{website}")) for url in asked), asked
    # The only word of the browser: there was no conversation yet.
    assert all("401" in complaint for complaint in complaints), complaints
    (cookie,) = context.cookies()
    assert cookie["name"].startswith("__Host-")
    assert cookie["httpOnly"]
    assert cookie["secure"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["path"] == "/"
    assert page.evaluate("document.cookie") == ""
    assert _kept(page) == {"local": {}, "session": {}, "databases": [], "caches": []}


def test_focus_stays_where_it_is_when_an_answer_arrives(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    before = chat.answers.count()
    chat.write(OPENING["en"])
    button = chat.root.get_by_role("button", name="Larger text")
    button.focus()

    chat.wait_for_answer(before)

    expect(button).to_be_focused()


def test_a_choice_stays_readable_and_the_others_cannot_be_chosen(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    chat.says(OPENING["en"])
    choices = chat.messages.last.get_by_role("group").get_by_role("button")
    before, many = chat.answers.count(), choices.count()
    question = chat.messages.last
    question_id = question.get_attribute("data-question")
    chosen = choices.first.inner_text()

    choices.first.click()
    expect(chat.field).to_be_focused()
    chat.wait_for_answer(before)

    same = chat.root.locator(f".message[data-question='{question_id}'] .choices button")
    assert same.count() == many
    assert [b.get_attribute("aria-disabled") for b in same.all()] == ["true"] * many
    assert [b.get_attribute("tabindex") for b in same.all()] == ["-1"] * many
    expect(chat.root.locator(".choices .chosen")).to_have_text(chosen)
    sent = chat.own.count()
    same.last.click(force=True)
    assert chat.own.count() == sent


def test_several_ticks_are_sent_together(new_context: NewContext) -> None:
    """What is not ticked is recorded as absent: two signs must not need two messages."""
    chat = Chat.at_page(new_context().new_page())
    chat.says(OPENING["en"])
    while not chat.messages.last.get_by_role("checkbox").count():
        before = chat.answers.count()
        chat.answers_the_question()
        chat.wait_for_answer(before)
    boxes = chat.messages.last.get_by_role("checkbox")
    wanted = [boxes.nth(place).get_attribute("value") or "" for place in (1, 2)]
    before, own = chat.answers.count(), chat.own.count()

    chat.messages.last.get_by_role("button").first.click()
    assert chat.own.count() == own, "nothing was ticked"
    boxes.nth(1).check()
    boxes.nth(2).check()
    chat.messages.last.get_by_role("button").first.click()
    chat.wait_for_answer(before)

    said = [m["text"] for m in chat.stored() if m["from"] == "person"][-1]
    assert all(text in said for text in wanted)


def test_who_reads_above_is_not_carried_away(new_context: NewContext) -> None:
    page = new_context(width=500, height=600).new_page()
    chat = Chat.at_page(page)
    chat.says(OPENING["en"])
    chat.says("what is HBeAg?")
    before = chat.answers.count()
    chat.write("what is HBV DNA?")
    chat.log.evaluate("node => { node.scrollTop = 0; }")

    chat.wait_for_answer(before)

    newer = chat.root.get_by_role("button", name="New messages")
    expect(newer).to_be_visible()
    assert chat.log.evaluate("node => node.scrollTop") == 0
    newer.click()
    expect(newer).to_be_hidden()


def test_who_scrolls_in_the_same_frame_is_not_carried_away(new_context: NewContext) -> None:
    page = new_context(width=500, height=600).new_page()
    chat = Chat.at_page(page)
    chat.says(OPENING["en"])

    top = page.evaluate(
        """() => {
            const chat = document.querySelector("hbv-chat");
            chat.log.scrollTop = 0;
            chat.show({ seq: 10_000, from: "assistant", kind: "text", text: "later", buttons: [] });
            return chat.log.scrollTop;
        }"""
    )

    assert top == 0
    expect(chat.root.get_by_role("button", name="New messages")).to_be_visible()


def test_shift_enter_breaks_the_line(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    chat.field.press_sequentially("one")
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("two")

    expect(chat.field).to_have_value("one\ntwo")
    expect(chat.own).to_have_count(0)


def test_language_switches_in_place(new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto("/?lang=en")
    page.locator("hbv-chat .launcher").click()
    chat = Chat(page)
    chat.says("hello")

    chat.root.get_by_role("button", name="中文").click()

    words = {name: sides["zh"] for name, sides in all_words().items()}
    expect(chat.field).to_have_accessible_name(words["message"])
    expect(chat.root.get_by_role("button", name=words["send"], exact=True)).to_be_visible()
    expect(chat.answers.first.locator(".who")).to_have_text(words["assistant"])


@pytest.mark.parametrize("way", ["button", "keys", "link"])
def test_leaving_blanks_the_page_and_leaves_no_way_back_to_it(
    new_context: NewContext, way: str
) -> None:
    context = new_context()
    context.route(NEUTRAL, lambda route: route.fulfill(body="<p>neutral</p>"))
    page = context.new_page()
    page.goto("/?lang=en")
    expect(page.locator("hbv-chat .launcher")).to_be_visible()

    if way == "link":
        page.locator("a[data-leave]").click()
    else:
        page.locator("hbv-chat .launcher").click()
        if way == "button":
            Chat(page).root.get_by_role("button", name="Leave quickly").click()
        for _ in range(3 if way == "keys" else 0):
            page.keyboard.press("Shift")

    page.wait_for_url(NEUTRAL)
    page.go_back()
    assert "/?lang=en" not in page.url


def test_nothing_asks_back_when_somebody_leaves_while_a_message_waits(
    new_context: NewContext,
) -> None:
    context = new_context()
    context.route(NEUTRAL, lambda route: route.fulfill(body="<p>neutral</p>"))
    page = context.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/?lang=en")
    page.locator("hbv-chat .launcher").click()
    page.route("**/chat/**", lambda route: route.abort())
    chat = Chat(page)
    chat.write("hello")
    expect(chat.root.locator(".pending")).to_have_count(1)

    chat.root.get_by_role("button", name="Leave quickly").click()

    page.wait_for_url(NEUTRAL)
    assert asked == []


def test_a_report_is_read_and_its_values_can_each_be_confirmed(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    report = ROOT / "tests" / "bot" / "report" / "examples" / "en_columns.txt"
    chat.root.locator("input[type=file]").set_input_files(report)
    expect(chat.answers).to_have_count(1)
    values = chat.answers.first.locator(".choices button")
    many = values.count()
    assert many >= 2

    values.nth(0).click()
    chat.wait_for_answer(1)
    before = chat.answers.count()
    values.nth(1).click()
    chat.wait_for_answer(before)

    expect(chat.answers.first.locator(".chosen")).to_have_count(2)
    chat.page.reload()
    expect(chat.answers.first.locator(".chosen")).to_have_count(2)
    if many > 2:
        expect(values.nth(2)).not_to_have_attribute("aria-disabled", "true")


def test_a_report_without_any_words_before_it_is_answered_in_the_language_of_the_page(
    new_context: NewContext,
) -> None:
    chat = Chat.at_page(new_context("zh").new_page(), "zh")
    report = ROOT / "tests" / "bot" / "report" / "examples" / "en_columns.txt"

    chat.root.locator("input[type=file]").set_input_files(report)

    expect(chat.answers.first).to_contain_text(all_words()["upload_read"]["zh"])


def test_own_data_can_be_taken_along(new_context: NewContext) -> None:
    chat = Chat.at_page(new_context().new_page())
    chat.says("I am 34 years old")
    chat.root.get_by_role("button", name="My data").click()

    with chat.page.expect_download() as started:
        chat.root.get_by_role("button", name="Download everything").click()

    assert "I am 34 years old" in Path(started.value.path()).read_text(encoding="utf-8")


class Parrot:
    """A stand-in for Rasa: says something after each message."""

    async def answer(self, *_: Any) -> list[Message]:
        return [{"text": "heard", "custom": {"response": "heard"}}]

    async def forget(self, *_: Any) -> None: ...
    async def problems(self) -> list[str]:
        return []

    async def close(self) -> None: ...


@pytest.fixture
def foreign_gateway(tmp_path: Path) -> Iterator[str]:
    """A gateway that one other website may use."""
    port = Addresses.free().gateway_port
    settings = Settings(
        database=str(tmp_path / "hbv.sqlite"),
        port=port,
        origins=frozenset({f"http://{ELSEWHERE}"}),
    )
    app = create_app(settings, rasa=Parrot())  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    while not get(f"{url}/livez"):
        time.sleep(0.1)
    yield url
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


def test_on_another_website_only_the_token_is_kept(
    new_context: NewContext, foreign_gateway: str
) -> None:
    page = new_context().new_page()
    html = f"""<!doctype html><html lang="zh"><title>x</title><h1>x</h1>
      <script src="{foreign_gateway}/static/hbv-chat.js" defer></script>
      <hbv-chat src="{foreign_gateway}"></hbv-chat></html>"""
    page.route(f"http://{ELSEWHERE}/", lambda r: r.fulfill(body=html, content_type="text/html"))
    page.goto(f"http://{ELSEWHERE}/")
    page.locator("hbv-chat .launcher").click()
    chat = Chat(page, "zh")

    chat.says("你好")

    expect(chat.answers.last).to_contain_text("heard")
    kept = _kept(page)
    assert list(kept["session"]) == [f"hbv-chat {foreign_gateway}"]
    assert (kept["local"], kept["databases"], page.context.cookies()) == ({}, [], [])


def _kept(page: Page) -> dict[str, Any]:
    """Return everything that scripts can have left in the browser."""
    return dict(
        page.evaluate(
            """async () => ({
              local: { ...localStorage }, session: { ...sessionStorage },
              databases: await indexedDB.databases(), caches: self.caches ? await caches.keys() : [],
            })"""
        )
    )
