"""A unit told after its numbers: "HBV DNA 1500", then "the unit is IU/mL" or 单位是IU/ml."""

from __future__ import annotations

from actions.evidence import checked
from actions.turn import Turn, store, today
from hbv_engine.facts import catalogue
from records.store import now


def take_unit(turn: Turn) -> None:
    """Give the unit that a message names alone to the numbers last told without one, if it is theirs.

    Only the message that holds the last such number is looked at, and the first words stay raw.
    """
    bare = turn.bare or {}
    if bare.get("name") != "unit":
        return
    unit, seen = str(bare["value"]), store().observations(turn.person)
    waiting = [o for o in seen if o.kind == "analyte" and o.status == "unit_missing"]
    for old in waiting:
        units = catalogue().analytes[old.name].units or {}
        if old.message != waiting[-1].message or unit not in units:
            continue
        words = {"raw": f"{old.raw} {turn.text}".strip(), "start": 0, "end": len(turn.text)}
        fresh = {"id": None, "message": None, "told_at": None, "confirmed_at": None, "note": None}
        update = {**words, **fresh, "unit": unit, "status": "current"}
        new = checked(old.model_copy(update=update), today())
        if new.status == "current":
            key = int(old.id or 0)
            store().correct(key, new, person=turn.person, message_id=turn.message_id, at=now())
