"""What people often ask beside their own case: the topics of the rulebook, each as one cited card."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.consent import consent_of
from actions.danger import interrupt, remembered, say_others_danger
from actions.evidence import record_of
from actions.telling import assessed, assessed_once, tell
from actions.turn import Turn, store, today
from hbv_engine import Record, about, load_book
from hbv_engine.situation import Situation

# The topics that an intent may be about. The first is meant unless the words name another.
TOPICS = {
    "ask_cure": ("cure",),
    "ask_stop_nuc": ("stopping_tablets", "missed_tablets"),
    "ask_tablets": ("tablet_side_effects", "taking_tablets"),
    "ask_switch_drug": ("drug_resistance", "medicines"),
    "ask_transmission": ("transmission", "exposure", "newborn", "travel", "work"),
    "ask_pregnancy": ("pregnancy", "newborn"),
    "ask_vaccine": ("vaccine", "exposure", "newborn", "travel", "work"),
    "ask_diet_lifestyle": ("diet", "alcohol", "travel"),
    "ask_herbal": ("herbal",),
    "ask_cancer_risk": ("cancer_risk",),
    "ask_symptom": ("symptoms",),
    "ask_complication_treatment": ("cirrhosis_care",),
    "ask_drug_interaction": ("other_medicines",),
    "ask_social": ("work", "mood", "travel", "transmission"),
    "ask_provider_cost": ("cost",),
}
# Words that name a topic under another name than its own.
_TOPIC_OF = {"marriage": "transmission"}

_STOPPING = "stopping_tablets"


class ActionTopic(Action):
    """Answers a question on a topic, with the sentences that fit what is known of the person."""

    def name(self) -> str:
        return "action_topic"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        refused = consent_of(tracker) == "refused"
        assessment = assessed_once(turn) if refused else assessed(turn)
        if interruption := interrupt(dispatcher, tracker, turn, assessment):
            return [*interruption, SlotSet("interrupted", value=False)]
        say_others_danger(dispatcher, turn)
        topic = topic_of(turn)
        record = record_of(store().observations(turn.person), today())
        if topic == _STOPPING and _is_of_interferon(turn, record):
            return [
                SlotSet("goal", "interferon_stop"),
                remembered(assessment),
                FollowupAction("history_form"),
            ]
        tell(dispatcher, [about(record, topic)], turn.language)
        return [remembered(assessment)]


def _is_of_interferon(turn: Turn, record: Record) -> bool:
    """Tell whether "can I stop?", with no medicine named, is of somebody who has interferon alone."""
    if any(fact["name"] == "drug" for fact in turn.facts):
        return False
    seen = Situation(load_book(), record)
    taken = [seen.known(name).possible for name in ("on_interferon", "on_nuc")]
    return taken == [frozenset({"yes"}), frozenset({"no"})]


def topic_of(turn: Turn) -> str:
    """Return the topic that a question is about: the one that its words name, else the usual one.

    Raises:
        KeyError: the message asks about no topic.
    """
    first, *others = next(TOPICS[name] for name in turn.intents if name in TOPICS)
    named = [_TOPIC_OF.get(value, value) for key, value in turn.marks if key == "about"]
    if first == "pregnancy" and "birth" not in named and _is_expecting(turn):
        return first  # "is it bad for the child?" of who is still pregnant
    return next((topic for topic in named if topic in others), first)


def _is_expecting(turn: Turn) -> bool:
    return any((fact["name"], fact["value"]) == ("pregnancy", True) for fact in turn.facts)
