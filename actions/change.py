"""What a correction changed: in the record, and in the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.phrases import say, utter
from actions.readback import all_in_words, in_words
from actions.turn import Turn, store
from hbv_engine import load_book
from hbv_engine.results import Assessment
from hbv_engine.wording import outcome_label, phrase
from records import Observation

Pair = tuple[Observation, Observation]
_NAMED = 4
_COMPARED = {"value", "unit", "comparator", "date", "status", "subject"}


def replaced(turn: Turn) -> list[Pair]:
    """Return the facts that the turn replaced, each with what stands in its place."""
    kept = store().observations(turn.person, history=True)
    new = {o.id: o for o in kept if o.message == turn.message_id and o.kind != "mention"}
    return [
        (old, new[old.superseded_by])
        for old in kept
        if old.superseded_by in new and old.status == "current" and old.kind != "answer"
        if old.model_dump(include=_COMPARED) != new[old.superseded_by].model_dump(include=_COMPARED)
    ]


def tell_replaced(dispatcher: CollectingDispatcher, turn: Turn, pairs: Iterable[Pair]) -> None:
    """Say what was replaced: old and new value, or that it no longer counts."""
    by_status: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_status.setdefault(pair[1].status, []).append(pair)
    for old, new in by_status.pop("current", []):
        was, is_now = in_words(old, turn.language), in_words(new, turn.language)
        utter(dispatcher, "corrected", turn.language, was=was, now=is_now)
    for status, gone in by_status.items():
        words = all_in_words((old for old, _ in gone), turn.language)
        name = "not_yours" if status == "other_person" else "not_current"
        utter(dispatcher, name, turn.language, facts=words)


def tell_answer_change(
    dispatcher: CollectingDispatcher, turn: Turn, assessment: Assessment, goals: Iterable[str]
) -> None:
    """Say whether what the turn replaced changed the answer that was given before."""
    earlier = [a for a in store().assessments(turn.person) if a["message"] != turn.message_id]
    if not earlier or not replaced(turn):
        return
    before = json.loads(earlier[-1]["decisions"])
    now = assessment.as_dict(turn.language)["decisions"]
    changed, same = [], []
    for goal in goals:
        what = phrase(load_book(), f"table.{goal}", turn.language)
        old, new = (verdict(goal, d[goal], turn.language) for d in (before, now))
        if old == new and now[goal]["status"] == "open":
            continue  # no answer was given yet that could have changed
        if old == new:
            same.append(say("same_of", turn.language, what=what, now=new))
        else:
            changed.append(say("change_of", turn.language, what=what, was=old, now=new))
    joint = say("facts_joint", turn.language)
    if changed:
        utter(dispatcher, "answer_changed", turn.language, changes=joint.join(changed))
    elif same:
        utter(dispatcher, "answer_same", turn.language, changes=joint.join(same))


def verdict(goal: str, decision: dict[str, Any], language: str) -> str:
    """Return the outcome of a decision in words; of an open one what is possible."""
    if decision["outcome"] and decision["status"] != "open":
        return outcome_label(load_book(), goal, decision["outcome"], language)
    possible = list(decision["possible"])
    if len(possible) > _NAMED:
        return say("wide_open", language, count=len(possible))
    labels = [outcome_label(load_book(), goal, o, language) for o in possible]
    return say("not_settled", language, possible=say("joint", language).join(labels))
