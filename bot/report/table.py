"""The rows of a printed table: text, or the text of a PDF or a photo."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from bot.context import Context
from bot.report.dates import date_for, lone_date, only_date, stated_dates
from bot.report.layout import SEVERAL, Layout, Place
from bot.report.lines import Segment
from bot.report.model import Report, Row, Source, UnknownRow
from bot.report.printed import Parts, parts_of
from bot.report.result import Outcome, UnreadError, conclude
from bot.report.tokens import VALUES, Token
from bot.report.words import listed
from bot.spans import find_terms
from bot.text import fold

_LONG_NUMBER = re.compile(r"\d{9,}|(?<!\d)(?!(?:19|20)\d\d-)\d{2,}-\d{2,}-\d{2,}")
_BARE = {"+", "++", "+++"}


def read_table(text: str, *, today: dt.date, source: Source = "text") -> Report:
    """Return the report that a text prints; its spans are places of ``text``."""
    return _Table(text, today, source).read()


class _Table:
    """Reads the rows that a layout finds."""

    def __init__(self, text: str, today: dt.date, source: Source) -> None:
        self.text = text
        self.today = today
        self.source = source
        # A photo loses characters: a lone number below a name is not taken for its value.
        self.layout = Layout(text, join_values=source != "photo")
        self.folded = self.layout.folded
        # One misread character of a long name; the person confirms the row anyhow.
        self.bracketed = source == "photo"
        self.to_confirm = source in {"pdf", "photo"}

    def read(self) -> Report:
        found: list[Row | UnknownRow] = []
        for place in list(self.layout.places()):
            found += self._attempt(place)
        rows = self._with_dates(_signs([row for row in found if isinstance(row, Row)]))
        aside = [row for row in found if isinstance(row, UnknownRow)]
        first = min((row.start for row in rows), default=0)
        last = max((row.end for row in rows), default=0)
        days = {row.date for row in rows}
        return Report(
            source=self.source,
            rows=tuple(rows),
            unknown_rows=tuple(
                row
                for row in aside
                if row.analyte
                or row.why == "columns"
                or first <= row.start <= last
                or self._is_result(row)
            ),
            date=days.pop() if len(days) == 1 else None,
        )

    def _with_dates(self, rows: list[Row]) -> list[Row]:
        stated = stated_dates(self.folded, today=self.today)
        lone = None if stated else lone_date(self.folded, today=self.today)
        first = min((row.start for row in rows), default=0)
        subject = self._subject()
        return [
            replace(
                row,
                date=row.date or date_for(stated, row.start, first) or lone,
                subject=subject,
            )
            for row in rows
        ]

    def _attempt(self, place: Place) -> list[Row | UnknownRow]:
        try:
            return [*self._rows(place)]
        except UnreadError as error:
            return [*self._unknown(place.segment, error.why)]

    def _rows(self, place: Place) -> list[Row]:
        segment = place.segment
        if place.wide and not segment.phrase:
            raise UnreadError("columns")
        analytes = segment.analytes(self.folded, bracketed=self.bracketed)
        if analytes is None:
            raise UnreadError("test")
        if len(analytes) > 1:
            raise UnreadError("name")
        if not segment.parts:
            raise UnreadError("value")
        if not place.blood:
            raise UnreadError("specimen")
        if place.dates:
            return self._by_day(segment, analytes[0], place.dates)
        line = self.layout.line_of(_value_start(segment))
        parts = parts_of(
            _without_smudge(segment.parts) if self.source == "photo" else segment.parts,
            analytes[0],
            columns=place.columns,
            line=self.folded[line.start : line.start + len(line.text)],
            line_start=line.start,
        )
        day = None if line.private else only_date(line.text, today=self.today)
        return [self._row(segment, parts, outcome, day) for outcome in conclude(parts.printed)]

    def _by_day(self, segment: Segment, analyte: str, days: tuple[str, ...]) -> list[Row]:
        """Read one result for each day of the heading."""
        values = [t for t in segment.parts if t.kind in VALUES - {"range"}]
        if len(values) != len(days) or any(t.kind == "unreadable" for t in values):
            raise UnreadError("columns")
        aside: list[Token] = [t for t in segment.parts if t.kind in {"unit", "odd_unit", "range"}]
        rows = []
        for token, day in zip(values, days, strict=True):
            parts = parts_of([token, *aside], analyte, columns=None, line="", line_start=0)
            rows += [self._row(segment, parts, outcome, day) for outcome in conclude(parts.printed)]
        return rows

    def _row(self, segment: Segment, parts: Parts, outcome: Outcome, day: str | None) -> Row:
        worded = isinstance(outcome.value, str) and not outcome.by_reference
        value = parts.value(worded=worded)
        flag = parts.flag
        return Row(
            analyte=outcome.analyte,
            value=outcome.value,
            name=self.text[segment.phrase[0].start : segment.phrase[-1].end],
            printed=self.text[value.start : value.end],
            raw=self.text[segment.start : segment.end],
            start=segment.start,
            end=segment.end,
            value_start=value.start,
            value_end=value.end,
            source=self.source,
            comparator=outcome.comparator,
            unit=outcome.unit,
            reference_low=parts.printed.reference_low,
            reference_high=parts.printed.reference_high,
            flag=self.text[flag.start : flag.end] if flag else None,
            date=day,
            index=outcome.index,
            limit=outcome.limit,
            by_reference=outcome.by_reference,
            unit_missing=outcome.unit_missing,
            ambiguous=outcome.why is not None,
            why=outcome.why,
            to_confirm=self.to_confirm,
        )

    def _unknown(self, segment: Segment, why: str) -> Iterator[UnknownRow]:
        """Yield a row that is not read; what may be about the person is not kept."""
        analytes = segment.analytes(self.folded, bracketed=self.bracketed)
        known = analytes[0] if analytes and len(analytes) == 1 else None
        raw = self.text[segment.start : segment.end]
        line = self.layout.line_of(_value_start(segment))
        nameless = not segment.phrase and why != "columns"
        if nameless or (line.private and not known) or _LONG_NUMBER.search(raw):
            return
        if segment.valued or known:
            yield UnknownRow(
                raw=raw,
                start=segment.start,
                end=segment.end,
                source=self.source,
                why=why,
                analyte=known,
                to_confirm=self.to_confirm,
            )

    def _is_result(self, row: UnknownRow) -> bool:
        """Tell whether a row outside the table looks like a result all the same."""
        tokens = [
            token.kind
            for line in self.layout.lines.values()
            for token in line.tokens
            if row.start <= token.start < row.end
        ]
        kinds = set(tokens)
        limits = "range" in kinds or tokens.count("limit") + tokens.count("number") >= SEVERAL
        return bool(kinds & {"unit", "odd_unit"}) and limits

    def _subject(self) -> str | None:
        prose = fold("\n".join(self.layout.prose))
        if not prose.strip():
            return None
        context = Context(prose, tuple(find_terms(prose)), ())
        named = {context.subject(m.start())[0] for m in listed("report").finditer(prose)}
        others = sorted(
            (named or {context.subject(len(prose) - 1)[0]}) - {None, "patient"}, key=str
        )
        return others[0] if others else None


def _without_smudge(parts: list[Token]) -> list[Token]:
    """Leave out a last lone digit after the limits: an arrow that was read as one."""
    last, before = parts[-1], [part.kind for part in parts[:-1]]
    lone = last.kind == "number" and len(last.text) == 1
    return parts[:-1] if lone and "number" in before and {"range", "limit"} & {*before} else parts


def _value_start(segment: Segment) -> int:
    return next((part.start for part in segment.parts if part.kind in VALUES), segment.start)


def _signs(rows: list[Row]) -> list[Row]:
    """A bare "-" means negative in a panel that prints a bare "+" for positive."""
    if not any(row.printed in _BARE for row in rows):
        return rows
    return [
        replace(row, ambiguous=False, why=None) if row.why == "bare_minus" else row for row in rows
    ]
