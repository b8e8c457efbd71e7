"""From the store to the engine: what holds about a person, as the engine's record.

The engine validates everything again. What it refuses is kept with the reason and never replaces a
value that was good. What was told later outranks what was told before, and what was told too long
ago to speak about today is unknown again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from hbv_engine import EngineError, Record, answer, load_book, read_record
from hbv_engine.errors import UnitError
from hbv_engine.facts import catalogue
from hbv_engine.holding import answer_holds, still_holds
from records import Observation
from records.moments import moment

# A span of time that was told goes on.
_GOES_ON = {"weeks", "months"}


def checked(observation: Observation, as_of: dt.date) -> Observation:
    """Return an observation with the status that the engine's own reading of it gives."""
    if observation.status != "current":
        return observation
    try:
        record_of([observation], as_of)
    except UnitError as error:
        status = "refused" if observation.unit else "unit_missing"
        return observation.model_copy(update={"status": status, "note": reason(error)})
    except EngineError as error:
        return observation.model_copy(update={"status": "refused", "note": reason(error)})
    return observation


def usual_unit(analyte: str) -> str | None:
    """Return the unit of a test for which laboratories print hardly any other (enzymes)."""
    unit = catalogue().analytes[analyte].unit
    return unit if unit == "U/L" else None


def in_every_unit(number: Observation, as_of: dt.date) -> list[Observation]:
    """Return a number that was told without its unit, in its usual unit, else in each possible one."""
    usual = usual_unit(number.name)
    units = [usual] if usual else catalogue().analytes[number.name].units or ()
    filled = (number.model_copy(update={"unit": u, "status": "current"}) for u in units)
    return [o for o in (checked(o, as_of) for o in filled) if o.status == "current"]


def reason(error: EngineError) -> str:
    """Return why a value was refused: the code, then what would be accepted."""
    return f"{error.code}: {error.accepted}"


def accepted(observation: Observation) -> str:
    """Return what would be accepted in place of a refused value."""
    return (observation.note or "").partition(": ")[2]


def record_of(observations: Iterable[Observation], as_of: dt.date) -> Record:
    """Return the engine's record of everything that is current and still holds.

    Raises:
        EngineError: a value cannot be used.
    """
    current = [o for o in observations if o.status == "current" and holds(o, as_of)]
    data: dict[str, Any] = {"as_of": str(as_of), "history": {}, "symptoms": {}}
    data["observations"] = _distinct(_result(o, as_of) for o in current if o.kind == "analyte")
    data["treatments"] = _distinct({"drug": o.name, **o.details} for o in _taken(current))
    for o in current:
        if o.kind == "person":
            data[o.name] = o.value
        elif o.kind in {"history", "symptom"}:
            group = "symptoms" if o.kind == "symptom" else "history"
            data[group][o.name] = {"value": o.value, "date": _since(o, as_of), "raw": o.raw}
    answers = [o for o in current if o.kind == "answer"]
    data["asked"] = list(dict.fromkeys(o.name for o in answers))
    record = read_record(data)
    for o in reversed(answers):
        record = _with_detail(record, o)
    return record


def holds(o: Observation, as_of: dt.date) -> bool:
    """Tell whether what was told still speaks about today; a confirmed fact was told again."""
    day = told_on(o, as_of)
    if day is None:
        return True
    if o.kind == "answer" and o.name not in load_book().questions:
        return False
    if o.kind == "answer":
        return answer_holds(o.name, day, as_of)
    name = "antiviral_now" if o.kind == "treatment" else o.name
    return still_holds(name, o.value, day, as_of)


def told_on(o: Observation, as_of: dt.date) -> dt.date | None:
    """Return the day of telling; None for what was not written down.

    To confirm a result does not make it newer: only what is no result is told again by it.
    """
    told = o.told_at if o.kind == "analyte" else o.confirmed_at or o.told_at
    return min(moment(told).astimezone().date(), as_of) if told else None


def _taken(current: list[Observation]) -> list[Observation]:
    """Return the courses; one said to run gives way to a later statement of what is taken."""
    courses = [o for o in current if o.kind == "treatment"]
    said = [o for o in current if (o.kind, o.name) == ("history", "antiviral_now")]
    running = [o for o in courses if not o.details.get("stop")]
    if not said or not running:
        return courses
    before = [o for o in running if (o.id or 0) < (said[-1].id or 0)]
    kinds = {catalogue().drugs[o.name].kind for o in before}
    word = "nuc_and_interferon" if len(kinds) > 1 else next(iter(kinds), None)
    return courses if word == said[-1].value else [o for o in courses if o not in before]


def _since(o: Observation, as_of: dt.date) -> str | None:
    """Return the day from which a span of time goes on; the date of anything else, if told."""
    item = catalogue().history.get(o.name)
    day = told_on(o, as_of) if item and item.unit in _GOES_ON else None
    return o.date or (str(day) if day else None)


def _with_detail(record: Record, o: Observation) -> Record:
    """Return the record with the detail of a result that an answer told, unless it has one.

    A limit that does not fit the result in use now, such as one in another unit, is left out.
    """
    detail = load_book().questions[o.name].get("completes")
    if detail is None or o.value == "unknown":
        return record
    results = [r for r in record.observations if r.analyte == detail["analyte"]]
    if not results or any(getattr(r, detail["field"]) is not None for r in results):
        return record
    value = {"value": o.value, "unit": o.unit} if o.unit else o.value
    try:
        return answer(record, o.name, value)
    except EngineError:
        return record


def _result(o: Observation, as_of: dt.date) -> dict[str, Any]:
    day = told_on(o, as_of)
    return {
        **o.details,
        "analyte": o.name,
        "value": o.value,
        "comparator": o.comparator or "=",
        "unit": o.unit,
        "date": o.date,
        "told": str(day) if day else None,
        "reference_high": o.reference_high,
        "interferon_week": o.interferon_week,
        "raw": o.raw,
    }


def _distinct(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is told twice, perhaps in other words (大三阳 and "HBeAg positive")."""
    kept: dict[str, dict[str, Any]] = {}
    for item in items:
        kept[str({k: v for k, v in item.items() if k not in {"raw", "told"}})] = item
    return list(kept.values())
