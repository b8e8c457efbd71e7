"""How much one conversation, or one address, may ask for: a bucket that fills again with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.errors import TooManyError

_MOST_KEPT = 10_000
_MINUTE = 60.0


class Rate:
    """Allows ``per_minute`` takings of each name, in bursts up to that number.

    Raises:
        TooManyError: from ``take``, when the bucket of a name is empty.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(per_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Take one out of the bucket of a name."""
        at = self._clock()
        left, since = self._left.pop(name, (self._most, at))
        left = min(self._most, left + (at - since) * self._most / _MINUTE)
        self._left[name] = (max(left - 1, 0.0) if left >= 1 else left, at)
        while len(self._left) > _MOST_KEPT:
            self._left.popitem(last=False)
        if left < 1:
            raise TooManyError(
                f"at most {self._most:.0f} in a minute", "Wait a minute, then send it again."
            )
