"""Words and results are explained from the rulebook alone; asking states nothing."""

from __future__ import annotations

from typing import Any

import pytest

from actions.grounding import ungrounded
from actions.meaning import ActionMeaning, definition_card
from hbv_engine import load_book
from tests.actions.conversation import Talk

MEANING = "ask_meaning_of_result"


def _ask(talk: Talk, text: str) -> list[dict[str, Any]]:
    talk.form = False
    talk.says(text, MEANING).does(ActionMeaning())
    assert [ungrounded(message) for message in talk.messages if "custom" in message] in (
        [None] * len(talk.messages),
        [],
    )
    return [m.get("custom") or {} for m in talk.messages]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what is HBeAg?", "hbeag"),
        ("what is immune tolerance?", "immune_tolerance"),
        ("什么是大三阳", "dasanyang"),
        ("肝硬化是什么意思？", "cirrhosis"),
    ],
)
def test_a_word_is_explained_with_its_source(talk: Talk, text: str, name: str) -> None:
    [data] = _ask(talk, text)

    definition = load_book().definitions[name]
    language = data["card"]["language"]
    assert definition.text[language] in talk.text
    assert data["card"]["sources"]
    assert talk.recorded == []


def test_a_definition_in_other_words_may_not_leave() -> None:
    card = definition_card(load_book().definitions["hbeag"], "en") | {"summary": "Do not worry."}

    assert ungrounded({"text": "Do not worry.", "custom": {"card": card}})


def test_a_result_is_explained_by_the_rules_that_use_it(talk: Talk) -> None:
    [data, *_] = _ask(talk, "What does HBeAg positive mean?")

    assert "immune_tolerance" in data["meaning"]["fits"]
    assert "inactive_carrier" in data["meaning"]["against"]
    assert data["card"]["status"] == "open"
    assert "PHASE-" in talk.text
    assert talk.known == {}


def test_the_own_number_is_noted_and_explained(talk: Talk) -> None:
    talk.says("I am a woman")
    [data, *_] = _ask(talk, "my HBV DNA is 2000 IU/mL, what does that mean?")

    assert data["meaning"]["fact"] == "hbv_dna"
    assert talk.known["hbv_dna"] == 2000
    assert "2,000 IU/mL" in talk.text


def test_this_result_is_the_last_one_told(talk: Talk) -> None:
    talk.says("HBeAg negative")
    [data, *_] = _ask(talk, "what does this result mean?")

    assert data["meaning"]["fact"] == "hbeag"


def test_without_a_result_nothing_is_made_up(talk: Talk) -> None:
    talk.says("what does this result mean?", MEANING).does(ActionMeaning())

    assert talk.responses == ["no_answer_yet"]
