"""HL7 version 2: the observations of an ORU^R01 message.

Read with its places in the text, which is why no library is used: the two on PyPI give values
without their place and have had no release since 2024.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.numbers import Number, find_numbers
from bot.report.coded import Coded, rows_of
from bot.report.dates import date_at
from bot.report.errors import MalformedError
from bot.report.model import Report, Row, UnknownRow

_SEGMENT = re.compile(r"[^\r\n\x0b\x1c]+")
_SEPARATORS = 4
_USABLE = {"", "F", "C", "U", "A"}
_ESCAPES = {"F": 0, "S": 1, "R": 2, "T": 4}
_SIGNS = {"", "=", "<", ">", "<=", ">="}
_DATE = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field, repetition or component: its text and where it begins."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters of MSH-1 and MSH-2."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str

    def plain(self, text: str) -> str:
        """Return a text without escape sequences."""
        if not self.escape:
            return text
        own = self.field + self.component + self.repetition + self.escape + self.subcomponent
        pattern = re.escape(self.escape) + "([FSRT])" + re.escape(self.escape)
        shown = re.sub(pattern, lambda m: own[_ESCAPES[m[1]]], text)
        return shown.replace(f"{self.escape}E{self.escape}", self.escape)


def looks_like_hl7(text: str) -> bool:
    """Tell whether a text begins as an HL7 message does."""
    return text.lstrip("\ufeff\x0b \t\r\n").startswith("MSH")


def read_hl7(text: str, *, today: dt.date) -> Report:
    """Return the report of one or more messages.

    Raises:
        MalformedError: the separators are wrong, or it is no message with results.
    """
    found: list[Row | UnknownRow] = []
    marks: Delimiters | None = None
    ordered, specimen = "", ""
    for segment in _SEGMENT.finditer(text):
        name = segment[0].lstrip(" \ufeff")[:3]
        if name == "MSH":
            marks, ordered, specimen = _delimiters(segment[0].lstrip(" \ufeff")), "", ""
            continue
        if marks is None:
            raise _wrong("a segment before MSH")
        fields = list(_split(Field(segment[0], segment.start()), marks.field))
        if name == "OBR":
            ordered = _date(_at(fields, 7)) or _date(_at(fields, 22)) or ""
            specimen = marks.plain(_at(fields, 15).text)
        elif name == "SPM":
            specimen = marks.plain(_at(fields, 4).text)
        elif name == "OBX":
            coded = _observation(fields, marks, text, ordered, specimen)
            found += rows_of(coded, today=today)
    rows = tuple(row for row in found if isinstance(row, Row))
    dates = {row.date for row in rows}
    return Report(
        source="hl7",
        rows=rows,
        unknown_rows=tuple(row for row in found if isinstance(row, UnknownRow)),
        date=dates.pop() if len(dates) == 1 else None,
    )


def _delimiters(segment: str) -> Delimiters:
    separator = segment[3:4]
    if not separator or separator.isalnum() or separator.isspace():
        raise _wrong(f"MSH{separator}")
    marks = segment[4:].split(separator, maxsplit=1)[0]
    own = [separator, *marks]
    if len(marks) < 2 or len(set(own)) != len(own) or any(m.isalnum() for m in own):  # noqa: PLR2004
        raise _wrong(f"{len(marks)} encoding characters")
    fields = segment.split(separator)
    kind = fields[8].split(marks[0]) if len(fields) > 8 else [""]  # noqa: PLR2004 - MSH-9
    if kind[0] != "ORU":
        raise MalformedError(
            "This HL7 message carries no results.",
            value=f"MSH-9 begins with {kind[0][:3]!r}",
            accepted="ORU^R01",
            remedy="Export the results as an ORU^R01 message, or paste the printed report.",
        )
    padded = marks.ljust(_SEPARATORS)
    return Delimiters(separator, padded[0], padded[1], padded[2].strip(), padded[3])


def _observation(
    fields: list[Field], marks: Delimiters, text: str, ordered: str, specimen: str
) -> Coded:
    code = [part.text for part in _split(_at(fields, 3), marks.component)]
    code += [""] * 6
    pairs = [(code[2], code[0]), (code[5], code[3])]
    kind, value = _at(fields, 2).text, _at(fields, 5)
    parts = list(_split(value, marks.component))
    number, sound = None, marks.repetition not in value.text
    answers: tuple[str, ...] = ()
    if kind == "SN":
        number, sound = _structured(parts)
    elif kind in {"CE", "CWE", "CF", "CNE"}:
        answers = tuple(p.text for p in parts[:1] if p.text)
        named = next((p for p in parts[1:2] if p.text), None)
        value = named or (parts[0] if parts else value)
    first, last = _at(fields, 3), _at(fields, 8)
    end = last.start + len(last.text)
    return Coded(
        source="hl7",
        codes=tuple((system, one) for system, one in pairs if one),
        name=marks.plain(code[1] or code[4]),
        value=value.text,
        raw=text[first.start : end],
        start=first.start,
        end=end,
        value_start=value.start,
        number=number,
        answers=answers,
        unit=_unit(_at(fields, 6), marks),
        reference=marks.plain(_at(fields, 7).text),
        flag=_at(fields, 8).text.split(marks.repetition)[0],
        date=_date(_at(fields, 14)) or ordered or None,
        specimen=specimen,
        usable=_at(fields, 11).text in _USABLE,
        sound=sound,
    )


def _structured(parts: list[Field]) -> tuple[Number | None, bool]:
    """Return the number of a structured value ``<^20``; a titre or a range is none."""
    texts = [part.text.strip() for part in parts]
    if len(texts) < 2 or texts[0] not in _SIGNS or any(texts[2:]):  # noqa: PLR2004
        return None, False
    found = find_numbers(texts[1])
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(texts[1])):
        return None, False
    number = found[0]
    return Number(0, number.end, 0, number.value, texts[0] or "=", ambiguous=number.ambiguous), True


def _unit(field: Field, marks: Delimiters) -> str:
    parts = [marks.plain(part.text) for part in _split(field, marks.component)]
    return next((part for part in parts[:2] if part), "")


def _date(field: Field) -> str | None:
    match = _DATE.match(field.text)
    return date_at(match[0], 0) if match else None


def _split(field: Field, separator: str) -> Iterator[Field]:
    start = field.start
    for piece in field.text.split(separator):
        yield Field(piece, start)
        start += len(piece) + len(separator)


def _at(fields: list[Field], index: int) -> Field:
    if index < len(fields):
        return fields[index]
    last = fields[-1]
    return Field("", last.start + len(last.text))


def _wrong(value: str) -> MalformedError:
    return MalformedError(
        "This begins like an HL7 message, but its separators are wrong.",
        value=value,
        accepted=r"a first segment such as MSH|^~\&|… of type ORU^R01",
        remedy="Export the message again, or paste the printed report as text.",
    )
