"""Complaints told in words, and what is said of a fever: how high, for how long, when it began."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.context import Context
from bot.dates import span_unit
from bot.facts import Fact
from bot.labs import unit_at
from bot.numbers import Number
from bot.polarity import polarity
from bot.spans import Term

_TEMPERATURE_WORD = re.compile(r"\btemperature\b|\btemp\b|体温|温度|烧")
_LEADS = re.compile(
    r"(?:fever|temperature|temp|发烧|发热|高烧|低烧|高热|低热|烧|体温|最高|了)"
    r"(?:\s*(?:of|was|is|at|up to|to|reached|reaching|around|about|went|with|a|peak|high|hit|over|"
    r"是|为|到|到了|达|高达|最高|有|大概|约|一直|了|:|：|[(（]))*\s*$"
)
_FAHRENHEIT = re.compile(r"\s?(?:°\s?f|℉|f\b|degrees? f|fahrenheit|华氏)")
_CELSIUS_RANGE, _FAHRENHEIT_RANGE = (34, 43), (95, 109)
_HOURS = {"hour": 1, "day": 24, "week": 168}
_AFTER_SHOT = re.compile(
    r"\s*(?:after|following|post)\s+(?:the|my|each|every|an|a)?\s*(?:last\s+)?(?:injection|shot|dose|jab)|\s*(?:以?后|之后)"
)
_SHOT_BEFORE = re.compile(r"(?:打完?针|注射|打完?|打了针)(?:以?后|之后|完)?\s*(?:大概|约|第)?\s*$")
_LASTING = re.compile(
    r"(?:for|since|lasting|lasted|past|last|持续|已经?|连续|烧了?|发烧|发热|热)\s*(?:the\s+(?:past|last)\s+|about\s+|了)?\s*$"
)
_WHY_I = re.compile(
    r"\bwhy\s+(?:am|do|is|are|have|does|did|was)\s+(?:i|my|he|she|his|her)\b"
    r"|(?:为什么|为啥|怎么|咋)(?:我|他|她|会)?(?:老是?|总是?|一直|最近|这么|那么|还|又)"
)
_HOW_COME = re.compile(
    r"(?:了|的)?(?:，|,)?(?:是|这是)?(?:怎么回事|咋回事|什么原因|啥原因|什么情况|为什么|怎么办|咋办|正常吗|要紧吗|有关系吗)"
)
_POSSIBLE = re.compile(r"会|能|可能|如果|要是|万一|怕|担心|引起|导致")


def read_symptoms(context: Context) -> Iterator[Fact]:
    """Yield complaints that are stated or denied; one that is only asked about is no fact."""
    for term in context.of_kind("complaint"):
        found = polarity(context, term)
        if found == "asked" and _is_presupposed(context, term):
            found = "stated"
        if found == "asked" or context.past(term.start, term.end):
            continue
        yield Fact(
            name="symptom",
            value=term.name,
            start=term.start,
            end=term.end,
            status="denied" if found in {"denied", "over"} else None,
            ambiguous=found == "unclear",
        )


def _is_presupposed(context: Context, term: Term) -> bool:
    """Tell whether the question takes a complaint for granted: "why am I so tired?", 头晕怎么回事."""
    low, _ = context.clause(term.start, term.end)
    ahead = context.text[low : term.start]
    if _WHY_I.search(ahead):
        return True
    return bool(_HOW_COME.match(context.text, term.end)) and not _POSSIBLE.search(ahead)


def read_fever(context: Context, numbers: list[Number]) -> Iterator[tuple[Fact | None, Number]]:
    """Yield the numbers that describe a fever: degrees, hours since the injection, hours of fever."""
    fevers = [t for t in context.of_kind("complaint") if t.name == "fever"]
    for number in numbers:
        if fact := _temperature(context, fevers, number):
            tenths = next((n for n in numbers if _is_tenths(context.text, number, n)), None)
            if tenths is not None and fact.unit == "Cel":  # 39度2
                value = round(float(fact.value) + tenths.value / 10, 1)
                fact = replace(fact, value=value, end=tenths.end)
                yield None, tenths
            yield fact, number
        elif fact := _duration(context, fevers, number):
            yield fact, number


def _temperature(context: Context, fevers: list[Term], number: Number) -> Fact | None:
    text = context.text
    low, high = context.clause(number.start, number.end)
    clause = text[low:high]
    unit, end = unit_at(text, number.end)
    whole, _ = context.sentence(number.start)
    named = any(whole <= t.start < high for t in fevers) or _TEMPERATURE_WORD.search(clause)
    if any(low <= t.start < number.start for t in context.of_kind("analyte")):
        return None
    if not named or not (_LEADS.search(text[low : number.digits]) or unit == "Cel"):
        return None
    if fahrenheit := _FAHRENHEIT.match(text, number.end):
        end = fahrenheit.end()
    value = number.value
    warm = _FAHRENHEIT_RANGE[0] <= value <= _FAHRENHEIT_RANGE[1]
    if fahrenheit and warm:
        return _measured("temperature", round((value - 32) * 5 / 9, 1), number, end, "Cel")
    if fahrenheit or not (warm or _CELSIUS_RANGE[0] <= value <= _CELSIUS_RANGE[1]):
        return None
    return _measured("temperature", value, number, end, "Cel" if unit == "Cel" else None)


def _is_tenths(text: str, degrees: Number, number: Number) -> bool:
    """Tell whether a number is what stands behind the 度 of another: the 2 of 39度2."""
    between = text[degrees.end : number.digits].strip()
    return number.start == number.digits and between == "度" and number.value in range(1, 10)


def _duration(context: Context, fevers: list[Term], number: Number) -> Fact | None:
    text = context.text
    counted = span_unit(text, number.end)
    low, high = context.clause(number.start, number.end)
    if counted is None or counted[0] not in _HOURS:
        return None
    if not any(low <= t.start < high for t in fevers):
        return None
    hours, end = number.value * _HOURS[counted[0]], counted[1]
    if _AFTER_SHOT.match(text, end) or _SHOT_BEFORE.search(text[low : number.start]):
        return _measured("fever_onset_hours", hours, number, end, "h")
    if text.startswith(("前", " ago"), end):
        return None
    if _LASTING.search(text[low : number.start]) or text.startswith("了", end):
        return _measured("fever_hours", hours, number, end, "h")
    return None


def _measured(name: str, value: float, number: Number, end: int, unit: str | None) -> Fact:
    comparator = None if number.comparator == "=" else number.comparator
    return Fact(
        name=name,
        value=value,
        start=number.start,
        end=end,
        unit=unit,
        comparator=comparator,
        unit_missing=unit is None,
    )
