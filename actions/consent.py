"""First contact: what this is, and whether what is told may be kept."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.phrases import say, utter
from actions.readback import in_words
from actions.turn import Turn, store
from records.store import now

WHAT, VERSION = "keep what is told", "1"


def consent_of(tracker: Tracker) -> str | None:
    """Return ``given``, ``refused``, ``asked`` just now, ``open``, or None at first contact."""
    if tracker.get_slot("consent") == "refused":
        return "refused"
    if store().has_consent(tracker.sender_id, WHAT):
        return "given"
    return str(tracker.get_slot("consent")) if tracker.get_slot("consent") else None


def give_notice(dispatcher: CollectingDispatcher, tracker: Tracker, language: str) -> EventType:
    """Say once, before the first question or answer, what is stored."""
    state = consent_of(tracker)
    if state is None:
        utter(dispatcher, "notice", language)
    return SlotSet("consent", state or "open")


class ActionGreet(Action):
    """After the greeting: asks for consent once, or shows what is known from an earlier visit."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        if not tracker.active_loop.get("name") and store().last_visit(turn.person):
            _show_known(dispatcher, turn)
        if consent_of(tracker) is not None:
            return []
        buttons = [say(name, turn.language) for name in ("consent_yes", "consent_no")]
        utter(dispatcher, "utter_ask_consent", turn.language, buttons=buttons)
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
        if intent in {"affirm", "deny"} and tracker.get_slot("consent") != "asked":
            dispatcher.utter_message(response="utter_nothing_asked")
            return []
        if intent in {"agree", "affirm"}:
            store().give_consent(person=turn.person, what=WHAT, version=VERSION, at=now())
            utter(dispatcher, "consent_given", turn.language)
            return [SlotSet("consent", "given")]
        store().withdraw_consent(person=turn.person, what=WHAT, at=now())
        names = {o.name for o in store().observations(turn.person, history=True)}
        store().forget(turn.person, names)
        utter(dispatcher, "consent_refused", turn.language)
        steps = [SlotSet("requested_slot", None), SlotSet("question", None)]
        return [ActiveLoop(None), *steps, SlotSet("consent", "refused")]


def _show_known(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    known = [o for o in store().facts(turn.person) if o.kind != "mention"]
    if not known:
        return
    words = [_dated(in_words(o, turn.language), o.date, o.told_at) for o in known]
    facts = say("facts_joint", turn.language).join(dict.fromkeys(words))
    utter(dispatcher, "still_right", turn.language, facts=facts)


def _dated(words: str, date: str | None, told_at: str | None) -> str:
    return words if date or not told_at else f"{words} ({told_at[:10]})"
