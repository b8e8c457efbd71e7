"""First contact: what this is, and whether what is told may be kept."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.phrases import say, utter
from actions.returning import ask_if_right, take_review
from actions.turn import Turn, store
from records.store import now

WHAT, VERSION = "keep what is told", "1"


def consent_of(tracker: Tracker) -> str | None:
    """Return ``given``, ``refused``, ``asked`` just now, ``open``, or None at first contact."""
    if store().has_consent(tracker.sender_id, WHAT):
        return "given"
    if store().has_objected(tracker.sender_id, WHAT):
        return "refused"
    return str(tracker.get_slot("consent")) if tracker.get_slot("consent") else None


def give_notice(dispatcher: CollectingDispatcher, tracker: Tracker, language: str) -> EventType:
    """Say once, before the first question or answer, what is stored."""
    state = consent_of(tracker)
    if state is None:
        utter(dispatcher, "notice", language)
        store().keep_notice(tracker.sender_id)
    return SlotSet("consent", "open" if state in {None, "asked"} else state)


class ActionGreet(Action):
    """After the greeting: asks for consent once, or if what is known from before is still right."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        if not tracker.active_loop.get("name") and ask_if_right(dispatcher, turn):
            # One question at a time: a "no" to this one must not be taken for an objection.
            return [SlotSet("review", value=True)]
        if consent_of(tracker) is not None:
            return []
        buttons = [say(name, turn.language) for name in ("consent_yes", "consent_no")]
        utter(dispatcher, "utter_ask_consent", turn.language, buttons=buttons)
        store().keep_notice(turn.person)
        return [SlotSet("consent", "asked")]


class ActionConsent(Action):
    """Takes a yes or a no to the question of consent."""

    def name(self) -> str:
        return "action_consent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        intent = turn.intents[0]
        if intent in {"affirm", "deny"} and tracker.get_slot("review"):
            take_review(dispatcher, turn, right=intent == "affirm")
            return [SlotSet("review", value=False)]
        if intent in {"affirm", "deny"} and tracker.get_slot("consent") != "asked":
            dispatcher.utter_message(response="utter_nothing_asked")
            return []
        if intent in {"agree", "affirm"}:
            store().give_consent(person=turn.person, what=WHAT, version=VERSION, at=now())
            utter(dispatcher, "consent_given", turn.language)
            return [SlotSet("consent", "given")]
        store().object(person=turn.person, what=WHAT, version=VERSION, at=now())
        names = {o.name for o in store().observations(turn.person, history=True)}
        store().forget(turn.person, names)
        utter(dispatcher, "consent_refused", turn.language)
        steps = [SlotSet("requested_slot", None), SlotSet("question", None)]
        return [ActiveLoop(None), *steps, SlotSet("consent", "refused")]
