"""What happens first on every message: it is written down, and so is what it states."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.amend import amend, completed, disown
from actions.answers import answer_in
from actions.consent import consent_of
from actions.enzyme import take_name
from actions.evidence import checked
from actions.goals import goals_of
from actions.later_unit import take_unit
from actions.outrank import outrank
from actions.questions import open_question
from actions.translate import observations_of
from actions.turn import Turn, store, today
from hbv_engine.definitions import asked_definition
from records.store import now

# What such a message names is asked about or to be forgotten.
_STATES_NOTHING = {"ask_why_not", "ask_dose", "forget_fact", "ask_timeline"}
_OWN = re.compile(r"\b(?:i|i'm|my|mine)\b|我", re.IGNORECASE)
# Only such a message, not a question about a word, makes untrue what was told before.
_TELLING = {"give_history", "amend", "affirm", "deny", "agree", "nlu_fallback"}


class ActionTakeNote(Action):
    """Fills the slots ``language`` and ``goal`` and, on the way, the record.

    Rasa runs it on every message before it decides anything, so that facts are taken whatever the
    intent; and once more when the form opens, which changes nothing. Words that an answer only
    repeats from the choices of its question ("… fatty liver … were all excluded") state nothing.
    """

    def name(self) -> str:
        return "action_take_note"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = dispatcher, domain
        turn = Turn.of(tracker)
        at = now()
        store().keep_message(person=turn.person, message_id=turn.message_id, text=turn.text, at=at)
        store().set_language(turn.person, turn.language)
        asked = open_question(tracker)
        answered = answer_in(turn, asked) is not None
        echoed = asked.words() if asked and answered else ""
        keeps = consent_of(tracker) != "refused" and _may_state(turn)
        _note(turn, echoed) if keeps else _note_nothing(turn)
        slots = [SlotSet("language", turn.language)]
        if tracker.get_slot("consent") == "asked" and turn.intents[0] not in {"affirm", "deny"}:
            slots.append(SlotSet("consent", "open"))
        if tracker.get_slot("review") and turn.intents[0] not in {"affirm", "deny"}:
            slots.append(SlotSet("review", value=False))
        if turn.intents[0] == "choose_language":
            slots.append(SlotSet("chosen_language", turn.language))
        if goals := () if answered else goals_of(turn.intents):
            slots.append(SlotSet("goal", ",".join(goals)))
        return slots


def _may_state(turn: Turn) -> bool:
    """Tell whether what a message names may be stated by it.

    "What does HBeAg positive mean?" states nothing; "my HBeAg is positive, what does it mean?" and
    whatever holds a number of the writer does.
    """
    if turn.intents[0] != "ask_meaning_of_result":
        return turn.intents[0] not in _STATES_NOTHING
    numbers = any(isinstance(f["value"], int | float) and f.get("unit") for f in turn.facts)
    return numbers or (_OWN.search(turn.text) is not None and asked_definition(turn.text) is None)


def _note(turn: Turn, echoed: str) -> None:
    """Write down what a turn states, and put right what it amends: all of it or nothing."""
    own = [o for o in observations_of(turn) if o.raw.casefold() not in echoed]
    stated = completed(turn, (checked(o, today()) for o in own))
    with store().together():
        disown(turn, stated)
        amend(turn)
        take_name(turn)
        if not echoed:  # else the open question asks for a unit itself
            take_unit(turn)
        new = store().note(stated, person=turn.person, message_id=turn.message_id, at=now())
        if turn.intents[0] in _TELLING or goals_of(turn.intents):
            outrank(new, person=turn.person)


def _note_nothing(turn: Turn) -> None:
    store().note([], person=turn.person, message_id=turn.message_id, at=now())
