"""The one form: it asks the engine's next question until no answer can change anything."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.answers import answer_in
from actions.consent import consent_of
from actions.given import take_answer
from actions.goals import goals_in, goals_of
from actions.misses import Problem, hint, say_problem
from actions.questions import next_asked, open_question
from actions.turn import Turn, store, today

# Intents of a message that was meant as an answer, even if it could not be read as one.
_ANSWERING = {"affirm", "deny", "dont_know", "skip", "give_history", "nlu_fallback", "amend"}
_QUESTION = re.compile(
    r"[?？吗呢]|什么|怎么|\b(?:what|why|how|when|who|is|are|can|does)\b", re.IGNORECASE
)


class ValidateHistoryForm(FormValidationAction):
    """Takes the answer to the open question into the record.

    The form has one slot, ``answer``. It is emptied again at once, so that it is asked for until
    the engine has no more question; what it meant is in the record, under the question's own name.
    """

    def name(self) -> str:
        return "validate_history_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Give way to the rules if the message is no answer and its intent is something else."""
        if tracker.get_slot("answer") and _is_digression(Turn.of(tracker), tracker):
            reset = [SlotSet("answer", None), SlotSet("misses", 0.0)]
            return [*reset, ActionExecutionRejected("history_form")]
        events: list[EventType] = await super().run(dispatcher, tracker, domain)
        return events

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        _ = dispatcher, domain
        if consent_of(tracker) == "refused":
            return []
        goals = goals_in(tracker.get_slot("goal"))
        open_question = next_asked(store().observations(tracker.sender_id), goals, today())
        return domain_slots if open_question else []

    async def validate_answer(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        _ = value, domain
        turn = Turn.of(tracker)
        asked = open_question(tracker)
        given = answer_in(turn, asked)
        problem: Problem | None = None
        if asked and given is not None:
            problem = take_answer(turn, asked, given)
        elif goals_of(turn.intents):
            return {"answer": None, "question": None, "misses": 0.0}
        elif asked and not _stated(turn):
            problem = hint(asked)
        if problem is None:
            return {"answer": None, "misses": 0.0}
        misses = int(tracker.get_slot("misses") or 0) + 1
        if asked:
            say_problem(dispatcher, asked, problem, misses, turn.language)
        return {"answer": None, "misses": float(misses)}


def _is_digression(turn: Turn, tracker: Tracker) -> bool:
    answered = answer_in(turn, open_question(tracker)) is not None
    told = turn.intents[0] in _ANSWERING or goals_of(turn.intents) or _is_vague(turn)
    return not answered and not told


def _is_vague(turn: Turn) -> bool:
    """Tell whether a message is an answer in words too vague to be used, such as "quite high"."""
    word = turn.bare is not None and turn.bare["name"] == "word"
    return word and not _QUESTION.search(turn.text)


def _stated(turn: Turn) -> bool:
    """Tell whether the turn put anything into the record."""
    return any(o.message == turn.message_id for o in store().observations(turn.person))
