"""The person's own data: seen, erased, and the conversation begun again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.outrank import questions_about
from actions.phrases import say, utter
from actions.readback import known_in_words, label_of, value_of
from actions.turn import Turn, store
from records import Observation

# What people call a test → the names under which its results and answers are kept.
_SAME = {
    "hbsag": ("hbsag", "hbsag_quant", "hbsag_duration"),
    "hbsag_quant": ("hbsag", "hbsag_quant"),
    "transaminase": ("alt", "ast", "transaminase"),
    "pregnancy": ("pregnant", "pregnancy"),
    "alcohol": ("alcohol_g_per_day", "alcohol"),
    "fatty_liver": ("cause_fatty_liver", "fatty_liver"),
}


class ActionWhatYouKnow(Action):
    """Lists what the record holds about the person."""

    def name(self) -> str:
        return "action_what_you_know"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        known = [o for o in store().facts(turn.person) if o.kind not in {"mention", "answer"}]
        if known:
            words = known_in_words(known, turn.language)
            utter(dispatcher, "known", turn.language, facts=words)
        else:
            utter(dispatcher, "nothing_known", turn.language)
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
        utter(dispatcher, "erased", turn.language)
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


class ActionForgetFact(Action):
    """Erases the facts that the message names, with their words."""

    def name(self) -> str:
        return "action_forget_fact"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        meant = named_in(turn, store().observations(turn.person))
        if not meant:
            utter(dispatcher, "nothing_to_forget", turn.language)
            return []
        labels = dict.fromkeys(label_of(o, turn.language) for o in meant)
        names = {o.name for o in meant}
        answers = {question for name in names for question in questions_about(name)}
        store().forget(turn.person, names | answers)
        facts = say("joint", turn.language).join(labels)
        utter(dispatcher, "forgotten", turn.language, facts=facts)
        return []


class ActionExport(Action):
    """Gives everything that is held on the person as JSON."""

    def name(self) -> str:
        return "action_export"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        export = store().export(turn.person)
        utter(
            dispatcher,
            "exported",
            turn.language,
            data={"export": export},
            person=turn.person,
            messages=len(export["messages"]),
            facts=len(export["observations"]),
        )
        return []


class ActionTimeline(Action):
    """Lists the values of a test in the order of their days."""

    def name(self) -> str:
        return "action_timeline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        names = list(dict.fromkeys(o.name for o in named_in(turn, store().facts(turn.person))))
        if not names:
            utter(dispatcher, "nothing_known", turn.language)
        for name in names:
            points = [point.fact for point in store().timeline(turn.person, name)]
            words = say("facts_joint", turn.language).join(
                f"{o.date or (o.told_at or '')[:10]}: {value_of(o, turn.language)}" for o in points
            )
            data = [{"date": o.date, "value": o.value, "unit": o.unit} for o in points]
            label = label_of(points[0], turn.language)
            timeline = {"timeline": {"name": name, "points": data}}
            utter(dispatcher, "timeline", turn.language, data=timeline, what=label, points=words)
        return []


def named_in(turn: Turn, kept: Iterable[Observation]) -> list[Observation]:
    """Return the facts that a message names: by a term it holds, or by their label."""
    topics = {name for topic in turn.topics for name in _SAME.get(topic, (topic,))}
    text = turn.text.casefold()
    return [
        o
        for o in kept
        if o.name in topics
        or any(label_of(o, language).casefold() in text for language in ("en", "zh"))
    ]
