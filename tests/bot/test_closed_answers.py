"""Which guesses of the classifier stand, and which the words of a message overrule."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.closed_answers import ClosedAnswers


def _guessed(text: str, *guesses: tuple[str, float], whole: Message | None = None) -> Message:
    """Return a message, or a clause of one, whose words the classifier knows."""
    ranking = [{"name": name, "confidence": confidence} for name, confidence in guesses]
    return Message(
        {
            "text": text,
            "intent": ranking[0],
            "intent_ranking": ranking,
            "clause_of": whole,
            "known": True,
        }
    )


def _decided(whole: Message, *clauses: Message) -> list[str]:
    """Return the intent of a message and what is asked beside it."""
    (message,) = ClosedAnswers().process([whole, *clauses])
    ranking = message.get("intent_ranking")
    return [i["name"] for i in ranking if i["confidence"] >= 0.5]


@pytest.mark.parametrize(
    "text",
    [
        "no black stools, not vomiting blood",
        "没有黑便，没有吐血",
        "my stool is not black",
        "大便不黑",
    ],
)
def test_denied_signs_are_no_emergency_whatever_the_guess(text: str) -> None:
    whole = _guessed(text, ("emergency", 0.9), ("crisis", 0.05), ("out_of_scope", 0.05))

    assert _decided(whole) == ["give_history"]


@pytest.mark.parametrize("text", ["I don't think about suicide", "没有想过自杀"])
def test_denied_self_harm_is_no_crisis_whatever_the_guess(text: str) -> None:
    assert _decided(_guessed(text, ("crisis", 0.9), ("worry", 0.1))) == ["worry"]


@pytest.mark.parametrize("text", ["I am vomiting blood, can I stop?", "吐血了，可以停药吗"])
def test_danger_comes_before_every_question(text: str) -> None:
    whole = _guessed(text, ("ask_stop_interferon", 0.9))
    clause = _guessed(text.rsplit(",", maxsplit=1)[-1], ("ask_stop_interferon", 0.9), whole=whole)

    assert _decided(whole, clause) == ["emergency"]


def test_a_veiled_crisis_in_a_clause_counts_beside_denied_signs() -> None:
    whole = _guessed("no black stools. I see no way out", ("give_history", 0.9))
    clause = _guessed("I see no way out", ("crisis", 0.8), whole=whole)

    assert _decided(whole, clause) == ["crisis"]


def test_the_questions_of_the_clauses_come_before_what_is_told() -> None:
    text = "week 24 of interferon, HBsAg 900 IU/mL, can I stop? Which tests are due?"
    whole = _guessed(text, ("give_history", 0.9))
    clauses = [
        _guessed("week 24 of interferon,", ("ask_interferon_response", 0.9), whole=whole),
        _guessed("HBsAg 900 IU/mL,", ("ask_what_if", 0.9), whole=whole),
        _guessed("can I stop?", ("ask_stop_nuc", 0.8), whole=whole),
        _guessed("Which tests are due?", ("ask_monitoring", 0.7), whole=whole),
    ]

    assert _decided(whole, *clauses) == ["ask_stop_interferon", "ask_monitoring"]


@pytest.mark.parametrize("text", ["昨天足球谁赢了", "who won yesterday"])
def test_a_missed_dose_must_be_said(text: str) -> None:
    whole = _guessed(text, ("ask_missed_dose", 0.6), ("out_of_scope", 0.3))

    (message,) = ClosedAnswers().process([whole])

    assert message.get("intent")["name"] == "out_of_scope"


def test_only_the_messages_themselves_are_passed_on() -> None:
    whole = _guessed("hello, which phase?", ("greet", 0.9))
    clause = _guessed("which phase?", ("ask_phase", 0.9), whole=whole)

    assert ClosedAnswers().process([whole, clause]) == [whole]


def test_what_was_read_is_taken_however_unlikely_the_guess() -> None:
    whole = _guessed("sorry, ALT was 17 U/L", ("give_history", 0.28), ("amend", 0.26))

    (message,) = ClosedAnswers().process([whole])

    assert message.get("intent") == {"name": "give_history", "confidence": 1.0}
    assert message.get("intent_ranking")[1]["confidence"] == 0.26


def test_what_is_asked_beside_danger_is_heard_but_does_not_come_before_it() -> None:
    text = "吐血了，在打干扰素，可以停药吗"
    whole = _guessed(text, ("ask_stop_interferon", 0.9))
    clause = _guessed("可以停药吗", ("ask_stop_interferon", 0.9), whole=whole)

    (message,) = ClosedAnswers().process([whole, clause])

    first, *others = [i["name"] for i in message.get("intent_ranking")]
    assert first == "emergency"
    assert {"ask_side_effect", "ask_stop_interferon"} <= set(others)
    assert all(i["confidence"] < 0.5 for i in message.get("intent_ranking")[1:])


def test_a_lone_word_is_no_veiled_danger() -> None:
    whole = _guessed("do I need treatment, and", ("ask_start_treatment", 0.9))
    clauses = [
        _guessed("do I need treatment,", ("ask_start_treatment", 0.9), whole=whole),
        _guessed("and", ("emergency", 0.8), whole=whole),
    ]

    assert _decided(whole, *clauses) == ["ask_start_treatment"]


def test_a_question_of_the_whole_counts_where_its_clauses_leave_it_open() -> None:
    whole = _guessed("HBeAg positive, ALT 90, good idea?", ("ask_start_treatment", 0.8))
    clauses = [
        _guessed("HBeAg positive,", ("give_history", 0.9), whole=whole),
        _guessed("ALT 90,", ("give_history", 0.9), whole=whole),
        _guessed(
            "good idea?", ("ask_diet_lifestyle", 0.3), ("ask_start_treatment", 0.2), whole=whole
        ),
    ]

    (message,) = ClosedAnswers().process([whole, *clauses])

    assert message.get("intent")["name"] == "ask_start_treatment"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("forget that I have cirrhosis", "forget_fact"),
        ("删掉我说过的肝硬化", "forget_fact"),
        ("forget everything I told you", "forget"),
        ("忘掉我说过的一切", "forget"),
    ],
)
def test_what_is_to_be_forgotten_is_one_fact_if_one_is_named(text: str, intent: str) -> None:
    assert _decided(_guessed(text, ("forget_fact", 0.9))) == [intent]


@pytest.mark.parametrize("text", ["how much turmeric should I take?", "中药吃多少合适"])
def test_the_amount_of_a_herb_is_no_dose_of_a_medicine(text: str) -> None:
    whole = _guessed(text, ("ask_dose", 0.6), ("ask_herbal", 0.4))

    (message,) = ClosedAnswers().process([whole])

    assert message.get("intent")["name"] == "ask_herbal"
