"""The word lists: complete, in both languages, and under the names of the engine."""

from __future__ import annotations

from itertools import chain

import pytest

from bot.dictionary import HERE, load
from bot.text import fold
from hbv_engine.facts import catalogue

LISTS = sorted(path.stem for path in (HERE / "lexicon").glob("*.yml"))
# What the words may leave open, and what is asked back then.
UNSPECIFIC_DRUGS = {"interferon", "peginterferon", "tenofovir", "nuc"}
UNSPECIFIC_TESTS = {"transaminase"}
# Names of parts and how far they may stand apart, no words.
COMPOSED = ("composed_signs", "signs")


def _strings(node: object) -> list[object]:
    if isinstance(node, dict):
        return list(chain.from_iterable(_strings(value) for value in node.values()))
    return list(chain.from_iterable(map(_strings, node))) if isinstance(node, list) else [node]


@pytest.mark.parametrize("name", LISTS)
def test_every_word_is_text_in_folded_form(name: str) -> None:
    """YAML turns an unquoted no into false; and a capital letter would never match."""
    lists = {key: entry for key, entry in load(name).items() if (name, key) != COMPOSED}
    words = [word for word in _strings(lists) if not isinstance(word, bool)]

    if name != "units":
        assert [word for word in words if not isinstance(word, str)] == []
    if name not in {"units", "patterns", "red_flags", "analytes", "polarity"}:
        assert [word for word in words if fold(str(word)) != word] == []


def test_tests_and_drugs_and_signs_carry_the_names_of_the_engine() -> None:
    facts = catalogue()

    quantities = {entry.get("quant", name) for name, entry in load("analytes").items()}
    assert (set(load("analytes")) | quantities) - UNSPECIFIC_TESTS <= set(facts.analytes)
    assert set(load("drugs")) - UNSPECIFIC_DRUGS == set(facts.drugs)
    assert set(load("red_flags")) <= set(facts.symptoms)
    assert set(load("composed_signs")["signs"]) <= set(load("red_flags"))


def test_composed_signs_name_only_parts_that_have_words_in_both_languages() -> None:
    lexicon = load("composed_signs")
    shapes = [shape for shapes in lexicon["signs"].values() for shape in shapes]
    named = {part for shape in shapes for part in (*shape["parts"], *shape.get("unless", ()))}

    assert named | set(lexicon["places"]) == set(lexicon["parts"])
    assert [name for name, part in lexicon["parts"].items() if not part["en"]] == []
    assert [name for name, part in lexicon["parts"].items() if not part["zh"]] == ["turned"]


def test_units_are_written_as_the_engine_writes_them() -> None:
    known = set(load("units"))

    for analyte in catalogue().analytes.values():
        accepted = set(analyte.units or {}) | set(analyte.refuse or {})
        assert accepted - known - {"1"} == set(), analyte.name


@pytest.mark.parametrize("name", ["drugs", "conditions", "results", "red_flags", "replies"])
def test_both_languages_are_there(name: str) -> None:
    for key, entry in load(name).items():
        assert entry["en"], key
        assert entry["zh"], key
