"""What may not be shown is not shown, and somebody in danger is told at once what to do."""

from __future__ import annotations

from typing import Any

import pytest

from actions.grounding import ungrounded
from gateway.gate import CRISIS, EMERGENCY, Gate, first_aid
from hbv_engine import load_book

CARD = {"card": {"rulebook": load_book().sha256, "rules": ["TIME-2"], "summary": "x"}}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "Take two tablets."},
        {"text": "Take two tablets.", "custom": {"response": "no_answer"}},
        {"text": "x", "custom": {"response": "not_there"}},
        {"text": "x", "custom": {"question": {"id": "not_there"}}},
        {"text": "x", "custom": {"card": {**CARD["card"], "rulebook": "0" * 64}}},
        {"text": "x", "custom": {"card": {**CARD["card"], "rules": ["NOT-1"]}}},
        {"text": "x", "custom": {"card": {**CARD["card"], "rules": [], "status": "settled"}}},
    ],
)
def test_a_message_without_grounds_is_held_back(message: dict[str, Any]) -> None:
    gate = Gate(ungrounded)

    shown = gate.passed(message, "what shall I do?")

    assert shown["custom"] == {"response": "ungrounded"}
    assert "tablets" not in shown["text"]
    assert gate.held_back == 1


def test_a_card_of_this_rulebook_passes_as_it_is() -> None:
    message = {"text": "x", "custom": CARD}

    assert Gate(ungrounded).passed(message, "hello") is message


def test_the_safe_reply_is_in_the_language_of_the_message() -> None:
    gate = Gate(ungrounded)

    assert gate.passed({"text": "x"}, "hello")["text"].isascii()
    assert not gate.passed({"text": "x"}, "我该怎么办？")["text"].isascii()


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("I am vomiting blood", EMERGENCY),
        ("我吐血了", EMERGENCY),
        ("I want to kill myself", CRISIS),
        ("我不想活了", CRISIS),
    ],
)
def test_danger_is_answered_before_rasa_has_read_it(text: str, response: str) -> None:
    aid = first_aid(text)

    assert aid is not None
    assert aid["custom"] == {"response": response}
    assert ungrounded(aid) is None


@pytest.mark.parametrize("text", ["hello", "no, I am not vomiting blood", "ALT 86 U/L"])
def test_what_is_no_danger_gets_no_first_aid(text: str) -> None:
    assert first_aid(text) is None
