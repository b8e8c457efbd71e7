"""Putting a question: what was understood is read back, danger and the answer so far come first."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.change import tell_answer_change
from actions.consent import give_notice
from actions.danger import interrupt, remembered, say_others_crisis, say_others_danger
from actions.goals import goals_in
from actions.phrases import say
from actions.questions import Asked, next_asked
from actions.returning import show_what_is_used
from actions.telling import assessed, read_back, tell_so_far
from actions.turn import Turn, store, today


class ActionAskHistoryFormAnswer(Action):
    """Asks the engine's next question, with its choices as buttons."""

    def name(self) -> str:
        return "action_ask_history_form_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        goals = goals_in(tracker.get_slot("goal"))
        asked = next_asked(store().observations(turn.person), goals, today())
        if asked is None:
            return [SlotSet("question", None)]
        _ = say_others_crisis(dispatcher, turn) or say_others_danger(dispatcher, turn)
        assessment = assessed(turn)
        if interruption := interrupt(dispatcher, tracker, turn, assessment):
            return interruption
        notice = give_notice(dispatcher, tracker, turn.language)
        show_what_is_used(dispatcher, turn)
        read_back(dispatcher, turn, asked_about=asked.value)
        tell_answer_change(dispatcher, turn, assessment, goals)
        if not tracker.get_slot("question"):
            tell_so_far(dispatcher, (assessment.decisions[goal] for goal in goals), turn.language)
        ask(dispatcher, asked, turn.language)
        return [SlotSet("question", asked.id), remembered(assessment), notice]


def ask(dispatcher: CollectingDispatcher, asked: Asked, language: str) -> None:
    """Say one question, and give its data for whoever shows or tests it."""
    options = asked.options(language)
    buttons = [{"title": words, "payload": words} for _, words in options]
    if asked.question.kind == "screen":
        none = say("none_of_these", language)
        buttons.append({"title": none, "payload": none})
    data = {
        "id": asked.id,
        "kind": asked.question.kind,
        "units": list(asked.question.units),
        "serves": list(asked.question.serves),
        "stop": asked.question.stop,
    }
    dispatcher.utter_message(
        text=asked.text(language), buttons=buttons, json_message={"question": data}
    )
