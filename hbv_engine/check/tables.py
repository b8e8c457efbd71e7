"""Gaps and overlaps: a patient whom no row, or more than one row, decides."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_engine.book import Book, Table
from hbv_engine.check.finding import ERROR, Finding
from hbv_engine.check.patients import in_words, patient, rows_met
from hbv_engine.diagram import GAP, OVERLAP, build_diagram, closure


def find(book: Book) -> Iterator[Finding]:
    """Yield the gaps and overlaps of every table; a table inherits none from those below it."""
    for table in book.tables.values():
        below = [t for t in closure(book, table.id) if t is not table]
        if table.policy == "collect" or any(_is_open(book, t) for t in below):
            continue
        yield from _of_table(book, table)


def _is_open(book: Book, table: Table) -> bool:
    diagram = build_diagram(book, table.id)
    return any(diagram.example(leaf) is not None for leaf in (GAP, OVERLAP))


def _of_table(book: Book, table: Table) -> Iterator[Finding]:
    diagram = build_diagram(book, table.id)
    for leaf in (GAP, OVERLAP):
        cells = diagram.example(leaf)
        if cells is None:
            continue
        shown = patient(book, diagram, cells)
        if leaf == GAP:
            place = f"{table.file}:{table.line}"
            message = f"{table.id}: no row holds for {in_words(shown)}."
        else:
            rows = rows_met(book, table, cells)
            place = f"{table.file}:{rows[-1].line}"
            named = " and ".join(f"{row.id} ({' '.join(row.sources)})" for row in rows)
            message = f"{table.id}: {named} both hold for {in_words(shown)}."
        yield Finding(leaf, ERROR, place, message, shown)
