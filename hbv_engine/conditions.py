"""The cells of a decision table: what each may say, and how it is read.

==================================  =====================================================
``-``                               anything
``positive`` / ``none, compensated``  one of the named values
``not decompensated``               any other value than the named ones
``< 1500``, ``>= week24_hbsag``     a comparison with a number or a named parameter
``> 20 and <= 2000``                both comparisons
``not_detected``                    the laboratory found nothing
``detected``, ``detected and < 100``  something was found (below 100)
==================================  =====================================================

``<`` and ``<=`` also hold for "not detected"; ``>`` and ``>=`` do not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from hbv_engine.errors import RulebookError
from hbv_engine.intervals import Interval

_COMPARISON = re.compile(r"^(<=|>=|<|>|=)\s*([A-Za-z_][\w]*|[-+]?[\d.]+(?:[eE][-+]?\d+)?)$")


@dataclass(frozen=True, slots=True)
class Anything:
    """The cell ``-``."""

    text: str = "-"


@dataclass(frozen=True, slots=True)
class Members:
    """One of some named values."""

    text: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A range of numbers, with or without "not detected"."""

    text: str
    interval: Interval | None
    with_not_detected: bool
    thresholds: tuple[float, ...]
    parameters: tuple[str, ...] = ()


Condition = Anything | Members | Span


def parse_condition(
    text: str, *, values: tuple[str, ...] | None, parameter: Callable[[str], float]
) -> Condition:
    """Return the condition that a table cell states.

    ``values`` are the accepted names if the column is a choice; None if it is a quantity.
    ``parameter`` gives the number of a named parameter.

    Raises:
        RulebookError: the cell cannot be read.
    """
    text = text.strip().replace("`", "")
    if text == "-":
        return Anything()
    if values is not None:
        return _parse_members(text, values)
    return _parse_span(text, parameter)


def _parse_members(text: str, values: tuple[str, ...]) -> Members:
    negated = text.startswith("not ")
    named = {part.strip() for part in text.removeprefix("not ").split(",")}
    unknown = named - set(values)
    if unknown:
        raise RulebookError(
            f"{min(unknown)!r} is not a value of this column.",
            value=text,
            accepted=", ".join(values),
        )
    return Members(text, frozenset(set(values) - named if negated else named))


def _parse_span(text: str, parameter: Callable[[str], float]) -> Span:
    if text == "not_detected":
        return Span(text, None, with_not_detected=True, thresholds=())
    low, high = (-math.inf, False), (math.inf, False)
    thresholds: list[float] = []
    names: list[str] = []
    parts = [part.strip() for part in text.split(" and ")]
    needs_detected = "detected" in parts
    for part in (p for p in parts if p != "detected"):
        match = _COMPARISON.match(part)
        if not match:
            raise RulebookError(
                f"{part!r} is not a comparison.",
                value=text,
                accepted="< <= > >= = with a number or a parameter; not_detected; detected",
            )
        operator, operand = match.groups()
        if operand[0].isalpha() or operand[0] == "_":
            names.append(operand)
            number = parameter(operand)
        else:
            number = float(operand)
        thresholds.append(number)
        if operator in {">", ">=", "="}:
            low = (number, operator == ">")
        if operator in {"<", "<=", "="}:
            high = (number, operator == "<")
    bounded_below = low[0] != -math.inf
    return Span(
        text,
        Interval(low[0], high[0], low[1], high[1]),
        with_not_detected=not needs_detected and not bounded_below,
        thresholds=tuple(thresholds),
        parameters=tuple(names),
    )
