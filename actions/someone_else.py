"""Somebody else: their values are noted as theirs and not judged; in a crisis they are helped."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.danger import say_others_crisis, say_others_danger
from actions.phrases import utter
from actions.telling import read_back
from actions.turn import Turn


class ActionSomeoneElse(Action):
    """Says what was noted, and as whose, and that it is not judged."""

    def name(self) -> str:
        return "action_someone_else"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        if say_others_crisis(dispatcher, turn):
            return []
        say_others_danger(dispatcher, turn)
        read_back(dispatcher, turn)
        utter(dispatcher, "someone_else", turn.language)
        return []
