"""When an answer is not understood: a hint, then another form of the question, then a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.danger import crisis_was_told
from actions.phrases import say, utter
from actions.questions import Asked
from actions.turn import Turn

Problem = tuple[str, dict[str, str]]
_SECOND, _THIRD = 2, 3
_TOPICS = ("topic_phase", "topic_treatment", "topic_checks")
_WAYS_OUT = ("dont_know", "skip")


def hint(asked: Asked) -> Problem:
    """Return how to answer a question: the name of the phrase and its values."""
    if asked.value is None and asked.question.kind in {"number", "date"}:
        return "not_a_number", {"example": asked.example()}
    return "not_an_answer", {}


def say_problem(
    dispatcher: CollectingDispatcher, asked: Asked, problem: Problem, misses: int, language: str
) -> None:
    """Say what is wrong with an answer; from the second miss in a row on, in another form."""
    name, values = problem
    if misses >= _THIRD:
        dispatcher.utter_message(response="utter_offer_person")
    elif misses == _SECOND and name != "refused":
        _ask_otherwise(dispatcher, asked, language)
    else:
        text = say(name, language, **values)
        dispatcher.utter_message(text=text, json_message={"response": name})


def _ask_otherwise(dispatcher: CollectingDispatcher, asked: Asked, language: str) -> None:
    words = [label for _, label in asked.options(language)]
    buttons = [say(way, language) for way in _WAYS_OUT]
    if words:
        choices = say("joint", language).join(f"{n} = {w}" for n, w in enumerate(words, 1))
        utter(dispatcher, "choose_a_number", language, buttons=buttons, choices=choices)
    else:
        example = asked.example()
        utter(dispatcher, "choose_otherwise", language, buttons=buttons, example=example)


class ActionNotUnderstood(Action):
    """Answers what was not understood while no question is open, each time in another form."""

    def name(self) -> str:
        return "action_not_understood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        misses = _in_a_row(tracker)
        if crisis_was_told(tracker):  # nobody in danger is asked for a laboratory value
            utter(dispatcher, "reminder_crisis", turn.language)
        elif misses >= _THIRD:
            dispatcher.utter_message(response="utter_offer_person")
        elif misses == _SECOND:
            topics = [say(topic, turn.language) for topic in _TOPICS]
            utter(dispatcher, "choose_topic", turn.language, buttons=topics)
        else:
            utter(dispatcher, "utter_not_understood", turn.language)
        return []


def _in_a_row(tracker: Tracker) -> int:
    """Return how many messages in a row, up to the latest, were not understood."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    count = 0
    for event in reversed(said):
        intent = (event.get("parse_data") or {}).get("intent") or {}
        if intent.get("name") != "nlu_fallback":
            break
        count += 1
    return count
