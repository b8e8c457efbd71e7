"""One way in for every kind of report: what it is, whether it may be read, and its rows."""

from __future__ import annotations

import codecs
import datetime as dt
import re
import unicodedata
from dataclasses import replace

from bot.report.errors import MalformedError, TooLargeError, UnknownFormatError
from bot.report.fhir import looks_like_fhir, read_fhir
from bot.report.hl7 import looks_like_hl7, read_hl7
from bot.report.model import Report, Row, Source, UnknownRow
from bot.report.pdf import pdf_text
from bot.report.photo import Read, photo_text
from bot.report.table import read_table

MAX_BYTES = 10_000_000
MAX_CHARACTERS = 1_000_000
MAX_PRINTED = 20_000
MAX_PDF = 60_000
MAX_LINE = 2_000
_ACCEPTED = "text, HL7 v2 ORU^R01, FHIR R4 JSON, PDF, PNG, JPEG or WebP"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "photo"),
    (b"\xff\xd8\xff", "photo"),
)
_MEDIA = {
    "application/pdf": "pdf",
    "image/png": "photo",
    "image/jpeg": "photo",
    "image/jpg": "photo",
    "image/webp": "photo",
    "application/fhir+json": "fhir",
    "application/json": "fhir",
    "x-application/hl7-v2+er7": "hl7",
    "application/hl7-v2": "hl7",
    "text/plain": "text",
    "text/tab-separated-values": "text",
    "text/csv": "text",
}
_TABLE = re.compile(r"^[^\n]*(?:\t|\|)[^\n]*(?:\t|\|)", re.MULTILINE)
_LIMIT_LIKE = re.compile(
    r"\d\s*(?:[-–—~～]{1,2}|至|到|to)\s*\d|[<>≤≥＜＞]=?\s*\d|ref|limit|normal|参考|上限|正常|范围",
    re.IGNORECASE,
)
_CONTROL = {"\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"}
_ROWS = 2


def read(data: str | bytes, *, media_type: str | None = None, today: dt.date) -> Report:
    """Return the rows of a report.

    Args:
        data: a pasted text, or the bytes of a file.
        media_type: what the sender says it is, such as ``application/pdf``; found out if None.
        today: no result is later than this day.

    Raises:
        ReportError: see :mod:`bot.report.errors`.

    Example:
        >>> row = read("ALT   86   U/L   7-56   H", today=dt.date(2026, 6, 1)).rows[0]
        >>> row.analyte, row.value, row.unit, row.reference_high, row.flag
        ('alt', 86, 'U/L', 56, 'H')
    """
    kind = _kind(data, media_type)
    if kind == "pdf":
        return _read_printed(pdf_text(_bytes(data)), MAX_PDF, today=today, source="pdf")
    if kind == "photo":
        return read_photo(photo_text(_bytes(data)), today=today)
    text = text_of(data)
    if kind == "hl7":
        return read_hl7(text, today=today)
    if kind == "fhir":
        return read_fhir(text, today=today)
    source: Source = "table" if _TABLE.search(text) else "text"
    return _read_printed(text, MAX_PRINTED, today=today, source=source)


def looks_like_report(text: str) -> bool:
    r"""Tell whether a message is a report with several results rather than a sentence.

    Example:
        >>> looks_like_report("ALT 86 U/L 7-56 H\\nAST 45 U/L 10-40 H")
        True
        >>> looks_like_report("My ALT is 86 and my HBV DNA 2000 IU/mL, what now?")
        False
    """
    if len(text) > MAX_CHARACTERS:
        return False
    if looks_like_hl7(text):
        return True
    if looks_like_fhir(text):
        return '"resourceType"' in text
    if len(text) > MAX_PRINTED or _longest_line(text) > MAX_LINE:
        return False
    if "\n" not in text.strip() and len(_LIMIT_LIKE.findall(text)) < _ROWS:
        return False  # one line with no two limits in it
    rows = read_table(text, today=dt.date.max).rows
    places = {row.start for row in rows}
    lines = {text.count("\n", 0, place) for place in places}
    limits = {r.start for r in rows if r.reference_low is not None or r.reference_high is not None}
    dressed = limits | {row.start for row in rows if row.unit or row.flag}
    if len(limits) >= _ROWS:
        return True
    return len(lines) >= _ROWS and (len(dressed) >= _ROWS or len(lines) > _ROWS)


def text_of(data: str | bytes) -> str:
    """Return a text, decoded; the spans of a text report are places in it.

    Raises:
        TooLargeError: more than is read.
        UnknownFormatError: not text.
    """
    if isinstance(data, str):
        text = data
    else:
        _check_size(len(data), MAX_BYTES, "bytes")
        text = _decoded(data)
    _check_size(len(text), MAX_CHARACTERS, "characters")
    odd = sum(unicodedata.category(c) in {"Cc", "Cs"} and c not in _CONTROL for c in text)
    if odd:
        raise _unknown(f"{odd} characters that no text holds")
    return text


def read_photo(photo: Read, *, today: dt.date) -> Report:
    """Return the rows of a photo; a value that is hardly legible makes its row an unknown one."""
    report = _read_printed(photo.text, MAX_PRINTED, today=today, source="photo")
    bad = [row for row in report.rows if _touches(row, photo)]
    aside = tuple(
        UnknownRow(
            raw=row.raw,
            start=row.start,
            end=row.end,
            source="photo",
            why="confidence",
            analyte=row.analyte,
            to_confirm=True,
        )
        for row in bad
    )
    return replace(
        report,
        rows=tuple(row for row in report.rows if row not in bad),
        unknown_rows=tuple(sorted((*report.unknown_rows, *aside), key=lambda row: row.start)),
    )


def _read_printed(text: str, most: int, *, today: dt.date, source: Source) -> Report:
    _check_size(len(text), most, "characters")
    _check_size(_longest_line(text), MAX_LINE, "characters in a line")
    return read_table(text, today=today, source=source)


def _longest_line(text: str) -> int:
    return max((len(line) for line in text.splitlines()), default=0)


def _touches(row: Row, photo: Read) -> bool:
    """Tell whether the value of a row or the number in it is among what is hardly legible."""
    digits = [m.span() for m in re.finditer(r"[\d<>.]+", row.raw)]
    spans = [(row.value_start, row.value_end)]
    if row.index is not None:
        spans += [(row.start + a, row.start + b) for a, b in digits]
    return any(a < end and start < b for a, b in photo.unsure for start, end in spans)


def _kind(data: str | bytes, media_type: str | None) -> str:
    if isinstance(data, bytes):
        _check_size(len(data), MAX_BYTES, "bytes")
    else:
        _check_size(len(data), MAX_CHARACTERS, "characters")
    found = _found_kind(data)
    if media_type is None:
        return found
    named = _MEDIA.get(media_type.partition(";")[0].strip().lower())
    if named is None:
        raise _unknown(f"media type {media_type[:60]!r}")
    if found != named and ("pdf" in {found, named} or "photo" in {found, named}):
        raise MalformedError(
            "The file is not what it is said to be.",
            value=f"said to be {named}, looks like {found}",
            accepted=_ACCEPTED,
            remedy="Send the file with its own type, or paste the printed report as text.",
        )
    return named if named in {"hl7", "fhir"} else found


def _found_kind(data: str | bytes) -> str:
    if isinstance(data, bytes):
        for magic, kind in _MAGIC:
            if data.lstrip()[:1024].startswith(magic) or data.startswith(magic):
                return kind
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return "photo"
    text = text_of(data)
    if looks_like_hl7(text):
        return "hl7"
    return "fhir" if looks_like_fhir(text) else "text"


def _decoded(data: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _try(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise _unknown(f"{len(data)} bytes that begin with {data[:4].hex()}") from None


def _bytes(data: str | bytes) -> bytes:
    if isinstance(data, str):
        raise _unknown("a text")
    return data


def _check_size(size: int, most: int, unit: str) -> None:
    if size > most:
        raise TooLargeError(
            "This is more than one report.",
            value=f"{size} {unit}",
            accepted=f"at most {most} {unit}",
            remedy="Send one report at a time.",
        )


def _unknown(value: str) -> UnknownFormatError:
    return UnknownFormatError(
        "This is not a report that can be read.",
        value=value,
        accepted=_ACCEPTED,
        remedy="Paste the printed results as text, or send a PDF or a photo.",
    )
