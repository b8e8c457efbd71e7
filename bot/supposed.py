"""Signs of danger that nobody has: supposed for one day, read or learnt about, or long over."""

from __future__ import annotations

import re

from bot.context import Context
from bot.polarity import is_lately, pattern_of
from bot.spans import Term

# 黄疸吗这算; "can entecavir make poop black".
_IS_IT = re.compile(r"\s*(?:吗|么)\s*(?:这|那|算|呀|啊|[?？]|$)")
_CAN_IT = re.compile(
    r"^\s*(?:so\s|and\s|hi\s)?(?:can|could|does|do|may|might|will|would)\s[a-z ]{2,30}?\s"
    r"(?:make|makes|turn|cause|give|ever cause|lead to)\s|\bdifference between\s"
)
_OWN = re.compile(r"\b(?:my|i|me|his|her|i'm|i've)\b")


def is_supposed(context: Context, term: Term) -> bool:
    """Tell whether a sign is only one that may come: "if one day …", "stools may turn black", 考试要用.

    Where the words speak of these days, or of the writer, it counts.
    """
    if is_lately(context, term):
        return False
    if pattern_of("for_study").search(context.text):
        return True
    low, _ = context.sentence(term.start)
    ahead, said = context.text[low : term.start], context.text[term.start : term.end]
    if pattern_of("one_day").search(ahead):
        return True
    can_come = pattern_of("can_come").search(said) and not pattern_of("own_words").search(ahead)
    leaflets = list(pattern_of("leaflet").finditer(ahead))
    between = ahead[leaflets[-1].end() :] if leaflets else ""
    read = bool(leaflets) and not pattern_of("own_words").search(between)
    after = context.text[term.end :]
    asked = _IS_IT.match(after) and not pattern_of("own_words").search(ahead)
    opened = _CAN_IT.search(ahead) and not _OWN.search(ahead)
    return bool(can_come or read or asked or opened)


def is_long_over(context: Context, term: Term) -> bool:
    """Tell whether words after a sign say that it is over, and others that it was some time ago."""
    low, _ = context.sentence(term.start)
    after = context.text[term.end :]
    over = pattern_of("long_over").search(after)
    if over is None or is_lately(context, term):
        return False
    stop = term.end + over.end()
    past = [*(word.start for word in context.of_kind("past")), *(d.start for d in context.dates)]
    return any(low <= place < stop for place in past)
