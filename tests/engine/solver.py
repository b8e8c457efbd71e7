"""The tables as logic over real numbers, for z3: the second opinion on gaps, overlaps and dead rows.

It is built from the cells as the naive reader finds them. A quantity is any real number, and maybe "not
detected" besides; a choice is one of its words. Nothing is cut into cells.
"""

from __future__ import annotations

import z3

from tests.engine import naive
from tests.engine.naive import COMPARISON, NaiveBook, NaiveRow, NaiveTable, Value


class Solver:
    """The rows of a table as z3 formulas over the inputs of a person."""

    def __init__(self, reader: NaiveBook, words: dict[str, tuple[str, ...]]) -> None:
        self.reader = reader
        self.words = words
        self.numbers: dict[str, z3.ArithRef] = {}
        self.not_detected: dict[str, z3.BoolRef] = {}
        self.choices: dict[str, z3.ArithRef] = {}
        self.domain: list[z3.BoolRef] = []

    def rows(self, table: NaiveTable) -> list[z3.BoolRef]:
        return [self._row(table, row) for row in table.rows]

    def _row(self, table: NaiveTable, row: NaiveRow) -> z3.BoolRef:
        parts = [
            self._cell(table, column, cell) for column, cell in row.cells.items() if cell != "-"
        ]
        return z3.And(*parts) if parts else z3.BoolVal(val=True)

    def _cell(self, table: NaiveTable, column: str, cell: str) -> z3.BoolRef:
        if column in self.reader.tables:
            inner = self.reader.tables[column]
            wanted = self._words(cell, list(dict.fromkeys(r.outcome for r in inner.rows)))
            return z3.Or(*[self._comes_out(inner, outcome) for outcome in wanted])
        if table.units[column] is None:
            values = self.words[column]
            here = self._choice(column)
            return z3.Or(*[here == values.index(word) for word in self._words(cell, list(values))])
        return z3.And(*[self._part(column, part.strip()) for part in cell.split(" and ")])

    @staticmethod
    def _words(cell: str, values: list[str]) -> list[str]:
        named = [word.strip() for word in cell.removeprefix("not ").split(",")]
        return [v for v in values if (v in named) != cell.startswith("not ")]

    def _comes_out(self, table: NaiveTable, outcome: str) -> z3.BoolRef:
        """A table has an outcome: a row of it holds, and none that outranks it."""
        rows = list(zip(table.rows, self.rows(table), strict=True))
        held = z3.Or(*[f for row, f in rows if row.outcome == outcome])
        if table.policy != "highest":
            return held
        rank = table.order.index
        above = [f for row, f in rows if rank(row.outcome) < rank(outcome)]
        return z3.And(held, z3.Not(z3.Or(*above)))

    def _choice(self, column: str) -> z3.ArithRef:
        if column not in self.choices:
            here = self.choices[column] = z3.Int(column)
            self.domain.append(z3.And(here >= 0, here < len(self.words[column])))
        return self.choices[column]

    def _part(self, column: str, part: str) -> z3.BoolRef:
        number = self.numbers.setdefault(column, z3.Real(column))
        absent = z3.BoolVal(val=False)
        if naive.knows_not_detected(self.reader, column):
            absent = self.not_detected.setdefault(column, z3.Bool(f"{column}_not_detected"))
        if part == "not_detected":
            return absent
        if part == "detected":
            return z3.Not(absent)
        operator, operand = COMPARISON.match(part).groups()  # type: ignore[union-attr]
        limit = z3.RealVal(repr(naive.number(self.reader, operand)))
        if operator in {"<", "<="}:
            return z3.Or(absent, number < limit if operator == "<" else number <= limit)
        held = {">": number > limit, ">=": number >= limit, "=": number == limit}[operator]
        return z3.And(z3.Not(absent), held)

    def find(self, wanted: z3.BoolRef) -> dict[str, Value] | None:
        """A patient for whom a formula holds, or None if there is none."""
        solver = z3.Solver()
        solver.add(*self.domain, wanted)
        if solver.check() != z3.sat:
            return None
        model = solver.model()
        found: dict[str, Value] = {}
        for column, number in self.numbers.items():
            value = model.eval(number, model_completion=True)
            found[column] = float(value.as_fraction())
            absent = self.not_detected.get(column)
            if absent is not None and z3.is_true(model.eval(absent, model_completion=True)):
                found[column] = "not_detected"
        for column, choice in self.choices.items():
            found[column] = self.words[column][model.eval(choice, model_completion=True).as_long()]
        return found
