"""Fixed answers to what asks for none of the rules: but what was told beside it is judged all the same."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.consent import consent_of
from actions.danger import interrupt, remembered, say_others_danger
from actions.phrases import utter
from actions.telling import assessed, assessed_once
from actions.turn import Turn


class _Reply:
    """Says the alerts that are new, then a phrase; an emergency stands alone.

    "My mood is so low, neutrophils 0.4" is a worry, and a doctor must hear of it today.
    """

    phrase: str

    def name(self) -> str:
        return f"action_{self.phrase}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        say_others_danger(dispatcher, turn)
        events: list[EventType] = []
        if turn.facts:
            refused = consent_of(tracker) == "refused"
            assessment = assessed_once(turn) if refused else assessed(turn)
            if interruption := interrupt(dispatcher, tracker, turn, assessment):
                return [*interruption, SlotSet("interrupted", value=False)]
            events = [remembered(assessment)]
        utter(dispatcher, self.phrase, turn.language)
        return events


class ActionWorry(_Reply, Action):
    """Hears a worry."""

    phrase = "worry"


class ActionNoDosing(_Reply, Action):
    """Gives no dose."""

    phrase = "no_dosing"


class ActionOutOfScope(_Reply, Action):
    """Says what it cannot answer."""

    phrase = "out_of_scope"
