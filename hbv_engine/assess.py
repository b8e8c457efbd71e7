"""The main verb: everything the rulebook says about one record."""

from __future__ import annotations

from typing import Any

from hbv_engine.book import Book, Outcome, Row, Table, load_book
from hbv_engine.cards import Face, points_of, weakest
from hbv_engine.changes import changes_of
from hbv_engine.diagram import closure
from hbv_engine.explain import condition_text, value_text
from hbv_engine.model import Record, read_record
from hbv_engine.results import Alert, Assessment, Card, Decision, Missing, Reason
from hbv_engine.schedule import assess_schedule
from hbv_engine.situation import FAILED, MET, Situation, row_permits


def assess(
    record: Record | dict[str, Any] | str | bytes, *, book: Book | None = None
) -> Assessment:
    """Return every decision about a record, with its reasons, and the red flags it meets.

    Raises:
        RecordError: the record cannot be used.
        RulebookError: the rulebook has a gap or an overlap.
    """
    book = book or load_book()
    seen = Situation(book, read_record(record))
    decisions = {goal: decide(seen, goal) for goal in book.goals}
    return Assessment(
        as_of=seen.record.as_of,
        rulebook={"version": book.version, "sha256": book.sha256},
        alerts=_alerts(seen),
        decisions=decisions,
        conflicts=_conflicts(seen),
        warnings=tuple(seen.record.warnings),
    )


def decide(seen: Situation, goal: str) -> Decision:
    """Return the verdict on one question."""
    table = seen.book.tables[goal]
    if table.policy == "collect":
        return assess_schedule(seen, table)
    possible = seen.outcomes(goal)
    outcome = table.outcomes.get(possible[0]) if len(possible) == 1 else None
    tables = closure(seen.book, goal)
    fired = _fired(seen, tables)
    reasons = tuple(r for t, row in fired for r in _reasons(seen, t, row))
    missing = missing_of(seen, goal)
    only = {r.input for r in reasons if r.input not in seen.book.tables}
    changes = tuple(changes_of(seen, goal, only=only, limit=3)) if len(possible) == 1 else ()
    points = points_of(seen, tables, goal)
    rows = [row for _, row in fired] + [row for t, row in points if (t, row) not in fired]
    sources = tuple(dict.fromkeys([s for row in rows for s in row.sources] + list(_said(outcome))))
    beside = _beside(seen, table) if len(possible) == 1 else ()
    rules = tuple(row.id for row in rows) + tuple(
        row.id for t, _ in beside for _, row in _fired(seen, [t])
    )
    confidence = weakest([row.confidence for row in rows])
    face = Face(seen, table, outcome, possible, reasons, missing, changes, points, beside)
    card = Card(
        goal,
        outcome.name if outcome else None,
        outcome.indicator if outcome else "info",
        rules,
        sources,
        confidence,
        seen.book.sha256,
        face,
    )
    return Decision(
        decision=goal,
        status=outcome.status if outcome else ("settled" if len(possible) == 1 else "open"),
        outcome=possible[0] if len(possible) == 1 else None,
        possible=possible,
        rules=rules,
        sources=sources,
        confidence=confidence,
        because=reasons,
        missing=missing,
        would_change_if=changes,
        card=card,
    )


def missing_of(seen: Situation, goal: str) -> tuple[Missing, ...]:
    """Return the facts that can still change a decision, and why each is not known."""
    found = []
    for name in seen.relevant(goal):
        label = seen.book.label(name)
        found.append(Missing(name, label, seen.question_for(name), seen.issue(name)))
    return tuple(found)


def _said(outcome: Outcome | None) -> tuple[str, ...]:
    return outcome.sources if outcome else ()


def _fired(seen: Situation, tables: list[Table]) -> list[tuple[Table, Row]]:
    """Return the rows that carry the outcomes: of each settled table, those that say so."""
    fired = []
    for table in tables:
        outcomes = seen.outcomes(table.id)
        if len(outcomes) != 1:
            continue
        rows = [row for row in table.rows if row.outcome == outcomes[0]]
        met = [row for row in rows if seen.row_state(table, row) == MET]
        fired += [
            (table, row) for row in met or rows if met or seen.row_state(table, row) != FAILED
        ]
    return fired


def _reasons(seen: Situation, table: Table, row: Row) -> list[Reason]:
    found = []
    for column, permit in row_permits(seen.book, table, row):
        if seen.mask(column) & ~permit:
            continue
        condition = condition_text(seen.book, row.conditions[column])
        value = value_text(seen, column)
        date = raw = None
        if column not in seen.book.tables and seen.known(column).evidence:
            first = seen.known(column).evidence[0]
            date, raw = first.date, first.raw
        found.append(Reason(row.id, column, condition, value, date, raw))
    return found


def _beside(seen: Situation, table: Table) -> tuple[tuple[Table, str], ...]:
    """Return what each guideline says about the same question, where that is settled."""
    if table.settings.get("beside") != "guidelines":
        return ()
    found = []
    for other in seen.book.tables.values():
        if "guideline" in other.settings:
            outcomes = seen.outcomes(other.id)
            if len(outcomes) == 1 and outcomes[0] != "not_covered":
                found.append((other, outcomes[0]))
    return tuple(found)


def _alerts(seen: Situation) -> tuple[Alert, ...]:
    table = seen.book.tables.get("urgency")
    if table is None:
        return ()
    lowest = table.order[-1]
    found = [
        Alert(row.id, row.outcome, table.says[row.id], row.sources, row.confidence)
        for row in table.rows
        if row.outcome != lowest and row.id in table.says and seen.row_state(table, row) == MET
    ]
    return tuple(sorted(found, key=lambda alert: table.order.index(alert.level)))


def _conflicts(seen: Situation) -> tuple[Missing, ...]:
    found = []
    for name in seen.book.axes:
        if name in seen.book.tables:
            continue
        if seen.known(name).issue == "conflict":
            label = seen.book.label(name)
            found.append(Missing(name, label, seen.question_for(name), "conflict"))
    return tuple(found)
