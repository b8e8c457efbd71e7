"""People who use the chat: with a mouse, with the keyboard alone, without script."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

OPENING = {
    "en": (
        "I'm 34, female, HBsAg 12000 IU/mL, e antigen positive, viral load 2.3x10^7 IU/mL, ALT 86,"
        " should I start treatment?"
    ),
    "zh": (
        "我34岁，女，表面抗原12000 IU/mL，e抗原阳性，病毒量2.3×10的7次方 IU/mL，谷丙转氨酶86，需要治疗吗？"
    ),
}
DONT_KNOW = {"en": "don't know", "zh": "不知道"}
GOAL = "antiviral_timing"
LONGEST_INTERVIEW = 25
# Which button answers a question; else the first, and "none of these" where several can be ticked.
CHOICES = {"pregnant": 2}
TICKS = {"alt_cause": 0}


class Chat:
    """The chat of the element, used with the mouse.

    Args:
        page: a page whose chat is open.
    """

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page, self.language = page, language
        self.root = page.locator("hbv-chat")
        self.field = self.root.get_by_role("textbox")
        self.status = self.root.get_by_role("status")
        self.log = self.root.get_by_role("log")
        self.messages = self.root.locator(".message")
        self.answers = self.root.locator(".message.assistant")
        self.own = self.root.locator(".message.person")
        self.goal = self.root.locator(f"article[data-decision={GOAL}]")

    @classmethod
    def at_page(cls, page: Page, language: str = "en") -> Chat:
        """Open the chat that is a page of its own."""
        page.goto(f"/chat?lang={language}")
        expect(page.locator("hbv-chat").get_by_role("log")).to_be_visible()
        return cls(page, language)

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def says(self, text: str) -> None:
        """Write a message and wait for its answer."""
        before = self.answers.count()
        self.write(text)
        self.wait_for_answer(before)

    def wait_for_answer(self, before: int) -> None:
        """Wait until something new was said and nothing more is being worked out."""
        expect(self.answers.nth(before)).to_be_attached()
        expect(self.root.locator(".status.working")).to_have_count(0)

    def asks_to_the_end(self) -> None:
        """Ask the opening question, and answer until the card of its decision is there."""
        self.says(OPENING[self.language])
        self.answers_to_the_end()

    def answers_to_the_end(self) -> None:
        for _ in range(LONGEST_INTERVIEW):
            if self.goal.count():
                return
            before = self.answers.count()
            self.answers_the_question()
            self.wait_for_answer(before)
        raise AssertionError("the question was not answered")

    def answers_the_question(self) -> None:
        """Choose what answers the open question; "don't know" if there is nothing to choose."""
        last = self.messages.last
        question = (last.get_attribute("data-question") or "").split(":")[0]
        boxes, buttons = last.get_by_role("checkbox"), last.get_by_role("button")
        if boxes.count() and question in TICKS:
            self.uses(boxes.nth(TICKS[question]))
            self.uses(buttons.first)
        elif boxes.count():
            self.uses(buttons.last)
        elif buttons.count():
            self.uses(buttons.nth(CHOICES.get(question, 0)))
        else:
            self.write(DONT_KNOW[self.language])

    def uses(self, control: Locator) -> None:
        control.click()

    def stored(self) -> list[dict[str, Any]]:
        """Return the conversation as the server has it."""
        data = self.page.evaluate("async () => (await fetch('/chat/messages')).json()")
        return list(data["messages"])


class Typist(Chat):
    """The same with the keyboard alone: no click, no focus that a key did not move."""

    def write(self, text: str) -> None:
        self.goes_to(self.field)
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def uses(self, control: Locator) -> None:
        self.goes_to(control)
        self.page.keyboard.press("Space")

    def goes_to(self, control: Locator) -> None:
        """Press Tab, backwards if that is nearer, until a control has the focus."""
        for key in ("Shift+Tab",) * 12 + ("Tab",) * 60:
            if control.evaluate("node => node === node.getRootNode().activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {control}")


class Reader:
    """The chat of the page without script: forms, and a new page after each.

    Args:
        page: a page of a browser that runs no script.
    """

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        page.goto(f"/chat?lang={language}")
        self.goal = page.locator(f"article[data-decision={GOAL}]")

    def says(self, text: str) -> None:
        self.page.locator("textarea").fill(text)
        self.page.locator("form.write button").click()

    def asks_to_the_end(self) -> None:
        self.says(OPENING[self.language])
        for _ in range(LONGEST_INTERVIEW):
            if self.goal.count():
                return
            self._answers_the_question()
        raise AssertionError("the question was not answered")

    def _answers_the_question(self) -> None:
        last = self.page.locator(".message").last
        question = (last.get_attribute("data-question") or "").split(":")[0]
        boxes, buttons = last.get_by_role("checkbox"), last.get_by_role("button")
        if boxes.count() and question in TICKS:
            boxes.nth(TICKS[question]).check()
            buttons.first.click()
        elif boxes.count():
            buttons.last.click()
        elif buttons.count():
            buttons.nth(CHOICES.get(question, 0)).click()
        else:
            self.says(DONT_KNOW[self.language])
