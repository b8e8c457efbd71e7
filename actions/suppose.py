"""What if: the answer as it would be with other values. The record stays as it is."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.change import verdict
from actions.evidence import record_of
from actions.goals import goals_in
from actions.phrases import say, utter
from actions.readback import all_in_words
from actions.telling import card_of, cited
from actions.translate import suppositions_of
from actions.turn import Turn, store, today
from hbv_engine import EngineError, Record, load_book, what_if
from hbv_engine.facts import catalogue
from hbv_engine.results import Decision
from hbv_engine.wording import phrase
from records import Observation

_KEPT = ("unit", "reference_high", "assay", "lloq", "interferon_week")


class ActionWhatIf(Action):
    """Answers again with the supposed values, beside the answer as it is."""

    def name(self) -> str:
        return "action_what_if"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        record = record_of(store().observations(turn.person), today())
        supposed = [_with_unit(o, record) for o in suppositions_of(turn)]
        change = change_of(supposed, record)
        if not change:
            utter(dispatcher, "nothing_supposed", turn.language)
            return []
        try:
            before, after = what_if(record, change)
        except EngineError as error:
            utter(dispatcher, "refused_supposed", turn.language, accepted=error.accepted)
            return []
        words = all_in_words((o for o in supposed if o.kind != "mention"), turn.language)
        utter(dispatcher, "supposed", turn.language, facts=words)
        for goal in goals_in(tracker.get_slot("goal")):
            _tell(dispatcher, before.decisions[goal], after.decisions[goal], turn.language)
        return []


def change_of(supposed: list[Observation], record: Record) -> dict[str, Any]:
    """Return supposed values as a change of a record; a result keeps the limits it had before."""
    change: dict[str, Any] = {}
    for o in supposed:
        if o.kind == "analyte":
            result = {"analyte": o.name, "value": o.value, "comparator": o.comparator or "="}
            told = {"unit": o.unit, "reference_high": o.reference_high}
            kept = _before(o.name, record)
            own = {key: value for key, value in told.items() if value is not None}
            change.setdefault("observations", []).append({**kept, **result, **own})
        elif o.kind in {"history", "symptom"}:
            group = "symptoms" if o.kind == "symptom" else "history"
            change.setdefault(group, {})[o.name] = o.value
        elif o.kind == "person":
            change[o.name] = o.value
    return change


def _with_unit(o: Observation, record: Record) -> Observation:
    """Return a supposed number with the unit of the person's own result, else the usual one."""
    if o.kind != "analyte" or o.unit or isinstance(o.value, str):
        return o
    unit = _before(o.name, record).get("unit") or catalogue().analytes[o.name].unit
    return o.model_copy(update={"unit": unit})


def _before(name: str, record: Record) -> dict[str, Any]:
    results = [o.model_dump() for o in record.observations if o.analyte == name]
    newest = results[-1] if results else {}
    return {key: newest[key] for key in _KEPT if newest.get(key) is not None}


def _tell(
    dispatcher: CollectingDispatcher, before: Decision, after: Decision, language: str
) -> None:
    goal = after.decision
    sides = [
        verdict(goal, {"outcome": d.outcome, "status": d.status, "possible": d.possible}, language)
        for d in (before, after)
    ]
    what = phrase(load_book(), f"table.{goal}", language)
    name = "same_of" if sides[0] == sides[1] else "change_of"
    card = after.card.render(language)
    lines = [
        say(name, language, what=what, was=sides[0], now=sides[1]),
        card.summary,
        cited(card.rules, card.sources, language),
    ]
    data = {"before": before.outcome, "after": after.outcome}
    dispatcher.utter_message(
        text="\n".join(lines), json_message={"card": card_of(after, language), "what_if": data}
    )
