"""``hbv check``: what a machine can find wrong with the rulebook, each with a patient or a place.

Errors make the rulebook unfit to answer; notes are worth a look::

    for finding in check_book(load_book()):
        print(finding.place, finding.message)

Wrong types, unknown names and unreadable cells are no findings: the rulebook does not load then.
"""

from __future__ import annotations

from hbv_engine.book import Book
from hbv_engine.check import (
    draft,
    length,
    questions,
    reading,
    rows,
    settings,
    sources,
    tables,
    translation,
    usage,
    wording,
)
from hbv_engine.check.finding import ERROR, NOTE, Finding

CHECKS = (
    tables.find,
    rows.find,
    settings.find,
    sources.find,
    usage.find,
    questions.find,
    translation.find,
    length.find,
    wording.find,
    reading.find,
)

UNSPEAKABLE = {"gap", "overlap", "placeholder", "no text"}
"""With findings of these kinds there are patients whose card cannot be made."""

__all__ = ["CHECKS", "ERROR", "NOTE", "Finding", "check_book"]


def check_book(book: Book) -> list[Finding]:
    """Return everything that is wrong with a rulebook or worth a look, errors first.

    Cards are looked at only when every patient has one.
    """
    found = [finding for check in CHECKS for finding in check(book)]
    if not any(finding.kind in UNSPEAKABLE for finding in found):
        found += draft.find(book)
    kept = {(f.kind, f.place, f.message): f for f in found}
    return sorted(kept.values(), key=lambda f: f.severity != ERROR)
