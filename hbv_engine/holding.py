"""How long what a person told holds: for ever, for months, or for the days around its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hbv_engine.book import Book, load_book
from hbv_engine.facts import Item, catalogue
from hbv_engine.timeline import DAYS_A_MONTH


def still_holds(
    name: str, value: Any, told: dt.date, as_of: dt.date, *, book: Book | None = None
) -> bool:
    """Tell whether a history item or symptom that was told on a day still speaks about ``as_of``.

    What does not hold any more is unknown, never "no". Other facts hold: the time line judges how
    old a laboratory result is.
    """
    known = catalogue()
    item = known.history.get(name) or known.symptoms.get(name)
    if item is None or value in item.lasting:
        return True
    return (as_of - told).days <= _days(item, book or load_book())


def answer_holds(question: str, told: dt.date, as_of: dt.date, *, book: Book | None = None) -> bool:
    """Tell whether a question that was answered on a day need not be asked again on ``as_of``."""
    book = book or load_book()
    known = catalogue()
    facts = book.questions[question].get("facts", (question,))
    items = [item for n in facts if (item := known.history.get(n) or known.symptoms.get(n))]
    days = min((_days(item, book) for item in items), default=_months(book))
    return (as_of - told).days <= days


def _days(item: Item, book: Book) -> float:
    return book.numbers["fresh_days"] if item.passing else _months(book)


def _months(book: Book) -> float:
    return book.numbers["fresh_months"] * DAYS_A_MONTH
