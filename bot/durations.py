"""Spans of time: of the infection, of a medicine, of a pregnancy, and the week of interferon."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.courses import INTERFERON, is_over
from bot.dates import half_more, is_numbered, ordinal_unit, span_unit
from bot.facts import Fact
from bot.medicines import BEGAN, happened, is_for_other_disease, status_of
from bot.numbers import Number
from bot.polarity import polarity
from bot.spans import Term

_INFECTION = re.compile(
    r"乙肝|携带|表面抗原|三阳|hbsag|surface antigen|hepatitis b|hep b|hbv|carrier|infected"
)
# A disease that is not named is the one that all is about.
_FOUND_OUT = re.compile(
    r"得病|得了(?=\d|[一二两三四五六七八九十])|患病|病史|发病|查出来的?|年前(?:查出|发现|检查出|体检)|发现(?:了|有)?\D{0,4}\d{0,2}[一二三四五六七八九十]{0,3}年了|diagnosed"
)
_HAD_ONCE = re.compile(r"(?:得|患|有)过")
_OF_PREGNANCY = re.compile(
    r"(?:\s?\+\s?\d)?[\s-]*(?:(?:in|into|of) (?:my |the |a )?)?(?:pregn[ae]n|gestation)|\s*的?(?:身孕|孕)"
)
_PREGNANT_FOR = re.compile(
    r"(?:pregnan(?:t|cy)|gestation|(?<![避备])孕|妊娠|怀了?)[^\d,.;，。；]{0,8}(?:\d{1,2}\s?\+\s?)?$"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|until|at|after|before|by|from)\b|如果|要是|等|到|什么时候|假如"
)
_AGE_OF_A_CHILD = re.compile(r"[\s-]*(?:of age\b|olds?\b)|\s*(?:大(?!三阳)|龄)")
_AGED = re.compile(r"(?:\baged?|\bplann(?:ed|ing)|月龄|日龄|计划)(?:\s+(?:is|for))?\s*[:：]?\s*$")
_NOW_AT = re.compile(r"(?:现在|目前|\bnow(?: at| on| in)?)\s*$")
_AGO = re.compile(r"\s*(?:ago\b|earlier\b|以?前|之前)")
_SO_LONG_SINCE = re.compile(
    r"(?:停|断)(?:药|了|掉|用|过|干扰素|针|打|治疗|有|快|已经?|大概|约|差不多)*$"
)
_HALF_A_YEAR = re.compile(
    r"(?<![大上下前后])半年(?!前|以前|之前|内|一次|查|复查)|\bhalf a year\b(?! ago)"
)
_SPACE = re.compile(r"(?<=[\u3400-\u9fff\d])\s+(?=[\u3400-\u9fff])")
_A = re.compile(r"an?\s")
_LASTED = re.compile(
    r"\b(?:for|in|after|about|over|past|last|within|almost|nearly|only|than|quite|been|the|took|exactly)\s+$"
)
_OF_A_COURSE = re.compile(r"\s+(?:ago|on|of|into|now|already|and a half)\b")
_EVERY = re.compile(
    r"\b(?:every|each|per|within|next|another|in)\s+$|(?:每隔?|未来|再|还要|至少要?|需要?)\s*$"
)
_MISSED = re.compile(
    r"\b(?:miss|missed|missing|forgot|forgotten|skip|skipped|late|without)\b|忘|漏|断了?(?:药)?|晚打?了?|推迟了?|迟了?"
)
_TOGETHER = re.compile(
    r"(?:在一起|结婚|同居|生活|住|交往|恋爱|认识|相处)(?:了|有)?\s*$|"
    r"\b(?:together|married|dating|lived|lived together)\s+(?:for\s+)?$"
)
_WOMAN_IS = re.compile(
    r"\b(?:wife|sister|daughter|girlfriend|she)(?:\s+is|'s)\s+(?:now\s+|already\s+|about\s+)?$"
)
_I_AM = re.compile(r"\bi(?:\s+am|'m)\s+(?:now\s+|already\s+|about\s+)?$")
_ALONG = re.compile(r"\s*(?:$|[,.;!?]|along\b|and\b|now\b|gone\b)")
_GONE = re.compile(r"\s*(?:along|gone)\b")
_BEFORE_IT = re.compile(r"\s+(?:before|later|without)\b|\s*(?:一次|查一|复查|以?内)")
# "6 weeks after delivery": when it was, not how long.
_AFTER_AN_EVENT = re.compile(
    r"\s+(?:after|post|since)[\s-]+(?:my |the |her |a )?"
    r"(?:deliver|birth|giving|childbirth|partum|surger|operation|transplant|expos|sex\b|contact|vaccin|shot)"
)
# 一天30mg, 每天两片: a rhythm.
_A_DAY_ZH = re.compile(r"[一1]\s?[天日周](?:要|吃|服|用|打|喝|注射)*\s?(?:\d|[一二两三四五半])")
# How long somebody was in touch with somebody who has it.
_IN_TOUCH = re.compile(r"(?:混用|共用|合用|接触|合租|同住)[^，。,.；;]{0,10}$")


def read_times(
    context: Context, numbers: list[Number]
) -> Iterator[tuple[Fact | None, Number | None]]:
    """Yield the numbers that count time, with a fact where it is said what lasted so long."""
    for match in _HALF_A_YEAR.finditer(context.text):
        span = match.span()
        name = _what_lasted(context, "month", span, ordinal=False)
        if name and not _is_no_span(context, span):
            yield Fact(name=name, value=6, unit="month", start=span[0], end=span[1]), None
    pregnant: set[str | None] = set()
    for number in numbers:
        counted = span_unit(context.text, number.end)
        unit = counted[0] if counted else ordinal_unit(context.text, number.digits)
        if unit is None:
            continue
        end = counted[1] if counted else number.end
        half = half_more(context.text, number.end, end) if counted else 0
        span = (number.start, max(end, half))
        if _is_of_pregnancy(context, span):
            whose = context.whose(span[0])
            yield (None if whose in pregnant else _pregnancy(context, span)), number
            pregnant.add(whose)
            continue
        name = _what_lasted(context, unit, span, ordinal=_is_numbered(context, number))
        fact = Fact(
            name=name or "",
            value=number.value + 0.5 if half else number.value,
            start=number.start,
            end=span[1],
            unit=None if name == "interferon_week" else unit,
            comparator=None if number.comparator == "=" else number.comparator,
        )
        yield (fact if name and not _is_no_span(context, span) else None), number


def _is_no_span(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is a rhythm or still to come: "a bottle a day", 每6个月, "in 3 years"."""
    low, _ = context.clause(*span)
    ahead = context.text[low : span[0]]
    rate = _A.match(context.text, span[0]) and not (
        _LASTED.search(ahead) or _OF_A_COURSE.match(context.text, span[1])
    )
    return bool(
        rate
        or _EVERY.search(ahead)
        or _TOGETHER.search(ahead)
        or _MISSED.search(ahead)
        or _IN_TOUCH.search(ahead)
        or _A_DAY_ZH.match(context.text, span[0])
        or _BEFORE_IT.match(context.text, span[1])
        or _AFTER_AN_EVENT.match(context.text, span[1])
    )


def _pregnancy(context: Context, span: tuple[int, int]) -> Fact | None:
    """Return the pregnancy whose weeks are told, unless a word of the lexicon names it: 孕14周."""
    low, high = context.clause(*span)
    ahead, after = context.text[low : span[0]], context.text[span[1] : high]
    named = [
        t
        for t in context.of_kind("condition")
        if t.name == "pregnancy" and low <= t.start < high and polarity(context, t) != "asked"
    ]
    word = re.search(r"孕|怀|pregnan|gestation", ahead) or re.search(r"孕|pregnan|gestation", after)
    if not named and word is None and _is_along(context, span):
        return Fact(name="pregnancy", value=True, start=span[0], end=span[1])
    if named or word is None or _SUPPOSED.search(ahead):
        return None
    over = context.past(*span)
    return Fact(
        name="pregnancy",
        value=True,
        start=min(span[0], low + word.start()) if word.string is ahead else span[0],
        end=span[1] if word.string is ahead else span[1] + word.end(),
        when="past" if over else None,
        ambiguous=over,
    )


def _is_numbered(context: Context, number: Number) -> bool:
    return is_numbered(context.text, number.digits)


def _what_lasted(
    context: Context, unit: str, span: tuple[int, int], *, ordinal: bool
) -> str | None:
    """Return what so much time is about; a numbered week may be of an interferon named elsewhere."""
    clause = context.clause(*span)
    if _is_childs_age(context, span):
        return None
    named = context.of_kind("drug")
    drugs = [t for t in named if clause[0] <= t.start and t.end <= clause[1]]
    expecting = any(
        t.name == "pregnancy" and clause[0] <= t.start < clause[1]
        for t in context.of_kind("condition")
    )
    ordinal = ordinal or bool(_NOW_AT.search(context.text[clause[0] : span[0]]))
    about = named if ordinal and not drugs and not expecting else drugs
    ahead = context.text[clause[0] : span[0]]
    began = bool(BEGAN.search(context.text[clause[0] : clause[1]]))
    since = bool(_AGO.match(context.text, span[1])) and not began
    about = [t for t in about if not is_for_other_disease(context, t)]
    if about and (since or _SO_LONG_SINCE.search(ahead) or _counts_from_stop(context, span)):
        return None
    if about and status_of(context, about[0]) in {"asked", "proposed"}:
        return None  # how long it would be taken
    if unit == "week" and any(t.name in INTERFERON for t in about):
        if is_over(context, span):
            return "drug_duration"
        return None if _is_stopped(context, about[0]) else "interferon_week"
    if drugs:
        return "drug_duration"
    if unit == "week" and (ordinal or _is_before_a_test(context, span)):
        return None
    return "infection_duration" if _is_of_infection(context, span) else None


def _is_before_a_test(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether a result follows weeks at once, so that they are those of a treatment: 24周 hbsag 35."""
    return any(0 <= t.start - span[1] <= 1 for t in context.of_kind("analyte"))


def _is_of_infection(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is how long somebody has had hepatitis B."""
    low, high = _stretch(context, span)
    denied = [t for t in context.denials if low <= t.start < span[0]]
    gone = [t for t in context.of_kind("result") if t.name == "negative" and low <= t.start < high]
    said = list(context.text[low:high])
    for test in (t for t in context.of_kind("analyte") if low <= t.start and t.end <= high):
        if test.name == "hbv_dna":  # "HBV DNA <10 for five years"
            said[test.start - low : test.end - low] = " " * (test.end - test.start)
    clause = "".join(said)
    if denied or gone or _HAD_ONCE.search(clause):
        return False
    others = [*context.of_kind("condition"), *context.of_kind("comorbidity")]
    other = any(low <= t.start < high for t in others)
    return bool(_INFECTION.search(clause) or (_FOUND_OUT.search(clause) and not other))


def _stretch(context: Context, span: tuple[int, int]) -> tuple[int, int]:
    """Return the clause around a span, of Chinese only up to the spaces that stand for commas."""
    low, high = context.clause(*span)
    gaps = [low + m.end() for m in _SPACE.finditer(context.text[low : span[0]])]
    low = gaps[-1] if gaps else low
    gap = _SPACE.search(context.text[span[1] : high])
    return low, span[1] + gap.start() if gap else high


def _is_of_pregnancy(context: Context, span: tuple[int, int]) -> bool:
    if _is_along(context, span):
        return True
    low, _ = context.clause(*span)
    ahead = context.text[low : span[0]]
    return bool(_OF_PREGNANCY.match(context.text, span[1]) or _PREGNANT_FOR.search(ahead))


def _is_along(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether a woman is said to be so many weeks, with no medicine that it may be of."""
    if not re.search(r"weeks?|wks?", context.text[slice(*span)]) or context.of_kind("drug"):
        return False
    ahead, end = context.text[: span[0]], span[1]
    other = _WOMAN_IS.search(ahead) and _ALONG.match(context.text, end)
    return bool(other or (_I_AM.search(ahead) and _GONE.match(context.text, end)))


def _is_childs_age(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is an age: "my 8 month old", "age 3 days", 3个月大."""
    after = _AGE_OF_A_CHILD.match(context.text, span[1])
    return bool(after or _AGED.search(context.text[: span[0]]))


def _counts_from_stop(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether a stop stands before so much time: 停了恩替卡韦3年."""
    low, _ = context.clause(*span)
    stops = [t for t in context.of_kind("stopped") if low <= t.start and t.end <= span[0]]
    return any(context.text[t.start] == "停" and happened(context, t) for t in stops)


def _is_stopped(context: Context, drug: Term) -> bool:
    return status_of(context, drug) == "stopped"
