"""The parts of a message: what is told and what is asked stand in clauses of their own.

"HBsAg 900, week 24 of interferon, e antigen negative, can I stop?" asks one thing and tells three;
read as a whole, the question drowns in the facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.context import CLAUSE_END
from bot.polarity import asks
from bot.reading import Reading
from bot.text import fold, language_of
from hbv_engine.facts import catalogue

_MIDDLE = re.compile(
    r"(?<!\bwhen)(?<!\bwhat)(?<!\bhow)(?<!\bwhy)(?<!\bwhich)(?<!\bwhere)(?<!\bif)(?<!\bthat)(?<!\boften)"
    r"(?<!\blong)(?<!\bmany)(?<!\bmuch)(?<!\btests)(?<!\bcheck-ups)\s(?:and\s|so\s)?"
    r"(?=(?:can|could|should|shall|must|do|am|may) i\b|is (?:it|my|this|that)\b)"
)
# "I'm 30 with hep b what should I eat", but not "I don't know what to eat".
_ASKS_ON = re.compile(
    r"\s(?=(?:what|which|how|when|why|where) "
    r"(?:should|can|could|do|does|did|is|are|must|may|will|much|many|long|often)\b)"
)
_LEADS_ON = re.compile(
    r"\b(?:know|me|us|sure|idea|explain|understand|understood|ask|asked|asking|wonder|wondering|remember|forgot|"
    r"about|of|for|on|to|matter|see|is|was|and|or|so|but|decide|decided|say|says|said|tell|told|no|not|just|like|"
    r"that|than|then|question|questions|clear|depends|learn|read|check|find|out)$"
)
_THEY = re.compile(r"\b(?:he|she|him|her|his)\b|[他她]")
# The intents that a decision of the engine answers.
GOAL_INTENTS = {
    "ask_start_treatment",
    "ask_phase",
    "ask_interferon_response",
    "ask_stop_interferon",
    "ask_switch_to_interferon",
    "ask_suitable_interferon",
    "ask_monitoring",
    "ask_side_effect",
    "ask_missed_dose",
}
# Advice on a treatment is advice to the one who is treated.
OWN_INTENTS = GOAL_INTENTS | {"ask_stop_nuc", "ask_switch_drug", "ask_tablets"}
_OPEN = re.compile(
    r"(?:so |and |please )?(?:what now|now what|what (?:should|can|do|must) i do(?: now| about it| then)?|"
    r"what to do(?: now)?|(?:我|那|现在|请问|该|应该)*(?:怎么办|咋办|如何是好)(?:呢|啊|好)?)"
    r"[\s?？!！.。]*"
)
_SHORTEST_HEAD = 12
_JOINED = re.compile(
    r"\s(?:and|so)\s(?=(?:can|could|should|shall|must|do|am|may) i\b|is (?:it|my|this|that)\b|"
    r"(?:how|what|when|which|why|where)\b)"
    r"|\s-\s(?=[a-z])"
)
# Chinese often sets a space where a comma belongs.
_CHINESE_GAP = re.compile(r"(?<=\S)\s+(?=[\u3400-\u9fff])")
_LETTER = re.compile(r"[a-z0-9\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of a message at ``start:end`` of its text."""

    text: str
    start: int
    end: int


def parts_of(text: str) -> list[Part]:
    """Return the clauses of a message with the mark that ends each; nothing if there is only one.

    Example:
        >>> [part.text for part in parts_of("HBsAg 900, can I stop?")]
        ['HBsAg 900,', 'can I stop?']
    """
    parts = [part for part in _clauses(text) if _LETTER.search(fold(part.text))]
    return parts if len(parts) > 1 else []


def _clauses(text: str) -> Iterator[Part]:
    folded = fold(text)
    ends = (CLAUSE_END, _JOINED, *([_CHINESE_GAP] if language_of(text) == "zh" else []))
    cuts = [match.end() for end in ends for match in end.finditer(folded)]
    middle = {match.end() for match in _MIDDLE.finditer(folded) if match.end() >= _SHORTEST_HEAD}
    middle |= {
        match.end()
        for match in _ASKS_ON.finditer(folded)
        if match.end() >= _SHORTEST_HEAD and not _LEADS_ON.search(folded[: match.start()])
    }
    begin = 0
    for end in sorted({*cuts, *middle, len(folded)}):
        if end in middle and end not in cuts and asks(folded[begin:end]):
            continue  # "how often should I …" is one question
        if text[begin:end].strip():
            yield Part(text[begin:end].strip(), begin, end)
        begin = end


_QUIT = re.compile(
    r"(?:so |and |then |when )?(?:can|could|may|should|shall) i (?:quit|stop|come off|discontinue)"
    r"(?: (?:it|them|now|already|yet|taking (?:it|them)|soon|safely))*[\s?.!]*"
)


def asks_to_stop(reading: Reading, clause: str) -> bool:
    """Tell whether a folded clause asks to stop, and the message names a medicine."""
    return bool(_QUIT.fullmatch(clause.strip())) and _by_drug(reading) is not None


def settled(name: str, reading: Reading, part: Reading) -> str:
    """Return what a question is about, where its clause leaves open what the message says.

    "Can I stop?" is about the medicine that is named, "is that normal?" about the complaint or the
    value, and what he should do is about somebody else.
    """
    if name in {"ask_stop_interferon", "ask_stop_nuc"}:
        return _by_drug(part) or _by_drug(reading) or name
    if name in {"ask_side_effect", "ask_meaning_of_result"} and not _names(
        part, {"symptom", "drug"}
    ):
        if _names(reading, {"symptom"}):
            name = "ask_side_effect"
        elif _names(reading, catalogue().analytes):
            name = "ask_meaning_of_result"
    if name in {"ask_side_effect", "ask_tablets"}:
        return _effect(part) or _effect(reading) or name
    return name


def about_another(reading: Reading, clause: str) -> bool:
    """Tell whether a question is about somebody else: "should he …?", or all that is told is theirs.

    If nothing is told, they must be all who are named.
    """
    whom = reading.marks.whom
    told = {fact.subject for fact in reading.facts}
    theirs = told == {whom} if told else reading.marks.theirs
    return whom is not None and (bool(_THEY.search(fold(clause))) or theirs)


def is_open(clause: str) -> bool:
    """Tell whether a clause asks only what to do; what it is about stands elsewhere."""
    return bool(_OPEN.fullmatch(clause.strip()))


def _by_drug(reading: Reading) -> str | None:
    drugs = [str(fact.value) for fact in reading.facts if fact.name == "drug"]
    if any("interferon" in drug for drug in drugs):
        return "ask_stop_interferon"
    return "ask_stop_nuc" if drugs else None


def _effect(reading: Reading) -> str | None:
    by_drug = {"ask_stop_interferon": "ask_side_effect", "ask_stop_nuc": "ask_tablets"}
    return by_drug.get(_by_drug(reading) or "")


def _names(reading: Reading, names: Iterable[str]) -> bool:
    return any(fact.name in names for fact in reading.facts)
