"""Every statement of the source texts is in a rule, in a sentence, or declared background."""

from __future__ import annotations

import pytest

from hbv_engine.book import Book, build_book
from hbv_engine.coverage import Coverage, coverage
from hbv_engine.facts import RULEBOOK

STATEMENTS = {"S0": 23, "S1": 17, "S2": 12}
EXPECTED = [f"{text}-{n}" for text, count in STATEMENTS.items() for n in range(1, count + 1)]


@pytest.fixture(scope="module")
def found(book: Book) -> dict[str, Coverage]:
    return {item.statement: item for item in coverage(book)}


def test_every_numbered_statement_is_listed_once_in_order(found: dict[str, Coverage]) -> None:
    assert list(found) == EXPECTED


@pytest.mark.parametrize("statement", EXPECTED)
def test_a_statement_is_somewhere(found: dict[str, Coverage], statement: str) -> None:
    assert not found[statement].missing


@pytest.mark.parametrize("statement", EXPECTED)
def test_a_statement_has_a_paraphrase(found: dict[str, Coverage], statement: str) -> None:
    assert len(found[statement].paraphrase) > 10


def test_background_is_not_also_a_rule(found: dict[str, Coverage]) -> None:
    """A statement that decides nothing must not be cited as the ground of a decision."""
    declared = [item for item in found.values() if item.background]
    assert declared
    assert [item.statement for item in declared if item.rules] == []


def test_the_deciding_statements_are_rules(found: dict[str, Coverage]) -> None:
    for statement in ("S0-16", "S0-17", "S0-21", "S1-5", "S1-6", "S1-8", "S2-5", "S2-6", "S2-9"):
        assert found[statement].rules, statement


def test_what_is_said_names_the_table_and_the_outcome(
    book: Book, found: dict[str, Coverage]
) -> None:
    for item in found.values():
        for place in item.said:
            table, _, name = place.partition("/")
            assert name in book.tables[table].outcomes or name in book.tables[table].says


def test_a_statement_that_nothing_carries_any_more_is_missing() -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in [*RULEBOOK.glob("*.md"), *RULEBOOK.glob("*.yml")]
    }
    for name, text in texts.items():
        if name.endswith(".md") and name != "source_texts.md":
            texts[name] = text.replace("S2-5", "S2-7")
    lost = {item.statement: item for item in coverage(build_book(texts, sha256="-"))}
    assert lost["S2-5"].missing
    assert not lost["S2-7"].missing
