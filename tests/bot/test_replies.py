"""A whole message is a closed answer, or it is not."""

from __future__ import annotations

import pytest

from bot.replies import reply_of


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("yes", "affirm"),
        ("Yes, please.", "affirm"),
        ("是的", "affirm"),
        ("没错！", "affirm"),
        ("no", "deny"),
        ("No, thank you", "deny"),
        ("没有", "deny"),
        ("不是的", "deny"),
        ("I don't know", "dont_know"),
        ("不知道", "dont_know"),
        ("skip", "skip"),
        ("跳过", "skip"),
        ("Why?", "why"),
        ("为什么", "why"),
    ],
)
def test_closed_answers(text: str, reply: str) -> None:
    assert reply_of(text) == reply


@pytest.mark.parametrize(
    "text", ["", "no, it was 58", "yes, six months or longer", "86", "不是86，是58", "e抗原没有查"]
)
def test_a_message_that_says_more_is_not_a_closed_answer(text: str) -> None:
    assert reply_of(text) is None
