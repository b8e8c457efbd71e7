"""A third oracle: the public rule engine zen-engine gives the same rows for two of the tables.

Each table is written out as a JDM decision table of its own. Patients: the example of each row with all
single deviations and all double deviations that touch a condition of the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import zen

from hbv_engine.book import Book
from tests.engine import naive
from tests.engine.boundaries import Patient, around_row, quiet_domains
from tests.engine.engine_reader import EngineReader
from tests.engine.naive import COMPARISON, NaiveBook, NaiveTable, Value

NOTHING_FOUND = -1.0
"""How "not detected" is told to zen, whose numbers are only numbers."""


def expression(reader: NaiveBook, cell: str, *, quantity: bool) -> str:
    """A cell in the expression language of zen; ``$`` is the value of the column."""
    if cell == "-":
        return ""
    if not quantity:
        words = [word.strip() for word in cell.removeprefix("not ").split(",")]
        join, sign = (" and ", "!=") if cell.startswith("not ") else (" or ", "==")
        return join.join(f'$ {sign} "{word}"' for word in words)
    return " and ".join(_part(reader, part.strip()) for part in cell.split(" and "))


def _part(reader: NaiveBook, part: str) -> str:
    if part in {"detected", "not_detected"}:
        return f"$ {'>=' if part == 'detected' else '<'} 0"
    operator, operand = COMPARISON.match(part).groups()  # type: ignore[union-attr]
    return f"$ {'==' if operator == '=' else operator} {naive.number(reader, operand):.10f}"


def jdm(reader: NaiveBook, table: NaiveTable) -> dict[str, Any]:
    """The table as a JDM graph: input, one decision table, output."""
    inputs = [{"id": f"c{i}", "name": c, "field": c} for i, c in enumerate(table.columns)]
    rules = [
        {"_id": row.id, "out": json.dumps(row.id)}
        | {
            f"c{i}": expression(reader, row.cells[c], quantity=table.units[c] is not None)
            for i, c in enumerate(table.columns)
        }
        for row in table.rows
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "out", "name": "rule", "field": "rule"}],
        "rules": rules,
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "t", "type": "decisionTableNode", "name": table.id, "content": content},
            {"id": "end", "type": "outputNode", "name": "end"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t"},
            {"id": "e2", "sourceId": "t", "targetId": "end"},
        ],
    }


def plain(value: Value) -> Value:
    return NOTHING_FOUND if value == "not_detected" else value


def patients(reader: NaiveBook, book: Book, table: NaiveTable) -> Iterator[Patient]:
    domains = quiet_domains(reader, book, table)
    for row in table.rows:
        yield from around_row(reader, table, row, domains)


@pytest.mark.parametrize("name", ["phase", "interferon_response"])
def test_zen_engine_finds_the_same_rows(name: str, book: Book, reader: NaiveBook) -> None:
    table, engine = reader.tables[name], EngineReader(book, name)
    decision = zen.ZenEngine().create_decision(json.dumps(jdm(reader, table)))
    tried = 0
    for patient in patients(reader, book, table):
        answer = decision.evaluate({column: plain(value) for column, value in patient.items()})
        found = [hit["rule"] for hit in answer["result"]]
        assert found == engine.names(engine.rows(patient)), patient
        tried += 1
    assert tried > 3_000
