"""Writing an answer into the record."""

from __future__ import annotations

import math
from typing import Any

from hbv_engine.book import Book, load_book
from hbv_engine.changes import with_change
from hbv_engine.errors import DateError, UnitError, WrongTypeError
from hbv_engine.facts import catalogue
from hbv_engine.model import Observation, Record, read_record
from hbv_engine.timeline import Timeline

NOT_KNOWN = "unknown"
NONE_OF_THESE = "none"


def answer(record: Record, question: str, value: Any, *, book: Book | None = None) -> Record:
    """Return a copy of the record with the answer to a question written in.

    ``value`` is an option's id, a number, a mapping such as ``{"value": 86, "unit": "U/L"}``, true
    or false, a date, a list of the option ids that apply (for a screen; empty or ``"none"`` if none
    does), or ``"unknown"``: then it stays unknown and is not asked again.

    Raises:
        KeyError: there is no such question.
        RecordError: the answer cannot be used.
    """
    book = book or load_book()
    spec = book.questions[question]
    if value == NOT_KNOWN:
        return record.model_copy(update={"asked": (*record.asked, question)})
    if "completes" in spec:
        return _complete(record, spec["completes"], value)
    told = with_change(record, stated_by(question, value, book=book), as_told=True)
    return told.model_copy(update={"asked": tuple(dict.fromkeys([*record.asked, question]))})


def stated_by(question: str, value: Any, *, book: Book | None = None) -> dict[str, Any]:
    """Return what an answer states, in the shape of a record.

    ``value`` is as for ``answer``. "Unknown" states nothing, and neither does the detail of a
    result that is already there.

    Raises:
        KeyError: there is no such question.
        RecordError: the answer cannot be used.
    """
    spec = (book or load_book()).questions[question]
    options = {str(option["id"]): option for option in spec.get("options", ())}
    if value == NOT_KNOWN or "completes" in spec:
        return {}
    if spec["kind"] == "screen":
        return _screen(question, spec, options, value)
    if isinstance(value, str) and value in options and "set" in options[value]:
        return dict(options[value]["set"])
    return _plain(question, spec, options, value)


def _complete(record: Record, spec: dict[str, str], value: Any) -> Record:
    """Return the record with one field filled in on the newest results of an analyte.

    ``spec`` names the ``analyte`` and the ``field``: its printed upper limit, its detection limit,
    or its assay, in the unit of the result itself.
    """
    line = Timeline.of(record, fresh_months=math.inf)
    newest = line.current(spec["analyte"])
    changed = [
        o.model_dump() | ({spec["field"]: _in_unit_of(o, value)} if o in newest else {})
        for o in record.observations
    ]
    return read_record({**record.model_dump(), "observations": changed})


def _in_unit_of(o: Observation, value: Any) -> Any:
    """Return a told limit in the unit of the result that it belongs to.

    Raises:
        UnitError: the two units cannot be converted into each other.
    """
    if not isinstance(value, dict):
        return value
    number, unit = value.get("value"), value.get("unit")
    if unit in {None, o.unit}:
        return number
    units = catalogue().analytes[o.analyte].units or {}
    told, own = units.get(str(unit)), units.get(str(o.unit))
    if not isinstance(told, int | float) or not isinstance(own, int | float):
        raise UnitError(
            f"A limit in {unit} does not fit a result in {o.unit}.",
            value=unit,
            accepted=str(o.unit),
            remedy="Give the limit in the unit of the result.",
        )
    if not isinstance(number, int | float):
        raise WrongTypeError("A limit is a number.", value=number, accepted=f"a number in {unit}")
    return number * told / own


def _screen(
    question: str, spec: dict[str, Any], options: dict[str, Any], value: Any
) -> dict[str, Any]:
    """Return what a list of ticked options says: the ticked are true, the rest are false."""
    ticked = [] if value in (NONE_OF_THESE, None) else value
    ticked = [ticked] if isinstance(ticked, str) else ticked
    if not isinstance(ticked, list | tuple | set) or not all(isinstance(t, str) for t in ticked):
        raise _wrong(question, value, options)
    unknown = [name for name in ticked if name not in options]
    if unknown:
        raise _wrong(question, unknown[0], options)
    change: dict[str, Any] = {}
    for name, option in options.items():
        if name in ticked and "set" in option:
            _merge(change, option["set"])
        elif "set" not in option:
            _merge(change, _fact(name, name in ticked))
    if not ticked and "none_set" in spec:
        _merge(change, spec["none_set"])
    return change


def _plain(
    question: str, spec: dict[str, Any], options: dict[str, Any], value: Any
) -> dict[str, Any]:
    fact = spec.get("facts", [question])[0]
    if spec["kind"] == "choice" and (not isinstance(value, str) or value not in options):
        raise _wrong(question, value, options)
    if fact in catalogue().analytes:
        full = dict(value) if isinstance(value, dict) else {"value": value}
        if isinstance(full.get("value"), int | float) and "unit" not in full:
            raise WrongTypeError(
                f"{question} needs a unit.",
                value=value,
                accepted=", ".join(spec.get("units", ())),
                remedy="Give the number with the unit printed beside it.",
            )
        if spec.get("needs_date") and not full.get("date"):
            raise DateError(
                f"{question} needs the day of the test.",
                value=value,
                accepted="a date such as 2026-05-01",
                remedy="Give the date printed on that report, or say that it is not known.",
            )
        if "interferon_week" in spec:
            full.setdefault("interferon_week", spec["interferon_week"])
        return {"observations": [{"analyte": fact, **full}]}
    if isinstance(value, dict):
        value = value.get("value")
    return _fact(fact, value)


def _fact(name: str, value: Any) -> dict[str, Any]:
    if name in {"age", "sex"}:
        return {name: value}
    group = "symptoms" if name in catalogue().symptoms else "history"
    return {group: {name: value}}


def _merge(change: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict):
            change.setdefault(key, {}).update(value)
        elif isinstance(value, list):
            change.setdefault(key, []).extend(value)
        else:
            change[key] = value


def _wrong(question: str, value: Any, options: dict[str, Any]) -> WrongTypeError:
    return WrongTypeError(
        f"{str(value)[:40]!r} is not an answer to {question}.",
        value=value,
        accepted=", ".join([*options, NOT_KNOWN]),
        remedy="Choose one of these.",
    )
