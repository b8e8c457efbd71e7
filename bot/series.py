"""Several values of one test in one breath: "5000 in January and 1200 in June", 从5000降到1200."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.context import Context
from bot.dates import Date
from bot.facts import Fact

_DATE = "\x00"
_STEP = (
    r"then|now|later|to|down to|up to|->|→|后来|然后|又|再|之后|现在|降到|降至|降为|升到|升至|到|变成|下降到|上升到|"
    r"涨到|涨至|长到|掉到|跌到|增到|增加到|回升到|反弹到|变为|一路|已经"
)
_GAP = re.compile(
    rf"[\s,，、:：()（）]*(?:(?:and|on|in|at|by|was|is|of|from|after|it|went|dropped|fell|rose|is|是|为|的|"
    rf"{_STEP}|{_DATE})[\s,，、:：()（）]*)*"
)
_TREND = re.compile(rf"(?<![a-z])(?:{_STEP}|from)(?![a-z])|{_DATE}")
# What was before is told behind what is now: "180 from 60", 现在180 以前60.
_BACKWARDS = re.compile(
    r"\bfrom\b|(?:以前|之前|原来|原先|上次|当初|基线|最初|\b(?:previously|before|earlier|baseline|last time))"
    r"\s*(?:是|为|it was|was|is|:|：)*\s*$"
)
_NEAR = 24
_NOW = re.compile(r"\s*(?:now\b|today\b|this week\b|现在|目前|今天)")
_WEEK_NOW = re.compile(r"\bweek \d{1,3}(?![\d.])|第?\d{1,3}周")
_PERSON = "\x01"
_OWNERS = re.compile(
    rf"[\s,，;；、]*(?:and|but|while|whereas|而|但|和)?\s*(?:{_PERSON}|mine|hers|his|theirs)"
    rf"(?:{_PERSON}|[\s:：=]|'s|own|hers|is|was|only|about|的|是|为|只有|才)*"
)


def continues(context: Context, gap: tuple[int, int]) -> bool:
    """Tell whether what stands between two numbers makes them values of the same test in time."""
    between = _with_dates_marked(context, *gap)
    dated_after = any(0 <= d.start - gap[1] <= _NEAR for d in context.moments)
    told = _TREND.search(between) or (dated_after and re.search(r"\band\b|[,，、]", between))
    return bool(_GAP.fullmatch(between) and told)


def belongs_to_another(context: Context, first: int, gap: tuple[int, int]) -> bool:
    """Tell whether the number after a gap is the same test of somebody else: "hers is 90, mine 30".

    ``first`` is where the value before the gap begins.
    """
    marked = list(context.text[gap[0] : gap[1]])
    for term in context.terms:
        if term.kind in {"self", "other", "pronoun"} and gap[0] <= term.start < term.end <= gap[1]:
            low, high = term.start - gap[0], term.end - gap[0]
            marked[low:high] = _PERSON * (high - low)
    return bool(_OWNERS.fullmatch("".join(marked))) and context.whose(first) != context.whose(
        gap[1]
    )


def in_time(context: Context, facts: list[Fact]) -> list[Fact]:
    """Return the values of one test with their dates, or the earlier ones as past.

    As many dates as values belong to them in their order; otherwise only the order is known.
    """
    if len(facts) < 2:  # noqa: PLR2004 - one value is no series
        return facts
    dates = _dates_of(context, facts)
    if len(dates) == len(facts):
        return [replace(fact, when=date.iso) for fact, date in zip(facts, dates, strict=True)]
    if len(dates) == len(facts) - 1 and _NOW.match(context.text, facts[-1].end):
        earlier = [replace(f, when=d.iso) for f, d in zip(facts, dates, strict=False)]
        return [*earlier, facts[-1]]  # "2900 at week 12, and 2750 now"
    between = context.text[facts[0].end : facts[1].start]
    current = 0 if _BACKWARDS.search(between) else len(facts) - 1
    return [fact if i == current else replace(fact, when="past") for i, fact in enumerate(facts)]


def _dates_of(context: Context, facts: list[Fact]) -> list[Date]:
    low, high = context.sentence(facts[0].start)
    high = min(high, facts[-1].end + _NEAR)
    moments = [d for d in context.moments if low <= d.start < high]
    if len(moments) == len(facts):
        return moments
    # "2400 at week 0 on 2026-03-01": a day tells more than the week beside it.
    days = [d for d in moments if d.iso[0].isdigit()]
    return days if len(days) == len(facts) else moments


def _with_dates_marked(context: Context, start: int, end: int) -> str:
    marked = context.text[start:end]
    marked = _WEEK_NOW.sub(lambda match: _DATE.ljust(len(match[0])), marked)
    spoken = [(date.start, date.end) for date in context.moments]
    spoken += [
        (term.start, term.end)
        for term in context.of_kind("past")
        if not any(low < term.end and term.start < high for low, high in spoken)
    ]
    for low, high in sorted(spoken, reverse=True):
        if start <= low and high <= end:
            marked = marked[: low - start] + _DATE + marked[high - start :]
    return marked
