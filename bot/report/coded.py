"""A result with a code, as HL7 and FHIR carry it: from its fields to a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.labs import unit_at
from bot.numbers import Number
from bot.report.model import Row, Source, UnknownRow
from bot.report.names import analytes_of
from bot.report.result import Printed, UnreadError, conclude
from bot.report.tokens import Token, cut
from bot.report.words import listed, load
from bot.text import fold

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """The fields of one result; ``start:end`` is its value in the text, ``raw`` what is kept.

    ``codes`` are pairs of system and code. ``number`` is a number that the format gives as one;
    otherwise ``value`` is read as a printed value is. ``answers`` are coded words.
    """

    source: Source
    codes: tuple[tuple[str, str], ...]
    name: str
    value: str
    raw: str
    start: int
    end: int
    value_start: int
    number: Number | None = None
    answers: tuple[str, ...] = ()
    unit: str = ""
    reference: str = ""
    low: float | None = None
    high: float | None = None
    flag: str = ""
    date: str | None = None
    specimen: str = ""
    usable: bool = True
    sound: bool = True


def rows_of(coded: Coded, *, today: dt.date) -> Iterator[Row | UnknownRow]:
    """Yield the facts that a coded result states, or the one row that is kept aside."""
    analyte = None
    try:
        analyte = _analyte(coded)
        yield from _rows(coded, analyte, today)
    except UnreadError as error:
        yield UnknownRow(
            raw=coded.raw,
            start=coded.start,
            end=coded.end,
            source=coded.source,
            why=error.why,
            analyte=analyte,
        )


def _analyte(coded: Coded) -> str:
    """Return the test of a code; its printed name must not speak of another."""
    if not coded.sound:
        raise UnreadError("value")
    known = load("codes")["loinc"]
    named = analytes_of(fold(coded.name)) if 0 < len(coded.name) <= _LONGEST else None
    loinc = [code for system, code in coded.codes if system in load("codes")["loinc_names"]]
    if loinc:
        found = {known.get(code) for code in loinc}
        if None in found or len(found) > 1:
            raise UnreadError("test")
        analyte = str(found.pop())
        if named is not None and named != (analyte,):
            raise UnreadError("name")
        return analyte
    if named is None:
        raise UnreadError("test")
    if len(named) > 1:
        raise UnreadError("name")
    return named[0]


def _rows(coded: Coded, analyte: str, today: dt.date) -> Iterator[Row]:
    if not coded.usable:
        raise UnreadError("status")
    if coded.specimen and listed("not_blood").search(fold(coded.specimen)):
        raise UnreadError("specimen")
    number, word = _value(coded)
    unit, odd = unit_of(coded.unit)
    if unit is None and not odd and coded.number is None:
        printed_unit = next((t for t in _tokens(coded.value) if t.kind == "unit"), None)
        unit = printed_unit.text if printed_unit else None
    low, high = _limits(coded)
    printed = Printed(
        analyte=analyte,
        number=number,
        word=word or (_answer((coded.flag,)) if number is None else None),
        unit=unit,
        odd_unit=odd,
        reference_low=low,
        reference_high=high,
        flag=coded.flag.lower() or None,
    )
    for outcome in conclude(printed):
        yield Row(
            analyte=outcome.analyte,
            value=outcome.value,
            name=coded.name,
            printed=coded.value,
            raw=coded.raw,
            start=coded.start,
            end=coded.end,
            value_start=coded.value_start,
            value_end=coded.value_start + len(coded.value),
            source=coded.source,
            comparator=outcome.comparator,
            unit=outcome.unit,
            reference_low=low,
            reference_high=high,
            flag=coded.flag or None,
            date=coded.date if coded.date and coded.date <= today.isoformat() else None,
            index=outcome.index,
            limit=outcome.limit,
            by_reference=outcome.by_reference,
            unit_missing=outcome.unit_missing,
            ambiguous=outcome.why is not None,
            why=outcome.why,
        )


def _value(coded: Coded) -> tuple[Number | None, str | None]:
    if coded.number is not None:
        return coded.number, None
    word = _answer(coded.answers)
    tokens = _tokens(coded.value)
    if any(token.kind in {"unreadable", "range"} for token in tokens):
        raise UnreadError("value")
    numbers = [t.number for t in tokens if t.kind in {"number", "limit"}]
    words = {t.text for t in tokens if t.kind == "word"}
    if len(numbers) > 1 or len(words | ({word} if word else set())) > 1:
        raise UnreadError("columns")
    return (numbers[0] if numbers else None), word or (words.pop() if words else None)


def _answer(answers: tuple[str, ...]) -> str | None:
    known = load("codes")["answers"]
    found = {str(known[answer]) for answer in answers if answer in known}
    if len(found) > 1:
        raise UnreadError("columns")
    return found.pop() if found else None


def _limits(coded: Coded) -> tuple[float | None, float | None]:
    if coded.low is not None or coded.high is not None:
        return coded.low, coded.high
    for token in _tokens(coded.reference):
        if token.kind == "range" and token.number and token.high:
            return token.number.value, token.high.value
        if token.kind == "limit" and token.number:
            upper = token.number.comparator in {"<", "<="}
            return (None, token.number.value) if upper else (token.number.value, None)
    return None, None


@cache
def unit_of(written: str) -> tuple[str | None, bool]:
    """Return the declared unit for a written one, and whether something unknown is written."""
    text = written.strip()
    if not text:
        return None, False
    if text in load("codes")["ucum"]:
        return str(load("codes")["ucum"][text]), False
    folded = fold(text)
    unit, end = unit_at(folded, 0)
    return (unit, False) if unit is not None and end == len(folded) else (None, True)


def _tokens(text: str) -> list[Token]:
    return cut(fold(text), text) if 0 < len(text) <= _LONGEST else []
