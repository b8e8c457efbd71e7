"""Answers that a person could give to a question: every option, and numbers around every threshold."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hbv_engine.axes import LevelAxis
from hbv_engine.book import Book
from hbv_engine.facts import catalogue
from tests.engine.boundaries import around

TYPICAL = {
    "alt": [19.0, 30.0, 35.0, 40.0, 50.0, 86.0, 400.0],
    "alt_limit": [19.0, 25.0, 30.0, 40.0, 50.0],
    "alt_earlier": [10.0, 30.0, 90.0],
    "hbv_dna_earlier": [10.0, 1e6],
    "bilirubin": [10.0, 17.1, 34.2, 60.0],
    "hbv_dna_limit": [10.0, 20.0, 500.0],
    "platelets": [40.0, 180.0],
    "ast": [30.0, 90.0],
}
DATE = "2026-05-01"


def thresholds(book: Book, question: str) -> list[float]:
    """The thresholds of all inputs that a question supplies."""
    found: set[float] = set()
    for name, axis in book.axes.items():
        if isinstance(axis, LevelAxis) and book.question_for(name) == question:
            found.update(axis.thresholds)
    return sorted(found)


def numbers(book: Book, question: str) -> list[float]:
    """Numbers around the thresholds of a question, within what is possible at all."""
    near = [v for t in thresholds(book, question) for v in around(t)]
    low, high = possible_range(book.questions[question].get("facts", [question])[0])
    found = [v for v in [*near, *TYPICAL.get(question, [])] if low <= v <= high]
    return found or [min(max(1.0, low), high)]


def possible_range(fact: str) -> tuple[float, float]:
    facts = catalogue()
    item = facts.history.get(fact) or facts.symptoms.get(fact)
    found = facts.analytes[fact].possible if fact in facts.analytes else item and item.range
    return found or (0.0, 120.0)


def answers(book: Book, question: str) -> list[Any]:
    """Every answer worth trying, "unknown" last."""
    spec = book.questions[question]
    options = [str(option["id"]) for option in spec.get("options", ())]
    kind = spec["kind"]
    found: list[Any]
    if kind == "yes_no":
        found = options or [True, False]
    elif kind == "choice":
        found = options
    elif kind == "screen":
        found = ["none", *[[one] for one in options], *map(list, combinations(options, 2))]
    elif kind == "date":
        found = [DATE]
    else:
        found = _numbers(book, question, spec)
    return [*found, "unknown"]


def _numbers(book: Book, question: str, spec: dict[str, Any]) -> list[Any]:
    unit = spec.get("units", [spec.get("unit")])[0]
    day = {"date": DATE} if spec.get("needs_date") else {}
    found: list[Any] = [
        {"value": value, "unit": unit, **day} if "completes" not in spec else value
        for value in numbers(book, question)
    ]
    for option in spec.get("options", ()):
        if "set" in option:
            found.append(str(option["id"]))
        elif "comparator" in option:
            sign = option["comparator"]
            found += [
                {"value": value, "unit": unit, "comparator": sign, **day}
                for value in numbers(book, question)
                if value > 0
            ]
    return found
