"""Facts beside their labels: which agree, which are missing, which are too many, which units were invented."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Fact = dict[str, Any]

_MONTH = 1 / 12  # an age told in months may be rounded


@dataclass
class Match:
    """What became of the facts of one message.

    ``right`` are label and fact that agree. ``mistaken`` are pairs of the same name and value, or
    of the same name alone, that disagree in something; each is both missing and too many.
    """

    right: list[tuple[Fact, Fact]] = field(default_factory=list)
    mistaken: list[tuple[Fact, Fact]] = field(default_factory=list)
    missing: list[Fact] = field(default_factory=list)
    extra: list[Fact] = field(default_factory=list)

    @property
    def invented_units(self) -> list[tuple[Fact, Fact]]:
        """The pairs of the same name and value where only the program has a unit."""
        pairs = [*self.right, *self.mistaken]
        return [
            (label, got)
            for label, got in pairs
            if _same_value(label, got) and got.get("unit") and not label.get("unit")
        ]


def match(labels: Iterable[Fact], got: Iterable[Fact]) -> Match:
    """Return the facts of a message beside their labels, each at most once, the best pairs first."""
    left, found, result = _once(labels), _once(got), Match()
    for agree, into in (
        (agrees, result.right),
        (_same_value, result.mistaken),
        (_same_name, result.mistaken),
    ):
        for label in list(left):
            other = next((fact for fact in found if agree(label, fact)), None)
            if other is not None:
                into.append((label, other))
                left.remove(label)
                found.remove(other)
    result.missing, result.extra = left, found
    return result


def agrees(label: Fact, got: Fact) -> bool:
    """Tell whether name, value, unit, comparator, person, and a drug's status are the same."""
    return _same_value(label, got) and not differences(label, got)


def differences(label: Fact, got: Fact) -> list[str]:
    """Return in what a fact differs from its label, of all that must match."""
    names = [] if _same_value(label, got) else ["value"]
    # What a word says ("positive") has no unit; that of an index beside it may be kept or not.
    if is_number(label) and label.get("unit") != got.get("unit"):
        names.append("unit")
    if label.get("subject") != got.get("subject"):
        names.append("subject")
    if "comparator" in label and label["comparator"] != got.get("comparator", "="):
        names.append("comparator")
    if label["name"] == "drug" and label.get("status", "taking") != got.get("status", "taking"):
        names.append("status")
    return names


def is_number(fact: Fact) -> bool:
    """Tell whether the value is a number."""
    return isinstance(fact["value"], (int, float)) and not isinstance(fact["value"], bool)


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts, what is said twice only once."""
    result: list[Fact] = []
    for fact in facts:
        if not any(agrees(fact, other) and agrees(other, fact) for other in result):
            result.append(fact)
    return result


def _same_name(label: Fact, got: Fact) -> bool:
    return bool(label["name"] == got["name"])


def _same_value(label: Fact, got: Fact) -> bool:
    if not _same_name(label, got):
        return False
    one, other = label["value"], got["value"]
    if any(isinstance(value, (str, bool)) for value in (one, other)):
        return type(one) is type(other) and bool(one == other)
    rounded = _MONTH if label["name"] == "age" else 0.0
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=rounded)
