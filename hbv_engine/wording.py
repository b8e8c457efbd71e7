"""Turning values, units, dates and thresholds into words of either language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from hbv_engine.axes import ChoiceAxis, LevelAxis
from hbv_engine.book import Book
from hbv_engine.situation import Situation
from hbv_engine.timeline import Evidence

LANGUAGES = ("en", "zh")
_PLACEHOLDER = re.compile(r"\{(=?[\w]+)\}")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LONG = 100_000


def phrase(book: Book, key: str, language: str) -> str:
    """Return a phrase of ``phrases.yml``; the key itself if it is not there."""
    found = book.phrases.get(key)
    return found[language] if found else key.rpartition(".")[2]


def number_text(value: float) -> str:
    """Return a number as people write it: 1,500 or 2.3×10⁷."""
    if math.isinf(value):
        return "∞"
    if abs(value) >= _LONG:
        mantissa, exponent = f"{value:.3e}".split("e")
        head = f"{float(mantissa):g}"
        return f"{head}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return f"{value:,.6g}" if value != int(value) else f"{int(value):,}"


def unit_text(book: Book, unit: str | None, language: str) -> str:
    """Return a unit as it is read; empty for pure numbers."""
    if not unit or unit == "1":
        return ""
    found = book.phrases.get(f"unit.{unit}")
    return found[language] if found else unit


def quantity_text(book: Book, value: float, unit: str | None, language: str) -> str:
    """Return a number with its unit."""
    shown = unit_text(book, unit, language)
    number = number_text(value)
    tight = not shown or shown.startswith(("×", "°")) or (language == "zh" and not shown.isascii())
    return f"{number}{shown}" if tight else f"{number} {shown}"


def evidence_text(book: Book, evidence: Evidence, language: str) -> str:
    """Return the value of a piece of evidence, with comparator and unit."""
    if isinstance(evidence.value, str):
        return phrase(book, f"value.{evidence.value}", language)
    text = quantity_text(book, evidence.value, evidence.unit, language)
    return text if evidence.comparator == "=" else f"{evidence.comparator} {text}"


def known_text(seen: Situation, name: str, language: str) -> str:
    """Return what is known about an input, for a placeholder."""
    if name in seen.book.tables:
        return join(
            seen.book,
            [outcome_label(seen.book, name, o, language) for o in seen.outcomes(name)],
            "or",
            language,
        )
    known = seen.known(name)
    words = dict.fromkeys(evidence_text(seen.book, e, language) for e in known.evidence)
    return (
        join(seen.book, list(words), "or", language)
        if words
        else phrase(seen.book, "value.unknown", language)
    )


def parameter_text(book: Book, name: str, language: str) -> str:
    """Return a threshold with its unit."""
    parameter = book.parameters[name]
    return quantity_text(book, parameter.value, parameter.unit, language)


def outcome_label(book: Book, table: str, outcome: str, language: str) -> str:
    """Return the short name of an outcome."""
    found = book.tables[table].outcomes.get(outcome)
    return found.label[language] if found else outcome


def cell_text(book: Book, column: str, cell: int, language: str) -> str:
    """Return a cell of an axis in words."""
    axis = book.axes[column]
    if isinstance(axis, ChoiceAxis):
        if column in book.tables:
            return outcome_label(book, column, axis.values[cell], language)
        return phrase(book, f"value.{axis.values[cell]}", language)
    return _level_text(book, axis, cell, language)


def _level_text(book: Book, axis: LevelAxis, cell: int, language: str) -> str:
    if axis.not_detected and cell == 0:
        return phrase(book, "value.not_detected", language)
    index, steps = cell - axis.not_detected, axis.thresholds
    if index % 2:
        return quantity_text(book, steps[index // 2], axis.unit, language)
    parts = []
    if index:
        parts.append(f"> {quantity_text(book, steps[index // 2 - 1], axis.unit, language)}")
    if index // 2 < len(steps):
        parts.append(f"< {quantity_text(book, steps[index // 2], axis.unit, language)}")
    return join(book, parts, "and", language)


def join(book: Book, parts: list[str], word: str, language: str) -> str:
    """Return parts as one list in words."""
    return phrase(book, f"join.{word}", language).join(parts)


def fill(text: str, lookup: Callable[[str], str]) -> str:
    """Return a text with its placeholders filled."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: lookup(match.group(1)), text)


def placeholders(text: str) -> set[str]:
    """Return the names of a text's placeholders."""
    return set(_PLACEHOLDER.findall(text))
