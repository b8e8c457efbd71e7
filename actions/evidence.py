"""From the store to the engine: what holds about a person, as the engine's record.

The engine validates everything again. What it refuses is kept with the reason and never replaces a
value that was good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from hbv_engine import EngineError, Record, answer, read_record
from hbv_engine.errors import UnitError
from records import Observation


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


def reason(error: EngineError) -> str:
    """Return why a value was refused: the code, then what would be accepted."""
    return f"{error.code}: {error.accepted}"


def accepted(observation: Observation) -> str:
    """Return what would be accepted in place of a refused value."""
    return (observation.note or "").partition(": ")[2]


def record_of(observations: Iterable[Observation], as_of: dt.date) -> Record:
    """Return the engine's record of everything that is current.

    Raises:
        EngineError: a value cannot be used.
    """
    current = [o for o in observations if o.status == "current"]
    data: dict[str, Any] = {"as_of": str(as_of), "history": {}, "symptoms": {}}
    data["observations"] = _distinct(_result(o) for o in current if o.kind == "analyte")
    data["treatments"] = _distinct(
        {"drug": o.name, **o.details} for o in current if o.kind == "treatment"
    )
    for o in current:
        if o.kind == "person":
            data[o.name] = o.value
        elif o.kind in {"history", "symptom"}:
            group = "symptoms" if o.kind == "symptom" else "history"
            data[group][o.name] = {"value": o.value, "date": o.date, "raw": o.raw}
    record = read_record(data)
    for o in current:
        if o.kind == "answer":
            record = answer(record, o.name, o.value)
    return record


def _result(o: Observation) -> dict[str, Any]:
    return {
        "analyte": o.name,
        "value": o.value,
        "comparator": o.comparator or "=",
        "unit": o.unit,
        "date": o.date,
        "reference_high": o.reference_high,
        "raw": o.raw,
    }


def _distinct(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is told twice, perhaps in other words (大三阳 and "HBeAg positive")."""
    kept: dict[str, dict[str, Any]] = {}
    for item in items:
        kept.setdefault(str({k: v for k, v in item.items() if k != "raw"}), item)
    return list(kept.values())
