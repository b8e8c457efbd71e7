"""Putting right what was told before: "no, it was 58", "that was my mother's", "that was last year"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from actions.evidence import checked
from actions.judging import ENZYME, ENZYMES, named
from actions.turn import Turn, store, today
from records import Observation
from records.store import now

_WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def completed(turn: Turn, stated: Iterable[Observation]) -> list[Observation]:
    """Return what a turn states, a correction with the name and unit of the value it corrects.

    Only a message that takes something back is completed so: otherwise a unit is asked for.
    """
    told = list(stated)
    if not turn.mark("correction"):
        return told
    current = {o.name: o for o in _results(turn.person)}
    return [_like_before(o, current) for o in told]


def amend(turn: Turn) -> list[Observation]:
    """Put right the results that a remark without a value of its own is about."""
    if turn.intents[0] != "amend" or turn.facts:
        return []
    change = _change(turn)
    done = []
    for old in _meant(turn, change):
        new = checked(_changed(old, turn, change), today())
        if new.status != "refused":
            done.append(_correct(old, new, turn))
    return done


def disown(turn: Turn, stated: Iterable[Observation]) -> None:
    """Take a result out of the person's own ones if the turn says that this value is another's."""
    own = _results(turn.person)
    for theirs in stated:
        if theirs.status == "other_person":
            for old in own:
                if (old.name, old.value) == (theirs.name, theirs.value):
                    _correct(old, theirs, turn)


def _correct(old: Observation, new: Observation, turn: Turn) -> Observation:
    key = int(old.id or 0)
    return store().correct(key, new, person=turn.person, message_id=turn.message_id, at=now())


def _results(person: str) -> list[Observation]:
    return [o for o in store().facts(person) if o.kind == "analyte"]


def _like_before(o: Observation, current: dict[str, Observation]) -> Observation:
    if o.name == ENZYME:
        known = [name for name in ENZYMES if name in current]
        if len(known) != 1:
            return o
        o = checked(named(o, known[0]), today())
    before = current.get(o.name)
    if o.status != "unit_missing" or before is None or before.unit is None:
        return o
    update = {"unit": o.unit or before.unit, "status": "current", "note": None}
    return checked(o.model_copy(update=update), today())


def _change(turn: Turn) -> dict[str, Any]:
    """Return what is to be changed: the value, whose it is, or its day."""
    bare = turn.bare or {}
    when, whom = turn.mark("when"), turn.mark("whom")
    if whom:
        return {"subject": whom, "status": "other_person"}
    if when and _WHOLE_DATE.fullmatch(when):
        return {"date": when}
    if when:
        return {"status": "ambiguous", "note": f"when: {when}"}
    if bare.get("name") == "number" and not bare.get("ambiguous"):
        given = {key: bare[key] for key in ("value", "unit", "comparator") if bare.get(key)}
        return {**given, "raw": turn.text[bare["start"] : bare["end"]]} | {
            key: bare[key] for key in ("start", "end")
        }
    return {}


def _meant(turn: Turn, change: dict[str, Any]) -> list[Observation]:
    """Return the results that are meant: those named, else those of the last message with some."""
    results = [o for o in _results(turn.person) if o.message != turn.message_id]
    named = [o for o in results if o.name in turn.topics]
    last = max((o.id or 0, o.message) for o in results)[1] if results else None
    meant = named or [o for o in results if o.message == last]
    if "value" in change:
        meant = [o for o in meant if not isinstance(o.value, str)]
        meant = meant if len({o.name for o in meant}) == 1 else []
        meant = meant[-1:]
    return meant if change else []


def may_be_meant(turn: Turn) -> list[Observation]:
    """Return the results of which one is meant by "no, it was 58", where it cannot be told which."""
    change = _change(turn) if turn.intents[0] == "amend" and not turn.facts else {}
    if "value" not in change or any(o.message == turn.message_id for o in _results(turn.person)):
        return []
    results = [o for o in _results(turn.person) if not isinstance(o.value, str)]
    last = max((o.id or 0, o.message) for o in results)[1] if results else None
    found = list({o.name: o for o in results if o.message == last}.values())
    return found if len(found) > 1 else []


def _changed(old: Observation, turn: Turn, change: dict[str, Any]) -> Observation:
    words = {"raw": turn.text, "start": 0, "end": len(turn.text)}
    fresh = {"id": None, "message": None, "told_at": None, "confirmed_at": None}
    return old.model_copy(update={**words, **fresh, **change})
