"""Every question of the rulebook, answered in every way: recorded, or said honestly why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.evidence import record_of
from actions.turn import store, today
from actions.why import ActionWhy
from hbv_engine import load_book
from tests.actions.conversation import ANN, Talk

QUESTIONS = {name: spec for name, spec in load_book().questions.items() if name != "asked_by"}
# What must be known before the detail of a result can be asked for.
RESULTS = {
    "alt": "ALT 45 U/L",
    "hbv_dna": "HBV DNA 50000 copies/mL",
    "hbv_dna_limit": "HBV DNA not detected",
}
HONEST = {
    *("not_an_answer", "not_a_number", "refused"),
    *("choose_a_number", "choose_otherwise", "utter_offer_person"),
}


def options() -> Iterator[tuple[str, str, str]]:
    for name, spec in QUESTIONS.items():
        for option in spec.get("options", ()):
            yield from ((name, str(option["id"]), words) for words in option["label"].values())


def numbers() -> Iterator[tuple[str, str]]:
    for name, spec in QUESTIONS.items():
        if spec["kind"] == "number":
            yield name, "5"
            yield from ((name, f"5 {unit}") for unit in spec["units"])


def prepared(talk: Talk, question: str) -> Talk:
    """Tell first what the question is a detail of."""
    detail = QUESTIONS[question].get("completes")
    if detail:
        talk.says(RESULTS.get(question, RESULTS[detail["analyte"]]))
    return talk


def is_honest(talk: Talk) -> bool:
    """Tell whether the answer was recorded as it stands, or the person was told that it was not."""
    used = [o for o in talk.recorded if o.status in {"current", "unit_missing"}]
    return bool(used) or bool(HONEST & set(talk.responses))


def readable() -> bool:
    """The record can still be read as a whole."""
    return record_of(store().observations(ANN), today()) is not None


@pytest.mark.parametrize(("question", "option", "words"), list(options()))
def test_an_option_in_its_own_words_is_taken(
    talk: Talk, question: str, option: str, words: str
) -> None:
    prepared(talk, question).answers(question, words)

    chosen = [o.value for o in talk.recorded if (o.kind, o.name) == ("answer", question)]
    value: Any = [option] if QUESTIONS[question]["kind"] == "screen" else option
    assert chosen in ([value], []) if question == "sex" else chosen == [value]
    assert all(o.status in {"current", "unused"} for o in talk.recorded)
    assert not HONEST & set(talk.responses)
    assert readable()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_example_of_a_question_is_taken(talk: Talk, question: str) -> None:
    prepared(talk, question).answers(question, str(QUESTIONS[question]["example"]))

    assert [o for o in talk.recorded if o.status == "current"]
    assert not HONEST & set(talk.responses)
    assert readable()


@pytest.mark.parametrize(("question", "text"), list(numbers()))
def test_a_number_with_or_without_a_unit_is_answered_honestly(
    talk: Talk, question: str, text: str
) -> None:
    prepared(talk, question).answers(question, text)

    assert is_honest(talk)
    assert readable()


@pytest.mark.parametrize("text", ["5 mmol/L", "quite high", "-3", "5 or 6", "1e99", "86 % ", "0"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_odd_answer_is_answered_honestly(talk: Talk, question: str, text: str) -> None:
    prepared(talk, question).answers(question, text)

    assert is_honest(talk)
    assert readable()


@pytest.mark.parametrize("text", ["I don't know", "不知道", "skip", "跳过"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_not_knowing_is_recorded_as_unknown(talk: Talk, question: str, text: str) -> None:
    prepared(talk, question).answers(question, text)

    assert [(o.kind, o.name, o.value) for o in talk.recorded] == [("answer", question, "unknown")]
    assert question in record_of(store().observations(ANN), today()).asked


@pytest.mark.parametrize(
    ("text", "language"), [("why do you ask?", "en"), ("为什么问这个？", "zh")]
)
@pytest.mark.parametrize("question", QUESTIONS)
def test_why_is_answered_and_records_nothing(
    talk: Talk, question: str, text: str, language: str
) -> None:
    prepared(talk, question)
    talk.slots["question"], talk.form = question, True
    talk.says(text).does(ActionWhy())

    assert QUESTIONS[question]["why"][language] in talk.text
    assert talk.recorded == []
