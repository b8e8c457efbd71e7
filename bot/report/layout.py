"""The layout of a printed report: whole rows, and what the lines above them say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.report.columns import Columns, read_columns
from bot.report.dates import date_at
from bot.report.lines import Line, Segment, read_lines
from bot.report.names import analytes_of
from bot.report.words import listed
from bot.text import fold

SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A row, and what holds for it.

    Attributes:
        segment: the row.
        columns: the heading above it.
        blood: False below a title such as "urine".
        dates: the days of a heading that prints one column for each day.
        wide: the heading above names several tests, one for each column.
    """

    segment: Segment
    columns: Columns | None
    blood: bool
    dates: tuple[str, ...]
    wide: bool


class Layout:
    """Goes through the lines of one report once; ``prose`` is what is neither row nor heading."""

    def __init__(self, text: str, *, join_values: bool) -> None:
        self.text = text
        self.folded = fold(text)
        self.join_values = join_values
        self.lines: dict[int, Line] = {}
        self.prose: list[str] = []
        self._columns: Columns | None = None
        self._blood = True
        self._dates: tuple[str, ...] = ()
        self._wide = False

    def places(self) -> Iterator[Place]:
        """Yield the rows, each joined with the lines that it was wrapped into."""
        waiting: Place | None = None
        for line in read_lines(self.folded, self.text):
            self.lines[line.start] = line
            columns = read_columns(self.folded[line.start : line.start + len(line.text)])
            if columns is not None:
                self._columns = columns
                continue
            if not any(segment.valued for segment in line.segments):
                self._title(line)
            for segment in line.segments:
                joined = self._joined(waiting.segment, segment) if waiting else None
                if waiting is not None and joined is None:
                    yield waiting
                waiting = Place(
                    joined or segment, self._columns, self._blood, self._dates, self._wide
                )
        if waiting is not None:
            yield waiting

    def line_of(self, place: int) -> Line:
        """Return the line that holds a place of the text."""
        return self.lines[max(start for start in self.lines if start <= place)]

    def _title(self, line: Line) -> None:
        """Note what a line without results says about those below it."""
        if listed("not_blood").search(line.text):
            self._blood = False
        elif listed("blood").search(line.text):
            self._blood = True
        if line.private:
            return
        self.prose.append(line.text)
        days = [date_at(self.folded, t.start) for t in line.tokens if t.kind == "date"]
        whole = tuple(day for day in days if day)
        named = {t.text for t in line.tokens if t.kind == "name"}
        self._wide = len({analytes_of(name) for name in named}) >= SEVERAL
        if len(set(whole)) >= SEVERAL:
            self._dates = whole

    def _joined(self, before: Segment, now: Segment) -> Segment | None:
        """Return a row and its continuation as one, if the second has no name of its own."""
        if now.line == before.line or now.line - before.line > SEVERAL or not before.phrase:
            return None
        joined = Segment(now.line, [*before.phrase, *now.phrase], [*before.parts, *now.parts])
        if not now.phrase:
            goes_on = not now.counted if before.valued else self.join_values
            known = before.analytes(self.folded) or ()
            return joined if goes_on and len(known) == 1 else None
        one = None if before.valued else joined.analytes(self.folded)
        return joined if one is not None and len(one) == 1 else None
