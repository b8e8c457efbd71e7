"""Every input can be asked for, and every question leads to facts that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hbv_engine.book import Book
from hbv_engine.check.finding import ERROR, Finding, key_place
from hbv_engine.facts import catalogue

KINDS = ("choice", "screen", "number", "yes_no", "date")
PERSON = {"age", "sex", "treatments"}


def find(book: Book) -> Iterator[Finding]:
    """Yield inputs that no question supplies, and questions that are incomplete."""
    for name in book.axes:
        if name in book.tables:
            continue
        question = book.question_for(name)
        if "text" not in book.questions.get(question, {}):
            place = key_place("inputs.yml", name)
            message = f"Nobody can be asked for {name}: there is no question {question}."
            yield Finding("no question", ERROR, place, message)
    for name, spec in book.questions.items():
        if name != "asked_by":
            yield from _of_question(name, spec)


def _of_question(name: str, spec: dict[str, Any]) -> Iterator[Finding]:
    place = key_place("questions.yml", name)
    for part in ("text", "why", "kind", "cost"):
        if part not in spec:
            yield Finding("question", ERROR, place, f"{name} has no {part}.")
    if spec.get("kind") not in KINDS:
        message = f"{name} is of kind {spec.get('kind')!r}, not one of {', '.join(KINDS)}."
        yield Finding("question", ERROR, place, message)
    if spec.get("kind") in {"choice", "screen"} and not spec.get("options"):
        yield Finding("question", ERROR, place, f"{name} has nothing to choose from.")
    for fact in _facts(spec):
        if not _is_fact(fact):
            message = f"{name}: {fact} is not a fact that can be recorded."
            yield Finding("question", ERROR, place, message)


def _facts(spec: dict[str, Any]) -> Iterator[str]:
    for option in spec.get("options", ()):
        change = option.get("set") or {}
        for group in ("history", "symptoms"):
            yield from change.get(group, {})
        yield from (o["analyte"] for o in change.get("observations", ()))
        if spec.get("kind") == "screen" and "set" not in option:
            yield str(option["id"])
    if "completes" in spec:
        yield spec["completes"]["analyte"]


def _is_fact(name: str) -> bool:
    facts = catalogue()
    groups: tuple[dict[str, Any], ...] = (facts.analytes, facts.history, facts.symptoms)
    return name in PERSON or any(name in group for group in groups)
