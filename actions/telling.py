"""Saying what was understood and what the engine answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import enzyme
from actions.amend import may_be_meant
from actions.change import replaced, tell_replaced
from actions.evidence import accepted, checked, record_of
from actions.judging import judged
from actions.phrases import say, utter
from actions.readback import all_in_words, label_of
from actions.translate import observations_of
from actions.turn import Turn, store, today
from hbv_engine import load_book
from hbv_engine.results import Assessment, Decision, RenderedCard
from hbv_engine.wording import phrase
from records import Observation
from records.store import now

_SHOWN = 6
_SPOKEN = {
    "current": "noted",
    "other_person": "noted_for_other",
    "ambiguous": "unclear",
    "unit_missing": "without_unit",
}


def read_back(
    dispatcher: CollectingDispatcher, turn: Turn, *, asked_about: Observation | None = None
) -> None:
    """Say what this turn put into the record, and what it did not and why.

    A choice among the answers of a question is not read back: the person has just read it. Nor is
    a value whose unit is ``asked_about`` next.
    """
    pairs = replaced(turn)
    tell_replaced(dispatcher, turn, pairs)
    said = {new.id for _, new in pairs}
    new = [o for o in store().observations(turn.person) if o.message == turn.message_id]
    told = [o for o in new if o.kind not in {"answer", "mention"} and o.start < o.end]
    chosen = any(o.kind == "answer" for o in new)
    told = [o for o in told if o.id not in said and not (chosen and o.raw == turn.text)]
    told = [o for o in told if asked_about is None or o.id != asked_about.id]
    for status, name in _SPOKEN.items():
        if facts := [o for o in told if o.status == status]:
            words = all_in_words(facts, turn.language)
            utter(dispatcher, name, turn.language, facts=words)
    enzyme.ask_which(dispatcher, turn)
    if unclear := may_be_meant(turn):
        tests = say("joint", turn.language).join(label_of(o, turn.language) for o in unclear)
        utter(dispatcher, "which_value", turn.language, tests=tests)
    for o in told:
        if o.status == "refused":
            utter(dispatcher, "refused", turn.language, facts=o.raw, accepted=accepted(o))


def assessed_once(turn: Turn) -> Assessment:
    """Return what the engine says on what this message states alone; nothing is written down."""
    return judged([checked(o, today()) for o in observations_of(turn)], today())


def assessed(turn: Turn) -> Assessment:
    """Return what the engine says about the person now, and write it down."""
    observations = store().observations(turn.person)
    assessment = judged(observations, today())
    store().keep_assessment(
        person=turn.person,
        message_id=turn.message_id,
        at=now(),
        rulebook=assessment.rulebook,
        record=record_of(observations, today()).model_dump(mode="json"),
        decisions=assessment.as_dict(turn.language)["decisions"],
    )
    return assessment


def tell(dispatcher: CollectingDispatcher, decisions: Iterable[Decision], language: str) -> None:
    """Say decisions, a card for each."""
    for decision in decisions:
        _say_decision(dispatcher, decision, language)


def tell_so_far(
    dispatcher: CollectingDispatcher, decisions: Iterable[Decision], language: str
) -> None:
    """Say decisions while questions are left: one that is still open is only named."""
    told = list(decisions)
    tell(dispatcher, [d for d in told if d.status != "open"], language)
    if waiting := [d for d in told if d.status == "open"]:
        _say_waiting(dispatcher, waiting, language)


def _say_decision(dispatcher: CollectingDispatcher, decision: Decision, language: str) -> None:
    text = "\n".join(_lines(decision.card.render(language), language))
    dispatcher.utter_message(text=text, json_message={"card": card_of(decision, language)})


def _say_waiting(
    dispatcher: CollectingDispatcher, decisions: list[Decision], language: str
) -> None:
    names = [phrase(load_book(), f"table.{d.decision}", language) for d in decisions]
    utter(dispatcher, "still_open", language, what=say("joint", language).join(names))
    for decision in decisions:
        dispatcher.utter_message(json_message={"card": card_of(decision, language)})


def _few(names: Sequence[str]) -> list[str]:
    """Return the first names; the card holds all of them."""
    distinct = list(dict.fromkeys(names))
    return distinct if len(distinct) <= _SHOWN else [*distinct[:_SHOWN], "…"]


def card_of(decision: Decision, language: str) -> dict[str, Any]:
    """Return the data of a card: what it says, and the rules and the rulebook it rests on."""
    return asdict(decision.card.render(language)) | {
        "decision": decision.decision,
        "status": decision.status,
        "outcome": decision.outcome,
        "possible": list(decision.possible),
    }


def cited(rules: Iterable[str], sources: Iterable[str], language: str) -> str:
    """Return the line that names rules and sources; a title is said once for all its statements."""
    by_title: dict[str, list[str]] = {}
    for source in dict.fromkeys(sources):
        name, _, title = source.partition(": ")
        by_title.setdefault(title, []).append(name)
    named = [f"{', '.join(names)}{': ' if t else ''}{t}" for t, names in by_title.items()]
    rules = ", ".join(dict.fromkeys(rules)) or "–"
    return say("cited", language, rules=rules, sources="; ".join(named) or "–")


def _lines(card: RenderedCard, language: str) -> list[str]:
    """Return a card as lines without a blank one: a channel would cut the message there."""
    lines = [card.summary, card.detail, *(f"• {point}" for point in card.points)]
    sections = ("because", "missing", "would_change", "beside")
    told = ((name, getattr(card, name)) for name in sections)
    lines += [say(name, language, parts="; ".join(_few(parts))) for name, parts in told if parts]
    lines += [card.note, cited(_few(card.rules), _few(card.sources), language)]
    return [line for line in lines if line.strip()]
