"""Values as intervals: what a laboratory result really says.

``< 20`` is every value from 0 up to, but not including, 20. A rule that asks for ``< 100`` is
then certainly met, and a rule that asks for ``< 10`` is neither met nor missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

COMPARATORS = ("=", "<", "<=", ">", ">=", "~")


@dataclass(frozen=True, slots=True)
class Interval:
    """All values between ``low`` and ``high``; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def from_comparator(cls, comparator: str, value: float, *, floor: float = 0.0) -> Interval:
        """Return the interval that a comparator and a number stand for.

        ``floor`` is the smallest possible value of the quantity, in the unit of ``value``.
        """
        if comparator == "<":
            return cls(floor, value, high_open=True)
        if comparator == "<=":
            return cls(floor, value)
        if comparator == ">":
            return cls(value, math.inf, low_open=True)
        if comparator == ">=":
            return cls(value, math.inf)
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """True when the interval is one single value."""
        return self.low == self.high

    def scaled(self, low_factor: float, high_factor: float | None = None) -> Interval:
        """Return the interval times a factor, or times a range of factors."""
        high_factor = low_factor if high_factor is None else high_factor
        return Interval(
            self.low * low_factor, self.high * high_factor, self.low_open, self.high_open
        )

    def hull(self, other: Interval) -> Interval:
        """Return the smallest interval that holds both."""
        low = min((self.low, self.low_open), (other.low, other.low_open))
        high = max((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])
