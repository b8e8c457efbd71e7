"""How old somebody is, in years: "I'm 34", 3岁半, "my wife (31)", "my daughter (11 months)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.dates import span_unit
from bot.facts import Fact
from bot.numbers import Number
from bot.spans import Term

_AGE_AFTER = re.compile(
    r"\s?(?:-?\s?(?:years?|yrs?)[\s-]*olds?|\s?(?:y/o|yo)\b|y\.\s?o\.?(?![a-z])|\s?(?:years?|yrs?)\s+(?:male|female|boy|girl|man|woman|lady|guy)\b|"
    r"周?岁(?P<half>半)?)"
)
_AGE_BEFORE = re.compile(
    r"(?:\bage[d]?(?:\s+is)?|年龄|年纪|岁数|今年|\bi'?m|\bi am|\bam|^)\s*[:：]?\s*(?:is\s|已经?|都|快)?$"
)
_I_AM = re.compile(r"\b(?:i'?m|i am|am)\s+$")
# "im 33 carrier", "am 24 years hbv dna 96000", but not "I am 20 years on tablets".
_GOES_ON = re.compile(
    r"\s+(?:(?:years?|yrs?)\s+)?(?:(?:a\s)?(?:chronic\s)?carrier|hbv|hbsag|hbeag|hep|hepatitis|male|female|single|"
    r"married|from|and)\b"
)
_YEARS_OLD = re.compile(
    r"\s?(?:years?|yrs?|y)\b(?!\s*(?:of|on|into|in|with|ago|back|after|since|now|hep|hbv|carrier|infected|positive))"
)
_IS_AGE = re.compile(r"\bage(?: is|:)\s*$")
_YEARS = re.compile(r"\s?(?:years?|yrs?)\b")
_SEX_BESIDE = re.compile(
    r"\s*[,，/、]?\s*(?:year[s]? old\s)?(?:f|m|female|male|woman|man|女|男)(?![a-z人友孩朋])"
)
_SEX_AHEAD = re.compile(r"(?:女|男|female|male|woman|man)性?\s*[,，/、]?\s*$")
_IS = re.compile(
    r"(?:\s+(?:is|was|aged?)|'s|,|今年|现在|，|今年都?快?|都?快|已经|都)\s*(?:now\s|only\s|just\s|already\s|about\s)?\s*"
)
_ENDS = re.compile(
    r"\s*(?:[,，。.;；、)）]|$|and\b|with\b|have\b)(?!\d)|[了啦咯喽](?!\d)|\s(?=[\u4e00-\u9fff])(?!\s[岁个次年天周针片])"
)
_IN_BRACKETS = re.compile(r"\s*[(（]\s*(?:aged?\s|age\s)?")
_BRACKET_ENDS = re.compile(r"\s*(?:[,，;；)）]|岁|[mf]\b)")
# An age that somebody had, or will have.
_THEN_AHEAD = re.compile(
    r"(?:\b(?:at|since|from|until|till|by|before|after)\s+(?:the\s+)?(?:age(?:\s+of)?\s*)?"
    r"|\b(?:when|since|until|till|by the time)\s+(?:i|he|she|we|they)"
    r"(?:'s|'m|\s+(?:was|were|is|am|turned|turns|are))?\s*"
    r"|(?:到|等|满|从|自|长到|活到))$"
)
_THEN_AFTER = re.compile(
    r"\s*(?:时(?!候?不)|的时候|那年|那会|开始|起就?|以?前|之前|以后|之后|后(?!来))"
)
_AT = re.compile(r"\bat\s+(?:the age of\s+|age\s+)?$")
_OF_AGE = re.compile(r"\b(?:at|since|from|until|till|by) (?:the )?age(?: of)?\s*$")
# "HBsAg positive since I was 12".
_I_WAS = re.compile(
    r"\b(?:when|since|until|till) (?:i|he|she) (?:was|were|turned)(?: about| only| just)?\s*$"
)
_HOLDS_AT = re.compile(r"\s+(?:with|and)\b")
_ONCE = re.compile(
    r"\b(?:diagnosed|infected|started|got|found|tested|began|died|vaccinated|contracted|caught|was|had)\b"
)
_AGE_OF_A_CHILD = re.compile(r"[\s-]*(?:of age\b|olds?\b)|\s*(?:大(?!三阳)|龄)")
_CHILDREN = {"son", "daughter", "child"}
_NOW_OLD = re.compile(r"(?:现在|今年|目前|已经|刚|才|快|is|'s|is now|now|just|only)\s*$")
_CHECKED_ZH = re.compile(r"查|检查|体检|抽血|化验|复查|打|发现|两对半|表面|大(?!三阳)")
_AGES, _ALONE, _YEARS_ALONE = (1, 110), (16, 95), (50, 95)
_MONTHS_OF_A_CHILD = 36


def read_age(context: Context, numbers: list[Number]) -> Iterator[tuple[Fact | None, Number]]:
    """Yield stated ages with the numbers that they use up, also those of another time."""
    folded = context.text
    said = any(_is_age(folded, number) for number in numbers)
    found = False
    for number in numbers:
        months = _in_months(context, number)
        end = months or _end_of_age(context, number, said=said)
        if end is None or _is_of_then(folded, number, end):
            then = _OF_AGE.search(folded[: number.digits]) or _I_WAS.search(folded[: number.digits])
            if end is not None or (then and number.value <= _AGES[1]):
                yield None, number
            continue
        value = round(number.value / 12, 2) if months else number.value
        value += 0.5 if folded.endswith("半", 0, end) else 0
        found = True
        yield Fact(name="age", value=value, start=number.start, end=end), number
    for number in numbers if not found else ():
        if end := _stands_alone(context, number):
            years = end > number.end
            yield (
                Fact(name="age", value=number.value, start=number.start, end=end, ambiguous=years),
                number,
            )


def _end_of_age(context: Context, number: Number, *, said: bool) -> int | None:
    """Return where an age in years ends, if a number is one."""
    folded = context.text
    head, plausible = folded[: number.digits], _AGES[0] <= number.value <= _AGES[1]
    if after := _AGE_AFTER.match(folded, number.end):
        return after.end()
    if _is_grown_person(context, number) and (years := _YEARS_OLD.match(folded, number.end)):
        return years.end()
    ends = _ENDS.match(folded, number.end) or any(
        t.start == number.end and t.kind in {"condition", "pattern"} for t in context.terms
    )
    if plausible and (
        (_SEX_BESIDE.match(folded, number.end) and not said)
        or (_SEX_AHEAD.search(head) and ends)
        or (_AGE_BEFORE.search(head) and ends and head.strip())
        or (_IS_AGE.search(head) and _YEARS.match(folded, number.end))
        or (_I_AM.search(head) and _ALONE[0] <= number.value and _GOES_ON.match(folded, number.end))
        or (_is_persons(context, number) and ends)
        or _is_bracketed(context, number)
        or (_AT.search(head) and _HOLDS_AT.match(folded, number.end) and number.value >= _ALONE[0])
    ):
        return number.end
    return None


def _is_of_then(folded: str, number: Number, end: int) -> bool:
    """Tell whether an age is that of an earlier or a later time: "at age 40", 5岁时, 到18岁."""
    head = folded[: number.digits]
    if _AT.search(head) and _HOLDS_AT.match(folded, number.end):
        return bool(_ONCE.search(head[-40:]))
    return bool(_THEN_AHEAD.search(head) or _THEN_AFTER.match(folded, end))


def _in_months(context: Context, number: Number) -> int | None:
    """Return where the age of a small child ends that is told in months."""
    counted = span_unit(context.text, number.end)
    if counted is None or counted[0] != "month" or number.value > _MONTHS_OF_A_CHILD:
        return None
    end = counted[1]
    people = [t for t in context.of_kind("other") if t.name in _CHILDREN]
    if context.whose(number.start) not in _CHILDREN:
        return None
    if old := _AGE_OF_A_CHILD.match(context.text, end):
        near = any(abs(t.start - number.start) <= 24 for t in people)  # noqa: PLR2004 - a few words
        return old.end() if near else None
    bracketed = any(
        _IN_BRACKETS.fullmatch(context.text, t.end, number.digits)
        for t in people
        if t.end <= number.digits
    )
    if bracketed and context.text.startswith((")", "）", ","), end):
        return end
    beside = any(t.end == number.start for t in people)
    now = beside or _NOW_OLD.search(context.text[: number.start])
    goes_on = _ENDS.match(context.text, end) or _CHECKED_ZH.match(context.text, end)
    return end if now and goes_on else None


def _is_bracketed(context: Context, number: Number) -> bool:
    """Tell whether a number stands in brackets right behind a person: "my wife (31, …"."""
    if not _BRACKET_ENDS.match(context.text, number.end):
        return False
    people = [t for t in context.terms if t.kind in {"other", "pronoun", "self"}]
    return any(
        _IN_BRACKETS.fullmatch(context.text, t.end, number.digits)
        for t in people
        if t.end <= number.digits
    )


def _is_persons(context: Context, number: Number) -> bool:
    """Tell whether a number is said of a person: "my mother is 60", "she is 28"."""
    people = [*context.of_kind("other"), *context.of_kind("pronoun")]
    return any(
        _IS.fullmatch(context.text, t.end, number.digits) or _stands_beside(context, t, number)
        for t in people
        if t.end <= number.digits
    )


def _is_grown_person(context: Context, number: Number) -> bool:
    """Tell whether a number stands right behind somebody grown up: "my wife 32 yrs"."""
    return number.value >= _ALONE[0] and any(
        person.end < number.digits and not context.text[person.end : number.digits].strip()
        for person in context.of_kind("other")
    )


def _stands_beside(context: Context, person: Term, number: Number) -> bool:
    """Tell whether a number follows a person at once, with no test before it: 老公35."""
    low, _ = context.sentence(number.start)
    tested = any(low <= t.start < number.start for t in context.of_kind("analyte"))
    beside = person.kind == "other" and not context.text[person.end : number.digits].strip()
    return beside and not tested and number.value >= _ALONE[0]


def _stands_alone(context: Context, number: Number) -> int | None:
    """Return the end of a number that is a clause of its own between words: "carrier, 41, no meds".

    It is none after a test or another number, which it may belong to.
    """
    text = context.text
    low, high = context.clause(number.start, number.end)
    if number.comparator != "=" or low == 0 or text[low : number.digits].strip():
        return None
    before, _ = context.clause(low - 1, low - 1)
    clause = text[before : low - 1]
    tests = any(before <= t.start < low for t in context.of_kind("analyte"))
    if text[low - 1] not in ",，.?？" or tests or re.search(r"\d", clause) or not clause.strip():
        return _years_alone(context, number, high)
    alone = not text[number.end : high].strip() and _ALONE[0] <= number.value <= _ALONE[1]
    return number.end if alone else _years_alone(context, number, high)


def _years_alone(context: Context, number: Number, high: int) -> int | None:
    counted = span_unit(context.text, number.end)
    old = _YEARS_ALONE[0] <= number.value <= _YEARS_ALONE[1]
    alone = counted and counted[0] == "year" and not context.text[counted[1] : high].strip()
    return counted[1] if counted and alone and old else None


def _is_age(folded: str, number: Number) -> bool:
    """Tell whether a number is an age beyond doubt: 34岁, or "male 34" at the end of a clause."""
    ahead = _SEX_AHEAD.search(folded[: number.digits]) and _ENDS.match(folded, number.end)
    return bool(_AGE_AFTER.match(folded, number.end) or ahead)
