"""What is asked for by its name is found; nothing else is."""

from __future__ import annotations

import pytest

from hbv_engine.definitions import asked_definition, definitions


@pytest.mark.parametrize("name", definitions())
def test_every_name_of_a_definition_finds_it(name: str) -> None:
    for word in definitions()[name].names:
        found = [asked_definition(f"What is {word}?"), asked_definition(f"{word}是什么意思？")]
        assert [definition and definition.id for definition in found] == [name, name]


@pytest.mark.parametrize(
    "text",
    [
        "what is the treatment of cirrhosis?",
        "what is my phase?",
        "what does HBeAg positive mean?",
        "e抗原阳性是什么意思？",
        "what is the weather like?",
        "I have cirrhosis",
        "什么是",
    ],
)
def test_another_question_is_not_taken_for_a_definition(text: str) -> None:
    assert asked_definition(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("oh wait whats a phase", "phase"),
        ("hmm ok but what does dna mean", "hbv_dna"),
        ("sorry, what's immune tolerance again?", "immune_tolerance"),
        ("等等 什么是免疫耐受", "immune_tolerance"),
        ("哦 那e抗原是什么意思", "hbeag"),
        ("好的，那什么叫携带者", "inactive_carrier"),
    ],
)
def test_what_is_said_before_the_question_does_not_hide_it(text: str, word: str) -> None:
    found = asked_definition(text)

    assert found is not None
    assert found.id == word
