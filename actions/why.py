"""Why the open question is asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import open_question
from actions.turn import Turn
from hbv_engine import load_book


class ActionWhy(Action):
    """Gives the engine's reason for the question; the form then asks it again."""

    def name(self) -> str:
        return "action_why"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        asked = open_question(tracker)
        if asked:
            dispatcher.utter_message(
                text=asked.why(turn.language),
                json_message={"why_asked": asked.question.id, "rulebook": load_book().sha256},
            )
        return []
