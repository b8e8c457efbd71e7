"""The engine's own reading of a table, for whole patients: which rows hold, and what decides."""

from __future__ import annotations

from functools import cached_property

from hbv_engine.axes import ChoiceAxis
from hbv_engine.book import Book
from hbv_engine.lookup import compile_lookup
from tests.engine.boundaries import Patient
from tests.engine.naive import Value


class EngineReader:
    """Rows by the masks that the engine's conditions permit; outcomes by its diagram."""

    def __init__(self, book: Book, table_id: str) -> None:
        self.book = book
        self.table = book.tables[table_id]
        self.masks: dict[str, list[int]] = {}
        for column in self.table.columns:
            axis = book.axes[column]
            permits = [axis.permits(row.conditions[column]) for row in self.table.rows]
            self.masks[column] = [
                sum(1 << r for r, mask in enumerate(permits) if mask >> cell & 1)
                for cell in range(axis.size)
            ]

    def cell(self, column: str, value: Value) -> int:
        axis = self.book.axes[column]
        if isinstance(axis, ChoiceAxis):
            return axis.cell(str(value))
        if value == "not_detected":
            assert axis.not_detected
            return 0
        return axis.cell(float(value))

    def rows(self, patient: Patient) -> int:
        """The mask of the rows that hold; a column that is another table must be in the patient."""
        alive = (1 << len(self.table.rows)) - 1
        for column, masks in self.masks.items():
            alive &= masks[self.cell(column, patient[column])]
            if not alive:
                return 0
        return alive

    def names(self, mask: int) -> list[str]:
        return [row.id for r, row in enumerate(self.table.rows) if mask >> r & 1]

    @cached_property
    def outcome(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        return compile_lookup(self.table.id, book=self.book)
