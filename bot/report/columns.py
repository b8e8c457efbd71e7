"""The heading of a table: which column stands where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import east_asian_width

from bot.report.words import grouped, load

_CUT = re.compile(r"\t|\|")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a heading begin: the place in the line, and the width before it."""

    places: dict[str, int]
    widths: dict[str, int]
    cells: tuple[str, ...] = ()

    @property
    def reference_first(self) -> bool:
        """True if what is normal is printed before the result."""
        return self._before("reference", "result")

    @property
    def previous(self) -> bool:
        """True if an earlier result is printed too."""
        return "previous" in self.places

    @property
    def previous_first(self) -> bool:
        return self._before("previous", "result")

    def under_reference(self, width: int) -> bool:
        """Tell whether something printed at a width stands under the reference, not the result."""
        if "reference" not in self.widths or "result" not in self.widths:
            return False
        return abs(width - self.widths["reference"]) < abs(width - self.widths["result"])

    def _before(self, first: str, second: str) -> bool:
        places = self.places
        return first in places and second in places and places[first] < places[second]


def read_columns(line: str) -> Columns | None:
    """Return the columns if a folded line is the heading of a table."""
    rest, places = line, {}
    for kind in load("words")["columns"]:
        if match := grouped("columns", kind).search(rest):
            places[kind] = match.start()
            rest = grouped("columns", kind).sub(lambda m: " " * len(m[0]), rest)
    kept = re.sub(r"[\W\d_]", "", rest)
    table = {"item", "result"} <= set(places) or {"result", "reference"} <= set(places)
    if not table or len(kept) > len(line) // 3:
        return None
    cells = tuple(_kind_of(cell) for cell in _CUT.split(line)) if _CUT.search(line) else ()
    return Columns(places, {k: width_of(line[:at]) for k, at in places.items()}, cells)


def width_of(text: str) -> int:
    """Return how wide a text is printed; a Chinese character is as wide as two letters."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def cell_at(line: str, place: int) -> int:
    """Return which cell of a line with tabs or bars a place is in."""
    return len(_CUT.findall(line[:place]))


def cell_count(line: str) -> int:
    """Return how many cells a line has."""
    return len(_CUT.findall(line)) + 1


def _kind_of(cell: str) -> str:
    kinds = (kind for kind in load("words")["columns"] if grouped("columns", kind).search(cell))
    return next(kinds, "")
