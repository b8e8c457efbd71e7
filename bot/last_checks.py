"""When the last ultrasound or stiffness test was: "my last ultrasound was 14 months ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.dates import span_unit
from bot.facts import Fact
from bot.numbers import Number

# The test, as it is named, and the fact that says when it was done last.
_LAST = {"liver_imaging": "last_liver_imaging", "liver_stiffness": "last_liver_stiffness"}
_LAST_TIME = re.compile(r"\b(?:last|latest|most recent)\b|上次|上一次|最近一次|最后一次")
_AGO = re.compile(r"\s*(?:ago\b|以?前|之前)")
_WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def read_last_checks(
    context: Context, numbers: list[Number]
) -> Iterator[tuple[Fact, Number | None]]:
    """Yield when a test was last done, as a day or as so much time ago, with its number."""
    for term in context.of_kind("analyte"):
        low, high = context.clause(term.start, term.end)
        if term.name not in _LAST or not _LAST_TIME.search(context.text[low:high]):
            continue
        for day in context.dates:
            if low <= day.start < high and _WHOLE_DATE.fullmatch(day.iso):
                start, end = min(term.start, day.start), max(term.end, day.end)
                yield Fact(name=_LAST[term.name], value=day.iso, start=start, end=end), None
        for number in numbers:
            counted = span_unit(context.text, number.end)
            if counted is None or not low <= number.start < high:
                continue
            if ago := _AGO.match(context.text, counted[1]):
                start, end = min(term.start, number.start), max(term.end, ago.end())
                name, unit = _LAST[term.name], counted[0]
                yield Fact(name=name, value=number.value, unit=unit, start=start, end=end), number
