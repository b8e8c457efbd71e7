"""The form of a text: short summaries, no empty lines, and something said for every outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_engine.book import Book, Table
from hbv_engine.cards import SUMMARY_LIMIT
from hbv_engine.check.finding import ERROR, Finding
from hbv_engine.check.spoken import NURSE, PATIENT, spoken
from hbv_engine.schedule import ORDER
from hbv_engine.wording import LANGUAGES, fill, parameter_text

LONG_VALUE = "1.23×10⁷ IU/mL"
PARTS = ("summary", "detail")
_EMPTY_LINE = re.compile(r"\n\s*\n|<br", re.IGNORECASE)


def find(book: Book) -> Iterator[Finding]:
    """Yield summaries of 140 characters or more, blank lines, and outcomes or rows without text."""
    yield from _too_long(book)
    for said in spoken(book):
        for language in LANGUAGES:
            if _EMPTY_LINE.search(said.of(language)):
                message = f"{said.title}: an empty line in {language}."
                yield Finding("blank line", ERROR, said.place, message)
    for table in book.tables.values():
        yield from _unsaid(table)


def _too_long(book: Book) -> Iterator[Finding]:
    for said in spoken(book):
        if said.part != "summary":
            continue
        for language in LANGUAGES:
            text = fill(said.of(language), lambda n, lg=language: _stand_in(book, n, lg))  # type: ignore[misc]
            if len(text) >= SUMMARY_LIMIT:
                message = f"{said.title}: {len(text)} characters in {language}, at most 139: {text}"
                yield Finding("long summary", ERROR, said.place, message)


def _stand_in(book: Book, name: str, language: str) -> str:
    if name.removeprefix("=") in book.parameters:
        return parameter_text(book, name.removeprefix("="), language)
    return LONG_VALUE


def names_to_say(table: Table) -> tuple[str, ...]:
    """Return the outcomes that need a text: of a calendar its states, of other lists none.

    The outcomes of a topic are its summaries.
    """
    if table.policy == "collect" and not table.is_topic:
        return ORDER if table.is_goal else ()
    return table.outcome_names


def _unsaid(table: Table) -> Iterator[Finding]:
    for name in names_to_say(table):
        found = table.outcomes.get(name)
        place = f"{table.file}:{found.line if found else table.line}"
        if found is None:
            yield Finding("no text", ERROR, place, f"{table.id}: nothing is said for {name}.")
            continue
        for audience in (PATIENT, NURSE):
            for part in PARTS:
                if (audience, part) not in found.texts:
                    message = f"{table.id}: {name} has no {audience} {part}."
                    yield Finding("no text", ERROR, place, message)
    if table.policy == "unique":
        return
    lowest = table.order[-1] if table.policy == "highest" else None
    for row in table.rows:
        if row.id not in table.says and row.outcome != lowest:
            place = f"{table.file}:{row.line}"
            yield Finding("no text", ERROR, place, f"{table.id}: nothing is said for {row.id}.")
