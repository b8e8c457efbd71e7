"""A question about somebody else: their values are noted as theirs, and not judged."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.telling import read_back
from actions.turn import Turn


class ActionSomeoneElse(Action):
    """Says what was noted, and as whose; the rule then says that it is not judged."""

    def name(self) -> str:
        return "action_someone_else"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        read_back(dispatcher, Turn.of(tracker))
        return []
