"""Laboratory results: which number or word belongs to which test, with its unit and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from bot.dictionary import load
from bot.facts import Fact
from bot.numbers import Number
from bot.spans import Term

_INDEX_UNITS = {"COI", "S/CO"}
_SAME_TEST = re.compile(r"^[\s((（]*$")
_JOINT = re.compile(r"^\s*(?:,|，|、|/|&|and|和|与|跟|及)\s*$")
_STOP = re.compile(r"[;；。!?！？\n]|\.(?!\d)|(?<!\d)[,，](?!\d)|[,，](?=\s)")
_LONGEST_GAP = 28
_BEFORE_TEST = re.compile(r"^\s*(?:for|on|in)?\s*(?:the|my|both)?\s*$")
_RANGE = re.compile(r"^\s?(?:-|~|to|至|到)\s?$")
_BESIDE = re.compile(
    r"^[\s((（\[【:：,，]*(?:ref(?:erence)?|normal|range|is|参考|正常|值|范围|上限|[\s:：.])*[\s<>=≤≥]*$"
)
_MINUS = re.compile(r"\s?-(?=\s*(?:[,;，。)）]|$))")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit written behind it; ``high`` closes a range such as 0-40."""

    number: Number
    unit: str | None
    end: int
    high: float | None = None


def read_labs(folded: str, terms: list[Term], numbers: list[Number]) -> Iterator[Fact]:
    """Yield the results stated in a folded text; ``numbers`` are those not yet spoken for."""
    yield from _Reader(folded, terms, numbers).read()


class _Reader:
    """Goes through the tests of one text and gives each what stands beside it, once."""

    def __init__(self, folded: str, terms: list[Term], numbers: list[Number]) -> None:
        self.folded = folded
        self.quantities = list(_quantities(folded, numbers))
        self.results = [t for t in terms if t.kind == "result" and not _within(t, numbers)]
        self.groups = list(_groups(folded, [t for t in terms if t.kind == "analyte"]))
        self.others = [t.start for t in terms if t.kind in {"drug", "condition"}]
        self.used: set[int] = set()

    def read(self) -> Iterator[Fact]:
        for index, group in enumerate(self.groups):
            end = group[-1].end
            following = [g[0].start for g in self.groups[index + 1 :][:1]]
            reach = min([*following, *(o for o in self.others if o >= end), len(self.folded)])
            yield from list(self._after(group, reach)) or self._before(group)

    def _after(self, group: list[Term], reach: int) -> Iterator[Fact]:
        start = group[-1].end
        close = [q for q in self.quantities if start <= q.number.start < reach]
        close = [q for q in close if q.number.start not in self.used]
        values = self._values(group, start, close)
        named = group if len(values) == len(group) else group[-1:]
        for term, quantity in zip(named, values, strict=False):
            self.used.add(quantity.number.start)
            limit = self._reference(quantity, close)
            yield _numeric(term, quantity, limit, unsure=len(named) < len(group))
        begin = values[-1].end if values else start
        word = self._word(begin, reach, close)
        if word is not None:
            for term in group:
                yield from _worded(term, word.name, word)
        elif not values and (minus := _MINUS.match(self.folded, start)):
            at = Term(start, minus.end(), "result", "negative")
            yield from _worded(group[-1], at.name, at)

    def _values(self, group: list[Term], start: int, close: list[Quantity]) -> list[Quantity]:
        """Return one number for each test of a group, or one for its last, or none."""
        if not close or not _near(self.folded, start, close[0].number.start):
            return []
        values = close[: len(group)]
        gaps = (self.folded[a.end : b.number.start] for a, b in pairwise(values))
        told_together = len(values) == len(group) and all(_JOINT.match(gap) for gap in gaps)
        return values if told_together else values[:1]

    def _word(self, begin: int, reach: int, close: list[Quantity]) -> Term | None:
        """Return the word of result that stands next, with no other number before it."""
        free = (r for r in self.results if begin <= r.start < reach and r.start not in self.used)
        word = next(free, None)
        if word is None or not _near(self.folded, begin, word.start):
            return None
        between = (q.number.start for q in close if begin <= q.number.start < word.start)
        if any(place not in self.used for place in between):
            return None
        self.used.add(word.start)
        return word

    def _before(self, group: list[Term]) -> Iterator[Fact]:
        word = next((r for r in reversed(self.results) if r.end <= group[0].start), None)
        if word is None or word.start in self.used:
            return
        if not _BEFORE_TEST.match(self.folded[word.end : group[0].start]):
            return
        self.used.add(word.start)
        for term in group:
            yield from _worded(term, word.name, word)

    def _reference(self, quantity: Quantity, close: list[Quantity]) -> float | None:
        """Return the limit printed beside a result, which is then not a result of its own."""
        beside = next((q for q in close if q.number.start >= quantity.end), None)
        if beside is None or (beside.high is None and beside.number.comparator == "="):
            return None
        if not _BESIDE.match(self.folded[quantity.end : beside.number.digits]):
            return None
        self.used.add(beside.number.start)
        return beside.number.value if beside.high is None else beside.high


def _within(term: Term, numbers: list[Number]) -> bool:
    """Tell whether a word such as + is only the sign of an exponent."""
    return any(n.start < term.end and term.start < n.end for n in numbers)


def _groups(folded: str, analytes: list[Term]) -> Iterator[list[Term]]:
    """Join tests told together ("ALT and AST 812/1,115") and names told twice."""
    group: list[Term] = []
    for term in analytes:
        if group and _SAME_TEST.match(folded[group[-1].end : term.start]):
            kept = term if term.name != "transaminase" else group[-1]
            group[-1] = replace(kept, start=group[-1].start, end=term.end)
        elif group and _JOINT.match(folded[group[-1].end : term.start]):
            group.append(term)
        else:
            if group:
                yield group
            group = [term]
    if group:
        yield group


def _near(folded: str, start: int, end: int) -> bool:
    gap = folded[start:end]
    return len(gap) <= _LONGEST_GAP and not _STOP.search(gap.rstrip("<>=≤≥~ "))


def _numeric(
    term: Term, quantity: Quantity, reference_limit: float | None, *, unsure: bool
) -> Fact:
    entry = load("analytes")[term.name]
    name = term.name if quantity.unit in _INDEX_UNITS else entry.get("quant", term.name)
    number = quantity.number
    missing = quantity.unit is None and bool(entry.get("unit_asked"))
    ambiguous = number.ambiguous or unsure or quantity.high is not None
    return Fact(
        name=name,
        value=number.value,
        start=term.start,
        end=quantity.end,
        unit=quantity.unit,
        comparator=number.comparator,
        unit_missing=missing,
        ambiguous=ambiguous or term.name == "transaminase" or (missing and name != term.name),
        reference_limit=reference_limit,
    )


def _worded(term: Term, word: str, at: Term) -> Iterator[Fact]:
    name, start, end = term.name, min(term.start, at.start), max(term.end, at.end)
    if name == "transaminase" or (name in {"alt", "ast"} and word in {"normal", "abnormal"}):
        if word in {"normal", "abnormal"}:
            yield Fact(name="liver_function", value=word, start=start, end=end)
    elif word in {"positive", "negative"} or name == "liver_imaging":
        yield Fact(name=name, value=word, start=start, end=end)


def _quantities(folded: str, numbers: list[Number]) -> Iterator[Quantity]:
    skip = False
    for index, number in enumerate(numbers):
        if skip:
            skip = False
            continue
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        if following and _RANGE.match(folded[number.end : following.start]):
            unit, end = unit_at(folded, following.end)
            yield Quantity(number, unit, end, following.value)
            skip = True
        else:
            unit, end = unit_at(folded, number.end)
            yield Quantity(number, unit, end)


@cache
def _unit_patterns() -> list[tuple[str, re.Pattern[str]]]:
    spelled = [(unit, pattern) for unit, patterns in load("units").items() for pattern in patterns]
    spelled.sort(key=lambda pair: -len(pair[1]))
    return [
        (unit, re.compile(rf"\s{{0,12}}[((（]?\s?(?:{p})(?![a-z])[)）]?")) for unit, p in spelled
    ]


def unit_at(folded: str, end: int) -> tuple[str | None, int]:
    """Return the unit written at ``end`` and where it ends; None if there is none."""
    found = [(m.end(), unit) for unit, p in _unit_patterns() if (m := p.match(folded, end))]
    if not found:
        return None, end
    stop, unit = max(found)
    return unit, stop
