"""What is meant for certain, whatever the model guesses, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.certain import names
from bot.reading import read
from bot.typos import distance, mended


@pytest.mark.parametrize(
    "text",
    [
        "my ALT doubled",
        "how many years should I take entecavir",
        "how much alcohol can I take",
        "double-stranded DNA test",
        "转氨酶加倍了",
        "要打多少针",
    ],
)
def test_what_only_looks_like_a_question_of_dose_is_none(text: str) -> None:
    assert not names("dose", text)


@pytest.mark.parametrize("text", ["feeling really low", "I sometimes get depressed", "高兴不起来"])
def test_a_low_mood_is_told_in_many_ways(text: str) -> None:
    assert [(f.value, f.status) for f in read(text).facts] == [("low_mood", None)]


@pytest.mark.parametrize("text", ["I do not feel low", "I don't feel depressed", "没有情绪低落"])
def test_a_low_mood_that_is_denied_is_no_complaint(text: str) -> None:
    assert [(f.value, f.status) for f in read(text).facts] == [("low_mood", "denied")]


@pytest.mark.parametrize("text", ["my low viral load is down", "my viral load is really low"])
def test_a_low_value_is_no_low_mood(text: str) -> None:
    assert "low_mood" not in {fact.value for fact in read(text).facts}


def test_a_slip_of_the_finger_is_mended_and_a_look_alike_is_not() -> None:
    assert mended(["killing", "myslef"]) == ["killing", "myself"]
    assert mended(["filling", "threat", "form"]) == ["filling", "threat", "form"]
    assert (distance("myslef", "myself"), distance("liver", "living")) == (1, 3)


@pytest.mark.parametrize(
    "text",
    [
        "delete everything you have on me",
        "wipe my data please",
        "forget everything I told you",
        "把我的资料都删了",
        "把我说的都删掉",
        "请清空我的记录",
    ],
)
def test_to_erase_everything_is_asked_for_certain(text: str) -> None:
    assert names("erase", text)


@pytest.mark.parametrize(
    "text",
    [
        "forget my ALT",
        "don't delete my data",
        "can interferon clear all the virus",
        "忘掉我的转氨酶",
        "不要删我的资料",
        "干扰素能把病毒全部清除吗",
        "我的记录忘了带",
    ],
)
def test_one_value_or_the_virus_is_not_everything(text: str) -> None:
    assert not names("erase", text)
