"""What is read of a report: its rows, and the rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

Source = Literal["text", "table", "hl7", "fhir", "pdf", "photo"]
Value = str | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One result. ``raw`` is the row as printed, at ``start:end`` of the text of the report.

    Attributes:
        analyte: the test's name in the engine, such as ``hbsag_quant``.
        value: a number, or ``positive`` or ``negative``.
        name: the test's name as printed.
        printed: the value as printed, at ``value_start:value_end`` of the text.
        comparator: ``=``, ``<``, ``>``, ``<=`` or ``>=`` of a number; None beside a word.
        unit: the unit as the engine declares it; None if none was printed.
        reference_low: the limits printed in this row; they are never the result.
        reference_high: see ``reference_low``.
        flag: the mark printed in this row, such as H or ↑.
        date: when the sample was taken, ISO; else when it was reported; else None.
        index: an instrument's index (COI, S/CO) printed beside the word that is the value.
        limit: the limit of detection printed beside "not detected".
        by_reference: the word was not printed; it follows from the row's own reference.
        unit_missing: a unit matters and none was printed.
        ambiguous: a careful person would ask back; ``why`` says the reason.
        to_confirm: the person must confirm this value; always so for a PDF and a photo.
        subject: whom the report is about, if the text says it is not the writer.
    """

    analyte: str
    value: Value
    name: str
    printed: str
    raw: str
    start: int
    end: int
    value_start: int
    value_end: int
    source: Source
    comparator: str | None = None
    unit: str | None = None
    reference_low: float | None = None
    reference_high: float | None = None
    flag: str | None = None
    date: str | None = None
    index: float | None = None
    limit: float | None = None
    by_reference: bool = False
    unit_missing: bool = False
    ambiguous: bool = False
    why: str | None = None
    to_confirm: bool = False
    subject: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain data, without what does not apply."""
        return _plain(self)

    def as_fact(self) -> dict[str, Any]:
        """Return the row as a fact of the understanding contract (see :mod:`bot.facts`)."""
        fact = {
            "name": self.analyte,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "unit": self.unit,
            "comparator": self.comparator,
            "when": self.date,
            "subject": self.subject,
            "unit_missing": self.unit_missing,
            "ambiguous": self.ambiguous,
            "reference_limit": self.reference_high,
        }
        return {k: v for k, v in fact.items() if v is not None and v is not False}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownRow:
    """A row that is kept as printed and never guessed; ``why`` is a code.

    ``test``: not a test that the engine knows. ``name``: the name speaks of two tests.
    ``value``: nothing in it can be read as a value. ``unit``: a unit that this test does not have.
    ``word``: a word that is neither positive nor negative. ``specimen``: not blood.
    ``columns``: which of several values counts is not clear. ``confidence``: badly legible.
    ``status``: the laboratory has withdrawn it or not confirmed it.
    """

    raw: str
    start: int
    end: int
    source: Source
    why: str
    analyte: str | None = None
    to_confirm: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain data, without what does not apply."""
        return _plain(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The rows of a report. Who it is about and who wrote it is not read."""

    source: Source
    rows: tuple[Row, ...] = ()
    unknown_rows: tuple[UnknownRow, ...] = ()
    date: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data for JSON output."""
        return {
            "source": self.source,
            "date": self.date,
            "rows": [row.as_dict() for row in self.rows],
            "unknown_rows": [row.as_dict() for row in self.unknown_rows],
        }


def _plain(row: Row | UnknownRow) -> dict[str, Any]:
    data = {field.name: getattr(row, field.name) for field in fields(row)}
    return {key: value for key, value in data.items() if value is not None and value is not False}
