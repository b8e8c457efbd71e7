"""Rows that decide nobody, and rows that could be one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import combinations

from hbv_engine.axes import ChoiceAxis, cells_of
from hbv_engine.book import Book, Row, Table
from hbv_engine.check.finding import ERROR, NOTE, Finding, Patient
from hbv_engine.check.patients import Cells, copy_of
from hbv_engine.conditions import Anything
from hbv_engine.diagram import build_diagram


def find(book: Book) -> Iterator[Finding]:
    """Yield dead rows and mergeable rows."""
    for table in book.tables.values():
        yield from _dead(book, table)
        yield from _mergeable(book, table)


def _dead(book: Book, table: Table) -> Iterator[Finding]:
    met = examples(book, table)
    for row in table.rows:
        if met[row.id] is None:
            who = "no patient meets it alone" if table.policy == "unique" else "it decides nobody"
            message = f"{table.id}: {row.id} is dead: {who}."
            yield Finding(
                "dead row", ERROR, f"{table.file}:{row.line}", message, _hopeful(book, row)
            )


def _hopeful(book: Book, row: Row) -> Patient:
    """Return a patient who meets the conditions of a row one by one, where each can be met at all."""
    found: Patient = {}
    for column, condition in row.conditions.items():
        cells = cells_of(book.axes[column].permits(condition))
        full = isinstance(condition, Anything) or not cells
        found[column] = None if full else book.axes[column].example(cells[0])
    return found


def examples(book: Book, table: Table) -> dict[str, Cells | None]:
    """Return for every row the cells of a patient it decides, or for whom it is said; None if dead."""
    if table.policy == "unique":
        rows = tuple(dataclasses.replace(row, outcome=row.id) for row in table.rows)
        diagram = build_diagram(copy_of(book, dataclasses.replace(table, rows=rows)), table.id)
        return {row.id: diagram.example(row.id) for row in table.rows}
    return {row.id: _listed(book, table, row) for row in table.rows}


def _listed(book: Book, table: Table, row: Row) -> Cells | None:
    """Return the cells of a patient for whom a row of a ``highest`` or ``collect`` table counts."""
    masks = {c: book.axes[c].permits(condition) for c, condition in row.conditions.items()}
    if not all(masks.values()):
        return None
    above = () if table.policy == "collect" or row.id in table.says else _above(table, row)
    outer = any(c in book.tables and row.conditions[c].text != "-" for c in masks)
    if outer or above:
        return _beats(book, table, row, above)
    return {c: cells_of(mask)[0] for c, mask in masks.items() if c not in book.tables}


def _above(table: Table, row: Row) -> tuple[Row, ...]:
    rank = table.order.index
    return tuple(other for other in table.rows if rank(other.outcome) < rank(row.outcome))


def _beats(book: Book, table: Table, row: Row, above: tuple[Row, ...]) -> Cells | None:
    """Return a patient who meets a row and none of those above it."""
    anything: Row = dataclasses.replace(
        row, conditions=dict.fromkeys(row.conditions, Anything()), outcome="below"
    )
    rows = (
        *(dataclasses.replace(other, outcome="above") for other in above),
        dataclasses.replace(row, outcome="here"),
        anything,
    )
    asked = dataclasses.replace(
        table, rows=rows, policy="highest", order=("above", "here", "below")
    )
    return build_diagram(copy_of(book, asked), table.id).example("here")


def _mergeable(book: Book, table: Table) -> Iterator[Finding]:
    for first, second in combinations(table.rows, 2):
        if first.outcome != second.outcome or first.outputs != second.outputs:
            continue
        if first.id in table.says or second.id in table.says:
            continue
        column = _only_difference(book, first, second)
        if column is not None:
            message = (
                f"{table.id}: {first.id} and {second.id} differ only in {column} "
                f"({first.conditions[column].text} / {second.conditions[column].text}) "
                "and could be one row."
            )
            cells = cells_of(book.axes[column].permits(second.conditions[column]))
            shown: Patient = {column: book.axes[column].example(cells[0])} if cells else {}
            place = f"{table.file}:{second.line}"
            yield Finding("mergeable rows", NOTE, place, message, shown)


def _only_difference(book: Book, first: Row, second: Row) -> str | None:
    masks = [
        (c, book.axes[c].permits(first.conditions[c]), book.axes[c].permits(second.conditions[c]))
        for c in first.conditions
    ]
    differ = [(c, a, b) for c, a, b in masks if a != b]
    if len(differ) != 1:
        return None
    column, a, b = differ[0]
    both = a | b
    lowest = both & -both
    in_one_piece = not (both + lowest) & both
    return column if isinstance(book.axes[column], ChoiceAxis) or in_one_piece else None
