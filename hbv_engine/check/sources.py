"""Where a row comes from, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_engine.book import Book, Row, Table
from hbv_engine.check.finding import ERROR, NOTE, Finding, key_place
from hbv_engine.conditions import Span

ROW_RANK = {"S": 0, "C": 1, "C*": 2, "K": 3, "P": 3}
THRESHOLD_RANK = {"S": 0, "C": 1, "P": 1, "C*": 2, "K": 3}
"""How unsure each confidence is. A row of our own (P) is shown as a draft, like one that nobody has
confirmed (K); a threshold of our own is a choice, such as a window of time, and no doubtful fact."""

STATEMENTS = {"S0": 23, "S1": 17, "S2": 12}
_STATEMENT = re.compile(r"^(S[012])-(\d+)$")


def find(book: Book) -> Iterator[Finding]:
    """Yield rows and outcomes without a known source, and rows surer than what they rest on."""
    for name, definition in book.definitions.items():
        place = key_place("definitions.yml", name)
        yield from _known(book, place, f"definition {name}", definition.sources)
    for table in book.tables.values():
        place = f"{table.file}:{table.line}"
        yield from _known(book, place, table.id, tuple(table.settings.get("sources", "").split()))
        for row in table.rows:
            yield from _of_row(book, table, row)
        for outcome in table.outcomes.values():
            place = f"{table.file}:{outcome.line}"
            yield from _known(book, place, f"{table.id} {outcome.name}", outcome.sources)
            if not outcome.sources:
                message = f"{table.id} {outcome.name}: its sentences name no source."
                yield Finding("missing source", ERROR, place, message)


def is_source(book: Book, name: str) -> bool:
    """True for an id of ``sources.yml`` and for a numbered statement of a source text."""
    statement = _STATEMENT.match(name)
    if statement:
        return 1 <= int(statement.group(2)) <= STATEMENTS[statement.group(1)]
    return name in book.sources


def _known(book: Book, place: str, owner: str, names: tuple[str, ...]) -> Iterator[Finding]:
    for name in names:
        if not is_source(book, name):
            yield Finding("missing source", ERROR, place, f"{owner}: there is no source {name}.")


def _of_row(book: Book, table: Table, row: Row) -> Iterator[Finding]:
    place = f"{table.file}:{row.line}"
    owner = f"{table.id} {row.id}"
    if not row.sources:
        yield Finding("missing source", ERROR, place, f"{owner} names no source.")
    yield from _known(book, place, owner, row.sources)
    if row.confidence in {"K", "P"}:
        why = "not confirmed by a clinician" if row.confidence == "K" else "our own decision"
        yield Finding("draft", NOTE, place, f"{owner} is a draft: {why}.")
    for name in _parameters(row):
        weaker = book.parameters[name].confidence
        if THRESHOLD_RANK[weaker] > ROW_RANK[row.confidence]:
            message = (
                f"{owner} has confidence {row.confidence}, but its threshold {name} only {weaker}."
            )
            yield Finding("confidence", ERROR, place, message)


def _parameters(row: Row) -> list[str]:
    spans = (c for c in row.conditions.values() if isinstance(c, Span))
    return list(dict.fromkeys(name for span in spans for name in span.parameters))
