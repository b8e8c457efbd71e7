"""What each current guideline would say about the same person, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from hbv_engine.book import Book, load_book
from hbv_engine.cards import weakest
from hbv_engine.model import Record
from hbv_engine.situation import FAILED, Situation


@dataclass(frozen=True, slots=True)
class Opinion:
    """One guideline's view; more than one outcome means that it depends on ``missing``."""

    table: str
    guideline: str
    outcomes: tuple[str, ...]
    rules: tuple[str, ...]
    missing: tuple[str, ...]
    confidence: str


def compare(record: Record, *, book: Book | None = None) -> list[Opinion]:
    """Return the view of every guideline in the rulebook; they are never merged into one."""
    book = book or load_book()
    seen = Situation(book, record)
    found = []
    for table in book.tables.values():
        if "guideline" not in table.settings:
            continue
        rows = [row for row in table.rows if seen.row_state(table, row) != FAILED]
        found.append(
            Opinion(
                table.id,
                table.settings["guideline"],
                seen.outcomes(table.id),
                tuple(row.id for row in rows),
                tuple(seen.relevant(table.id)),
                weakest([row.confidence for row in rows]),
            )
        )
    return found
