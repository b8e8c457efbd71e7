"""A table of the rulebook as a decision for zen-engine, the public rule engine for Python.

It serves twice: as the peer of the benchmark, and as a third reader of the same table in the tests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import zen

from hbv_engine.book import Book
from hbv_engine.conditions import Anything, Condition, Members, Span
from hbv_engine.lookup import compile_lookup

NOT_DETECTED = -1
Patient = dict[str, Any]


def to_zen(book: Book, goal: str) -> tuple[Any, Callable[[Patient], Patient]]:
    """Return a zen decision for a table, and the function that prepares a patient for it.

    Tables that the table depends on are worked out while preparing, so that zen is only timed for
    its own table. "Not detected" becomes a number below zero.
    """
    table = book.tables[goal]
    rules = []
    for row in table.rows:
        cells = {name: _cell(row.conditions[name]) for name in table.columns}
        rules.append({"_id": row.id, **cells, "outcome": json.dumps(row.outcome)})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "field": name, "name": name} for name in table.columns],
        "outputs": [{"id": "outcome", "field": "outcome", "name": "outcome"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "table",
            "type": "decisionTableNode",
            "name": goal,
            "position": {"x": 1, "y": 0},
            "content": content,
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return decision, _preparer(book, table.columns)


def _preparer(book: Book, columns: tuple[str, ...]) -> Callable[[Patient], Patient]:
    inner = {name: compile_lookup(name, book=book) for name in columns if name in book.tables}

    def prepare(patient: Patient) -> Patient:
        full = {name: value for name, value in patient.items() if name in columns}
        full |= {name: lookup(patient) for name, lookup in inner.items()}
        return {k: NOT_DETECTED if v == "not_detected" else v for k, v in full.items()}

    return prepare


def _cell(condition: Condition) -> str:
    if isinstance(condition, Anything):
        return ""
    if isinstance(condition, Members):
        return ", ".join(json.dumps(name) for name in sorted(condition.members))
    return _span(condition)


def _span(condition: Span) -> str:
    if condition.interval is None:
        return f"== {NOT_DETECTED}"
    low, high = condition.interval.low, condition.interval.high
    parts = []
    if not math.isinf(low):
        parts.append(f"$ {'>' if condition.interval.low_open else '>='} {low!r}")
    elif not condition.with_not_detected:
        parts.append("$ >= 0")
    if not math.isinf(high):
        parts.append(f"$ {'<' if condition.interval.high_open else '<='} {high!r}")
    return " and ".join(parts)
