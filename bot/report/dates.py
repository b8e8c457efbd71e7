"""When a sample was taken, as the head or the foot of a report says it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from bot.dates import find_dates
from bot.report.words import load, one_of

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMED = re.compile(rf"(?P<d>\d{{1,2}})[-\s]?(?P<m>{_MONTHS})[a-z]*[-\s,]*(?P<y>(?:19|20)\d\d)")
_BARE = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d{1,3}(?!\d))")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<y>20\d\d)(?!\d)")
_BETWEEN = re.compile(r"[\s:：/|]{0,8}(?:time|date|on|时间|日期)?[\s:：]{0,4}[)）]?[\s:：]{0,6}")
_WHOLE = len("2026-05-01")


@dataclass(frozen=True, slots=True)
class Stated:
    """A date at a place of the text, and what it is the date of."""

    start: int
    of: str
    iso: str


def stated_dates(folded: str, *, today: dt.date) -> list[Stated]:
    """Return the whole dates that a label names; one of the future is no date of a sample."""
    found = []
    for match in _labels()[0].finditer(folded):
        gap = _BETWEEN.match(folded, match.end())
        begin = gap.end() if gap else match.end()
        iso = date_at(folded, begin)
        if iso and iso <= today.isoformat():
            found.append(Stated(match.start(), _labels()[1][re.sub(r"\s+", " ", match[0])], iso))
    return found


def date_for(dates: list[Stated], start: int, first_row: int) -> str | None:
    """Return the date of a row at ``start``: of collection, else of the report, else None.

    Several different dates of one kind belong to several panels: above each if the first stands
    above the first row, otherwise below each.
    """
    for kind in ("collected", "reported"):
        own = [date for date in dates if date.of == kind]
        if len({date.iso for date in own}) == 1:
            return own[0].iso
        if own and own[0].start < first_row:
            above = [date.iso for date in own if date.start < start]
            return above[-1] if above else None
        if own:
            below = [date.iso for date in own if date.start > start]
            return below[0] if below else None
    return None


def lone_date(folded: str, *, today: dt.date) -> str | None:
    """Return the only whole date of a text that no label names, if there is exactly one."""
    labels = _labels()[0]
    taken = []
    for match in labels.finditer(folded):
        gap = _BETWEEN.match(folded, match.end())
        taken.append(gap.end() if gap else match.end())
    found = {
        date.iso
        for date in find_dates(folded)
        if len(date.iso) == _WHOLE and not any(abs(date.start - at) <= 1 for at in taken)
    }
    only = found.pop() if len(found) == 1 else None
    return only if only and _valid(only) and only <= today.isoformat() else None


def only_date(line: str, *, today: dt.date) -> str | None:
    """Return the one date that a row itself prints, as far as it is written; else None."""
    found = {
        date.iso
        for date in find_dates(line)
        if _valid(date.iso) or "年" in line[date.start : date.end]
    }
    only = found.pop() if len(found) == 1 else None
    return only if only and only <= today.isoformat() else None


def date_at(folded: str, start: int) -> str | None:
    """Return the whole date written at a place; a day that could be a month is no date.

    Example:
        >>> date_at("2026-05-01 08:12", 0), date_at("25/05/2026", 0), date_at("04/05/2026", 0)
        ('2026-05-01', '2026-05-25', None)
    """
    piece = folded[start : start + 24]
    for date in find_dates(piece):
        if date.start <= 1 and len(date.iso) == _WHOLE:
            return _valid(date.iso)
    if match := _NAMED.match(piece):
        month = _MONTHS.split("|").index(match["m"]) + 1
        return _valid(f"{match['y']}-{month:02d}-{int(match['d']):02d}")
    if match := _BARE.match(piece):
        return _valid(f"{match['y']}-{match['m']}-{match['d']}")
    if match := _DAY_FIRST.match(piece):
        first, second = int(match["a"]), int(match["b"])
        read = {
            _valid(f"{match['y']}-{m:02d}-{d:02d}") for d, m in {(first, second), (second, first)}
        }
        read.discard(None)
        return read.pop() if len(read) == 1 else None
    return None


def _valid(iso: str) -> str | None:
    try:
        return dt.date.fromisoformat(iso).isoformat()
    except ValueError:
        return None


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {str(word): kind for kind, found in load("words")["dates"].items() for word in found}
    return one_of(list(kinds)), kinds
