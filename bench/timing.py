"""Timing a function fairly: many rounds, the median, and two functions turn by turn for a ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report; ``limit`` is the budget in the same unit, None if there is none."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def within(self) -> bool:
        """True when the budget is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def seconds(run: Callable[[], object], *, rounds: int = 7, inner: int = 1) -> float:
    """Return the median seconds of one call, after one round that is not counted."""
    run()
    return statistics.median(_round(run, inner) for _ in range(rounds))


def ratio(slow: Callable[[], object], fast: Callable[[], object], *, rounds: int = 7) -> float:
    """Return the median of slow over fast, in turn, so that drift of the machine cancels."""
    slow()
    fast()
    return statistics.median(_round(slow, 1) / _round(fast, 1) for _ in range(rounds))


def _round(run: Callable[[], object], inner: int) -> float:
    start = time.perf_counter()
    for _ in range(inner):
        run()
    return (time.perf_counter() - start) / inner
