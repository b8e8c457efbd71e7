"""Made-up patients for the benchmarks: complete ones, partial ones, and a large cohort."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import polars as pl

from hbv_engine.axes import ChoiceAxis
from hbv_engine.book import Book
from hbv_engine.diagram import build_diagram
from hbv_engine.model import Record, read_record

PARTIAL: dict[str, Any] = {
    "as_of": "2026-11-20",
    "sex": "female",
    "age": 34,
    "observations": [
        {"analyte": "hbsag", "value": "positive", "date": "2026-11-02"},
        {"analyte": "hbeag", "value": "positive", "date": "2026-11-02"},
        {"analyte": "hbv_dna", "value": 2.3e7, "unit": "IU/mL", "date": "2026-11-02"},
        {"analyte": "alt", "value": 86, "unit": "U/L", "date": "2026-11-02"},
    ],
    "history": {"hbsag_duration": "six_months_or_more", "antiviral_now": "none"},
}


def partial_record() -> Record:
    """Return a record as people tell it: some facts, many unknown."""
    return read_record(PARTIAL)


def complete_inputs(book: Book, goal: str, *, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return patients with a value in a random cell of every input of a decision."""
    chance = random.Random(seed)  # noqa: S311 - patients for timing, not secrets
    inputs = build_diagram(book, goal).inputs
    return [
        {n: book.axes[n].example(chance.randrange(book.axes[n].size)) for n in inputs}
        for _ in range(count)
    ]


def cohort(book: Book, *, size: int, unknown: float = 0.1, seed: int = 1) -> pl.DataFrame:
    """Return a cohort with every input as a column, a share of each value unknown."""
    chance = np.random.default_rng(seed)
    columns: dict[str, pl.Series] = {}
    for name, axis in book.axes.items():
        if name in book.tables:
            continue
        missing = chance.random(size) < unknown
        if isinstance(axis, ChoiceAxis):
            words = np.array([*axis.values, ""], dtype=object)
            picked = chance.integers(0, len(axis.values), size)
            picked[missing] = len(axis.values)
            columns[name] = pl.Series(name, words[picked], dtype=pl.String)
        else:
            examples = [axis.example(cell) for cell in range(int(axis.not_detected), axis.size)]
            values = np.array(examples, dtype=float)[chance.integers(0, len(examples), size)]
            values[missing] = np.nan
            columns[name] = pl.Series(name, values)
    return pl.DataFrame(columns)
