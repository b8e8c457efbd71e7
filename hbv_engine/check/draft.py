"""Rows that nobody has confirmed say so on the card."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_engine.assess import decide
from hbv_engine.book import Book, Row, Table
from hbv_engine.check.finding import ERROR, Finding, Patient
from hbv_engine.check.patients import Cells, CellSituation
from hbv_engine.check.rows import examples
from hbv_engine.results import Decision
from hbv_engine.situation import MET
from hbv_engine.topics import tell
from hbv_engine.wording import LANGUAGES, phrase

AUDIENCES = ("patient", "nurse")


def find(book: Book) -> Iterator[Finding]:
    """Yield rows of confidence K whose card would not say that they are a draft."""
    if "fresh_months" not in book.parameters:
        return
    for table in book.tables.values():
        drafts = [row for row in table.rows if row.confidence == "K"]
        met = examples(book, table) if drafts else {}
        for row in drafts:
            cells = met[row.id]
            if cells is not None:
                yield from _of_row(book, table, row, cells)


def _cards(seen: CellSituation, table: Table) -> Iterator[Decision]:
    """Yield every answer that may say a row: of a topic its own, of other tables the goals."""
    if table.is_topic:
        yield tell(seen, table)
        return
    for goal in seen.book.goals:
        yield decide(seen, goal)


def _of_row(book: Book, table: Table, row: Row, cells: Cells) -> Iterator[Finding]:
    seen = CellSituation(book, cells)
    if seen.row_state(table, row) != MET:
        return
    for decision in _cards(seen, table):
        for language in LANGUAGES:
            note = phrase(book, "note.draft", language)
            for audience in AUDIENCES:
                card = decision.card.render(language, audience)
                if row.id in card.rules and note not in card.note:
                    message = f"{decision.decision}: the card that says {row.id} does not call it a draft."
                    place = f"{table.file}:{row.line}"
                    shown: Patient = {n: book.axes[n].example(cell) for n, cell in cells.items()}
                    yield Finding("hidden draft", ERROR, place, message, shown)
                    return
