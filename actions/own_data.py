"""The person's own data: seen, erased, and the conversation begun again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.phrases import say
from actions.readback import all_in_words
from actions.turn import Turn, store


class ActionWhatYouKnow(Action):
    """Lists what the record holds about the person."""

    def name(self) -> str:
        return "action_what_you_know"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        known = [o for o in store().observations(turn.person) if o.status == "current"]
        if known:
            words = all_in_words(known, turn.language)
            dispatcher.utter_message(text=say("known", turn.language, facts=words))
        else:
            dispatcher.utter_message(text=say("nothing_known", turn.language))
        return []


class ActionForget(Action):
    """Erases everything about the person."""

    def name(self) -> str:
        return "action_forget"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        store().erase(turn.person)
        dispatcher.utter_message(text=say("erased", turn.language))
        return [ActiveLoop(None), AllSlotsReset(), SlotSet("language", turn.language)]


class ActionBeginAgain(Action):
    """Leaves the form and asks from the beginning next time; the record stays."""

    def name(self) -> str:
        return "action_begin_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = dispatcher, tracker, domain
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("question", None)]
