"""What is not understood is met in three forms: how to answer, another form, a person."""

from __future__ import annotations

import pytest

from actions.danger import ActionEmergency
from actions.misses import ActionNotUnderstood
from tests.actions.conversation import Talk


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("hbeag", ["not_an_answer", "choose_a_number", "utter_offer_person"]),
        ("alt", ["not_a_number", "choose_otherwise", "utter_offer_person"]),
    ],
)
def test_an_answer_that_is_not_understood_changes_the_form(
    talk: Talk, question: str, forms: list[str]
) -> None:
    met = []
    for misses in range(3):
        talk.slots["misses"] = float(misses)
        met += talk.answers(question, "blub blub").responses

    assert met == forms


def test_the_hint_holds_an_answer_that_is_understood(talk: Talk) -> None:
    talk.answers("albumin", "rather low")
    assert "42 g/L" in talk.text

    talk.answers("albumin", "42 g/L")
    assert talk.known == {"albumin": 42}


def test_a_refused_value_is_told_what_is_accepted_every_time(talk: Talk) -> None:
    talk.slots["misses"] = 1.0
    talk.answers("alt", "40 mmol/L")

    assert talk.responses == ["refused"]
    assert "U/L" in talk.text


def test_the_first_nonsense_without_a_question_is_met_with_examples(talk: Talk) -> None:
    talk.says("blub", "nlu_fallback").does(ActionNotUnderstood())

    assert talk.responses == ["utter_not_understood"]


@pytest.mark.parametrize(
    ("danger", "then"),
    [("I want to end my life", "whatever"), ("想一了百了", "没事 我就随便说说")],
)
def test_after_thoughts_of_suicide_nothing_not_understood_asks_for_a_result(
    talk: Talk, danger: str, then: str
) -> None:
    talk.says(danger, "crisis").does(ActionEmergency())

    talk.says(then, "nlu_fallback").does(ActionNotUnderstood())

    assert talk.responses == ["reminder_crisis"]
