"""Signs of danger that nobody has: supposed for one day, read or learnt about, or long over."""

from __future__ import annotations

import re
from datetime import date

from bot.context import Context
from bot.polarity import asks, is_lately, pattern_of
from bot.spans import Term

# What is said of an end of one's life is never only supposed: "if one day I am gone", 哪天跳下去算了.
_NEVER_SUPPOSED = "suicidal_thoughts"
_LONG_AGO_MONTHS = 2
# 黄疸吗这算; "can entecavir make poop black".
_IS_IT = re.compile(r"\s*(?:吗|么)\s*(?:这|那|算|呀|啊|[?？]|$)")
_CAN_IT = re.compile(
    r"^\s*(?:so\s|and\s|hi\s)?(?:can|could|does|do|may|might|will|would)\s[a-z ]{2,30}?\s"
    r"(?:make|makes|turn|cause|give|ever cause|lead to)\s|\bdifference between\s"
)
_OWN = re.compile(r"\b(?:my|i|me|his|her|i'm|i've)\b")
_ANYBODYS = re.compile(r"\b(?:my|i|me|his|her|he|she|our|we|i'm|i've)\b|[我他她]")
# Of that sign only a leaflet that is said to write of it: "the leaflet talks about suicide".
_WRITES_OF = re.compile(
    r"(?:leaflet|insert|说明书)[^，。,.;!?我]{0,24}?(?:talks? about|mentions?|lists?|写|提到|列)[^，。,.;!?我]{0,12}$"
)


def is_supposed(context: Context, term: Term) -> bool:
    """Tell whether a sign is only one that may come: "if one day …", "stools may turn black", 考试要用.

    Where the words speak of these days, of the writer or of somebody, it counts.
    """
    low, _ = context.sentence(term.start)
    ahead, said = context.text[low : term.start], context.text[term.start : term.end]
    if is_lately(context, term):
        return False
    if term.name == _NEVER_SUPPOSED:
        return bool(_WRITES_OF.search(ahead))
    if pattern_of("one_day").search(ahead) or _is_studied(context, term):
        return True
    if pattern_of("own_words").search(ahead) or context.subject(term.start)[0] is not None:
        leaflets = list(pattern_of("leaflet").finditer(ahead))
        between = ahead[leaflets[-1].end() :] if leaflets else ""
        return bool(leaflets) and not pattern_of("own_words").search(between)
    can_come = pattern_of("can_come").search(said) or pattern_of("leaflet").search(ahead)
    asked = _IS_IT.match(context.text[term.end :])
    return bool(can_come or asked or (_CAN_IT.search(ahead) and not _OWN.search(ahead)))


def _is_studied(context: Context, term: Term) -> bool:
    """Tell whether a clause asks about a sign in general, and the message says that it is a lesson."""
    low, high = context.clause(term.start, term.end)
    clause = context.text[low:high]
    lesson = pattern_of("for_study").search(context.text)
    anybody = _ANYBODYS.search(clause) or context.subject(term.start)[0] is not None
    return bool(lesson) and asks(clause) and not anybody


def is_long_over(context: Context, term: Term) -> bool:
    """Tell whether words after a sign say that it is over, and others that it was long ago."""
    low, _ = context.sentence(term.start)
    over = pattern_of("long_over").search(context.text[term.end :])
    if over is None or is_lately(context, term):
        return False
    stop = term.end + over.end()
    past = [
        word.start
        for word in context.of_kind("past")
        if not pattern_of("recent_past").fullmatch(context.text[word.start : word.end])
    ]
    past += [day.start for day in context.dates if _is_long_ago(day.iso)]
    return any(low <= place < stop for place in past)


def _is_long_ago(iso: str) -> bool:
    """Tell whether a date, as far as it was written, is surely months away."""
    today = date.today()  # noqa: DTZ011 - the day where we are
    written = re.fullmatch(r"(?P<year>\d{4}|-)(?:-(?P<month>\d\d))?(?:-\d\d)?", iso)
    if written is None:
        return False
    month = int(written["month"] or 12)
    if written["year"] == "-":  # the last such month
        return (today.month - month) % 12 >= _LONG_AGO_MONTHS
    return (today.year - int(written["year"])) * 12 + today.month - month >= _LONG_AGO_MONTHS
