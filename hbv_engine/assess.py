"""The main verb: everything the rulebook says about one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hbv_engine.book import Book, Outcome, Row, Table, load_book
from hbv_engine.cards import Face, points_of, said, weakest
from hbv_engine.changes import changes_of
from hbv_engine.diagram import closure
from hbv_engine.explain import condition_text, value_text
from hbv_engine.model import Record, read_record
from hbv_engine.results import Alert, Assessment, Card, Change, Decision, Missing, Reason
from hbv_engine.schedule import assess_schedule
from hbv_engine.situation import FAILED, MET, Situation, row_permits

_ANSWERS = {"settled", "silent"}


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
    settled = len(possible) == 1
    outcome = table.outcomes.get(possible[0]) if settled else None
    certain = outcome or _floor(table, possible)
    tables = closure(seen.book, goal)
    fired = _fired(seen, tables)
    points = points_of(seen, tables, goal)
    beside = _beside(seen, table) if settled else ()
    reasons = tuple(r for t, row in fired for r in reasons_of(seen, t, row))
    missing = missing_of(seen, goal)
    changes = _changes(seen, goal, reasons) if _status(outcome, settled=settled) in _ANSWERS else ()
    carrying = [*(fired if settled else _still_possible(seen, table)), *points]
    rules, sources, confidence = _grounds(seen, carrying, certain, beside)
    card = Card(
        goal,
        outcome.name if outcome else None,
        certain.indicator if certain else "info",
        rules,
        sources,
        confidence,
        seen.book.sha256,
        Face(seen, table, certain, settled, possible, reasons, missing, changes, points, beside),
    )
    return Decision(
        decision=goal,
        status=_status(outcome, settled=settled),
        outcome=possible[0] if settled else None,
        possible=possible,
        rules=rules,
        sources=sources,
        confidence=confidence,
        because=reasons,
        missing=missing,
        would_change_if=changes,
        card=card,
    )


def _floor(table: Table, possible: tuple[str, ...]) -> Outcome | None:
    """Return what is certain of an open answer: of a ranked list, the lowest that is left."""
    lowest = possible[-1]
    if table.policy != "highest" or lowest == table.order[-1]:
        return None
    return table.outcomes.get(lowest)


def _status(outcome: Outcome | None, *, settled: bool) -> str:
    if outcome is not None:
        return outcome.status
    return "settled" if settled else "open"


def _changes(seen: Situation, goal: str, reasons: tuple[Reason, ...]) -> tuple[Change, ...]:
    only = {r.input for r in reasons if r.input not in seen.book.tables}
    return tuple(changes_of(seen, goal, only=only, limit=3))


def _grounds(
    seen: Situation,
    carrying: list[tuple[Table, Row]],
    outcome: Outcome | None,
    beside: tuple[tuple[Table, str], ...],
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the rule ids, the sources and the weakest confidence that an answer rests on."""
    rows = list({row.id: row for _, row in carrying}.values())
    said = outcome.sources if outcome else ()
    sources = tuple(dict.fromkeys([*(s for row in rows for s in row.sources), *said]))
    quoted = [row for table, _ in beside for _, row in _fired(seen, [table])]
    rules = tuple(dict.fromkeys(row.id for row in (*rows, *quoted)))
    return rules, sources, weakest([row.confidence for row in rows])


def missing_of(seen: Situation, goal: str) -> tuple[Missing, ...]:
    """Return the facts that can still change a decision, and why each is not known."""
    return tuple([_missing(seen, name) for name in seen.relevant(goal)])


def _missing(seen: Situation, name: str) -> Missing:
    key = (name, seen.issue(name), seen.question_for(name))
    found: Missing | None = seen.book.missing.get(key)
    if found is None:
        found = Missing(name, seen.book.label(name), question=key[2], issue=key[1])
        seen.book.missing[key] = found
    return found


def _fired(seen: Situation, tables: Sequence[Table]) -> list[tuple[Table, Row]]:
    """Return the rows that carry the outcomes: of each settled table, those that say so."""
    fired = []
    for table in tables:
        outcomes = seen.outcomes(table.id)
        if len(outcomes) != 1:
            continue
        rows = [row for row in table.rows if row.outcome == outcomes[0]]
        states = seen.row_states(table)
        met = [row for row in rows if states[row.id] == MET]
        fired += [(table, row) for row in met or rows if met or states[row.id] != FAILED]
    return fired


def _still_possible(seen: Situation, table: Table) -> list[tuple[Table, Row]]:
    """Return the rows that carry an open answer: those that may hold, or in a list that do."""
    states = seen.row_states(table)
    if table.policy == "unique":
        return [(table, row) for row in table.rows if states[row.id] != FAILED]
    return [(table, row) for row in table.rows if states[row.id] == MET]


def reasons_of(seen: Situation, table: Table, row: Row) -> list[Reason]:
    """Return the conditions that a row rests on, each with what is known about it."""
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
        Alert(row.id, row.outcome, said(seen, table, row), row.sources, row.confidence)
        for row in table.rows
        if row.outcome != lowest and row.id in table.says and seen.row_state(table, row) == MET
    ]
    return tuple(sorted(found, key=lambda alert: table.order.index(alert.level)))


def _conflicts(seen: Situation) -> tuple[Missing, ...]:
    """Return the results that disagree with each other, one for each question they answer."""
    found: dict[str | None, Missing] = {}
    for name in seen.book.worked_out:
        if seen.known(name).issue == "conflict":
            missing = _missing(seen, name)
            found.setdefault(missing.question, missing)
    return tuple(found.values())
