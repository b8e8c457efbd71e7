"""Answers as people give them, beside the words of the buttons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.conversation import Talk


@pytest.mark.parametrize(
    ("question", "text", "known"),
    [
        ("hbsag", "yes 10 years", {"hbsag": "positive", "hbsag_duration": "six_months_or_more"}),
        ("hbsag", "since 10 years", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "6 months or more, yes", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "有6个月以上了", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "有十年了", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "从小就有", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "阳性半年以上", {"hbsag_duration": "six_months_or_more"}),
        ("hbsag", "3 months", {"hbsag_duration": "under_6_months"}),
        ("antiviral_now", "no meds", {"antiviral_now": "none"}),
        ("antiviral_now", "没吃药", {"antiviral_now": "none"}),
        ("antiviral_now", "吃药", {"antiviral_now": "nuc"}),
    ],
)
def test_a_natural_answer_is_taken(
    talk: Talk, question: str, text: str, known: dict[str, Any]
) -> None:
    talk.answers(question, text)

    assert known.items() <= talk.known.items()


@pytest.mark.parametrize(
    "text",
    ["not for 10 years", "6 months or less", "negative for 10 years", "10 years ago it was gone"],
)
def test_a_span_beside_other_words_is_no_answer(talk: Talk, text: str) -> None:
    talk.answers("hbsag", text)

    assert "hbsag_duration" not in talk.known


def test_an_index_without_its_name_is_kept_beside_the_word(talk: Talk) -> None:
    talk.says("HBsAg 250.00 S/CO 阳性\nHBeAg 0.10 阴性\n抗HBe 0.01 阳性\n抗HBc 0.01 阳性")

    assert talk.known["hbsag"] == "positive"


def test_values_alone_do_not_change_the_language(talk: Talk) -> None:
    talk.says("ALT 980 U/L")
    assert "language" not in {entity["entity"] for entity in talk.latest["entities"]}

    talk.says("my ALT is 980 U/L")
    assert "language" in {entity["entity"] for entity in talk.latest["entities"]}
