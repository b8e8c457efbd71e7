"""What is told later outranks what was told before, also where it is no value of the same fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actions.turn import store
from hbv_engine import load_book
from hbv_engine.facts import catalogue
from records import Observation

# A statement that leaves the exact value open, and the values of a fact that it makes untrue.
_UNTRUE: dict[tuple[str, Any], tuple[str, tuple[Any, ...]]] = {
    ("cirrhosis", "present"): ("cirrhosis", ("none",)),
    ("immunosuppression", True): ("immunosuppression", ("none",)),
    ("alcohol", True): ("alcohol_g_per_day", (0,)),
}


def outrank(new: Iterable[Observation], *, person: str) -> None:
    """Take out of the record what new statements make untrue; it is then unknown and asked again.

    The old value stays readable, superseded by the statement. Without this a denial given to a
    question would stand against the "yes" that was told later.
    """
    for statement in new:
        before = [o for o in store().observations(person) if o.message != statement.message]
        untrue = [o for o in before if o.status == "current" and _is_untrue(o, statement)]
        asked = {q for o in untrue for q in questions_about(o.name)}
        again = [o for o in before if untrue and o.kind == "answer" and o.name in asked]
        ids = [o.id for o in (*untrue, *again) if o.id is not None]
        if statement.id is not None and ids:
            store().outrank(ids, statement.id, person=person)


def questions_about(fact: str) -> Iterator[str]:
    """Yield the questions whose answers tell a fact."""
    for name, spec in load_book().questions.items():
        if name != "asked_by" and fact in spec.get("facts", (name,)):
            yield name


def _is_untrue(old: Observation, new: Observation) -> bool:
    if new.subject or new.status == "other_person":
        return False
    if new.kind == "treatment":
        return (old.kind, old.name, old.value) == ("history", "antiviral_now", "none")
    if (new.name, new.value) in _UNTRUE and old.kind == "answer":
        return old.name == new.name and old.value in _UNTRUE[new.name, new.value][1]
    if new.kind != "mention":
        return False
    if new.name == "drug":
        return _is_over(old, str(new.value), str(new.details.get("status")))
    fact, values = _UNTRUE.get((new.name, new.value), ("", ()))
    return old.kind == "history" and old.name == fact and old.value in values


def _is_over(old: Observation, drug: str, status: str) -> bool:
    """Tell whether an old statement says that a medicine is taken which is denied or stopped now.

    Who stopped one medicine may take another of its class by now: which one is asked again.
    """
    if old.kind == "treatment":
        return old.name == drug and status in {"stopped", "denied"}
    declared = catalogue().drugs.get(drug)
    kind = declared.kind if declared else drug
    told = (old.kind, old.name) == ("history", "antiviral_now")
    return told and status == "stopped" and kind in str(old.value)
