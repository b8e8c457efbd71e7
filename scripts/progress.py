"""A line that shows that something is going on, also where there is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from typing_extensions import Self

_EVERY_SECONDS = 5.0


class Progress:
    """Prints what is being waited for, and for how long already.

    Example::

        with Progress("Starting") as progress:
            progress.at(1.5)
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = -_EVERY_SECONDS
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def at(self, seconds: float) -> None:
        """Show that ``seconds`` have passed."""
        if self._live:
            sys.stderr.write(f"\r{self._what} … {seconds:.0f} s ")
        elif seconds - self._shown >= _EVERY_SECONDS:
            self._shown = seconds
            sys.stderr.write(f"{self._what} … {seconds:.0f} s\n")
        sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
