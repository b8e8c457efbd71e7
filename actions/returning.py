"""Somebody who comes back: what is known from before is shown with its days, never used silently."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.evidence import holds, told_on
from actions.phrases import utter
from actions.readback import known_in_words
from actions.turn import Turn, store, today
from records import Observation
from records.moments import moment
from records.store import now


def ask_if_right(dispatcher: CollectingDispatcher, turn: Turn) -> bool:
    """Show somebody who greets again what is known, and ask if it is right; False if nothing is."""
    known = _known_before(turn) if store().last_visit(turn.person) else []
    if known:
        facts = known_in_words(known, turn.language)
        utter(dispatcher, "still_right", turn.language, facts=facts)
    return bool(known)


def take_review(dispatcher: CollectingDispatcher, turn: Turn, *, right: bool) -> None:
    """Take the answer to that question: a yes confirms the facts, a no asks what has changed.

    To confirm a laboratory result does not make it newer.
    """
    if right:
        ids = [o.id for o in _known_before(turn) if o.id is not None]
        store().confirm(ids, person=turn.person, at=now())
    utter(dispatcher, "facts_confirmed" if right else "facts_changed", turn.language)


def show_what_is_used(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Show, with the first message of another day, what is known and used from before."""
    known = _known_before(turn) if _opens_a_later_day(turn) else []
    if known:
        facts = known_in_words(known, turn.language)
        utter(dispatcher, "from_before", turn.language, facts=facts)


def _known_before(turn: Turn) -> list[Observation]:
    """Return what was told before and still holds; old results are in it, with their days."""
    told = [o for o in store().facts(turn.person) if o.message != turn.message_id]
    return [o for o in told if o.kind not in {"mention", "answer"} and holds(o, today())]


def _opens_a_later_day(turn: Turn) -> bool:
    visits = store().visits(turn.person)
    if store().last_visit(turn.person) is None:
        return False
    began = moment(visits[-1].began_at)
    said = [m for m in store().messages(turn.person) if m["direction"] == "in"]
    first = next((m["id"] for m in said if moment(m["at"]) >= began), None)
    days = {told_on(o, today()) for o in _known_before(turn)}
    return first == turn.message_id and any(day and day < today() for day in days)
