"""Results told by the week of treatment: "week 0: 5200, week 12: 1300", 打干扰素12周时900.

"Week 24 of interferon" is where the writer is now; "at week 24 it was 640" is when a result was
taken. A number of weeks is read as the second only if its words say so, or if there are several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dates import Date
from bot.numbers import chinese_value
from bot.spans import Term

AT_START = "start"
_INTERFERON = r"(?:peg)?interferon|pegasys|pegintron|ifn|injections?|干扰素|派罗欣|派格宾|长效|打针"
_COURSE = r"treatment|therapy|medication|medicine|tablets|pills"
_EN_BEFORE = r"before (?:i )?(?:(?:the|my|any|starting|started|taking|using|going on|on) )*"
AT_THE_START = (
    rf"(?:{_EN_BEFORE}(?:{_COURSE}|{_INTERFERON})|pre-?treatment|"
    r"at (?:the )?(?:very )?(?:start|beginning|baseline)|baseline|initially|"
    r"(?:开始)?(?:治疗|用药|打针|干扰素|派罗欣|派格宾|长效)(?:治疗)?(?:之|以)?前(?!列)|(?<!目)基线|"
    r"一?开始时|刚开始|一开始|最初|起初)"
)
_START = re.compile(AT_THE_START)
_OF_INTERFERON = re.compile(_INTERFERON)
_N = r"(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,4})"
_FORMS = (
    re.compile(
        r"(?P<at>\b(?:at|by)\s+)?(?:\b(?:in|on|after)\s+)?(?:treatment\s+)?"
        r"\b(?:week|wk)\.?\s?(?P<n>\d{1,3})(?![\d.]*\d)"
    ),
    re.compile(r"(?P<at>\b(?:at|by)\s+)?(?<![\d.])(?P<n>\d{1,3})[\s-]?(?:weeks?|wks?)(?![a-z])"),
    re.compile(r"(?<![a-z])w(?P<n>\d{1,2})(?![\d.]*\d)"),
    re.compile(rf"(?<![\d.])第?{_N}\s?(?:周|个星期)(?P<at>时|的?时候|末)?"),
)
_NOT_OF_TREATMENT = re.compile(
    r"(?:pregnan\w*|gestation|(?<![避备])孕|妊娠|怀了?)[^\d,.;，。；]{0,8}$"
)
_NOT_OF_TREATMENT_AFTER = re.compile(
    r"\s*(?:\+\s?\d|ago\b|以?前|之前|大|of age|olds?\b|"
    r"(?:(?:in|into|of) (?:my |the |a )?)?(?:pregnan|gestation)|的?身?孕)"
)
# Words that make a week the present one.
_NOW = re.compile(
    r"(?:\b(?:i'm|im|i am|now|currently|on|am)\s+(?:on |in |at )?(?:my )?|"
    r"(?:现在|目前|已经?|打|用|治疗)(?:了|满|到|够|在|是)*)$"
)
_NOW_AFTER = re.compile(r"\s*(?:now\b|so far|of (?:the )?\d|了)|\s*(?:of|on|into)\s+(?:my )?[a-z]")
_OF_A_DRUG = re.compile(r"\s*(?:of|on|into)\s+(?:the |my )?$")
_RIGHT_AFTER = re.compile(r"(?:\s|已经?|快|第|了|有|治疗|for|at|on|in|,(?=\s*week))*")
_ITS_VALUE = re.compile(r"[\s:：=（(，,]{0,3}(?:(?:it )?(?:was|is)|是|为|的)?\s*[<>~≤≥]?\s*\.?\d")
_AFTER_ITS_VALUE = re.compile(r"\d[\s\d,.]*(?:[km]?iu/ml|copies/ml|u/l)?[\s（(]*$")
# The week as a heading: its results follow.
_HEADING = re.compile(r"\s?[:：]\s*[a-z<>~\d\u3400-\u9fff]")
_SEVERAL = 2
_NEAR = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of weeks in a text: ``said`` if its words alone place a result there."""

    date: Date
    said: bool
    now: bool


def find_weeks(folded: str, terms: list[Term]) -> tuple[Date, ...]:
    """Return when results were taken, as far as it is told by weeks of treatment.

    The ``iso`` of such a date is ``week 12``, or ``start`` for what was before the treatment.

    Example:
        >>> [d.iso for d in find_weeks("hbsag week 0: 5200, week 12: 1300", [])]
        ['week 0', 'week 12']
    """
    found = list(_weeks(folded, terms))
    starts = [Date(m.start(), m.end(), start_of(m[0])) for m in _START.finditer(folded)]
    free = [f for f in found if not f.now]
    several = len({f.date.iso for f in free} | {s.iso for s in starts}) >= _SEVERAL
    chosen = [f.date for f in free if f.said or (several and _has_value(folded, f.date, terms))]
    return tuple(sorted([*starts, *chosen], key=lambda date: date.start))


def start_of(words: str) -> str:
    """Return ``week 0`` for words that say before interferon, ``start`` before some treatment."""
    return "week 0" if _OF_INTERFERON.search(words) else AT_START


def _weeks(folded: str, terms: list[Term]) -> Iterator[_Found]:
    taken: list[Date] = []
    for form in _FORMS:
        for match in form.finditer(folded):
            if any(match.start() < t.end and t.start < match.end() for t in taken):
                continue
            head = folded[: match.start()]
            if _NOT_OF_TREATMENT.search(head) or _NOT_OF_TREATMENT_AFTER.match(folded, match.end()):
                continue
            written = match["n"]
            number = int(written) if written.isdigit() else chinese_value(written)
            if number is None:
                continue
            date = Date(match.start(), match.end(), f"week {number:g}")
            taken.append(date)
            said = bool(match.groupdict().get("at") or _HEADING.match(folded, match.end()))
            now = not said and _is_now(folded, date, terms)
            yield _Found(date, said, now)


def _is_now(folded: str, week: Date, terms: list[Term]) -> bool:
    drugs = [t for t in terms if t.kind == "drug"]
    before = any(
        _RIGHT_AFTER.fullmatch(folded, t.end, week.start) for t in drugs if t.end <= week.start
    )
    after = any(
        _OF_A_DRUG.fullmatch(folded, week.end, t.start) for t in drugs if t.start >= week.end
    )
    return bool(
        before
        or after
        or any(t.start == week.end for t in drugs)
        or _NOW.search(folded[: week.start])
        or _NOW_AFTER.match(folded, week.end)
    )


def _has_value(folded: str, week: Date, terms: list[Term]) -> bool:
    """Tell whether a number or a test stands right beside a week."""
    tests = [t for t in terms if t.kind == "analyte"]
    gaps = [gap for t in tests for gap in (t.start - week.end, week.start - t.end)]
    beside = any(0 <= gap <= _NEAR for gap in gaps)
    return bool(
        beside
        or _ITS_VALUE.match(folded, week.end)
        or _AFTER_ITS_VALUE.search(folded[: week.start])
    )
