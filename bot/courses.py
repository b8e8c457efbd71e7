"""Courses of interferon: which medicines they are of, and whether one is behind the writer."""

from __future__ import annotations

import re

from bot.context import Context
from bot.dates import span_unit
from bot.numbers import find_numbers
from bot.spans import Term

INTERFERON = {
    "peginterferon",
    "peginterferon_alfa_2a",
    "peginterferon_alfa_2b",
    "interferon",
    "interferon_alfa",
}
_ENDED = re.compile(r"\b(?:finished|completed|ended|went through)\b|打完|做完|结束|完成")
_EVER = re.compile(r"(?<!已经)(?<!已)(?:打|做|用)过")
_ONCE = re.compile(
    r"(?<!have )(?<!'ve )(?<!has )\b(?:finished|completed|"
    r"ended|did|had|done)\b|(?:打|做|用)(?:完|满|够|过)"
)
_GOES_ON = re.compile(
    r"so far|up to now|still|can i stop|should i stop|能停吗|"
    r"可以停|要不要停|continu|extend|longer|go on|继续|延长|还在|再打|目前|现在"
)
_MAY_I_STOP = re.compile(r"\b(?:can|should|may) i (?:now )?stop\b|能停|可以停|要不要停|停还是")
_WHOLE_COURSE = 48


def has_ended(context: Context, drug: Term) -> bool:
    """Tell whether the clause of an interferon tells a number of weeks that is behind the writer."""
    low, high = context.clause(drug.start, drug.end)
    return any(
        is_over(context, (low + n.start, low + n.end))
        for n in find_numbers(context.text[low:high])
        if (counted := span_unit(context.text, low + n.end)) and counted[0] == "week"
    )


def is_over(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether weeks of interferon are those of a whole course that is behind the writer.

    "Completed 24 weeks" may be the present; with an earlier date, or of a whole course, it is not.
    """
    low, high = context.clause(*span)
    clause = context.text[low:high]
    only = all(t.name in INTERFERON for t in context.of_kind("drug"))
    if _GOES_ON.search(context.text) or (only and _MAY_I_STOP.search(context.text)):
        return False
    dated = context.past(*span) or any(low <= d.start < high for d in context.dates)
    weeks = max((n.value for n in find_numbers(context.text[slice(*span)])), default=0)
    once = _EVER.search(clause) or (dated and _ONCE.search(clause))
    return bool(once or (weeks >= _WHOLE_COURSE and _ENDED.search(clause)))
