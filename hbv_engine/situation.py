"""One person seen through the rulebook: what each input may be, and what follows from it.

Everything is worked out on demand and once: the values of the inputs, the masks of their cells, the
restricted diagrams, the state of every row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hbv_engine.book import Book, Row, Table
from hbv_engine.derive import Known
from hbv_engine.derive.base import MISSING
from hbv_engine.diagram import GAP, OVERLAP, Diagram, Restricted, build_diagram
from hbv_engine.errors import RulebookError
from hbv_engine.inputs import find_input
from hbv_engine.model import Record
from hbv_engine.timeline import Timeline

T = TypeVar("T")
MET, FAILED, UNKNOWN = "met", "failed", "unknown"
_COMPLETES = {"limit_unknown": "_limit", "assay_unknown": "_assay"}


def diagram_of(book: Book, goal: str) -> Diagram:
    """Return the diagram of a table that has been proved to have no gap and no overlap.

    Raises:
        RulebookError: some patient would meet no row, or two; the message describes one.
    """
    proved = (goal, False) in book.diagrams
    diagram = build_diagram(book, goal)
    if not proved:
        for leaf, meaning in ((GAP, "no row holds"), (OVERLAP, "two rows hold")):
            found = diagram.example(leaf)
            if found is not None:
                patient = {n: book.axes[n].describe(cell) for n, cell in found.items()}
                raise RulebookError(f"{goal}: {meaning} for {patient}.", value=patient)
    return diagram


class _Once(dict[str, T]):
    """Answers by name; one that is not there yet is worked out and kept."""

    def __init__(self, work_out: Callable[[str], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, name: str) -> T:
        found = self[name] = self._work_out(name)
        return found


class Situation:
    """What the rulebook can say about one record."""

    def __init__(self, book: Book, record: Record) -> None:
        self.book = book
        self.record = record
        self.numbers = book.numbers
        self.line = Timeline.of(record, fresh_months=self.numbers["fresh_months"])
        self._told = record.history.keys() | record.symptoms.keys()
        self._known = _Once(self._read)
        self._masks = _Once(self._mask)
        self._restricted = _Once(self._restrict)
        self._outcomes = _Once(self._still_possible)
        self._states = _Once(self._row_states)

    def known(self, name: str) -> Known:
        """Return what the record says about an input."""
        return self._known[name]

    def _read(self, name: str) -> Known:
        if name in self.book.stated and name not in self._told:
            return MISSING
        return find_input(name).read(self.line, self.numbers)

    def mask(self, column: str) -> int:
        """Return the cells of a column that are still possible."""
        return self._masks[column]

    def _mask(self, column: str) -> int:
        axis = self.book.axes[column]
        if column in self.book.tables:
            return axis.mask(frozenset(self.outcomes(column)))
        possible = self.known(column).possible
        return axis.all_cells if possible is None else axis.mask(possible)

    def masks(self, diagram: Diagram) -> list[int]:
        """Return the masks of all inputs of a diagram, in its order."""
        return [self._masks[name] for name in diagram.inputs]

    def restricted(self, goal: str) -> Restricted:
        """Return what is left of a table's diagram for this person."""
        return self._restricted[goal]

    def _restrict(self, goal: str) -> Restricted:
        diagram = diagram_of(self.book, goal)
        return diagram.restrict(self.masks(diagram))

    def outcomes(self, goal: str) -> tuple[str, ...]:
        """Return the outcomes that are still possible; one alone is settled."""
        return self._outcomes[goal]

    def _still_possible(self, goal: str) -> tuple[str, ...]:
        left = self.restricted(goal)
        return names_of(left.outcomes, left.leaves)

    def relevant(self, goal: str) -> list[str]:
        """Return the unknown inputs whose answer can still change the outcome."""
        inputs = diagram_of(self.book, goal).inputs
        return [inputs[level] for level in self.restricted(goal).levels]

    def relevant_among(self, goal: str, among: int) -> list[str]:
        """Return the unknown inputs that can still decide whether the outcome is one of a mask."""
        diagram = diagram_of(self.book, goal)
        left = diagram.restrict(self.masks(diagram), among=among)
        return [diagram.inputs[level] for level in left.levels]

    def issue(self, name: str) -> str:
        """Return why an input is not simply known; ``imprecise`` if it allows both sides."""
        return self.known(name).issue or "imprecise"

    def question_for(self, name: str) -> str | None:
        """Return the question that would make an input known; None if asking again cannot help."""
        issue = self.issue(name)
        if issue == "imprecise":
            return None
        if issue == "sex_unknown":
            return "sex"
        ask = self._now_first(self.book.question_for(name))
        ending = _COMPLETES.get(issue)
        return f"{ask}{ending}" if ending else ask

    def _now_first(self, ask: str) -> str:
        """Return the question for the present value where one for an earlier value tells nothing yet."""
        spec = self.book.questions.get(ask, {})
        if spec.get("needs_date") and not self.line.current(spec["facts"][0]):
            return self.book.question_for(spec["facts"][0])
        return ask

    def row_state(self, table: Table, row: Row) -> str:
        """Return whether a row is met, failed, or cannot be told yet."""
        return self._states[table.id][row.id]

    def row_states(self, table: Table) -> dict[str, str]:
        """Return the state of every row of a table by its id."""
        return self._states[table.id]

    def _row_states(self, name: str) -> dict[str, str]:
        masks = self._masks
        states = {}
        for row_id, permits in table_permits(self.book, self.book.tables[name]):
            state = MET
            for column, permit in permits:
                mask = masks[column]
                if not mask & permit:
                    state = FAILED
                    break
                if mask & ~permit:
                    state = UNKNOWN
            states[row_id] = state
        return states


def names_of(mask: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose bit is set."""
    return tuple(name for i, name in enumerate(names) if mask >> i & 1)


def table_permits(book: Book, table: Table) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return, for each row, its id and what ``row_permits`` says of it."""
    found = book.permits.get(table.id)
    if found is None:
        found = book.permits[table.id] = [(r.id, _permits(book, r)) for r in table.rows]
    return found


def row_permits(book: Book, table: Table, row: Row) -> list[tuple[str, int]]:
    """Return, for each condition of a row, its column and the mask of the cells that meet it."""
    return next(permits for row_id, permits in table_permits(book, table) if row_id == row.id)


def _permits(book: Book, row: Row) -> list[tuple[str, int]]:
    return [
        (column, book.axes[column].permits(condition))
        for column, condition in row.conditions.items()
        if condition.text != "-"
    ]
