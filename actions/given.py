"""An answer written down: what it states, fact by fact, and that the question was answered.

A fact is the same whether it was told as an answer or unasked, so that each can correct the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.answers import UNKNOWN
from actions.evidence import accepted, checked, reason, record_of
from actions.misses import Problem
from actions.questions import Asked
from actions.turn import Turn, store, today
from hbv_engine import EngineError, answer, load_book
from hbv_engine.answers import stated_by
from hbv_engine.facts import catalogue
from records import Observation
from records.observations import Kind
from records.store import now

_COLUMNS = ("value", "comparator", "unit", "date", "interferon_week", "reference_high")
_DETAILS = ("reference_low", "lloq", "assay")
_GROUPS: dict[str, Kind] = {"history": "history", "symptoms": "symptom"}


def take_answer(turn: Turn, asked: Asked, given: Any) -> Problem | None:
    """Write an answer down; return what is wrong with it if the engine cannot use it."""
    try:
        found = [checked(o, today()) for o in _observations(turn, asked, given)]
    except EngineError as error:
        value = given if isinstance(given, str | bool) else turn.text
        found = [_answer(turn, asked, value, status="refused", note=reason(error))]
    store().note(found, person=turn.person, message_id=turn.message_id, at=now())
    refused = [o for o in found if o.status == "refused"]
    if not refused:
        return None
    return "refused", {"facts": turn.text, "accepted": accepted(refused[0])}


def _observations(turn: Turn, asked: Asked, given: Any) -> Iterator[Observation]:
    """Yield what an answer states, then that it was given.

    Raises:
        EngineError: the engine cannot use the answer.
    """
    if given == UNKNOWN:
        yield _answer(turn, asked, UNKNOWN)
    elif asked.value is not None:
        keep = {"id": None, "message": None, "status": "current", "note": None, "told_at": None}
        raw = f"{asked.value.raw} … {turn.text}"
        yield asked.value.model_copy(update={**keep, **_words(turn), "unit": given, "raw": raw})
    elif "completes" in load_book().questions[asked.question.id]:
        yield _detail(turn, asked, given)
    elif isinstance(given, dict) and not given.get("unit"):
        yield _result(turn, asked, given)
    else:
        yield from _stated(turn, stated_by(asked.question.id, given))
        if not isinstance(given, dict | float | int) or isinstance(given, bool):
            yield _answer(turn, asked, given)


def _stated(turn: Turn, change: dict[str, Any]) -> Iterator[Observation]:
    """Yield the facts of a part of a record."""
    for result in change.get("observations", ()):
        told: Any = {key: result[key] for key in _COLUMNS if key in result}
        details = {key: result[key] for key in _DETAILS if key in result}
        yield Observation(
            kind="analyte", name=result["analyte"], **told, details=details, **_words(turn)
        )
    for group, kind in _GROUPS.items():
        for name, value in change.get(group, {}).items():
            yield Observation(kind=kind, name=name, value=value, **_words(turn))
    for name in ("age", "sex"):
        if name in change:
            yield Observation(kind="person", name=name, value=change[name], **_words(turn))


def _result(turn: Turn, asked: Asked, given: dict[str, Any]) -> Observation:
    """Return a number without its unit, which is asked for next where one is needed."""
    spec = load_book().questions[asked.question.id]
    name = asked.question.facts[0]
    unitless = catalogue().analytes[name].unitless
    return Observation(
        kind="analyte",
        name=name,
        value=given["value"],
        comparator=given.get("comparator"),
        unit="1" if unitless else None,
        date=given.get("date"),
        interferon_week=spec.get("interferon_week"),
        **_words(turn),
    )


def _detail(turn: Turn, asked: Asked, given: Any) -> Observation:
    """Return the detail of a result, a number with the unit of that result if it has none.

    Raises:
        EngineError: it does not fit the result.
    """
    name = load_book().questions[asked.question.id]["completes"]["analyte"]
    told = store().observations(turn.person)
    if not isinstance(given, dict):
        answer(record_of(told, today()), asked.question.id, given)
        return _answer(turn, asked, given)
    units = [o.unit for o in store().facts(turn.person) if o.name == name and o.unit]
    unit = given.get("unit") or next(reversed(units), None)
    value = {"value": given["value"], "unit": unit}
    answer(record_of(told, today()), asked.question.id, value)
    return _answer(turn, asked, given["value"], unit=unit)


def _answer(turn: Turn, asked: Asked, value: Any, **more: Any) -> Observation:
    return Observation(kind="answer", name=asked.question.id, value=value, **more, **_words(turn))


def _words(turn: Turn) -> dict[str, Any]:
    return {"raw": turn.text, "start": 0, "end": len(turn.text)}
