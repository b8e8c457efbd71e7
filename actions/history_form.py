"""The one form: it asks the engine's next question until no answer can change anything."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.answers import UNKNOWN, answer_in
from actions.consent import consent_of
from actions.evidence import accepted, checked, reason, record_of
from actions.goals import goals_in, goals_of
from actions.misses import Problem, hint, say_problem
from actions.questions import Asked, next_asked, open_question
from actions.turn import Turn, store, today
from hbv_engine import EngineError, answer
from hbv_engine.facts import catalogue
from records import Observation
from records.store import now

# Intents of a message that was meant as an answer, even if it could not be read as one.
_ANSWERING = {"affirm", "deny", "dont_know", "skip", "give_history", "nlu_fallback", "amend"}


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
    return not answered and turn.intents[0] not in _ANSWERING and not goals_of(turn.intents)


def _stated(turn: Turn) -> bool:
    """Tell whether the turn put anything into the record."""
    return any(o.message == turn.message_id for o in store().observations(turn.person))


def take_answer(turn: Turn, asked: Asked, given: Any) -> Problem | None:
    """Write an answer down; return what is wrong with it if the engine cannot use it."""
    observation = checked(_observation(turn, asked, given), today())
    if observation.kind == "answer" and observation.status == "current":
        current = store().observations(turn.person)
        try:
            answer(record_of(current, today()), asked.question.id, given)
        except EngineError as error:
            observation = observation.model_copy(
                update={"status": "refused", "note": reason(error)}
            )
    store().note([observation], person=turn.person, message_id=turn.message_id, at=now())
    if observation.status != "refused":
        return None
    return "refused", {"facts": turn.text, "accepted": accepted(observation)}


def _observation(turn: Turn, asked: Asked, given: Any) -> Observation:
    """Return an answer as an observation: a plain result where it is one, else as an answer.

    A result told as an answer and a result told unasked are then the same thing, and either can
    correct the other.
    """
    words = {"raw": turn.text, "start": 0, "end": len(turn.text)}
    if asked.value is not None and given != UNKNOWN:
        keep = {"id": None, "message": None, "status": "current", "note": None}
        raw = f"{asked.value.raw} … {turn.text}"
        return asked.value.model_copy(update={**keep, "unit": given, "raw": raw})
    question = asked.question
    if question.kind == "number" and given != UNKNOWN and not isinstance(given, str):
        fact = question.facts[0]
        if fact in catalogue().analytes and question.id == fact:
            return Observation(kind="analyte", name=fact, **given, **words)
        if fact in catalogue().history and question.id == fact:
            return Observation(kind="history", name=fact, value=given, **words)
    if question.id in {"age", "sex"} and given != UNKNOWN:
        return Observation(kind="person", name=question.id, value=given, **words)
    return Observation(kind="answer", name=question.id, value=given, **words)
