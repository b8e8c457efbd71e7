"""z3, over real numbers and without cells, agrees with the diagrams about every table.

Gaps, overlaps and dead rows of the real book, and of broken tiny books where each of them occurs.
"""

from __future__ import annotations

import pytest
import z3

from hbv_engine.axes import ChoiceAxis
from hbv_engine.book import Book, load_book
from hbv_engine.check.rows import examples
from hbv_engine.diagram import GAP, OVERLAP, build_diagram
from tests.engine import naive
from tests.engine.naive import NaiveBook
from tests.engine.solver import Solver
from tests.engine.test_check import V3
from tests.engine.tiny import tiny_book, tiny_texts

TABLES = tuple(load_book().tables)
DECIDING = tuple(name for name in TABLES if load_book().tables[name].policy != "collect")


def solver_of(book: Book, reader: NaiveBook) -> Solver:
    choices = (axis for axis in book.axes.values() if isinstance(axis, ChoiceAxis))
    return Solver(reader, {axis.name: axis.values for axis in choices})


def opinions(book: Book, reader: NaiveBook, name: str) -> tuple[bool, bool, list[str]]:
    """What z3 says of a table: has it a gap, has it an overlap, and which rows are dead."""
    solver, table = solver_of(book, reader), reader.tables[name]
    rows = solver.rows(table)
    gap = solver.find(z3.Not(z3.Or(*rows)))
    overlap = solver.find(z3.AtLeast(*rows, 2)) if table.policy == "unique" else None
    dead = []
    for row, holds in zip(table.rows, rows, strict=True):
        others = [f for other, f in zip(table.rows, rows, strict=True) if other is not row]
        if table.policy == "highest" and row.id not in book.tables[name].says:
            rank = table.order.index
            others = [
                f
                for other, f in zip(table.rows, rows, strict=True)
                if rank(other.outcome) < rank(row.outcome)
            ]
        elif table.policy != "unique":
            others = []
        if solver.find(z3.And(holds, z3.Not(z3.Or(*others)))) is None:
            dead.append(row.id)
    return gap is not None, overlap is not None, dead


def engine_opinions(book: Book, name: str) -> tuple[bool, bool, list[str]]:
    diagram, table = build_diagram(book, name), book.tables[name]
    dead = [row_id for row_id, cells in examples(book, table).items() if cells is None]
    return diagram.example(GAP) is not None, diagram.example(OVERLAP) is not None, dead


@pytest.mark.parametrize("name", DECIDING)
def test_z3_finds_no_gap_no_overlap_and_no_dead_row(
    name: str, book: Book, reader: NaiveBook
) -> None:
    assert opinions(book, reader, name) == (False, False, [])
    assert engine_opinions(book, name) == (False, False, [])


FAR = "| V-9 | positive | < dna_limit and > dna_limit | asleep | EASL2017 | C |\n"
BROKEN = {
    "a row is missing": [(V3, "")],
    "one value is missing": [("| V-3 | negative | >= dna_limit", "| V-3 | negative | > dna_limit")],
    "one value is there twice": [("negative | < dna_limit", "negative | <= dna_limit")],
    "a row covers all others": [("| V-1 | positive | -", "| V-1 | - | -")],
    "not detected is missing": [("negative | < dna_limit", "negative | detected and < dna_limit")],
    "a row cannot be met": [(V3, V3 + FAR)],
    "a row stands twice": [(V3, V3.replace("V-3", "V-4") + V3)],
    "an outcome nobody reaches": [(V3, V3 + FAR), ("| yes | active", "| yes | asleep")],
}


@pytest.mark.parametrize("change", BROKEN)
def test_z3_and_the_diagram_find_the_same_mistakes(change: str) -> None:
    broken = tiny_book(*BROKEN[change])
    reader = naive.read_texts(tiny_texts(*BROKEN[change]))
    found = {name: opinions(broken, reader, name) for name in broken.tables}
    assert found["virus"] == engine_opinions(broken, "virus")
    assert any(found["virus"]) or any(found["signs"])
    if not (found["virus"][0] or found["virus"][1]):
        assert found["signs"] == engine_opinions(broken, "signs")
