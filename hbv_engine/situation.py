"""One person seen through the rulebook: what each input may be, and what follows from it.

Everything is worked out on demand and once: the values of the inputs, the masks of their cells, the
restricted diagrams, the state of every row.
"""

from __future__ import annotations

from hbv_engine.book import Book, Row, Table
from hbv_engine.derive import Known
from hbv_engine.diagram import GAP, OVERLAP, Diagram, Restricted, build_diagram
from hbv_engine.errors import RulebookError
from hbv_engine.inputs import find_input
from hbv_engine.model import Record
from hbv_engine.timeline import Timeline

MET, FAILED, UNKNOWN = "met", "failed", "unknown"


def diagram_of(book: Book, goal: str) -> Diagram:
    """Return the diagram of a table that has been proved to have no gap and no overlap.

    Raises:
        RulebookError: some patient would meet no row, or two; the message describes one.
    """
    known = goal in book.diagrams
    diagram = build_diagram(book, goal)
    if not known:
        for leaf, meaning in ((GAP, "no row holds"), (OVERLAP, "two rows hold")):
            found = diagram.example(leaf)
            if found is not None:
                patient = {n: book.axes[n].describe(cell) for n, cell in found.items()}
                raise RulebookError(f"{goal}: {meaning} for {patient}.", value=patient)
    return diagram


class Situation:
    """What the rulebook can say about one record."""

    def __init__(self, book: Book, record: Record) -> None:
        self.book = book
        self.record = record
        self.numbers = book.numbers
        self.line = Timeline.of(record, fresh_months=self.numbers["fresh_months"])
        self._known: dict[str, Known] = {}
        self._masks: dict[str, int] = {}
        self._restricted: dict[str, Restricted] = {}

    def known(self, name: str) -> Known:
        """Return what the record says about an input."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = find_input(name).read(self.line, self.numbers)
        return found

    def mask(self, column: str) -> int:
        """Return the cells of a column that are still possible."""
        found = self._masks.get(column)
        if found is None:
            if column in self.book.tables:
                found = self.book.axes[column].mask(frozenset(self.outcomes(column)))
            else:
                found = self.book.axes[column].mask(self.known(column).possible)
            self._masks[column] = found
        return found

    def masks(self, diagram: Diagram) -> list[int]:
        """Return the masks of all inputs of a diagram, in its order."""
        return [self.mask(name) for name in diagram.inputs]

    def restricted(self, goal: str) -> Restricted:
        """Return what is left of a table's diagram for this person."""
        found = self._restricted.get(goal)
        if found is None:
            diagram = diagram_of(self.book, goal)
            found = self._restricted[goal] = diagram.restrict(self.masks(diagram))
        return found

    def outcomes(self, goal: str) -> tuple[str, ...]:
        """Return the outcomes that are still possible; one alone is settled."""
        left = self.restricted(goal)
        return names_of(left.outcomes, left.leaves)

    def relevant(self, goal: str) -> list[str]:
        """Return the unknown inputs whose answer can still change the outcome."""
        inputs = diagram_of(self.book, goal).inputs
        return [inputs[level] for level in self.restricted(goal).levels]

    def issue(self, name: str) -> str:
        """Return why an input is not simply known; ``imprecise`` if it allows both sides."""
        return self.known(name).issue or "imprecise"

    def question_for(self, name: str) -> str | None:
        """Return the question that would make an input known; None if asking again cannot help."""
        ask = self.book.question_for(name)
        return {
            "imprecise": None,
            "sex_unknown": "sex",
            "limit_unknown": f"{ask}_limit",
            "assay_unknown": f"{ask}_assay",
        }.get(self.issue(name), ask)

    def row_state(self, table: Table, row: Row) -> str:
        """Return whether a row is met, failed, or cannot be told yet."""
        state = MET
        for column, permit in row_permits(self.book, table, row):
            mask = self.mask(column)
            if not mask & permit:
                return FAILED
            if mask & ~permit:
                state = UNKNOWN
        return state


def names_of(mask: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose bit is set."""
    return tuple(name for i, name in enumerate(names) if mask >> i & 1)


def row_permits(book: Book, table: Table, row: Row) -> list[tuple[str, int]]:
    """Return, for each condition of a row, its column and the mask of the cells that meet it."""
    key = f"{table.id}/{row.id}"
    found = book.permits.get(key)
    if found is None:
        found = book.permits[key] = [
            (column, book.axes[column].permits(condition))
            for column, condition in row.conditions.items()
            if condition.text != "-"
        ]
    return found
