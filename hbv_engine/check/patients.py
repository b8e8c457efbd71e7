"""Patients made of cells: what a diagram finds, shown as values that a person can read."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hbv_engine.axes import Axis, ChoiceAxis, Level
from hbv_engine.book import Book, Row, Table
from hbv_engine.check.finding import Patient
from hbv_engine.derive import Known
from hbv_engine.diagram import Diagram, build_diagram
from hbv_engine.intervals import Interval
from hbv_engine.model import Record
from hbv_engine.situation import Situation

Cells = dict[str, int]
_NOBODY = Record(as_of=dt.date(2026, 1, 1))


class CellSituation(Situation):
    """A patient of whom only the cells of some inputs are known; the others stay open."""

    def __init__(self, book: Book, cells: Cells) -> None:
        super().__init__(book, _NOBODY)
        self.cells = cells

    def known(self, name: str) -> Known:
        """Return the cell of an input as what is known about it."""
        cell = self.cells.get(name)
        if cell is None:
            return Known()
        return Known(possible_of(self.book.axes[name], cell), issue=None)


def possible_of(axis: Axis, cell: int) -> frozenset[str] | Level:
    """Return what is possible for an input that is known to lie in a cell."""
    value = axis.example(cell)
    if isinstance(axis, ChoiceAxis):
        return frozenset([str(value)])
    if isinstance(value, str):
        return Level(None, not_detected=True)
    return Level(Interval(value, value))


def copy_of(book: Book, *tables: Table) -> Book:
    """Return a copy of the book with some tables replaced or added, and nothing built yet."""
    changed = {**book.tables, **{table.id: table for table in tables}}
    return dataclasses.replace(book, tables=changed, diagrams={}, permits={}, closures={})


def patient(book: Book, diagram: Diagram, cells: Cells) -> Patient:
    """Return a patient with an example value for every input that matters to where they end."""
    masks = [1 << cells[name] for name in diagram.inputs]
    leaf = diagram.restrict(masks).outcomes
    found: Patient = {}
    for position, name in enumerate(diagram.inputs):
        wider = list(masks)
        wider[position] = (1 << book.axes[name].size) - 1
        if diagram.restrict(wider).outcomes == leaf:
            masks, found[name] = wider, None
        else:
            found[name] = book.axes[name].example(cells[name])
    return found


def table_axis(book: Book, column: str) -> ChoiceAxis:
    """Return the axis of a column that is another table's outcome."""
    axis = book.axes[column]
    if not isinstance(axis, ChoiceAxis):
        raise TypeError(column)
    return axis


def rows_met(book: Book, table: Table, cells: Cells) -> list[Row]:
    """Return the rows of a table that hold for a patient whose every input is known."""
    at = dict(cells)
    for column in table.columns:
        if column in book.tables and column not in at:
            inner = build_diagram(book, column)
            outcome = inner.walk([cells[name] for name in inner.inputs])
            at[column] = table_axis(book, column).cell(outcome)
    return [
        row
        for row in table.rows
        if all(book.axes[c].permits(cond) >> at[c] & 1 for c, cond in row.conditions.items())
    ]


def in_words(found: Patient) -> str:
    """Return a patient on one line."""
    parts = [
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in found.items()
        if value is not None
    ]
    return ", ".join(parts) or "any patient"
