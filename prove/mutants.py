"""Wrong tables: every cell, outcome, row and order of a table changed in turn, one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from prove.excerpt import Line
from tests.engine import naive
from tests.engine.naive import COMPARISON, NaiveBook, NaiveRow, NaiveTable

FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MOVES = {"threshold up 5 %": 1.05, "threshold down 5 %": 0.95}
Change = tuple[str, str, str]


@dataclass(frozen=True)
class Mutant:
    """One wrong table; ``text`` is its Markdown, ``rows`` the ids of the rows it touches."""

    table: str
    kind: str
    place: str
    what: str
    rows: tuple[str, ...]
    text: str


def mutants(lines: list[Line], reader: NaiveBook, table: NaiveTable) -> Iterator[Mutant]:
    """Yield all mutants of a table, given its own lines."""
    maker = _Maker(lines, reader, table)
    for row in table.rows:
        yield from maker.of_cells(row)
        yield from maker.of_outputs(row)
        yield maker.deleted(row)
    yield from maker.swapped()
    yield from maker.reordered()


class _Maker:
    def __init__(self, lines: list[Line], reader: NaiveBook, table: NaiveTable) -> None:
        self.lines = lines
        self.reader = reader
        self.table = table
        self.header = next(i for i, line in enumerate(lines) if line.text.startswith("| id |"))
        self.names = self._split(lines[self.header].text)
        self.at = {row.id: self.header + 2 + i for i, row in enumerate(table.rows)}

    @staticmethod
    def _split(line: str) -> list[str]:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]

    def _mutant(self, kind: str, what: str, rows: tuple[str, ...], changed: list[str]) -> Mutant:
        line = self.lines[self.at[rows[0]]] if rows else self.lines[self.header]
        place = f"{line.file}:{line.number}"
        return Mutant(self.table.id, kind, place, what, rows, "\n".join(changed) + "\n")

    def _texts(self) -> list[str]:
        return [line.text for line in self.lines]

    def _with_cell(self, row: NaiveRow, position: int, cell: str) -> list[str]:
        texts = self._texts()
        cells = self._split(texts[self.at[row.id]])
        cells[position] = cell
        texts[self.at[row.id]] = "| " + " | ".join(cells) + " |"
        return texts

    def of_cells(self, row: NaiveRow) -> Iterator[Mutant]:
        """Yield the row with one condition changed."""
        for position, header in enumerate(self.names):
            name = header.split(" [")[0]
            cell = row.cells.get(name)
            if cell is None or cell == "-":
                continue
            for kind, new in self._changes(name, cell):
                what = f"{row.id} {name}: {cell} → {new}"
                yield self._mutant(kind, what, (row.id,), self._with_cell(row, position, new))

    def _changes(self, name: str, cell: str) -> Iterator[tuple[str, str]]:
        yield "drop a condition", "-"
        if self.table.units[name] is None:
            yield "turn a choice", cell[4:] if cell.startswith("not ") else f"not {cell}"
            return
        parts = [part.strip() for part in cell.split(" and ")]
        for i, part in enumerate(parts):
            rest = parts[:i] + parts[i + 1 :]
            if rest:
                yield "drop a condition", " and ".join(rest)
            for kind, new in self._of_part(part):
                yield kind, " and ".join([*parts[:i], new, *parts[i + 1 :]])

    def _of_part(self, part: str) -> Iterator[tuple[str, str]]:
        if part in {"detected", "not_detected"}:
            yield "turn a choice", "not_detected" if part == "detected" else "detected"
            return
        operator, operand = COMPARISON.match(part).groups()  # type: ignore[union-attr]
        if operator in FLIPPED:
            yield "inclusive or exclusive", f"{FLIPPED[operator]} {operand}"
            yield "turn a comparison", f"{TURNED[operator]} {operand}"
        number = naive.number(self.reader, operand)
        for kind, factor in MOVES.items():
            if number:
                yield kind, f"{operator} {number * factor!r}"

    def of_outputs(self, row: NaiveRow) -> Iterator[Mutant]:
        """Yield the row with another outcome, or another output of a list."""
        for position, header in enumerate(self.names):
            if not header.startswith("→"):
                continue
            name = header.removeprefix("→").split(" [")[0].strip()
            used = [r.outcome if name == "outcome" else r.outputs[name] for r in self.table.rows]
            now = row.outcome if name == "outcome" else row.outputs[name]
            others = [value for value in dict.fromkeys(used) if value != now]
            if others:
                after = [value for value in others if used.index(value) > used.index(now)]
                new = (after or others)[0]
                what = f"{row.id} {name}: {now} → {new}"
                changed = self._with_cell(row, position, new)
                yield self._mutant("change an outcome", what, (row.id,), changed)

    def deleted(self, row: NaiveRow) -> Mutant:
        """Return the table without the row."""
        texts = self._texts()
        del texts[self.at[row.id]]
        return self._mutant("delete a row", row.id, (row.id,), texts)

    def swapped(self) -> Iterator[Mutant]:
        """Yield the table with two neighbouring rows in each other's place."""
        for first, second in pairwise(self.table.rows):
            texts = self._texts()
            i, j = self.at[first.id], self.at[second.id]
            texts[i], texts[j] = texts[j], texts[i]
            what = f"{first.id} ↔ {second.id}"
            yield self._mutant("swap neighbours", what, (first.id, second.id), texts)

    def reordered(self) -> Iterator[Mutant]:
        """Yield the table with two neighbours of its order in each other's place."""
        order = self.table.order
        for first, second in pairwise(order):
            texts = self._texts()
            pattern = re.compile(rf"\b{re.escape(first)}(\s*>\s*){re.escape(second)}\b")
            for i in range(self.header):
                texts[i] = pattern.sub(rf"{second}\g<1>{first}", texts[i])
            yield self._mutant("swap the order", f"{first} > {second}", (), texts)
