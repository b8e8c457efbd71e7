"""A second reader of the rulebook, naive on purpose: the other opinion in the tests.

It reads the Markdown line by line with regular expressions, keeps every cell as the text that stands
there, and looks at every row for every patient. It shares no code and no idea with the engine: no
intervals, no cells, no diagrams. What both say about a patient must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Value = float | str
Patient = Mapping[str, Value]

RULEBOOK = Path(__file__).parents[2] / "hbv_engine" / "rulebook"
ANCHOR = re.compile(r"^##?\s.*\{#([\w-]+)\}\s*$")
COLUMN = re.compile(r"^(→\s*)?(\w+)(?:\s*\[(.*)\])?$")
COMPARISON = re.compile(r"^(<=|>=|<|>|=)\s*(\S+)$")


@dataclass
class NaiveRow:
    id: str
    cells: dict[str, str]
    outcome: str
    outputs: dict[str, str]
    line: int

    @cached_property
    def asks(self) -> list[tuple[str, str]]:
        """The columns that the row asks about, with what it asks."""
        return [(name, cell) for name, cell in self.cells.items() if cell != "-"]


@dataclass
class NaiveTable:
    id: str
    policy: str
    order: list[str]
    units: dict[str, str | None]
    rows: list[NaiveRow] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        return list(self.units)


@dataclass
class NaiveBook:
    parameters: dict[str, float] = field(default_factory=dict)
    tables: dict[str, NaiveTable] = field(default_factory=dict)
    seen: dict[tuple[str, Value, bool], bool] = field(default_factory=dict)


class NoVerdict(Exception):  # noqa: N818 - it is an answer, not a failure of the reader
    """No row holds, or several rows of a table where only one may hold."""


def read_folder(folder: Path = RULEBOOK) -> NaiveBook:
    return read_texts({p.name: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.md"))})


def read_texts(texts: Mapping[str, str]) -> NaiveBook:
    book = NaiveBook()
    for name, text in texts.items():
        if name.endswith(".md"):
            _read_lines(book, text.splitlines())
    return book


def _read_lines(book: NaiveBook, lines: list[str]) -> None:
    anchor = policy = ""
    order: list[str] = []
    table: NaiveTable | None = None
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            found = ANCHOR.match(line)
            if found or re.match(r"^##?\s", line):
                anchor, policy, order, table = (found.group(1) if found else ""), "", [], None
            header = []
        elif "Hit policy:" in line and not line.startswith("|"):
            policy = re.search(r"Hit policy:\s*(\w+)", line).group(1)  # type: ignore[union-attr]
            named = re.search(r"Order:\s*([^·]*)", _joined(lines, number - 1))
            order = [part.strip() for part in named.group(1).split(">")] if named else []
        elif line.startswith("|"):
            cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
            if not header:
                header = cells
                if cells[0] == "id" and policy and anchor and table is None:
                    table = book.tables[anchor] = _new_table(anchor, policy, order, cells)
            elif set(line) <= set("|-: "):
                continue
            elif header[:3] == ["id", "value", "unit"]:
                book.parameters[cells[0]] = float(cells[1])
            elif header[0] == "id" and table is not None:
                table.rows.append(_row(header, cells, number))
        else:
            header = []


def _joined(lines: list[str], start: int) -> str:
    paragraph = []
    for line in lines[start:]:
        if not line.strip():
            break
        paragraph.append(line.strip())
    return " ".join(paragraph)


def _new_table(anchor: str, policy: str, order: list[str], header: list[str]) -> NaiveTable:
    units: dict[str, str | None] = {}
    for text in header:
        arrow, name, unit = COLUMN.match(text).groups()  # type: ignore[union-attr]
        if not arrow and name not in {"id", "sources", "confidence"}:
            units[name] = unit
    return NaiveTable(anchor, policy.lower(), order, units)


def _row(header: list[str], cells: list[str], line: int) -> NaiveRow:
    assert len(header) == len(cells), f"line {line}: {len(cells)} cells under {len(header)} columns"
    row = NaiveRow("", {}, "", {}, line)
    for text, cell in zip(header, cells, strict=True):
        arrow, name, _ = COLUMN.match(text).groups()  # type: ignore[union-attr]
        if name == "id":
            row.id = cell
        elif arrow and name == "outcome":
            row.outcome = cell
        elif arrow:
            row.outputs[name] = cell
        elif name not in {"sources", "confidence"}:
            row.cells[name] = cell
    return row


def holds(book: NaiveBook, cell: str, value: Value, *, quantity: bool) -> bool:
    """Whether a value meets a cell, read as a person reads it; each pair is read once."""
    key = (cell, value, quantity)
    if key not in book.seen:
        book.seen[key] = _holds(book, cell, value, quantity=quantity)
    return book.seen[key]


def _holds(book: NaiveBook, cell: str, value: Value, *, quantity: bool) -> bool:
    if cell == "-":
        return True
    if quantity:
        return all(_part_holds(book, part.strip(), value) for part in cell.split(" and "))
    if cell.startswith("not "):
        return value not in [word.strip() for word in cell[4:].split(",")]
    return value in [word.strip() for word in cell.split(",")]


def _part_holds(book: NaiveBook, part: str, value: Value) -> bool:
    if part == "not_detected":
        return value == "not_detected"
    if part == "detected":
        return value != "not_detected"
    operator, operand = COMPARISON.match(part).groups()  # type: ignore[union-attr]
    if value == "not_detected":
        return operator in {"<", "<="}
    limit = number(book, operand)
    assert isinstance(value, int | float), value
    if operator == "<":
        return value < limit
    if operator == "<=":
        return value <= limit
    if operator == ">":
        return value > limit
    if operator == ">=":
        return value >= limit
    return value == limit


def number(book: NaiveBook, operand: str) -> float:
    if operand[0].isalpha() or operand[0] == "_":
        return book.parameters[operand]
    return float(operand)


def rows_that_hold(book: NaiveBook, table: NaiveTable, patient: Patient) -> list[NaiveRow]:
    """Every row whose every cell holds; a column that is another table is worked out first."""
    values = dict(patient)
    for column in table.units:
        if column in book.tables and column not in values:
            values[column] = verdict(book, column, patient)[0]
    return [
        row
        for row in table.rows
        if all(
            holds(book, cell, values[name], quantity=table.units[name] is not None)
            for name, cell in row.asks
        )
    ]


def verdict(book: NaiveBook, table_id: str, patient: Patient) -> tuple[str, list[str]]:
    """The outcome of a table and the rows that hold."""
    table = book.tables[table_id]
    rows = rows_that_hold(book, table, patient)
    names = [row.id for row in rows]
    if table.policy == "unique":
        if len(rows) != 1:
            raise NoVerdict(f"{table_id}: {names} for {patient}")
        return rows[0].outcome, names
    if table.policy == "highest":
        if not rows:
            raise NoVerdict(f"{table_id}: no row for {patient}")
        return min((row.outcome for row in rows), key=table.order.index), names
    return "", names


def inputs_of(book: NaiveBook, table_id: str) -> dict[str, str | None]:
    """All inputs of a table and of the tables below it, with their units; None for a choice."""
    found: dict[str, str | None] = {}
    for column, unit in book.tables[table_id].units.items():
        if column in book.tables:
            found.update(inputs_of(book, column))
        else:
            found[column] = unit
    return found


def thresholds_of(book: NaiveBook, column: str) -> list[float]:
    """Every number that any row of any table compares a column with."""
    found: set[float] = set()
    for table in book.tables.values():
        if table.units.get(column) is None:
            continue
        for row in table.rows:
            for part in row.cells[column].split(" and "):
                match = COMPARISON.match(part.strip())
                if match:
                    found.add(number(book, match.group(2)))
    return sorted(found)


def words_of(book: NaiveBook, column: str) -> list[str]:
    """Every word that any row of any table names in a column, in the order they stand."""
    found: dict[str, None] = {}
    for table in book.tables.values():
        for row in table.rows if column in table.units else ():
            cell = row.cells[column]
            if cell != "-" and table.units[column] is None:
                named = cell.removeprefix("not ").split(",")
                found.update(dict.fromkeys(word.strip() for word in named))
    return list(found)


def knows_not_detected(book: NaiveBook, column: str) -> bool:
    """Whether any row asks if a quantity was detected at all."""
    return any(
        "detected" in row.cells[column]
        for table in book.tables.values()
        if column in table.units
        for row in table.rows
    )
