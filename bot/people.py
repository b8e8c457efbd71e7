"""What is said about the person: age, sex, history, medicines, nicknames of the serology."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.dates import ordinal_unit, span_unit
from bot.dictionary import load
from bot.facts import Fact
from bot.numbers import Number
from bot.spans import Term

_SEX = {"female": "female", "woman": "female", "girl": "female", "lady": "female", "女": "female"}
_SEX |= {"male": "male", "man": "male", "boy": "male", "guy": "male", "男": "male"}
_SEX_WORD = re.compile(
    r"\b(female|woman|girl|lady|male|man|boy|guy)\b|(女|男)(?=性|士|的|，|,|\s|、|；|。|\d|患者|$)"
)
_AGE_AFTER = re.compile(r"\s?(?:-?\s?(?:years?|yrs?)[\s-]*olds?|\s?(?:y/o|yo)\b|周?岁)")
_AGE_BEFORE = re.compile(r"(?:\bage[d]?|年龄|今年|\bi'?m|\bi am|\bam|^)\s*[:：]?\s*(?:is\s)?$")
_SEX_BESIDE = re.compile(
    r"\s*[,，/、]?\s*(?:year[s]? old\s)?(?:f|m|female|male|woman|man|女|男)(?![a-z人友孩朋])"
)
_SEX_AHEAD = re.compile(r"(?:女|男|female|male|woman|man)性?\s*[,，/、]?\s*$")
_ENDS = re.compile(r"\s*(?:[,，。.;；、]|$|and\b|with\b|have\b)(?!\d)")
_INFECTION = re.compile(
    r"乙肝|携带|表面抗原|三阳|hbsag|surface antigen|hepatitis b|hep b|hbv|carrier|infected"
)
_ADULT_AGES = (1, 110)
_INTERFERON = {
    "peginterferon",
    "peginterferon_alfa_2a",
    "peginterferon_alfa_2b",
    "interferon",
    "interferon_alfa",
}


def read_age(folded: str, numbers: list[Number]) -> Iterator[tuple[Fact, Number]]:
    """Yield stated ages with the numbers that they use up."""
    for number in numbers:
        head, plausible = folded[: number.digits], _ADULT_AGES[0] <= number.value <= _ADULT_AGES[1]
        if after := _AGE_AFTER.match(folded, number.end):
            end = after.end()
        elif plausible and (
            _SEX_BESIDE.match(folded, number.end)
            or (_SEX_AHEAD.search(head) and _ENDS.match(folded, number.end))
            or (_AGE_BEFORE.search(head) and _ENDS.match(folded, number.end) and head.strip())
        ):
            end = number.end
        else:
            continue
        yield Fact(name="age", value=number.value, start=number.start, end=end), number


def read_sex(folded: str) -> Iterator[Fact]:
    """Yield the sex that is stated in so many words."""
    beside_age = re.finditer(r"(?<=\d)\s?/?\s?([fm])(?=\s?[,，;.\s]|$)", folded)
    for match in (*_SEX_WORD.finditer(folded), *beside_age):
        word = match[0].strip(" /")
        value = _SEX.get(word) or {"f": "female", "m": "male"}[word]
        yield Fact(name="sex", value=value, start=match.start(), end=match.end())


def read_times(context: Context, numbers: list[Number]) -> Iterator[tuple[Fact | None, Number]]:
    """Yield the numbers that count time, with a fact where it is said what lasted so long."""
    for number in numbers:
        counted = span_unit(context.text, number.end)
        unit = counted[0] if counted else ordinal_unit(context.text, number.digits)
        if unit is None:
            continue
        end = counted[1] if counted else number.end
        clause = context.clause(number.start, end)
        name = _what_lasted(context, unit, clause)
        fact = Fact(
            name=name or "",
            value=number.value,
            start=number.start,
            end=end,
            unit=None if name == "interferon_week" else unit,
            comparator=None if number.comparator == "=" else number.comparator,
        )
        yield (fact if name else None), number


def _what_lasted(context: Context, unit: str, clause: tuple[int, int]) -> str | None:
    drugs = [t for t in context.of_kind("drug") if clause[0] <= t.start and t.end <= clause[1]]
    if unit == "week" and any(t.name in _INTERFERON for t in drugs):
        return "interferon_week"
    if drugs:
        return "drug_duration"
    return "infection_duration" if _INFECTION.search(context.text[slice(*clause)]) else None


def read_patterns(terms: list[Term]) -> Iterator[Fact]:
    """Yield nicknames such as 大三阳 with what they imply."""
    for term in terms:
        if term.kind == "pattern":
            implies = dict(load("patterns")[term.name]["implies"])
            yield Fact(
                name="serology_pattern",
                value=term.name,
                start=term.start,
                end=term.end,
                implies=implies,
            )


def read_conditions(context: Context) -> Iterator[Fact]:
    """Yield stated and denied conditions; a later, more exact word replaces the general one."""
    for term in context.of_kind("condition"):
        value: str | bool = not context.negated(term.start)
        name = term.name
        if name == "decompensated":
            if not value:
                continue
            name, value = "cirrhosis", "decompensated"
        yield Fact(name=name, value=value, start=term.start, end=term.end)


def read_drugs(context: Context) -> Iterator[Fact]:
    """Yield medicines with their status: taking (absent), stopped, proposed, asked or denied."""
    for term in context.of_kind("drug"):
        yield Fact(
            name="drug",
            value=term.name,
            start=term.start,
            end=term.end,
            status=_drug_status(context, term),
            ambiguous=term.name in {"nuc", "interferon", "tenofovir", "peginterferon"},
        )


def _drug_status(context: Context, term: Term) -> str | None:
    clause = context.clause(term.start, term.end)
    if context.negated(term.start):
        return "denied"
    for status in ("stopped", "proposed", "asked"):
        if any(clause[0] <= t.start and t.end <= clause[1] for t in context.of_kind(status)):
            return status
    return None
