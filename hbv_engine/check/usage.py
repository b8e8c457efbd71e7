"""What is declared and never used, and what is used and never declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hbv_engine.book import Book, Table
from hbv_engine.check.finding import ERROR, NOTE, Finding, key_place
from hbv_engine.check.length import names_to_say
from hbv_engine.check.spoken import spoken
from hbv_engine.conditions import Span
from hbv_engine.inputs import _declared
from hbv_engine.wording import LANGUAGES, placeholders

_IN_CODE = re.compile(r"(?:parameters|numbers)\[\s*\"(\w+)\"\s*\]")


def find(book: Book) -> Iterator[Finding]:
    """Yield unused parameters, inputs, texts and questions, and parameters that the engine misses."""
    yield from _parameters(book)
    yield from _inputs(book)
    for table in book.tables.values():
        yield from _texts(table)
    yield from _questions(book)


def _parameters(book: Book) -> Iterator[Finding]:
    needed = parameters_in_code() | _parameters_of_inputs(book)
    used = needed | _parameters_of_tables(book) | _parameters_of_texts(book)
    for name, parameter in book.parameters.items():
        if name not in used:
            place = f"{parameter.file}:{parameter.line}"
            yield Finding("unused parameter", ERROR, place, f"No rule compares with {name}.")
    for name in sorted(needed - set(book.parameters)):
        message = f"The engine needs a parameter {name}, which no file declares."
        yield Finding("missing parameter", ERROR, "inputs.yml:1", message)


@lru_cache(maxsize=1)
def parameters_in_code() -> frozenset[str]:
    """Return the parameters that the derivations of the engine read by name."""
    package = Path(__file__).parent.parent
    files = [path for path in package.rglob("*.py") if path.parent != Path(__file__).parent]
    texts = (path.read_text(encoding="utf-8") for path in files)
    return frozenset(name for text in texts for name in _IN_CODE.findall(text))


def _parameters_of_inputs(book: Book) -> set[str]:
    found: set[str] = set()
    for name in book.axes:
        declared = book.input(name)
        if declared is not None:
            found |= {v for k, v in declared.args.items() if k in {"men", "women", "parameter"}}
    return found


def _parameters_of_tables(book: Book) -> set[str]:
    found: set[str] = set()
    for table in book.tables.values():
        for row in table.rows:
            for condition in row.conditions.values():
                if isinstance(condition, Span):
                    found |= set(condition.parameters)
            found |= {word for text in row.outputs.values() for word in text.split()}
    return found


def _parameters_of_texts(book: Book) -> set[str]:
    names = (n for said in spoken(book) for lang in LANGUAGES for n in placeholders(said.of(lang)))
    return {name[1:] for name in names if name.startswith("=")}


def _inputs(book: Book) -> Iterator[Finding]:
    for name in _declared():
        if name not in book.axes:
            place = key_place("inputs.yml", name)
            yield Finding("unused input", ERROR, place, f"No table has a column {name}.")


def _texts(table: Table) -> Iterator[Finding]:
    wanted = {*table.outcome_names, *names_to_say(table)}
    for outcome in table.outcomes.values():
        if outcome.name not in wanted:
            place = f"{table.file}:{outcome.line}"
            message = f"{table.id}: no row leads to {outcome.name}, so its texts are never said."
            yield Finding("unused text", ERROR, place, message)
    rows = {row.id for row in table.rows}
    for row_id in table.says:
        if row_id not in rows:
            place = f"{table.file}:{table.line}"
            message = f"{table.id}: there is no row {row_id}, so its sentence is never said."
            yield Finding("unused text", ERROR, place, message)


def _questions(book: Book) -> Iterator[Finding]:
    asked = {book.question_for(name) for name in book.axes if name not in book.tables}
    asked |= {f"{name}_{detail}" for name in asked for detail in ("limit", "assay")} | {"sex"}
    opened = {
        option["then"]
        for spec in book.questions.values()
        for option in spec.get("options", ())
        if isinstance(option, dict) and "then" in option
    }
    for name, spec in book.questions.items():
        if "text" in spec and name not in asked | opened:
            place = key_place("questions.yml", name)
            yield Finding("unused question", NOTE, place, f"No rule needs an answer to {name}.")
