"""The rulebook: Markdown that a clinician reads and the engine executes.

A file holds one topic. Under a heading with an anchor stands a line of settings, then the table::

    ## Week 24 of long-acting interferon {#interferon_response}

    Hit policy: unique · Goal: yes · Sources: S0-14 S0-15

    | id | interferon_week [wk] | hbsag_week24 [IU/mL] | → outcome | sources | confidence |

Under it, for every outcome, a heading of its name with a line of settings and a table of what is
said to a patient and to a nurse, in English and in Chinese, side by side.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hbv_engine.axes import Axis, ChoiceAxis, LevelAxis, thresholds_of
from hbv_engine.conditions import Condition, parse_condition
from hbv_engine.definitions import Definition, read_definitions
from hbv_engine.errors import EngineError, RulebookError
from hbv_engine.facts import LOADER, RULEBOOK, Text, catalogue
from hbv_engine.inputs import Input, find_input
from hbv_engine.markdown import Block, read_blocks

SECTION_LEVEL = 2
RESERVED = frozenset({"gap", "overlap", "open"})
POLICIES = ("unique", "highest", "collect")
CONFIDENCES = ("S", "C", "C*", "K", "P")
_HEADER = re.compile(r"^(→\s*)?([\w]+)(?:\s*\[(.+)\])?$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold: its number, unit, the year it is from, and where it stands in print."""

    id: str
    value: float
    unit: str
    since: str
    source: str
    confidence: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its conditions by column, its outcome, and its other outputs."""

    id: str
    conditions: dict[str, Condition]
    outcome: str
    outputs: dict[str, str]
    sources: tuple[str, ...]
    confidence: str
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A conclusion and everything that is said about it.

    ``texts`` maps ``(audience, part)`` such as ``("patient", "summary")`` to both languages.
    """

    name: str
    label: Text
    status: str
    indicator: str
    texts: dict[tuple[str, str], Text]
    sources: tuple[str, ...]
    settings: dict[str, str]
    line: int


@dataclass(slots=True)
class Table:
    """A decision table with its hit policy.

    ``unique``: exactly one row holds. ``highest``: every row that holds counts, and the outcome
    that stands first in ``order`` wins. ``collect``: a list; rows do not compete.
    """

    id: str
    title: str
    file: str
    line: int
    policy: str
    settings: dict[str, str]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    says: dict[str, dict[str, Text]] = field(default_factory=dict)

    @property
    def is_goal(self) -> bool:
        """True when the table answers a question of its own."""
        return self.settings.get("goal") == "yes"

    @property
    def asked_first(self) -> tuple[str, ...]:
        """The columns that most records tell, if the table names them under ``First``."""
        return tuple(self.settings.get("first", "").split())

    @property
    def is_topic(self) -> bool:
        """True when the table tells about a topic, for everybody who asks."""
        return self.settings.get("topic") == "yes"

    @property
    def outcome_names(self) -> tuple[str, ...]:
        """All outcomes in their order, without repeats."""
        return self.order or tuple(dict.fromkeys(row.outcome for row in self.rows))

    def row(self, row_id: str) -> Row:
        """Return a row by its id."""
        return next(row for row in self.rows if row.id == row_id)


@dataclass(slots=True, repr=False)
class Book:
    """The whole rulebook: parameters, tables, axes, sources; ``sha256`` names its exact bytes.

    ``stated`` are the inputs that are just what a record states, ``worked_out`` the others.
    ``said_with`` are the tables whose sentences stand on another table's card. ``diagrams``,
    ``permits``, ``closures``, ``wordings``, ``citations`` and ``missing`` keep what has been made once.
    """

    version: str
    sha256: str
    parameters: dict[str, Parameter]
    tables: dict[str, Table]
    sources: dict[str, dict[str, Any]]
    questions: dict[str, dict[str, Any]]
    phrases: dict[str, Text]
    definitions: dict[str, Definition] = field(default_factory=dict)
    axes: dict[str, Axis] = field(default_factory=dict)
    files: dict[str, tuple[dict[str, Any], list[Block]]] = field(default_factory=dict)
    diagrams: dict[tuple[str, bool], Any] = field(default_factory=dict)
    rows: dict[str, tuple[Table, Row]] = field(default_factory=dict)
    permits: dict[str, list[tuple[str, list[tuple[str, int]]]]] = field(default_factory=dict)
    closures: dict[str, tuple[Table, ...]] = field(default_factory=dict)
    said_with: dict[str, tuple[Table, ...]] = field(default_factory=dict)
    wordings: dict[tuple[str, str, str], str] = field(default_factory=dict)
    citations: dict[str, str] = field(default_factory=dict)
    missing: dict[tuple[str, str, str | None], Any] = field(default_factory=dict)
    stated: frozenset[str] = frozenset()
    worked_out: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Book {self.version} {self.sha256[:12]}>"

    @property
    def numbers(self) -> dict[str, float]:
        """Parameter values by id."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    @property
    def goals(self) -> tuple[str, ...]:
        """The ids of the tables that answer a question of their own."""
        return tuple(t.id for t in self.tables.values() if t.is_goal)

    def input(self, column: str) -> Input | None:
        """Return the input behind a column; None if the column is another table's outcome."""
        return None if column in self.tables else find_input(column)

    def row(self, row_id: str) -> tuple[Table, Row]:
        """Return a row and its table by the row's id."""
        return self.rows[row_id]

    @property
    def analytes(self) -> dict[str, Any]:
        """The declared laboratory tests by name."""
        return catalogue().analytes

    def fact_label(self, name: str) -> Text:
        """Return the label of a recorded fact in both languages."""
        return catalogue().label(name)

    def question_for(self, name: str) -> str:
        """Return the id of the question that supplies an input."""
        asked_by = self.questions.get("asked_by") or {}
        return str(asked_by.get(name) or find_input(name).ask)

    def label(self, name: str) -> Text:
        """Return the label of an input or a table in both languages."""
        if name in self.tables:
            return self.phrases.get(f"table.{name}", {"en": name, "zh": name})
        return find_input(name).label


@lru_cache(maxsize=4)
def load_book(folder: Path = RULEBOOK) -> Book:
    """Return the rulebook of a folder, parsed and type-checked.

    Raises:
        RulebookError: a file cannot be read as a rulebook; the message names the place.
    """
    paths = sorted(folder.glob("*.md")) + sorted(folder.glob("*.yml"))
    digest = hashlib.sha256()
    texts: dict[str, str] = {}
    for path in paths:
        data = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + data + b"\0")
        texts[path.name] = data.decode("utf-8")
    return build_book(texts, sha256=digest.hexdigest())


def build_book(texts: dict[str, str], *, sha256: str) -> Book:
    """Return the rulebook made of file texts by name; ``load_book`` reads them from a folder."""
    data = {n: yaml.load(t, Loader=LOADER) for n, t in texts.items() if n.endswith(".yml")}  # noqa: S506
    files = {n: read_blocks(t) for n, t in texts.items() if n.endswith(".md")}
    sources = data.get("sources.yml") or {}
    book = Book(
        version=str(sources.get("rulebook", {}).get("version", "0")),
        sha256=sha256,
        parameters={},
        tables={},
        sources=sources.get("sources", {}),
        questions=data.get("questions.yml") or {},
        phrases=data.get("phrases.yml") or {},
        definitions=read_definitions(data.get("definitions.yml") or {}),
        files=files,
    )
    raw_tables: list[tuple[Table, Block]] = []
    for name, (_, blocks) in files.items():
        raw_tables.extend(_read_file(book, name, blocks))
    _type_rows(book, raw_tables)
    for table in book.tables.values():
        shown = table.settings.get("said with", "")
        book.said_with[shown] = (*book.said_with.get(shown, ()), table)
    _cut_axes(book)
    return book


def _read_file(book: Book, file: str, blocks: list[Block]) -> list[tuple[Table, Block]]:
    """Read parameters, tables and texts of one file; rows are typed later, when all is known."""
    found: list[tuple[Table, Block]] = []
    table: Table | None = None
    section = heading = Block("heading", 0)
    settings: dict[str, str] = {}
    for block in blocks:
        if block.kind == "heading":
            heading, settings = block, {}
            if block.level <= SECTION_LEVEL:
                section, table = block, None
        elif block.kind == "paragraph":
            settings = settings or _settings(block.text)
        elif _is_rule_table(block, section, settings):
            table = _new_table(book, file, section, settings, block)
            found.append((table, block))
        elif block.rows[0][:3] == ("id", "value", "unit"):
            _read_parameters(book, file, block)
        elif table is not None:
            _read_texts(table, heading, settings, block)
    return found


def _is_rule_table(block: Block, section: Block, settings: dict[str, str]) -> bool:
    return block.rows[0][0] == "id" and bool(section.anchor) and "hit policy" in settings


def _read_texts(table: Table, heading: Block, settings: dict[str, str], block: Block) -> None:
    """Read the texts of an outcome or of rows; any other table is prose for the reader."""
    first = block.rows[0][0]
    if first == "row":
        _read_says(table, block)
    elif first == "" and heading.level > SECTION_LEVEL:
        _read_outcome(table, heading, settings, block)


def _settings(text: str) -> dict[str, str]:
    found = {}
    for part in text.replace("\n", " ").split("·"):
        key, _, value = part.partition(":")
        if value:
            found[key.strip().lower()] = value.strip()
    return found


def _wrong(file: str, line: int, message: str) -> RulebookError:
    return RulebookError(f"{file}:{line}: {message}.", value=f"{file}:{line}")


def _read_parameters(book: Book, file: str, block: Block) -> None:
    for number, cells in enumerate(block.rows[1:]):
        name, value, unit, since, source, confidence = cells
        name = name.strip("`")
        if name in book.parameters:
            raise _wrong(file, block.line, f"the parameter {name!r} is defined twice")
        book.parameters[name] = Parameter(
            name, float(value), unit, since, source, confidence, file, block.line + number + 2
        )


def _new_table(
    book: Book, file: str, heading: Block, settings: dict[str, str], block: Block
) -> Table:
    if heading.anchor in book.tables:
        raise _wrong(file, block.line, f"the table {heading.anchor!r} is defined twice")
    policy = settings["hit policy"].lower()
    if policy not in POLICIES:
        raise _wrong(file, block.line, f"the hit policy {policy!r} is not one of {POLICIES}")
    order = tuple(name.strip() for name in settings.get("order", "").split(">") if name.strip())
    table = Table(
        heading.anchor, heading.text, file, block.line, policy, settings, (), (), order=order
    )
    book.tables[table.id] = table
    return table


def _read_says(table: Table, block: Block) -> None:
    for cells in block.rows[1:]:
        row_id, patient_en, patient_zh, nurse_en, nurse_zh = cells
        table.says[row_id.strip("`")] = {
            "patient": {"en": patient_en, "zh": patient_zh},
            "nurse": {"en": nurse_en, "zh": nurse_zh},
        }


def _read_outcome(table: Table, heading: Block, settings: dict[str, str], block: Block) -> None:
    name = heading.text.strip("`")
    texts: dict[tuple[str, str], Text] = {}
    label: Text = {"en": name, "zh": name}
    for part, english, chinese in block.rows[1:]:
        both = {"en": english, "zh": chinese}
        if part == "name":
            label = both
        else:
            audience, _, kind = part.partition(" ")
            texts[(audience, kind)] = both
    table.outcomes[name] = Outcome(
        name,
        label,
        settings.get("status", "settled"),
        settings.get("indicator", "info"),
        texts,
        tuple(settings.get("sources", "").split()),
        settings,
        heading.line,
    )


def _type_rows(book: Book, raw: list[tuple[Table, Block]]) -> None:
    for table, block in raw:
        header = [_header(table, block, text) for text in block.rows[0]]
        if not table.order and table.policy == "highest":
            raise _wrong(table.file, block.line, "a 'highest' table needs an Order: line")
        outcome_at = next((i for i, h in enumerate(header) if h == ("→", "outcome", "")), None)
        for index, cells in enumerate(block.rows[1:]):
            line = block.line + index + 2
            table.rows += (_row(table, line, header, cells, outcome_at),)
        table.columns = tuple(
            name
            for arrow, name, _ in header
            if not arrow and name not in {"id", "sources", "confidence"}
        )
    for table, block in raw:
        units = {n: u for a, n, u in (_header(table, block, t) for t in block.rows[0]) if not a}
        table.rows = tuple(_typed_row(book, table, row, units) for row in table.rows)
        for row in table.rows:
            if row.id in book.rows:
                raise _wrong(table.file, row.line, f"the row id {row.id!r} is used twice")
            book.rows[row.id] = (table, row)


def _header(table: Table, block: Block, text: str) -> tuple[str, str, str]:
    match = _HEADER.match(text.strip())
    if not match:
        raise _wrong(table.file, block.line, f"the column {text!r} is not a name [unit]")
    return ("→" if match.group(1) else ""), match.group(2), match.group(3) or ""


def _row(
    table: Table,
    line: int,
    header: list[tuple[str, str, str]],
    cells: tuple[str, ...],
    outcome_at: int | None,
) -> Row:
    values = {name: cell for (arrow, name, _), cell in zip(header, cells, strict=True) if not arrow}
    outputs = {name: cell for (arrow, name, _), cell in zip(header, cells, strict=True) if arrow}
    confidence = values.get("confidence", "K")
    if confidence not in CONFIDENCES:
        raise _wrong(table.file, line, f"the confidence {confidence!r} is not one of {CONFIDENCES}")
    skip = {"id", "sources", "confidence"}
    return Row(
        id=values["id"].strip("`"),
        conditions={n: c for n, c in values.items() if n not in skip},  # type: ignore[misc]
        outcome=cells[outcome_at].strip("`") if outcome_at is not None else "",
        outputs={n: c.strip("`") for n, c in outputs.items() if n != "outcome"},
        sources=tuple(values.get("sources", "").replace(",", " ").split()),
        confidence=confidence,
        line=line,
    )


def _typed_row(book: Book, table: Table, row: Row, units: dict[str, str]) -> Row:
    conditions: dict[str, Condition] = {}
    for column, text in row.conditions.items():
        found = book.input(column)
        values = book.tables[column].outcome_names if found is None else found.values
        if found is not None and found.values is None and found.unit != units[column]:
            raise _wrong(
                table.file, table.line, f"{column} is in {found.unit!r}, not {units[column]!r}"
            )
        try:
            conditions[column] = parse_condition(
                str(text), values=values, parameter=lambda name: _number(book, name)
            )
        except EngineError as error:
            raise _wrong(
                table.file, row.line, f"{row.id}, column {column}: {error.message}"
            ) from None
    if row.outcome in RESERVED:
        raise _wrong(table.file, row.line, f"{row.outcome!r} is no name for an outcome")
    if table.policy == "highest" and row.outcome not in table.order:
        raise _wrong(table.file, row.line, f"{row.outcome!r} is not in the Order: line")
    return Row(row.id, conditions, row.outcome, row.outputs, row.sources, row.confidence, row.line)


def _number(book: Book, name: str) -> float:
    if name not in book.parameters:
        raise RulebookError(f"there is no parameter {name!r}", value=name)
    return book.parameters[name].value


def _cut_axes(book: Book) -> None:
    columns = dict.fromkeys(c for t in book.tables.values() for c in t.columns)
    found_inputs = {column: book.input(column) for column in columns}
    book.stated = frozenset(n for n, i in found_inputs.items() if i and i.function == "stated")
    book.worked_out = tuple(n for n, i in found_inputs.items() if i and n not in book.stated)
    for column, found in found_inputs.items():
        if found is None:
            book.axes[column] = ChoiceAxis(column, book.tables[column].outcome_names)
        elif found.values is not None:
            book.axes[column] = ChoiceAxis(column, found.values)
        else:
            conditions = [
                row.conditions[column]
                for t in book.tables.values()
                for row in t.rows
                if column in row.conditions
            ]
            book.axes[column] = LevelAxis(
                column, found.unit, thresholds_of(conditions), found.not_detected
            )
