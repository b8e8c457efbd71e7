"""What a message asks: its clauses and the whole of it, weighed together.

A clause knows its own question, the whole knows what it is about; neither alone is right as often
as both together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from bot.asked_topic import asked_topic
from bot.parts import GOAL_INTENTS, OWN_INTENTS, about_another, asks_to_stop, is_open, settled
from bot.polarity import asks
from bot.reading import Reading, read
from bot.text import fold

Ranking = Sequence[dict[str, Any]]

# Questions about the talk itself, and what only its own mark decides, stand in no other's company.
ABOUT_THE_TALK = {
    "ask_what_you_know", "ask_what_would_change", "ask_why_answer", "ask_why_not", "ask_timeline",
    "ask_person", "ask_what_if", "ask_for_other",
}  # fmt: skip
# Said without a question, and yet to be answered if it is this likely.
_SAID = {"worry": 0.35}
# How likely a question must be to be the first, or another one, of a message that asks something.
_FIRST, _FURTHER = 0.05, 0.2
# How likely it must be where nothing has the form of a question.
_WITHOUT_FORM = 0.45
# How much a clause counts that has no form of a question.
_TOLD = 0.3
# How likely at least a question on a topic is that the words name.
_BY_WORDS = 0.6
# How likely a question may seem that is heard, but not to be answered as the writer's own.
_QUIET = 0.4
# Facts that a clause may tell while it asks: "I forgot my peginterferon".
_TOLD_WITH = {
    "ask_missed_dose": {"drug"},
    "ask_side_effect": {"drug", "symptom"},
    "ask_tablets": {"drug", "symptom"},
}


def _only_tells(text: str) -> bool:
    """Tell whether a clause states a fact, also that nothing is taken, and has no form of a question."""
    part = read(text)
    return bool(part.facts or part.marks.untreated) and not asks(fold(text))


def asked(
    ranking: Ranking, clauses: Iterable[tuple[Message, Ranking]], reading: Reading
) -> list[dict[str, Any]]:
    """Return what a message of several clauses asks, the likeliest first; nothing if it only tells.

    Args:
        ranking: the ranking of the whole message.
        clauses: its clauses, each with its ranking.
        reading: the reading of the whole message.
    """
    clauses = list(clauses)
    if all(_only_tells(clause.get("text")) for clause, _ in clauses):
        return []  # 38 女 没怀孕 没吃药
    whole: dict[str, float] = {}
    for name, likely in _questions(ranking):
        whole.setdefault(settled(name, reading, reading), likely)
    best: dict[str, float] = {}
    others: set[str] = set()
    form = False
    for clause, own in clauses:
        form = form or asks(fold(clause.get("text")))
        for name, likely in _asked_in(clause, own, reading):
            if likely > best.get(name, 0.0):
                best[name] = likely
                others = _with(others, name, another=_is_for_other(name, clause, reading))
    scores = {n: (whole.get(n, 0.0) + best.get(n, 0.0)) / 2 for n in {**whole, **best}}
    ordered = sorted(scores, key=lambda name: (-scores[name], name))
    least = [_FIRST if form else _WITHOUT_FORM, *(_FURTHER for _ in ordered)]
    found = [
        {"name": name, "confidence": max(scores[name], best.get(name, 0.0))}
        for name, needed in zip(ordered, least, strict=False)
        if scores[name] >= max(needed, _SAID.get(name, 0.0))
    ]
    return list(_for_others(found, others))


def _with(names: set[str], name: str, *, another: bool) -> set[str]:
    return names | {name} if another else names - {name}


def _is_for_other(name: str, clause: Message, reading: Reading) -> bool:
    return name in OWN_INTENTS and about_another(reading, clause.get("text"))


def _for_others(found: list[dict[str, Any]], others: set[str]) -> Iterator[dict[str, Any]]:
    """Yield what is asked; advice on the treatment of somebody else is no question of one's own."""
    if any(i["name"] in others for i in found[:1]):
        yield {**found[0], "name": "ask_for_other"}
    for asked_for in found:
        own = asked_for["name"] not in others
        yield (
            asked_for if own else {**asked_for, "confidence": min(asked_for["confidence"], _QUIET)}
        )


def may_be_asked(name: str) -> bool:
    """Tell whether an intent can be asked beside others."""
    return (name.startswith("ask_") and name not in ABOUT_THE_TALK) or name in _SAID


def _questions(ranking: Ranking) -> list[tuple[str, float]]:
    return [(i["name"], float(i["confidence"])) for i in ranking if may_be_asked(i["name"])]


def _asked_in(clause: Message, ranking: Ranking, reading: Reading) -> Iterator[tuple[str, float]]:
    """Yield what a clause asks, and how likely, in the light of the whole message."""
    text = fold(clause.get("text"))
    if topic := asked_topic(text):
        yield topic, _BY_WORDS
        return
    if not clause.get("known") or is_open(text):
        return
    if asks_to_stop(reading, text):
        yield settled("ask_stop_nuc", reading, read(clause.get("text"))), 1.0
        return
    part = read(clause.get("text"))
    for name, likely in _questions(ranking):
        yield settled(name, reading, part), likely * _form(name, text, part)


def _form(name: str, text: str, part: Reading) -> float:
    """Return how much a clause counts as a question; what tells facts counts least."""
    if asks(text) or name in _SAID:
        return 1.0
    told = {fact.name for fact in part.facts} - (_TOLD_WITH.get(name) or set())
    return 1.0 if name in GOAL_INTENTS and not told else _TOLD
