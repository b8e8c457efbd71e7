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
