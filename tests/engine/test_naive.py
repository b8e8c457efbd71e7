"""The engine and a deliberately naive reader of the same Markdown say the same about every patient.

What is covered. A table alone is compared with the columns it has (other tables count as given
values): every combination of just below, at and just above each threshold, every word, and not detected,
if there are at most 70,000; for a bigger table the example of each row with all single deviations, all
double deviations that touch a condition of the row, and a set that shows every pair of values of every
two columns. A decision as a whole, with the tables below it, is compared in the same way on the inputs of
a person. Unknown facts are compared in ``test_possible_worlds.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hbv_engine.book import Book, load_book
from hbv_engine.check.rows import examples
from hbv_engine.situation import diagram_of
from tests.engine import naive
from tests.engine.boundaries import (
    Patient,
    alone,
    deviations,
    every_combination,
    pairwise,
    values_of,
)
from tests.engine.engine_reader import EngineReader
from tests.engine.naive import NaiveBook

TABLES = tuple(load_book().tables)
DECIDING = tuple(name for name in TABLES if load_book().tables[name].policy != "collect")


def whole(reader: NaiveBook, book: Book, name: str) -> Iterator[Patient]:
    """Patients for a decision with all tables below it, by the inputs of a person."""
    inputs = diagram_of(book, name).inputs
    domains = {column: values_of(reader, book, column) for column in inputs}
    everything = every_combination(domains)
    if everything is not None:
        yield from everything
        return
    quiet = {column: values[0] for column, values in domains.items()}
    shown = examples(book, book.tables[name])
    for row in book.tables[name].rows:
        cells = shown[row.id]
        assert cells is not None, f"{row.id} is dead"
        example = quiet | {c: book.axes[c].example(cell) for c, cell in cells.items()}
        focus = {
            column for column, cell in reader_cells(reader, name, row.id).items() if cell != "-"
        }
        yield from deviations(example, domains, focus & set(domains))
    yield from pairwise(domains, seed=2)


def reader_cells(reader: NaiveBook, table: str, row: str) -> dict[str, str]:
    return next(r.cells for r in reader.tables[table].rows if r.id == row)


def test_both_read_the_same_book(book: Book, reader: NaiveBook) -> None:
    assert reader.parameters == book.numbers
    assert list(reader.tables) == list(book.tables)
    for name, table in reader.tables.items():
        other = book.tables[name]
        assert table.policy == other.policy
        assert tuple(table.order) == other.order
        assert tuple(table.columns) == other.columns
        rows = [(row.id, row.outcome, row.outputs, row.line) for row in table.rows]
        assert rows == [(row.id, row.outcome, row.outputs, row.line) for row in other.rows]


@pytest.mark.parametrize("name", TABLES)
def test_the_same_rows_hold(name: str, book: Book, reader: NaiveBook) -> None:
    table, engine = reader.tables[name], EngineReader(book, name)
    for patient in alone(reader, book, name):
        expected = [row.id for row in naive.rows_that_hold(reader, table, patient)]
        assert engine.names(engine.rows(patient)) == expected, patient


@pytest.mark.parametrize("name", DECIDING)
def test_the_same_outcome_is_decided(name: str, book: Book, reader: NaiveBook) -> None:
    decide = EngineReader(book, name).outcome
    for patient in whole(reader, book, name):
        assert decide(patient) == naive.verdict(reader, name, patient)[0], patient
