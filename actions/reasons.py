"""The reasons of an answer: why, why not another one, and what would need to change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.change import verdict
from actions.evidence import record_of
from actions.goals import goals_in
from actions.phrases import say
from actions.telling import card_of, cited
from actions.turn import Turn, store, today
from hbv_engine import Record, assess, explain, load_book
from hbv_engine.explain import Step
from hbv_engine.results import Decision
from hbv_engine.situation import MET, UNKNOWN
from hbv_engine.wording import outcome_label, phrase


class _Explains:
    """Looks at the answers that the person asked for; nothing is known, nothing is explained."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        facts = store().facts(turn.person)
        if not facts:
            dispatcher.utter_message(response="utter_nothing_asked")
            return []
        record = record_of(facts, today())
        decisions = assess(record).decisions
        told = [decisions[goal] for goal in goals_in(tracker.get_slot("goal"))]
        self.explain(dispatcher, turn, record, told)
        return []

    def explain(
        self, dispatcher: CollectingDispatcher, turn: Turn, record: Record, told: list[Decision]
    ) -> None:
        """Say the reasons."""
        raise NotImplementedError


class ActionWhyAnswer(_Explains, Action):
    """Gives for each answer the facts and the rules it rests on."""

    def name(self) -> str:
        return "action_why_answer"

    def explain(
        self, dispatcher: CollectingDispatcher, turn: Turn, record: Record, told: list[Decision]
    ) -> None:
        _ = record
        for decision in told:
            card = decision.card.render(turn.language)
            parts = card.because or card.missing
            data = {"why": {"rules": list(decision.rules), "sources": list(decision.sources)}}
            _say(dispatcher, "why_answer", decision, list(parts), language=turn.language, data=data)


class ActionWhatWouldChange(_Explains, Action):
    """Gives for each answer the nearest changes that lead to another one."""

    def name(self) -> str:
        return "action_what_would_change"

    def explain(
        self, dispatcher: CollectingDispatcher, turn: Turn, record: Record, told: list[Decision]
    ) -> None:
        _ = record
        for decision in told:
            card = decision.card.render(turn.language)
            parts = card.would_change or card.missing or (say("no_single_change", turn.language),)
            changes = [
                {"inputs": c.inputs, "then": c.then, "outcome": c.outcome}
                for c in decision.would_change_if
            ]
            data = {"changes": changes}
            _say(dispatcher, "would_need", decision, list(parts), language=turn.language, data=data)


class ActionWhyNot(_Explains, Action):
    """Names the rule that would give the other answer, and the condition where it fails."""

    def name(self) -> str:
        return "action_why_not"

    def explain(
        self, dispatcher: CollectingDispatcher, turn: Turn, record: Record, told: list[Decision]
    ) -> None:
        goal, _, outcome = (turn.mark("outcome") or "").partition("/")
        if not outcome:
            ActionWhyAnswer().explain(dispatcher, turn, record, told)
            return
        decision = assess(record).decisions[goal]
        steps = [s for s in explain(record, goal) if (s.table, s.outcome) == (goal, outcome)]
        lines = list(_why_not(steps, decision, outcome, turn.language))
        rules = [step.rule for step in steps]
        lines.append(cited(rules, decision.card.render(turn.language).sources, turn.language))
        data = {"outcome": outcome, "rules": rules}
        dispatcher.utter_message(
            text="\n".join(lines),
            json_message={"card": card_of(decision, turn.language), "why_not": data},
        )


def _why_not(steps: list[Step], decision: Decision, outcome: str, language: str) -> Iterator[str]:
    label = outcome_label(load_book(), decision.decision, outcome, language)
    if any(step.state == MET for step in steps):
        yield say("why_not_is", language, outcome=label)
    elif any(step.state == UNKNOWN for step in steps):
        parts = say("joint", language).join(decision.card.render(language).missing)
        yield say("why_not_open", language, outcome=label, parts=parts)
    else:
        for step in steps:
            yield say(
                "why_not",
                language,
                outcome=label,
                rule=step.rule,
                input=load_book().label(str(step.input))[language],
                condition=_words(str(step.condition), language),
                value=_words(str(step.value), language),
            )


def _words(text: str, language: str) -> str:
    """Return a condition or a value in words if the rulebook has words for it."""
    key = f"value.{text}"
    return phrase(load_book(), key, language) if key in load_book().phrases else text


def _say(
    dispatcher: CollectingDispatcher,
    name: str,
    decision: Decision,
    parts: list[str],
    *,
    language: str,
    data: dict[str, Any],
) -> None:
    card = decision.card.render(language)
    what = phrase(load_book(), f"table.{decision.decision}", language)
    shown = {"outcome": decision.outcome, "status": decision.status, "possible": decision.possible}
    outcome = verdict(decision.decision, shown, language)
    joined = say("facts_joint", language).join(parts) or "–"
    text = say(name, language, what=what, outcome=outcome, parts=joined)
    cite = cited(card.rules, card.sources, language)
    dispatcher.utter_message(
        text=f"{text}\n{cite}", json_message={"card": card_of(decision, language), **data}
    )
