"""Axes: each input of a table, cut into cells at the thresholds that any rule uses.

Between two neighbouring thresholds every value behaves alike, so a finite number of cells stands
for all values. A set of cells is a bit mask: bit ``i`` is cell ``i``.

A level axis has one cell for each threshold and one for each gap around them, so that ``<`` and
``<=`` can never be confused; it may begin with one more cell for "not detected".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from hbv_engine.conditions import Anything, Condition, Members, Span
from hbv_engine.errors import RulebookError
from hbv_engine.intervals import Interval


@dataclass(frozen=True, slots=True)
class Level:
    """What is possible for a quantity: maybe "not detected", maybe values in an interval."""

    interval: Interval | None
    not_detected: bool = False


Possible = frozenset[str] | Level | None
"""The values that an input may still have; None means that nothing at all is known."""


@dataclass(frozen=True, slots=True)
class ChoiceAxis:
    """An input with a closed list of values; each is one cell."""

    name: str
    values: tuple[str, ...]
    all_cells: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_cells", (1 << self.size) - 1)

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.values)

    def permits(self, condition: Condition) -> int:
        """Return the mask of the cells that meet a condition."""
        if isinstance(condition, Anything):
            return self.all_cells
        if not isinstance(condition, Members):
            raise RulebookError(
                f"{self.name} is a choice, but {condition.text!r} compares a number.",
                value=condition.text,
                accepted=", ".join(self.values),
            )
        unknown = condition.members - set(self.values)
        if unknown:
            raise RulebookError(
                f"{self.name} has no value {min(unknown)!r}.",
                value=condition.text,
                accepted=", ".join(self.values),
            )
        return self.mask(condition.members)

    def mask(self, possible: Possible) -> int:
        """Return the mask of the cells that are still possible."""
        if possible is None:
            return self.all_cells
        if isinstance(possible, Level):
            raise TypeError(possible)
        return sum(1 << i if value in possible else 0 for i, value in enumerate(self.values))

    def cell(self, value: str) -> int:
        """Return the index of a value's cell."""
        return self.values.index(value)

    def example(self, cell: int) -> str:
        """Return a value that lies in the cell."""
        return self.values[cell]

    def describe(self, cell: int) -> str:
        """Return the cell in words."""
        return self.values[cell]


@dataclass(frozen=True, slots=True)
class LevelAxis:
    """A quantity, cut at its thresholds; ``not_detected`` adds a first cell for that result."""

    name: str
    unit: str
    thresholds: tuple[float, ...]
    not_detected: bool = False
    all_cells: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_cells", (1 << self.size) - 1)

    @property
    def size(self) -> int:
        """Number of cells."""
        return 2 * len(self.thresholds) + 1 + self.not_detected

    def cell(self, value: float) -> int:
        """Return the index of a number's cell."""
        steps = self.thresholds
        return bisect_left(steps, value) + bisect_right(steps, value) + self.not_detected

    def permits(self, condition: Condition) -> int:
        """Return the mask of the cells that meet a condition."""
        if isinstance(condition, Anything):
            return self.all_cells
        if not isinstance(condition, Span):
            raise RulebookError(
                f"{self.name} is a quantity, but {condition.text!r} is not a comparison.",
                value=condition.text,
                accepted="< <= > >= = not_detected detected",
            )
        if condition.with_not_detected and not self.not_detected and condition.interval is None:
            raise RulebookError(f"{self.name} is never 'not detected'.", value=condition.text)
        return self.mask(Level(condition.interval, condition.with_not_detected))

    def mask(self, possible: Possible) -> int:
        """Return the mask of the cells that are still possible."""
        if possible is None:
            return self.all_cells
        if not isinstance(possible, Level):
            raise TypeError(possible)
        mask = 1 if self.not_detected and possible.not_detected else 0
        if possible.interval is not None:
            first, last = self._span(possible.interval)
            mask |= ((1 << (last + 1)) - 1) & ~((1 << first) - 1)
        return mask

    def _span(self, interval: Interval) -> tuple[int, int]:
        steps, shift = self.thresholds, int(self.not_detected)
        first = bisect_left(steps, interval.low) + bisect_right(steps, interval.low)
        last = bisect_left(steps, interval.high) + bisect_right(steps, interval.high)
        first += first % 2 if interval.low_open else 0
        last -= last % 2 if interval.high_open else 0
        return first + shift, last + shift

    def example(self, cell: int) -> float | str:
        """Return a value that lies in the cell."""
        if self.not_detected and cell == 0:
            return "not_detected"
        index, steps = cell - self.not_detected, self.thresholds
        if index % 2:
            return steps[index // 2]
        left = steps[index // 2 - 1] if index else None
        right = steps[index // 2] if index // 2 < len(steps) else None
        if left is None and right is None:
            return 1.0
        if left is None:
            return right - 1 if right <= 0 else right / 2  # type: ignore[operator]
        if right is None:
            return left * 2 if left > 0 else left + 1
        return (left + right) / 2

    def describe(self, cell: int) -> str:
        """Return the cell in words, with its unit."""
        if self.not_detected and cell == 0:
            return "not_detected"
        index, steps = cell - self.not_detected, self.thresholds
        unit = f" {self.unit}" if self.unit not in {"", "1"} else ""
        if not steps:
            return "any value"
        if index % 2:
            return f"= {steps[index // 2]:g}{unit}"
        if index == 0:
            return f"< {steps[0]:g}{unit}"
        if index // 2 == len(steps):
            return f"> {steps[-1]:g}{unit}"
        return f"> {steps[index // 2 - 1]:g} and < {steps[index // 2]:g}{unit}"


Axis = ChoiceAxis | LevelAxis


@lru_cache(maxsize=4096)
def cells_of(mask: int) -> tuple[int, ...]:
    """Return the cell indices of a mask, lowest first."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def thresholds_of(conditions: Iterable[Condition]) -> tuple[float, ...]:
    """Return the distinct thresholds that conditions compare with, sorted."""
    found: set[float] = set()
    for condition in conditions:
        if isinstance(condition, Span):
            found.update(condition.thresholds)
    return tuple(sorted(found))
