"""Dates and spans of time as written. A date is never completed: a year stays a year."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_WHOLE_MONTH = (
    rf"(?P<month>{'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(?![a-z])"
)
_YEAR = r"(?P<year>19\d\d|20[0-3]\d)"
# What a value follows, so that 2017.6 behind it is no June: 表面抗原2017.6, "hbsag 2017.6".
_VALUE_FOLLOWS = re.compile(
    r"(?:抗原|抗体|定量|数值|滴度|[值量]|hbsag|hbeag|qhbsag|dna|antigen)\s?[:：是为]?\s?$"
)
_DATE_FORMS = [
    re.compile(
        rf"{_YEAR}\s?[-/.年]\s?(?P<m>\d{{1,2}})(?:\s?[-/.月]\s?(?P<d>\d{{1,2}})(?!\d)\s?[日号]?|\s?月)?"
        r"(?!\d|\.\d|\s?(?:x|×|\*|[mkn]?iu\b|u/|ng|ug|g/|copies|cps|拷贝|coi|s/co|peiu|%))"
    ),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s{_YEAR}"),
    re.compile(rf"{_MONTH}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s(?:of\s)?{_YEAR}"),
    re.compile(rf"(?:(?<=in )|(?<=since )){_YEAR}\b"),
    # "The DNA was from 2019", but not "from 2019 to 800".
    re.compile(rf"(?<=from ){_YEAR}\b(?!\s?(?:to\b|down|up\b|iu|u/|copies|cps|->|→|-|[.,]\d))"),
    re.compile(rf"{_YEAR}\s?年"),
    # A year as the heading of a result: "2018 ALT 34, 2020 ALT 60".
    re.compile(
        rf"(?:(?<=[,;:，。；\n]\s)|(?<=[,;，。；\n])|(?<=and\s)|^){_YEAR}(?=\s?[:：]?\s?"
        r"(?:alt|ast|sgpt|sgot|gpt|got|dna|hbv|hbsag|hbeag|viral|vl|转氨酶|谷丙|谷草|病毒|表面|e抗原|肝功|大三阳|小三阳))"
    ),
    # A year beside a result: "hbsag pos 2011", "dna 2011 = 6.1 log", ", 2015 = 2,900".
    re.compile(
        rf"(?:(?<=pos )|(?<=positive )|(?<=neg )|(?<=negative )|(?<=reactive )|(?<=detected )){_YEAR}"
        r"(?=\s?(?:$|[,.;，。；)]))"
    ),
    re.compile(rf"(?<![\d.,]){_YEAR}(?=\s?[=:]\s?[<>]?\s?(?:\d|not |un|neg|pos))"),
    # 02年查出: a year in two digits.
    re.compile(r"(?<!\d)(?P<short>[089]\d)年(?=就?(?:查|发现|体检|检查|确诊|得|开始|打|出生))"),
    # Without its year: --06, as ISO 8601 once wrote it. The year is not guessed.
    re.compile(
        rf"(?:(?<=in )|(?<=since )|(?<=on )|(?<=from )|(?<=until )){_WHOLE_MONTH}"
        r"(?:\s(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d.]))?(?![a-z])"
    ),
    re.compile(
        r"(?<![\d个.])(?P<m>1[0-2]|0?[1-9])\s?月(?:\s?(?P<d>\d{1,2})\s?[日号]|份)?(?![大龄前内后])"
    ),
]
_MONTH_LONG = len("2017-06")
_UNITS = {
    "year": (r"years?|yrs?", r"[多几余来]?年多?|岁"),
    "month": (r"months?|mos?", r"个半?多?月|多个月|月"),
    "week": (r"weeks?|wks?", r"周|星期|个星期|个多星期|个礼拜|礼拜"),
    "day": (r"days?", r"天|日"),
    "hour": (r"hours?|hrs?", r"小时"),
}
_SPAN_UNIT = [
    (unit, re.compile(rf"(?:\sand a half)?\s?-?\s?(?:(?:{latin})(?![a-z])|{other})"))
    for unit, (latin, other) in _UNITS.items()
]
_ORDINAL_UNIT = [
    (unit, re.compile(rf"(?<!\d)(?<!\d[\s-])(?<![a-z])(?:{word})\s?$"))
    for unit, word in (("week", "weeks?|wks?"), ("month", "month"))
]
_ORDINAL = re.compile(r"第\s?$")
_HALF_MORE = re.compile(r"半(?!个|年)|\s+and a half")
_HALF_INSIDE = re.compile(r"[\s-]*(?:and a half|个半)")


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
            year_and_month = (
                match.re is _DATE_FORMS[0] and "." in match[0] and len(iso or "") == _MONTH_LONG
            )
            if year_and_month and _VALUE_FOLLOWS.search(folded[: match.start()]):
                continue
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


def is_numbered(folded: str, start: int) -> bool:
    """Tell whether a number is one of a row: "week 24", 第12周."""
    return ordinal_unit(folded, start) is not None or bool(_ORDINAL.search(folded[:start]))


def half_more(folded: str, start: int, end: int) -> int:
    """Return where the half ends that is added to so much time (一年半, 三个半月); 0 if none is.

    ``start`` is the end of the number, ``end`` that of its unit.
    """
    if _HALF_INSIDE.match(folded, start):
        return end
    match = _HALF_MORE.match(folded, end)
    return match.end() if match else 0


def _iso(parts: dict[str, str | None]) -> str | None:
    year, day = parts.get("year") or "-", parts.get("d")
    month = parts.get("m") or parts.get("month")
    if short := parts.get("short"):
        return f"{'19' if short >= '80' else '20'}{short}"
    if month is None:
        return parts.get("year")
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    if not 1 <= number <= 12:  # noqa: PLR2004 - months
        return None
    if day is None:
        return f"{year}-{number:02d}"
    return f"{year}-{number:02d}-{int(day):02d}" if 1 <= int(day) <= 31 else None  # noqa: PLR2004
