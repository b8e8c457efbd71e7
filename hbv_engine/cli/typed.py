"""What a person types as a value: number, comparator, unit, limit and date, in both scripts.

``86 U/L`` · ``2.3e7 IU/mL`` · ``2.3×10⁷`` · ``<20 IU/mL`` · ``62 U/L (upper limit 40)`` ·
``１２３万 IU/mL`` · ``第24周`` · ``1362.45 IU/mL 2026-05-01``

A unit is never filled in, and a comma is only a separator of thousands.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from hbv_engine.cli.units import find_unit
from hbv_engine.errors import DateError, WrongTypeError

_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOOKALIKE: Final = str.maketrans(
    {"，": ",", "、": ",", "＜": "<", "〈": "<", "≤": "<=", "≦": "<=", "＞": ">",
     "〉": ">", "≥": ">=", "≧": ">=", "－": "-", "–": "-", "—": "-", "−": "-",
     "～": "~", "（": "(", "）": ")", "。": ".", "：": ":", "µ": "u", "μ": "u",
     "×": "x", "✕": "x", "·": "*", "∗": "*"}
)  # fmt: skip
_WORDS: Final = (
    (r"小于等于|不超过|at most|up to", "<="), (r"大于等于|不少于|at least", ">="),
    (r"小于|低于|少于|不到|less than|below|under", "<"),
    (r"大于|高于|超过|more than|above|over", ">"),
    (r"大约|大概|约|about|around|approximately", "~"),
)  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?P<comparator><=|>=|<|>|~|=)?\s*"
    r"(?:10\s*(?:\^|的)\s*(?P<bare>-?\d+)(?:次方)?"
    r"|(?P<mantissa>-?\d[\d,]*\.?\d*|\.\d+)"
    r"(?:\s*(?:e\s*(?P<e>[+-]?\d+)|(?:[x*]|乘以?)\s*10\s*(?:\^|的|e)?\s*(?P<power>-?\d+)(?:次方)?))?)"
    r"\s*(?P<scale>[万亿]|million\b|thousand\b)?",
    re.IGNORECASE,
)
_SCALES: Final = {"万": 1e4, "亿": 1e8, "million": 1e6, "thousand": 1e3}
_LIMIT_WORD: Final = (
    r"(?:upper\s*limit(?:\s*of\s*normal)?|limit|uln|ref(?:erence)?(?:\s*(?:range|interval))?|normal"
    r"|range|参考值?范围|参考上限|正常值?范围|正常上限|参考值?|正常值?|上限)"
)
_LIMIT: Final = re.compile(
    rf"[(,;]?\s*(?P<word>{_LIMIT_WORD})?\s*(?:is|was|[:=是为])?\s*"
    r"(?:(?P<low>\d+(?:\.\d+)?)\s*(?:-|~|to|至|到)\s*)?[<≤]?=?\s*(?P<high>\d+(?:\.\d+)?)"
    r"[^()\d]*\)?\s*$",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?(?![\d.])"
)
_MONTH: Final = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s*[-/.年]\s*(?P<month>\d{1,2})月?(?P<day>)(?![\d.])"
)
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as typed; ``unit`` is None if none was written, or not one that is known.

    ``low`` and ``high`` are the limits printed beside it, ``date`` the day that was given.
    """

    value: float
    comparator: str = "="
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    date: dt.date | None = None


def plain(text: str) -> str:
    """Return a text with full-width characters, superscripts and signs in their plain form."""
    text = re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: "10^" + m.group(1).translate(_SUPERSCRIPT), text)
    text = text.translate(_LOOKALIKE)
    return unicodedata.normalize("NFKC", text).translate(_LOOKALIKE).strip()


def read_quantity(text: str, units: tuple[str, ...], *, limits: bool = False) -> Quantity:
    """Return the quantity that a text states.

    ``units`` are the accepted units; ``limits`` also reads the limit printed beside the number.

    Raises:
        WrongTypeError: there is no number, more than one, or a comma that could mean two things.
        DateError: a day that does not exist.
    """
    rest, date = take_date(plain(text))
    rest, low, high = _take_limit(rest) if limits else (rest, None, None)
    rest, unit = find_unit(rest, units)
    for pattern, sign in _WORDS:
        rest = re.sub(pattern, sign, rest, flags=re.IGNORECASE)
    found = list(_NUMBER.finditer(rest))
    if len(found) != 1:
        _refuse(text, "There is no number in this." if not found else "There are several numbers.")
    leftover = (rest[: found[0].start()] + rest[found[0].end() :]).strip(" .,:;()")
    if unit is None and re.search(r"[^\W\d_]|%", leftover):
        unit = leftover
    return Quantity(_value(found[0], text), found[0]["comparator"] or "=", unit, low, high, date)


def _value(match: re.Match[str], text: str) -> float:
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
    if match["bare"]:
        return float(f"1e{match['bare']}") * scale
    digits = match["mantissa"]
    if "," in digits:
        if not _THOUSANDS.match(digits):
            _refuse(text, "A comma could mean two things here.")
        digits = digits.replace(",", "")
    exponent = match["e"] or match["power"] or "0"
    return float(f"{digits}e{exponent}") * scale


def _refuse(text: str, message: str) -> None:
    raise WrongTypeError(
        message,
        value=text,
        accepted="one number with its unit, such as 86 U/L, 2.3e7 IU/mL or <20 IU/mL",
        remedy="Write it as printed on the report; use a point for decimals.",
    )


def _take_limit(text: str) -> tuple[str, float | None, float | None]:
    """Return the text without the limit printed after the number, and the limit."""
    words = re.finditer(_LIMIT_WORD, text, re.IGNORECASE)
    for start in (text.find("("), *(match.start() for match in words)):
        if start <= 0:
            continue
        match = _LIMIT.match(text[start:])
        if match:
            low = float(match["low"]) if match["low"] else None
            return text[:start].rstrip(" ,;"), low, float(match["high"])
    return text, None, None


def take_date(text: str, *, months: bool = False) -> tuple[str, dt.date | None]:
    """Return the text without the day in it, and the day.

    ``months`` also takes a month alone, which then counts from its first day; beside a number that
    would be a guess, because 2026.5 may be a result.

    Raises:
        DateError: the day does not exist.
    """
    match = _DAY.search(text) or (_MONTH.search(text) if months else None)
    if not match:
        return text, None
    try:
        day = dt.date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        raise DateError(
            f"There is no day {match.group()!r}.",
            value=match.group(),
            accepted="a day such as 2026-05-01, or a month such as 2026-05",
            remedy="Check the order of year, month and day.",
        ) from None
    rest = text[: match.start()] + " " + text[match.end() :]
    return re.sub(r"\b(on|of|from|in)\s*$|^\s*于", "", rest.strip()).strip(), day
