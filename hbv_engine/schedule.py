"""The calendar of checks: what, when it was last done, when it is due, what is overdue."""

from __future__ import annotations

import datetime as dt

from hbv_engine.book import Row, Table
from hbv_engine.cards import Face, said, weakest
from hbv_engine.facts import Text
from hbv_engine.results import Card, Decision, Due, Missing
from hbv_engine.situation import MET, UNKNOWN, Situation, row_permits
from hbv_engine.timeline import DAYS_A_WEEK

SOON_WEEKS = 4
ORDER = ("overdue", "due_soon", "dates_missing", "on_schedule", "nothing_scheduled")
STATES = (*ORDER[:-1], "done", "once")
_NONE = {"-", ""}


def assess_schedule(seen: Situation, table: Table) -> Decision:
    """Return the calendar of one person: every row that applies, with its dates.

    Months and weeks count from the newest result of the tests that the row names.
    """
    states = {row.id: seen.row_state(table, row) for row in table.rows}
    rows = [row for row in table.rows if states[row.id] == MET]
    calendar = tuple(_due(seen, table, row) for row in rows)
    missing = tuple(
        Missing(n, seen.book.label(n), seen.question_for(n), seen.issue(n))
        for n in open_inputs(seen, table)
    )
    name = _outcome(calendar)
    outcome = table.outcomes.get(name)
    grounds = rows or [row for row in table.rows if states[row.id] == UNKNOWN]
    sources = tuple(dict.fromkeys(s for row in grounds for s in row.sources))
    confidence = weakest([row.confidence for row in grounds])
    points = tuple((table, row) for row in rows if row.id in table.says)
    face = Face(seen, table, outcome, True, (name,), (), missing, (), points, ())
    rules = tuple(row.id for row in grounds)
    indicator = outcome.indicator if outcome else "info"
    card = Card(table.id, name, indicator, rules, sources, confidence, seen.book.sha256, face)
    return Decision(
        decision=table.id,
        status="settled" if rows else "open",
        outcome=name,
        possible=(name,),
        rules=rules,
        sources=sources,
        confidence=confidence,
        because=(),
        missing=missing,
        would_change_if=(),
        card=card,
        calendar=tuple(sorted(calendar, key=lambda d: (STATES.index(d.state), str(d.due)))),
    )


def _outcome(calendar: tuple[Due, ...]) -> str:
    states = {"on_schedule" if item.state == "done" else item.state for item in calendar}
    return next((name for name in ORDER if name in states), "nothing_scheduled")


def _due(seen: Situation, table: Table, row: Row) -> Due:
    last = _last_done(seen, row.outputs["done_by"].split())
    due = _next(seen, row, last)
    grace = _weeks(seen, row.outputs.get("overdue_after_weeks", "-")) or 0
    today = seen.record.as_of
    if due is None:
        state = _state_without_date(seen, row, last)
    elif today > _later(due, grace):
        state = "overdue"
    elif _later(today, SOON_WEEKS) >= due:
        state = "due_soon"
    else:
        state = "on_schedule"
    label = said(seen, table, row)["patient"] if row.id in table.says else _bare(row)
    return Due(row.id, row.outputs["what"], label, last, due, state, row.sources, row.confidence)


def _bare(row: Row) -> Text:
    return {"en": row.outputs["what"], "zh": row.outputs["what"]}


def _state_without_date(seen: Situation, row: Row, last: dt.date | None) -> str:
    """Return why there is no next date: told once, all fixed weeks done, or dates missing."""
    fixed = row.outputs.get("at_weeks", "-") not in _NONE
    if not fixed and row.outputs.get("every_weeks", "-") in _NONE:
        return "once"
    return "done" if fixed and last is not None and _start(seen) is not None else "dates_missing"


def _last_done(seen: Situation, names: list[str]) -> dt.date | None:
    dates: list[dt.date] = []
    for name in names:
        dates += [o.date for o in seen.line.by_analyte.get(name, ()) if o.date]
        item = seen.line.history(name)
        if item is not None and isinstance(item.value, str):
            dates.append(dt.date.fromisoformat(item.value))
    return max(dates, default=None)


def _weeks(seen: Situation, text: str) -> float | None:
    if text in _NONE:
        return None
    return seen.numbers[text] if text in seen.numbers else float(text)


def _next(seen: Situation, row: Row, last: dt.date | None) -> dt.date | None:
    """Return the next date: the first fixed week not yet done, or last date plus interval."""
    fixed = row.outputs.get("at_weeks", "-")
    if fixed not in _NONE:
        return _next_fixed(seen, [float(week) for week in fixed.split()], last)
    every = _weeks(seen, row.outputs.get("every_weeks", "-"))
    if every is None or last is None:
        return None
    return _later(last, every)


def _next_fixed(seen: Situation, weeks: list[float], last: dt.date | None) -> dt.date | None:
    start = _start(seen)
    if start is None:
        return None
    days = [_later(start, week) for week in weeks]
    done_until = _later(last, 1) if last else start
    return next((day for day in days if day > done_until), None)


def _later(day: dt.date, weeks: float) -> dt.date:
    """Return the day some weeks later, held within the calendar."""
    number = round(day.toordinal() + weeks * DAYS_A_WEEK)
    return dt.date.fromordinal(max(1, min(number, dt.date.max.toordinal())))


def _start(seen: Situation) -> dt.date | None:
    """Return the first day of the interferon course, from the treatment or from the week told."""
    week = seen.line.treatment_week
    if week is None:
        return None
    return _later(seen.record.as_of, -week)


def open_inputs(seen: Situation, table: Table) -> list[str]:
    """Return the unknown inputs that decide whether a row of a schedule applies to this person."""
    names: dict[str, None] = {}
    for row in table.rows:
        if seen.row_state(table, row) != UNKNOWN:
            continue
        for column, permit in row_permits(seen.book, table, row):
            if column in seen.book.tables:
                names.update(dict.fromkeys(seen.relevant_among(column, permit)))
            elif seen.mask(column) & ~permit and seen.known(column).issue:
                names[column] = None
    return list(names)
