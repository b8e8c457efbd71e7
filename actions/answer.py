"""The answer, when no question is left that could change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.change import tell_answer_change
from actions.consent import consent_of, give_notice
from actions.danger import (
    interrupt,
    remembered,
    remind,
    say_others_crisis,
    say_others_danger,
    told_before,
)
from actions.evidence import record_of
from actions.goals import goals_in
from actions.returning import show_what_is_used
from actions.telling import assessed, assessed_once, read_back, tell
from actions.turn import Turn, store, today
from hbv_engine import about, load_book
from hbv_engine.results import Assessment, Decision
from hbv_engine.situation import Situation

_DONE = (SlotSet("question", None), SlotSet("misses", 0.0))


def _asked(assessment: Assessment, goals: Iterable[str], turn: Turn) -> Iterator[Decision]:
    """Yield the decisions of goals; for who takes tablets, side effects are those of the tablets."""
    for goal in goals:
        decision = assessment.decisions[goal]
        if (goal, decision.outcome) == ("interferon_side_effects", "not_on_interferon"):
            record = record_of(store().observations(turn.person), today())
            if Situation(load_book(), record).known("on_nuc").possible == frozenset({"yes"}):
                decision = about(record, "tablet_side_effects")
        yield decision


class ActionAnswer(Action):
    """Shows the alerts, then a card for every decision that was asked for.

    A new emergency stands alone. Nothing is shown if it has already ended the form.
    """

    def name(self) -> str:
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        if tracker.get_slot("interrupted"):
            return [SlotSet("interrupted", value=False)]
        turn = Turn.of(tracker)
        _ = say_others_crisis(dispatcher, turn) or say_others_danger(dispatcher, turn)
        goals = goals_in(tracker.get_slot("goal"))
        refused = consent_of(tracker) == "refused"
        assessment = assessed_once(turn) if refused else assessed(turn)
        if interruption := interrupt(dispatcher, tracker, turn, assessment):
            return [*interruption, *_DONE, SlotSet("interrupted", value=False)]
        remind(dispatcher, told_before(tracker, assessment), turn.language)
        notice = give_notice(dispatcher, tracker, turn.language)
        show_what_is_used(dispatcher, turn)
        read_back(dispatcher, turn)
        tell_answer_change(dispatcher, turn, assessment, goals)
        tell(dispatcher, _asked(assessment, goals, turn), turn.language)
        return [*_DONE, remembered(assessment), notice]
