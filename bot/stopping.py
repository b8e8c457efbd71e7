"""Antiviral tablets that were stopped or ran out: since when, as far as it was said.

Only what happened counts. "Can I stop?", "I never stopped" and 停药后会怎样 state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.facts import Fact
from bot.numbers import find_numbers
from bot.spans import Term
from hbv_engine.facts import catalogue

STOPPED = "nuc_stopped_recently"
# The tablets are not named, nor that it was tablets: what was taken is known from before, or not.
STOPPED_UNNAMED = "stopped_treatment"

_B = (
    r"(?:hep(?:atitis)?[\s-]?b|hbv|antiviral|anti-viral|liver|daily|prescribed|"
    r"last|of|all|my|the|his|her|their|these|those|any|taking|using|with)"
)
_TABLETS = rf"(?:{_B}\s+)*(?:tablets?|pills?|meds|medicines?|medications?|antivirals?|treatment|nucs?)(?![a-z])"
_VERB = (
    r"(?:stopped|quit(?!e)|discontinued|(?:came|went|taken|been|am|i'm|im)\s+off|"
    r"(?:took|taken|take)\s+(?:me|him|her|us|them)\s+off|weaned\s+off|"
    r"given up|gave up|"
    r"(?:ran|run|running)\s+out(?:\s+of)?|(?:took|had|finished)\s+(?=(?:my|the)\s+last))"
)
_ENGLISH = re.compile(rf"(?<![a-z]){_VERB}(?![a-z])")
_TAKING = re.compile(rf"\s+(?:{_B}\s+)*$")
_OBJECT = re.compile(rf"\s+{_TABLETS}")
_NUMBER_WORDS = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|some|few|about|around)"
_UNNAMED = re.compile(
    rf"(?:\s+(?:it|them|taking\s+(?:it|them)))?\s*(?:$|[.,;!?]|(?:about\s+|around\s+)?(?:\d|{_NUMBER_WORDS}\s)|"
    r"(?:last|this|since|already|now|on my own|by myself|myself|completely|yesterday|recently|because)\b)"
)
_RAN_OUT = re.compile(rf"(?:my|the)\s+{_TABLETS}(?:\s+(?:has|have|had|are|is))?\s+$")
_ABSTAINED = re.compile(
    r"(?:haven'?t|have not|hasn'?t|not)\s+(?:taken|been taking|had|been on)"
    r"(?P<what>[^,.;!?]{1,40}?)"
    r"\s+(?:for|in|since)\s+(?=(?:about|around|over|the last|the past|more than|\d|an?\s|last|"
    r"one|two|three|four|five|six)\b|\d)"
)
_OPEN = re.compile(
    r"\b(?:should|can|could|may|must|would|might|will|to(?!\s*\d)|if|whether|how|why|never|not|don'?t|"
    r"didn'?t|haven'?t|hasn'?t|wasn'?t|almost|nearly|anyone|people|patients?|someone|who|did|does|"
    r"has my|until|before|afraid|worried|unless)\b|\bdo\s"
)
_OWN = re.compile(
    r"\b(?:i|i've|ive|i'm|im|we)(?:\s+(?:have|had|already|just|then|also|actually|recently))*\s*$"
)
_GOING_ON = re.compile(r"\b(?:and|then)(?:\s+(?:i|then|have|just|recently))*\s*$")
_ZH_TIME = r"(?:\d|[一二两三四五六七八九十半几好])"
_ZH_STOP = re.compile(
    r"停药|断药|停服|停用|停掉|停吃|断了药|停了药|停|断|吃完|用完|没(?:有)?(?:再)?吃|不吃"
)
_ZH_DRUG = r"(?<![中压冒糖烧炎疼痛疫降草])药"
_ZH_BEFORE = re.compile(rf"(?:{_ZH_DRUG}|药片)(?:物|片)?(?:也|都|就|已经?|自己|又|刚|全)*$")
_ZH_AFTER = re.compile(r"\s*(?:了|过)?(?:我的?|吃)?(?:乙肝|抗病毒)?的?药")
_ZH_DONE = re.compile(rf"(?:药|服|用|掉|吃)?\s*(?:了|已|有|快)?\s*(?:大概|差不多|约|快)?{_ZH_TIME}")
_ZH_ALREADY = re.compile(
    r"(?:已经?|自己|自行|擅自|私自|上个?月|上周|刚刚?|昨天|前天|去年|今年|[年月周天]前|月份?|后来就?)"
)
_ZH_OPEN = re.compile(
    r"能|可以|可否|要不要|该|需要?|会|想|打算|准备|如果|要是|万一|是否|什么时候|何时|怎么|如何|多久|"
    r"没有?(?!.*[药韦夫定])|没$|没有$|未|不敢|不要|不$|不能|从来|怕|担心|让|叫|建议|别|为什么"
)
_ZH_SUPPOSED = re.compile(
    r"(?:药|用)?(?:了)?(?:后|以后|之后|标准|指征|会|能|行|可以|的话|吗|怎|是|要)"
)
_AGAIN = re.compile(r"restart|started? (?:it |them )?again|back on|重新|恢复|又(?:开始)?吃|复药")
_SPAN = re.compile(
    r"\s?-?(?:个)?(?P<half>半)?\s?(?P<unit>years?|yrs?|年|months?|mos?\b|月|weeks?|wks?|周|星期|礼拜|days?|天|日)"
    r"(?P<more>半)?\s*(?P<ago>ago|前|以前|之前|了)?"
)
_A_SPAN = re.compile(r"(?<![a-z])(?:an?|half a|a few)\s+(?=years?|months?|weeks?|days?)")
_ZH_SPAN = re.compile(r"半(?=个?[年月])|几(?=个?[年月周天星])")
_MONTHS = (("y", 12.0), ("年", 12.0), ("m", 1.0), ("月", 1.0), ("w", 0.23), ("周", 0.23))
_MONTHS_ZH_WEEK = ("星", "礼")
_RECENT_MONTHS = 12.0
_A_WEEK = 0.2
_LAST_YEAR = re.compile(r"last year|去年")
_LONG_AGO = re.compile(
    r"years ago|long ago|as a child|多年前|很久以前|好几年|几年前|前年|小时候|早年"
)


def read_stopping(context: Context) -> Iterator[Fact]:
    """Yield that antiviral tablets were stopped within the last year, or at a time not said."""
    found = [*_english(context), *_chinese(context)]
    named = [f for f in found if f.name == STOPPED]
    yield from (named or found)[:1]


def is_nuc(drug: Term) -> bool:
    """Tell whether a medicine named is a nucleos(t)ide analogue."""
    declared = catalogue().drugs.get(drug.name)
    return drug.name in {"nuc", "tenofovir"} or bool(declared and declared.kind == "nuc")


def _english(context: Context) -> Iterator[Fact]:
    text = context.text
    for match in _ENGLISH.finditer(text):
        low, high = context.clause(match.start(), match.end())
        ahead, after = text[low : match.start()], text[match.end() : high]
        if _OPEN.search(ahead):
            continue
        drug = next((d for d in _drugs(context) if match.end() <= d.start < high), None)
        if drug and _TAKING.fullmatch(text[match.end() : drug.start]):
            if is_nuc(drug):
                yield from _stopped(context, STOPPED, (match.start(), drug.end))
        elif other := _OBJECT.match(after):
            yield from _stopped(context, STOPPED, (match.start(), match.end() + other.end()))
        elif "out" in match[0] and (tablets := _RAN_OUT.search(ahead)):
            yield from _stopped(context, STOPPED, (low + tablets.start(), match.end()))
        elif _UNNAMED.match(after):
            yield from _unnamed(context, match.span(), ahead)
    yield from _abstained(context)


def _abstained(context: Context) -> Iterator[Fact]:
    for match in _ABSTAINED.finditer(context.text):
        ours = any(is_nuc(d) and match.start() <= d.start < match.end() for d in _drugs(context))
        if ours or re.fullmatch(rf"\s+{_TABLETS}", match["what"]):
            yield from _stopped(context, STOPPED, match.span(), least=_A_WEEK)


def _unnamed(context: Context, span: tuple[int, int], ahead: str) -> Iterator[Fact]:
    """Yield a stop without what was stopped, of the medicine that the sentence named before."""
    sentence, _ = context.sentence(span[0])
    before = [d for d in _drugs(context) if sentence <= d.start < span[0]]
    if before and is_nuc(before[-1]) and (_OWN.search(ahead) or _GOING_ON.search(ahead)):
        yield from _stopped(context, STOPPED, span)
    elif not before and _OWN.search(ahead):
        yield from _stopped(context, STOPPED_UNNAMED, span)


def _chinese(context: Context) -> Iterator[Fact]:
    text = context.text
    for match in _ZH_STOP.finditer(text):
        low, high = context.clause(match.start(), match.end())
        ahead, after = text[low : match.start()], text[match.end() : high]
        drugs = [d for d in _drugs(context) if low <= d.start < high]
        if _ZH_OPEN.search(ahead) or (drugs and not all(is_nuc(d) for d in drugs)):
            continue
        generic = "药" in match[0] or _ZH_BEFORE.search(ahead) or _ZH_AFTER.match(after)
        if not generic and not drugs:
            continue
        if not drugs and any(not is_nuc(d) for d in _drugs(context)):
            continue
        finished = after.startswith("了") and not re.match(r"了(?:会|能|行|可以|吗|怎么)", after)
        done = finished or _ZH_DONE.match(after) or _ZH_ALREADY.search(ahead)
        if not done or _ZH_SUPPOSED.match(after):
            continue
        least = _A_WEEK if "吃" in match[0] and match[0][0] == "没" else 0.0
        start = min([match.start(), *(d.start for d in drugs)])
        end = max([match.end(), *(d.end for d in drugs)])
        yield from _stopped(context, STOPPED, (start, end), least=least)


def _drugs(context: Context) -> list[Term]:
    return context.of_kind("drug")


def _stopped(
    context: Context, name: str, span: tuple[int, int], *, least: float = 0.0
) -> Iterator[Fact]:
    low, high = context.clause(*span)
    clause = context.text[low:high]
    months = _months(clause, span[0] - low, span[1] - low)
    dates = [d for d in context.dates if low <= d.start < high]
    if months is None and not dates and (_LONG_AGO.search(clause) or least):
        return
    if months is not None and not least <= months <= _RECENT_MONTHS:
        return
    # Last year may be less than twelve months ago, like a year that is written as a number.
    last_year = "past" if _LAST_YEAR.search(clause) else None
    yield Fact(
        name=name,
        value=True,
        start=span[0],
        end=max(span[1], dates[0].end if dates and dates[0].start >= span[0] else 0),
        when=dates[0].iso if dates else last_year,
        ambiguous=bool(_AGAIN.search(context.text)),
    )


def _months(clause: str, start: int, end: int) -> float | None:
    """Return how long ago it was: what is said to be ago, else the span of time that follows."""
    counted = [(n.start, n.end, float(n.value)) for n in find_numbers(clause)]
    counted += [
        (m.start(), m.end(), 3.0 if "few" in m[0] else 1.0) for m in _A_SPAN.finditer(clause)
    ]
    counted += [
        (m.start(), m.end(), 0.5 if m[0] == "半" else 3.0) for m in _ZH_SPAN.finditer(clause)
    ]
    spans = [
        (begin, value, match)
        for begin, stop, value in sorted(counted)
        if (match := _SPAN.match(clause, stop))
    ]
    ago = [s for s in spans if s[2]["ago"] in {"ago", "前", "以前", "之前"}]
    after = [s for s in spans if s[0] >= start and (s[0] >= end or s[2].end() >= end)]
    chosen = next(iter(ago or after), None)
    if chosen is None:
        return None
    return (chosen[1] + (0.5 if chosen[2]["more"] else 0)) * _unit_months(chosen[2]["unit"])


def _unit_months(unit: str) -> float:
    if unit[0] in _MONTHS_ZH_WEEK:
        return 0.23
    return next((months for first, months in _MONTHS if unit[0] == first), 1 / 30)
