"""A folded line of a report cut into what it prints: names, numbers, limits, units, words, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.dates import find_dates
from bot.labs import unit_at
from bot.numbers import Number, find_numbers
from bot.report.names import beside_pattern, name_pattern
from bot.report.words import CJK, listed

Kind = Literal[
    "name",
    "text",
    "beside",
    "number",
    "limit",
    "range",
    "unit",
    "odd_unit",
    "word",
    "flag",
    "reference",
    "date",
    "unreadable",
]
VALUES = {"number", "limit", "range", "word", "unreadable"}
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_POWER = (
    r"(?:\s?[x×*·✕]\s?10\s?(?:(?:\^|\*\*|e|的)\s?[+-]?\d{1,2}(?:次方)?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d(?![\d/]))"
    r"|\s?e\s?[+-]?\d{1,2}(?![\d/]))"
)
_NUMBER = re.compile(rf"{_PLAIN}{_POWER}?(?!\d|[.,]\d)")
_BARE = re.compile(rf"{_PLAIN}(?!\d|[.,]\d)")
_RANGE = re.compile(
    rf"[(（\[【]?\s?(?P<low>{_PLAIN}{_POWER}?)\s?(?:--?|~|至|to|\.\.)\s?"
    rf"(?P<high>{_PLAIN}{_POWER}?)(?![\d-]|[.,]\d)(?:\s?[)）\]】])?"
)
_COMPARATOR = re.compile(r"(?:<=|>=|=<|=>|≤|≥|⩽|⩾|<|>|&lt;|&gt;|小于等于|大于等于|小于|大于)\s?")
_SIGNS = {"≤": "<=", "⩽": "<=", "=<": "<=", "小于等于": "<=", "≥": ">=", "⩾": ">=", "=>": ">="}
_SIGNS |= {"大于等于": ">=", "&lt;": "<", "小于": "<", "&gt;": ">", "大于": ">"}
_EITHER = re.compile(r"[(（]?\s?(?:\+\s?/?\s?-|-\s?/?\s?\+)\s?[)）]?")
_PLUS = re.compile(r"[(（]\s?\++\s?[)）]|(?<!\d)\++(?![\d-])")
_MINUS = re.compile(r"[(（]\s?-\s?[)）]|(?<![^\s|:：])-(?=\s*(?:$|\||\t|\s\s|\s[^\d\s.]))")
_ODD_UNIT = re.compile(r"(?:[a-z%‰]+\d*|10[\^*]?\d+)(?:\s?/\s?[a-z\d.^²³]+)+(?![a-z])")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?!\d)")
_TEXT = re.compile(rf"[^\W\d_{CJK}]+(?:[-'’.]?[^\W_{CJK}]+)*%?|[{CJK}]+[a-z]?|#")
_CODE = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One printed thing at ``start:end``. ``low`` and ``high`` close a range or a limit."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    number: Number | None = None
    high: Number | None = None


def cut(folded: str, raw: str) -> list[Token]:
    """Return the tokens of a folded line; ``raw`` is the same line as printed.

    Example:
        >>> [t.kind for t in cut("alt 62 u/l 9-50", "ALT 62 U/L 9-50")]
        ['name', 'number', 'unit', 'range']
    """
    return list(_Cutter(folded, raw).cut())


class _Cutter:
    """Reads a line from left to right; what was printed before decides what may come next."""

    def __init__(self, folded: str, raw: str) -> None:
        self.folded = folded
        self.raw = raw
        self.dates = {
            d.start: d.end
            for d in find_dates(folded)
            if len(d.iso) == len("2026-05-01") or "年" in folded[d.start : d.end]
        }
        self.dates |= {m.start(): m.end() for m in _TIME.finditer(folded)}
        self.before: Kind | None = None
        self.valued = False

    def cut(self) -> Iterator[Token]:
        at = 0
        while at < len(self.folded):
            token = None if self.folded[at].isspace() else self._token(at)
            if token is None:
                at += 1
                continue
            yield token
            at = token.end
            self.before = token.kind
            self.valued = token.kind in VALUES or (
                self.valued and token.kind not in {"name", "text"}
            )

    def _token(self, at: int) -> Token | None:
        if at in self.dates:
            return Token("date", at, self.dates[at])
        return self._unit(at) or self._word(at) or self._named(at) or self._quantity(at)

    def _unit(self, at: int) -> Token | None:
        unit, end = unit_at(self.folded, at)
        if unit is not None and (at == 0 or not self._letter(at - 1)):
            return Token("unit", at, end, unit)
        if self.before in {"number", "limit"} and (odd := _ODD_UNIT.match(self.folded, at)):
            return Token("odd_unit", at, odd.end(), odd[0])
        if self.before in {"number", "limit"} and (
            odd := listed("other_units", whole=True).match(self.folded, at)
        ):
            return Token("odd_unit", at, odd.end(), odd[0])
        return None

    def _word(self, at: int) -> Token | None:
        for word in ("neither", "negative", "positive"):
            if match := listed(word, whole=True).match(self.folded, at):
                return Token("word", at, match.end(), word)
        if match := listed("reference").match(self.folded, at):
            followed = re.match(r"[\s:：=)）]*[\d<>≤≥.(（\[阴n]", self.folded[match.end() :])
            if followed:
                return Token("reference", at, match.end())
        arrow = not self.folded[at].isalnum()
        if (arrow or self.valued) and (match := listed("flags", whole=True).match(self.folded, at)):
            return Token("flag", at, match.end(), match[0])
        if match := _EITHER.match(self.folded, at):
            return Token("word", at, match.end(), "neither")
        if match := _PLUS.match(self.folded, at):
            return Token("word", at, match.end(), "positive")
        if (match := _MINUS.match(self.folded, at)) and "-" in self.raw[at : match.end()]:
            return Token("word", at, match.end(), "negative")
        return None

    def _named(self, at: int) -> Token | None:
        if match := name_pattern().match(self.folded, at):
            return Token("name", at, match.end(), match[0])
        if match := beside_pattern().match(self.folded, at):
            return Token("beside", at, match.end())
        if self._number_at(at) is None and (match := _TEXT.match(self.folded, at)):
            return Token("text", at, match.end(), match[0])
        return None

    def _quantity(self, at: int) -> Token | None:
        if match := _RANGE.match(self.folded, at):
            low, high = _parse(match["low"]), _parse(match["high"])
            if low and high:
                return Token("range", at, match.end(), match[0], low, high)
        sign = _COMPARATOR.match(self.folded, at)
        if sign and (found := self._number_at(sign.end())):
            number, end = found
            text = sign[0].strip()
            limit = Number(at, end, sign.end(), number.value, _SIGNS.get(text, text))
            return Token("limit", at, end, self.folded[at:end], limit)
        if found := self._number_at(at):
            number, end = found
            return Token("number", at, end, self.folded[at:end], number)
        if self.folded[at].isdigit():
            code = _CODE.match(self.folded, at)
            return Token("unreadable", at, code.end() if code else at + 1)
        return None

    def _number_at(self, at: int) -> tuple[Number, int] | None:
        """Return the number at a place and its end, if it is one and no letters are stuck to it."""
        if at and (self.folded[at - 1].isdigit() or self.folded[at - 1] in ".,"):
            return None
        for pattern in (_BARE, _NUMBER):
            match = pattern.match(self.folded, at)
            if match is None:
                continue
            unit, end = unit_at(self.folded, match.end())
            counted = unit is not None and unit.startswith("10*") and end > match.end()
            if pattern is _BARE and not counted:
                continue
            number = _parse(match[0])
            if number is not None and self._free(match.end()):
                return number, match.end()
        return None

    def _free(self, end: int) -> bool:
        """Tell whether a number may end here: before no letters but a unit, a mark or a name."""
        if end == len(self.folded) or not self.folded[end].isalnum():
            return True
        marks = listed("flags", whole=True).match(self.folded, end)
        unit = unit_at(self.folded, end)[0]
        chinese = bool(re.match(rf"[{CJK}]", self.folded[end:]))
        return bool(marks) or unit is not None or chinese or bool(_ODD_UNIT.match(self.folded, end))

    def _letter(self, at: int) -> bool:
        return self.folded[at].isalpha() and self.folded[at].isascii()


def _parse(written: str) -> Number | None:
    """Return the one number of some characters, read as everywhere else in the conversation."""
    found = find_numbers(written)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(written)
    return found[0] if whole else None
