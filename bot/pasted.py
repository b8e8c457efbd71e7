"""A laboratory report pasted into the chat: its rows, and what is written around them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from bot.facts import Fact
from bot.report import Report, ReportError, looks_like_report
from bot.report import read as read_report

_CODED = {"hl7", "fhir"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """A message with a report in it: the facts of its rows, and the text with the rows blanked."""

    facts: tuple[Fact, ...]
    around: str


@lru_cache(maxsize=64)
def pasted(text: str) -> Pasted | None:
    """Return the report in a message; None if there is none that can be read."""
    if not looks_like_report(text):
        return None
    try:
        report = read_report(text, today=dt.date.today())  # noqa: DTZ011 - the day where we are
    except ReportError:
        return None
    if not report.rows:
        return None
    return Pasted(tuple(_facts(report)), _around(text, report))


def _facts(report: Report) -> list[Fact]:
    facts = []
    for row in report.rows:
        fact = row.as_fact()
        if row.index is not None:  # an instrument's index goes beside the word, never as a quantity
            fact |= {"index": row.index}
        facts.append(Fact(**fact))
    return facts


def _around(text: str, report: Report) -> str:
    if report.source in _CODED:
        return " " * len(text)
    kept = list(text)
    places = [(row.start, row.end) for row in report.rows]
    places += [(row.start, row.end) for row in report.unknown_rows]
    for start, end in places:
        kept[start:end] = " " * (end - start)
    return "".join(kept)
