"""Values worth trying: just below, at and just above every threshold, and every word of a choice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product
from math import prod

from hbv_engine.axes import ChoiceAxis
from hbv_engine.book import Book
from tests.engine import naive
from tests.engine.naive import NaiveBook, NaiveRow, NaiveTable, Value

Patient = dict[str, Value]
STEP = 1e-6
EVERYTHING = 70_000
"""So many patients or fewer are all tried; of more, a chosen part."""


def around(threshold: float) -> list[float]:
    """Just below, at, and just above a threshold."""
    step = abs(threshold) * STEP or STEP
    return [threshold - step, threshold, threshold + step]


def values_of(reader: NaiveBook, book: Book, column: str) -> list[Value]:
    """Every value worth trying of a column.

    The thresholds are the naive reader's; only the words that no row names come from the engine.
    """
    axis = book.axes[column]
    if column in reader.tables or isinstance(axis, ChoiceAxis):
        assert isinstance(axis, ChoiceAxis)
        return list(axis.values)
    found: list[Value] = []
    for threshold in naive.thresholds_of(reader, column):
        found += around(threshold)
    found = found or [1.0]
    return ["not_detected", *found] if naive.knows_not_detected(reader, column) else found


def example_of(reader: NaiveBook, table: NaiveTable, row: NaiveRow, domains: Domains) -> Patient:
    """A patient who meets every cell of a row; the columns it leaves open get a quiet value."""
    return {
        name: next(
            (v for v in domains[name] if _meets(reader, table, row, name, v)), domains[name][0]
        )
        for name in table.columns
    }


Domains = dict[str, list[Value]]


def _meets(reader: NaiveBook, table: NaiveTable, row: NaiveRow, name: str, value: Value) -> bool:
    quantity = table.units[name] is not None
    return naive.holds(reader, row.cells[name], value, quantity=quantity)


def quiet_domains(reader: NaiveBook, book: Book, table: NaiveTable) -> Domains:
    """The values of each column, the one that the fewest rows ask for first."""
    found: Domains = {}
    for name in table.columns:
        quantity = table.units[name] is not None
        asked = [row.cells[name] for row in table.rows if row.cells[name] != "-"]

        def busy(value: Value, asked: list[str] = asked, quantity: bool = quantity) -> int:
            return sum(naive.holds(reader, cell, value, quantity=quantity) for cell in asked)

        found[name] = sorted(values_of(reader, book, name), key=busy)
    return found


def every_combination(domains: Domains, limit: int = EVERYTHING) -> Iterator[Patient] | None:
    """All combinations of all values, if they are not more than ``limit``."""
    if prod(len(values) for values in domains.values()) > limit:
        return None
    names = list(domains)
    return (dict(zip(names, values, strict=True)) for values in product(*domains.values()))


def alone(reader: NaiveBook, book: Book, name: str) -> Iterator[Patient]:
    """Patients for a table alone, by its own columns; another table is a column of words.

    All combinations if they are few. Otherwise the example of each row with all single deviations and
    all double deviations that touch a condition of the row, every two rows that can hold together, and
    every pair of values of two columns.
    """
    table = reader.tables[name]
    domains = quiet_domains(reader, book, table)
    everything = every_combination(domains)
    if everything is not None:
        yield from everything
        return
    for row in table.rows:
        yield from around_row(reader, table, row, domains)
    yield from rows_together(reader, table, domains)
    yield from pairwise(domains, seed=1)


def rows_together(reader: NaiveBook, table: NaiveTable, domains: Domains) -> Iterator[Patient]:
    """For every two rows with different outcomes, a patient who meets both, if there is one."""
    for first, second in combinations(table.rows, 2):
        if first.outcome == second.outcome:
            continue
        found = {
            name: next(
                (
                    v
                    for v in values
                    if _meets(reader, table, first, name, v)
                    and _meets(reader, table, second, name, v)
                ),
                None,
            )
            for name, values in domains.items()
        }
        if None not in found.values():
            yield found  # type: ignore[misc]


def around_row(
    reader: NaiveBook, table: NaiveTable, row: NaiveRow, domains: Domains
) -> Iterator[Patient]:
    """The example of a row and its deviations."""
    focus = {column for column, cell in row.cells.items() if cell != "-"}
    yield from deviations(example_of(reader, table, row, domains), domains, focus)


def deviations(patient: Patient, domains: Domains, focus: set[str]) -> Iterator[Patient]:
    """The patient, every single change of a value, and every double change that touches the focus."""
    yield dict(patient)
    for name, values in domains.items():
        for value in values:
            if value != patient[name]:
                yield patient | {name: value}
    for first, second in combinations(domains, 2):
        if first not in focus and second not in focus:
            continue
        for a, b in product(domains[first], domains[second]):
            if a != patient[first] and b != patient[second]:
                yield patient | {first: a, second: b}


def pairwise(domains: Domains, seed: int) -> Iterator[Patient]:
    """Patients that together show every pair of values of every two columns.

    Chance patients show most pairs quickly; each pair that is left then gets a patient of its own.
    """
    choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    columns = list(domains.items())
    positions = list(combinations(range(len(columns)), 2))
    left = {
        (p, x, q, y)
        for p, q in positions
        for x in range(len(columns[p][1]))
        for y in range(len(columns[q][1]))
    }
    idle = 0
    while left:
        chosen = [choose.randrange(len(values)) for _, values in columns]
        if idle > 20:
            p, x, q, y = min(left)
            chosen[p], chosen[q] = x, y
        shown = {(p, chosen[p], q, chosen[q]) for p, q in positions} & left
        idle = 0 if len(shown) > len(positions) // 20 else idle + 1
        if shown:
            left -= shown
            yield {name: values[i] for (name, values), i in zip(columns, chosen, strict=True)}
