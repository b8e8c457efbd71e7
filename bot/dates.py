"""Dates and spans of time as written. A date is never completed: a year stays a year."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_WHOLE_MONTH = (
    rf"(?P<month>{'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(?![a-z])"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATE_FORMS = [
    re.compile(
        rf"{_YEAR}\s?[-/.年]\s?(?P<m>\d{{1,2}})(?:\s?[-/.月]\s?(?P<d>\d{{1,2}})(?!\d)\s?[日号]?|\s?月)?"
        r"(?!\d|\.\d|\s?(?:x|×|\*|[mkn]?iu\b|u/|ng|ug|g/|copies|cps|拷贝|coi|s/co|peiu|%))"
    ),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s{_YEAR}"),
    re.compile(rf"{_MONTH}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s(?:of\s)?{_YEAR}"),
    re.compile(rf"(?:(?<=in )|(?<=since )){_YEAR}\b"),
    re.compile(rf"{_YEAR}\s?年"),
    # Without its year: --06, as ISO 8601 once wrote it. The year is not guessed.
    re.compile(
        rf"(?:(?<=in )|(?<=since )|(?<=on )|(?<=from )|(?<=until )){_WHOLE_MONTH}"
        r"(?:\s(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d.]))?(?![a-z])"
    ),
    re.compile(
        r"(?<![\d个.])(?P<m>1[0-2]|0?[1-9])\s?月(?:\s?(?P<d>\d{1,2})\s?[日号]|份)?(?![大龄前内后])"
    ),
]
_UNITS = {
    "year": r"years?|yrs?|年多?|岁",
    "month": r"months?|mos?|个多?月|月",
    "week": r"weeks?|wks?|周|星期|个星期",
    "day": r"days?|天|日",
    "hour": r"hours?|hrs?|小时",
}
_SPAN_UNIT = [
    (unit, re.compile(rf"\s?-?\s?(?:{words})(?![a-z])")) for unit, words in _UNITS.items()
]
_ORDINAL_UNIT = [
    (unit, re.compile(rf"(?<!\d)(?<!\d[\s-])(?:{word})\s?$|第\s?$"))
    for unit, word in (("week", "weeks?"), ("month", "month"))
]


@dataclass(frozen=True, slots=True)
class Date:
    """A date at ``start:end``, as far as it was written: ``2026``, ``2026-05``, whole, or ``--05``."""

    start: int
    end: int
    iso: str


def find_dates(folded: str) -> list[Date]:
    """Return the dates of a folded text.

    Example:
        >>> [d.iso for d in find_dates("alt 86 on 1 may 2026, 2025年3月 40")]
        ['2026-05-01', '2025-03']
    """
    found: list[Date] = []
    for form in _DATE_FORMS:
        for match in form.finditer(folded):
            iso = _iso(match.groupdict())
            if iso and all(match.end() <= d.start or match.start() >= d.end for d in found):
                found.append(Date(match.start(), match.end(), iso))
    return sorted(found, key=lambda date: date.start)


def span_unit(folded: str, end: int) -> tuple[str, int] | None:
    """Return the unit of time written right after ``end`` and where it ends, if there is one."""
    for unit, pattern in _SPAN_UNIT:
        if match := pattern.match(folded, end):
            return unit, match.end()
    return None


def ordinal_unit(folded: str, start: int) -> str | None:
    """Return ``week`` for the number in "week 24", if such a word stands right before ``start``."""
    return next((unit for unit, pattern in _ORDINAL_UNIT if pattern.search(folded[:start])), None)


def _iso(parts: dict[str, str | None]) -> str | None:
    year, day = parts.get("year") or "-", parts.get("d")
    month = parts.get("m") or parts.get("month")
    if month is None:
        return parts.get("year")
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    if not 1 <= number <= 12:  # noqa: PLR2004 - months
        return None
    if day is None:
        return f"{year}-{number:02d}"
    return f"{year}-{number:02d}-{int(day):02d}" if 1 <= int(day) <= 31 else None  # noqa: PLR2004
