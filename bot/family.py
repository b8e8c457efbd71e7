"""Liver cancer and cirrhosis in the family: history of who writes, or the case that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.context import Context
from bot.facts import Fact

_BLOOD = {
    *("mother", "father", "parents", "brother", "sister", "son", "daughter", "grandparent"),
    "relative",
}
_IN_FAMILY = {"hcc": "family_history_hcc", "cirrhosis": "family_history_cirrhosis"}
_DIED = re.compile(
    r"\b(?:died|dead|death|passed away|lost (?:him|her|my))\b|去世|过世|离世|病逝|没的|没了|走的|走了|死于|死的|不在了"
)
_I = re.compile(
    r"\b(?:i|i'm|i've|im|me|my own)\b|(?<!给)(?<!帮)我(?![爸妈爷奶哥姐弟妹叔舅姑姨们家老的])"
)
# What is told of a relative beside the disease makes the relative the case.
_NO_CASE = {*_IN_FAMILY, "age", "sex", "hbsag", "serology_pattern"}


def as_family_history(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield facts, a relative's liver cancer or cirrhosis as history of the writer's family.

    It is, if the relative has died of it, or if the writer's own case is told and no more of the relative's.
    """
    facts = list(facts)
    told: set[str] = set()
    for fact in (_whose(fact, facts) for fact in facts):
        if not _is_of_family(context, fact, facts):
            yield fact
            continue
        name = _IN_FAMILY[fact.name]
        if name not in told:
            told.add(name)
            yield replace(fact, name=name, value=True, subject=None, when=None, ambiguous=False)


def _is_of_family(context: Context, fact: Fact, facts: list[Fact]) -> bool:
    if fact.name not in _IN_FAMILY or fact.value is False or fact.subject not in _BLOOD:
        return False
    low, high = context.sentence(fact.start)
    died = fact.name == "hcc" and _DIED.search(context.text[low:high])
    told = any(f.subject == fact.subject and f.name not in _NO_CASE for f in facts)
    signs = (t for t in context.terms if t.kind in {"symptom", "composed", "complaint"})
    theirs = told or any(context.whose(t.start) == fact.subject for t in signs)
    own = any(f.subject is None for f in facts) or _I.search(context.text)
    return bool(died or (own and not theirs))


def _whose(fact: Fact, told: list[Fact]) -> Fact:
    """Return a family's history as that of whom is told about, not of the relative who had it."""
    if not fact.name.startswith("family_history") or fact.subject in {None, "patient"}:
        return fact
    patients = any(other.subject == "patient" for other in told)
    return replace(fact, subject="patient" if patients else None)
