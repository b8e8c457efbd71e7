"""Why, and why not: every row that was tried, and where it failed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hbv_engine.axes import Level
from hbv_engine.book import Book, Row, Table, load_book
from hbv_engine.conditions import Condition, Span
from hbv_engine.diagram import closure
from hbv_engine.model import Record
from hbv_engine.situation import FAILED, MET, UNKNOWN, Situation, row_permits
from hbv_engine.timeline import Evidence


@dataclass(frozen=True, slots=True)
class Step:
    """One row that was tried.

    ``code`` says why it does not hold: ``not_found`` (nothing known), ``stale``, ``conflict``,
    ``limit_unknown``, ``out_of_range`` (a number on the wrong side), ``other_value``,
    ``other_outcome`` (a table it depends on came out differently). ``distance`` is how far a number
    is from the threshold, in its unit.
    """

    table: str
    rule: str
    outcome: str
    state: str
    input: str | None = None
    condition: str | None = None
    value: str | None = None
    code: str | None = None
    distance: float | None = None


def explain(record: Record, decision: str, *, book: Book | None = None) -> list[Step]:
    """Return every row of a decision and of the tables below it, in order, with its state.

    Raises:
        KeyError: there is no such decision.
    """
    book = book or load_book()
    seen = Situation(book, record)
    tables = closure(book, decision)
    return [_step(seen, table, row) for table in tables for row in table.rows]


def _step(seen: Situation, table: Table, row: Row) -> Step:
    state = seen.row_state(table, row)
    if state == MET:
        return Step(table.id, row.id, row.outcome, state)
    for column, permit in row_permits(seen.book, table, row):
        mask = seen.mask(column)
        failed = not mask & permit
        if failed if state == FAILED else mask & ~permit:
            condition = row.conditions[column]
            return Step(
                table.id,
                row.id,
                row.outcome,
                state,
                input=column,
                condition=condition_text(seen.book, condition),
                value=value_text(seen, column),
                code=_code(seen, column, failed=failed),
                distance=_distance(seen, column, condition) if failed else None,
            )
    raise AssertionError(row.id)


def _code(seen: Situation, column: str, *, failed: bool) -> str:
    if column in seen.book.tables:
        return "other_outcome" if failed else "not_found"
    known = seen.known(column)
    if not failed:
        return {"missing": "not_found"}.get(known.issue or "", known.issue or "not_found")
    return "out_of_range" if isinstance(known.possible, Level) else "other_value"


def _distance(seen: Situation, column: str, condition: Condition) -> float | None:
    if column in seen.book.tables or not isinstance(condition, Span):
        return None
    possible = seen.known(column).possible
    if not isinstance(possible, Level) or possible.interval is None or not condition.thresholds:
        return None
    ends = [end for end in (possible.interval.low, possible.interval.high) if math.isfinite(end)]
    return min((abs(end - t) for end in ends for t in condition.thresholds), default=None)


def condition_text(book: Book, condition: Condition) -> str:
    """Return a condition with its parameters written as numbers."""
    text = condition.text
    for name in condition.parameters if isinstance(condition, Span) else ():
        text = text.replace(name, f"{book.parameters[name].value:g}")
    return text


def plain_value(evidence: Evidence) -> str:
    """Return a piece of evidence as plain text: comparator, number or word, unit."""
    value = evidence.value
    text = f"{value:g}" if isinstance(value, int | float) else str(value)
    text = text if evidence.comparator == "=" else f"{evidence.comparator} {text}"
    return f"{text} {evidence.unit}" if evidence.unit else text


def value_text(seen: Situation, column: str) -> str:
    """Return what is known about a column as short plain text."""
    if column in seen.book.tables:
        return " or ".join(seen.outcomes(column))
    known = seen.known(column)
    if known.evidence:
        return "; ".join(dict.fromkeys(plain_value(e) for e in known.evidence))
    return UNKNOWN
