"""The lines of settings: only words that the engine reads, with values that it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hbv_engine.book import POLICIES, Book, Row, Table
from hbv_engine.check.finding import ERROR, Finding

STATUSES = ("settled", "silent", "not_applicable")
INDICATORS = ("info", "warning", "critical")
FOR_PEOPLE = {"sources", "applies when", "asks"}
OF_TABLE = {"hit policy", "goal", "topic", "order", "first", "beside", "guideline", "said with"}
OF_TABLE |= FOR_PEOPLE
OF_OUTCOME = {"status", "indicator"} | FOR_PEOPLE


def find(book: Book) -> Iterator[Finding]:
    """Yield settings that nothing reads, and values that mean nothing."""
    for table in book.tables.values():
        place = f"{table.file}:{table.line}"
        yield from _unread(place, table.id, table.settings, OF_TABLE)
        yield from _of_table(book, table, place)
        for outcome in table.outcomes.values():
            place = f"{table.file}:{outcome.line}"
            owner = f"{table.id} {outcome.name}"
            yield from _unread(place, owner, outcome.settings, OF_OUTCOME)
            yield from _one_of(place, owner, "status", outcome.status, STATUSES)
            yield from _one_of(place, owner, "indicator", outcome.indicator, INDICATORS)


def _of_table(book: Book, table: Table, place: str) -> Iterator[Finding]:
    yield from _one_of(place, table.id, "hit policy", table.policy, POLICIES)
    yield from _one_of(place, table.id, "goal", table.settings.get("goal", "yes"), ("yes",))
    yield from _one_of(place, table.id, "topic", table.settings.get("topic", "yes"), ("yes",))
    shown = table.settings.get("said with")
    if shown is not None:
        yield from _one_of(place, table.id, "said with", shown, tuple(book.tables))
    if table.is_topic and not _is_for_all(table.rows[-1]):
        message = (
            f"{table.id}: a topic ends with a row without conditions, {table.rows[-1].id} has some."
        )
        yield Finding("setting", ERROR, place, message)
    for name in table.order:
        if name not in {row.outcome for row in table.rows}:
            message = f"{table.id}: no row leads to {name}, which the order names."
            yield Finding("setting", ERROR, place, message)
    for name in table.asked_first:
        yield from _one_of(place, table.id, "first", name, table.columns)


def _is_for_all(row: Row) -> bool:
    return all(condition.text == "-" for condition in row.conditions.values())


def _unread(
    place: str, owner: str, settings: Mapping[str, str], known: set[str]
) -> Iterator[Finding]:
    for key in settings:
        if key not in known:
            accepted = ", ".join(sorted(known))
            message = f"{owner}: nothing reads the setting {key!r}; known are {accepted}."
            yield Finding("setting", ERROR, place, message)


def _one_of(
    place: str, owner: str, key: str, value: str, accepted: tuple[str, ...]
) -> Iterator[Finding]:
    if value not in accepted:
        message = f"{owner}: {key} is {value!r}, not one of {', '.join(accepted)}."
        yield Finding("setting", ERROR, place, message)
