"""FHIR R4: the observations of an Observation, a DiagnosticReport or a Bundle, as JSON.

Each observation is validated by itself with ``fhir.resources``; one that is not sound is kept
aside and the others are read. Patients, practitioners and narratives are never looked at.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from bot.numbers import Number
from bot.report.coded import Coded, rows_of
from bot.report.errors import MalformedError
from bot.report.json_places import Places
from bot.report.model import Report, Row, UnknownRow

_USABLE = {"final", "amended", "corrected"}
_DAY = len("2026-05-01")
_QUANTITY = re.compile(r'"value"\s*:\s*(-?\d[\d.eE+-]*)')
_BEGINS = re.compile(r"[\ufeff\s]*\{\s*[\"}]")
_ROOTS = {"Observation", "DiagnosticReport", "Bundle"}


def looks_like_fhir(text: str) -> bool:
    """Tell whether a text begins as a FHIR resource in JSON does."""
    return bool(_BEGINS.match(text))


def read_fhir(text: str, *, today: dt.date) -> Report:
    """Return the report of a resource.

    Raises:
        MalformedError: not sound JSON, or another resource.
    """
    body = text.removeprefix("\ufeff")
    shift = len(text) - len(body)
    places = Places()
    root = places.read(body)
    kind = root.get("resourceType") if isinstance(root, dict) else None
    if kind not in _ROOTS:
        raise MalformedError(
            "This JSON holds no laboratory results that can be read.",
            value=f"resourceType {str(kind)[:40]!r}",
            accepted="a FHIR R4 Observation, DiagnosticReport or Bundle",
            remedy="Export the results as one of them, or paste the printed report as text.",
        )
    found: list[Row | UnknownRow] = []
    for resource in _observations(root):
        for coded in _Observation(resource, places, body, shift).coded():
            found += rows_of(coded, today=today)
    rows = tuple(row for row in found if isinstance(row, Row))
    dates = {row.date for row in rows}
    return Report(
        source="fhir",
        rows=rows,
        unknown_rows=tuple(row for row in found if isinstance(row, UnknownRow)),
        date=dates.pop() if len(dates) == 1 else None,
    )


def _observations(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pending: list[Any] = [root]
    while pending:
        item = pending.pop(0)
        if not isinstance(item, dict):
            continue
        if item.get("resourceType") == "Observation":
            yield item
        pending += _list(item.get("contained"))
        entries = [e for e in _list(item.get("entry")) if isinstance(e, dict)]
        pending += [entry.get("resource") for entry in entries]


class _Observation:
    """One observation: its own value, and those of its components."""

    def __init__(self, item: dict[str, Any], places: Places, text: str, shift: int) -> None:
        self.item = item
        self.places = places
        self.text = text
        self.shift = shift
        self.sound = _is_sound(item)

    def coded(self) -> Iterator[Coded]:
        components = [c for c in _list(self.item.get("component")) if isinstance(c, dict)]
        if not components or any(key.startswith("value") for key in self.item):
            yield self._one(self.item)
        for component in components:
            yield self._one(component)

    def _one(self, item: dict[str, Any]) -> Coded:
        code = _dict(item.get("code"))
        codings = [_dict(c) for c in _list(code.get("coding"))]
        start, end, number, answers, unit = self._value(item)
        low, high, reference = _reference(item)
        return Coded(
            source="fhir",
            codes=tuple((_text(c.get("system")), _text(c.get("code"))) for c in codings),
            name=_text(code.get("text")) or next((_text(c.get("display")) for c in codings), ""),
            value=self.text[start:end],
            raw=self._raw(item),
            start=self.shift + self.places.span(item)[0],
            end=self.shift + self.places.span(item)[1],
            value_start=self.shift + start,
            number=number,
            answers=answers,
            unit=unit,
            reference=reference,
            low=low,
            high=high,
            flag=_flag(item),
            date=_date(self.item),
            specimen=_text(_dict(self.item.get("specimen")).get("display")),
            usable=self.item.get("status") in _USABLE,
            sound=self.sound,
        )

    def _raw(self, item: dict[str, Any]) -> str:
        """Return the code and the value as written, without the person they are of."""
        kept = [_dict(item.get("code"))]
        kept += [value for key, value in item.items() if key.startswith("value")]
        return " ".join(
            self.text[slice(*self.places.span(part))]
            if isinstance(part, dict) and id(part) in self.places.spans
            else json.dumps(part, ensure_ascii=False, default=str)
            for part in kept
            if part != {}
        )

    def _value(self, item: dict[str, Any]) -> tuple[int, int, Number | None, tuple[str, ...], str]:
        """Return where the value stands, its number, its coded words and its unit."""
        begin = self.places.span(item)[0]
        nothing = (begin, begin, None, (), "")
        quantity = item.get("valueQuantity")
        if isinstance(quantity, dict):
            return self._quantity(quantity) or nothing
        concept = item.get("valueCodeableConcept")
        if isinstance(concept, dict):
            codings = [_dict(c) for c in _list(concept.get("coding"))]
            words = [_text(concept.get("text")), *(_text(c.get("display")) for c in codings)]
            codes = [_text(c.get("code")) for c in codings]
            shown = next((word for word in [*words, *codes] if word), "")
            start, end = self._place(shown, *self.places.span(concept))
            return start, end, None, tuple(code for code in codes if code), ""
        written = item.get("valueString")
        if isinstance(written, str):
            start, end = self._place(written, *self.places.span(item))
            return start, end, None, (), ""
        whole = item.get("valueInteger")
        if isinstance(whole, int) and not isinstance(whole, bool):
            start, end = self._place(str(whole), *self.places.span(item))
            return start, end, Number(0, 0, 0, whole), (), ""
        return nothing

    def _quantity(
        self, quantity: dict[str, Any]
    ) -> tuple[int, int, Number, tuple[str, ...], str] | None:
        value, sign = quantity.get("value"), _text(quantity.get("comparator")) or "="
        if isinstance(value, bool) or value is None or isinstance(value, str):
            return None
        start, end = self.places.span(quantity)
        for match in _QUANTITY.finditer(self.text, start, end):
            if float(match[1]) == float(value):
                plain = float(value)
                shown = int(plain) if plain.is_integer() and abs(plain) < 1e15 else plain  # noqa: PLR2004
                number = Number(0, 0, 0, shown, sign)
                unit = _text(quantity.get("code")) or _text(quantity.get("unit"))
                return match.start(1), match.end(1), number, (), unit
        return None

    def _place(self, shown: str, start: int, end: int) -> tuple[int, int]:
        at = self.text.find(shown, start, end) if shown else -1
        return (at, at + len(shown)) if at >= 0 else (start, start)


def _is_sound(item: dict[str, Any]) -> bool:
    """Tell whether FHIR allows this observation; the narrative is not looked at."""
    from fhir.resources.R4B.observation import Observation  # noqa: PLC0415 - half a second

    bare = {key: value for key, value in item.items() if key not in {"text", "contained"}}
    try:
        Observation.model_validate(bare)
    except (ValidationError, ValueError, TypeError, AttributeError, ArithmeticError):
        return False
    return True


def _reference(item: dict[str, Any]) -> tuple[float | None, float | None, str]:
    """Return the limits of normal if the observation gives one pair of them."""
    found = [_dict(r) for r in _list(item.get("referenceRange"))]
    if len(found) != 1:
        return None, None, ""
    limits = [_dict(found[0].get(side)).get("value") for side in ("low", "high")]
    low, high = (None if v is None or isinstance(v, (str, bool)) else float(v) for v in limits)
    return low, high, _text(found[0].get("text"))


def _flag(item: dict[str, Any]) -> str:
    concepts = [_dict(i) for i in _list(item.get("interpretation"))]
    codings = [_dict(c) for concept in concepts for c in _list(concept.get("coding"))]
    return next((_text(c.get("code")) for c in codings if c.get("code")), "")


def _date(item: dict[str, Any]) -> str | None:
    period = _dict(item.get("effectivePeriod"))
    stated = (
        item.get("effectiveDateTime"),
        item.get("effectiveInstant"),
        period.get("start"),
        item.get("issued"),
    )
    written = next((_text(value) for value in stated if value), "")
    return written[:_DAY] if len(written) >= _DAY else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
