"""Laboratory results: which number or word belongs to which test, with its unit and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from bot.context import Context
from bot.dictionary import load
from bot.facts import Fact, is_number
from bot.liver import TOLD_IN_WORDS, told_in_words
from bot.numbers import Number
from bot.polarity import asks
from bot.results import WordedResult, worded_result
from bot.series import belongs_to_another, continues, in_time
from bot.spans import Term
from hbv_engine.facts import catalogue

_INDEX_UNITS = {"COI", "S/CO"}
_COUNT = "10*9/L"
# A logarithm, not said of what.
_LOG = "log10"
_BILLIONS = re.compile(
    r"\d\s*(?:(?:[x×*·✕]|乘以?|times)\s*10|e)[^\d]*0?9(?:\s?次方|\s?次幂|th)?$|⁹$"
)
# Of these a word and a quantity may be told at once: "HBsAg reactive 5638".
_WITH_WORD = {"hbsag", "hbeag", "anti_hbs"}
# The more of the antibody, the less of the signal: these are positive below their limit.
_INVERSE = {"anti_hbe", "anti_hbc"}
_POSITIVE = {"阳性", "positive", "detectable"}
_TURNED_FROM = re.compile(
    r"[\s:：]*(?:由|从|from|went from|was)\s*(?P<word>阴性|阳性|negative|positive|undetectable|detectable)"
    r"\s*(?:变|转|升|涨|到|and\s+is\s+now|to\b|,?\s?then|,?\s?now)"
)
_NO_TEST = re.compile(
    r"体重|剂量|药量|血压|血糖|心率|体温|费用|价格|weight|dose|pressure|price|bmi"
)
_MEASURE = re.compile(
    r"\s*(?:公斤|斤|kg|lbs?\b|pounds|mg\b|毫克|岁|天|周|个|年|片|粒|元|块|次|%|months?|weeks?|years?|days?)"
)
_STEP_TO = re.compile(
    r"(?:降到|降至|降为|降低到|又到|又升到|升到|升至|涨到|跳到|蹦到|窜到|飙到|飙升到|冲到|掉到|反弹到|回到|恢复到|变成|"
    r"\b(?:(?:dropped|fell|went down|came down|rose|went up|jumped|climbed|increased|decreased)(?: back)? to|"
    r"down to|up to|back to|now))\s*(?:了|约|about\s)?$"
)
_EXPONENT = re.compile(r"e|次方|次幂|\^|\*\*|[⁰¹²³⁴⁵⁶⁷⁸⁹]|[x×*乘]")
_AT_FIRST = re.compile(
    r"(?:start(?:ed|ing)? (?:at|with|from)|was|began at|initially|最初|刚开始|起初|当时)\s*(?:是)?\s*$"
)
_OF_HCV = re.compile(r"(?<![a-z])(?:rna|hcv|hiv)(?![a-z])|hepatitis c|hep c|丙肝")
_SMALLEST_VIRUS = 100
_VIRUS = Term(0, 0, "analyte", "hbv_dna")
_SAME_TEST = re.compile(r"^[\s((（]*$")
_JOINT = re.compile(r"^\s*(?:,|，|、|/|&|and|和|与|跟|及)\s*$")
_STOP = re.compile(r"[;；。!?！？\n]|\.(?!\d)|(?<!\d)[,，](?!\d)|[,，](?=\s)")
_NOT_THIS_NUMBER = re.compile(r"(?:\bnot|n't|(?<!是)不是|并非|而非)\s*$")
_LONGEST_GAP = 28
_BEFORE_TEST = re.compile(r"^\s*(?:for|on|in)?\s*(?:the|my|both)?\s*$")
_RANGE = re.compile(r"^\s?(?:-|~|to|至|到)\s?$")
_BETWEEN = re.compile(r"\bbetween\s*$")
_BESIDE = re.compile(
    r"^[\s((（\[【:：,，;；]*(?:ref(?:erence)?|normal|range|is|value|upper|limit|of|uln|max(?:imum)?|"
    r"lab(?:oratory)?|the|my|参考|正常|值|范围|区间|上限|限|为|是|[\s:：.=])*(?:up to|below|under)?[\s<>=≤≥]*$"
)
_NAMES_LIMIT = re.compile(r"limit|uln|up to|max|ref|normal|上限|参考|正常")
# "2 × normal" and "three times the limit" are no values, and say nothing is normal.
_TIMES = re.compile(
    r"\s*(?:多|-|~|到|to|至)?\s*\d*\s*(?:倍|times\b|-?fold\b|[x×]\s*(?=the\b|uln|normal|upper|正常))"
)
_TIMES_AHEAD = re.compile(
    r"(?:倍|times|fold|[x×])\s*(?:of\s|the\s|upper\s|limit\s|于|的|高于|为)*$"
)
# What a value is told as a multiple of, and what makes the number before it a multiple.
MULTIPLE = "xULN"
_LIMIT = (
    r"(?:(?:the|my|lab'?s?|upper|limits?|of|above|于|的|正常|参考)\s*)*"
    r"(?:limits?(?! of)|uln|normal|正常值?|上限|参考值)"
)
_MULTIPLE = re.compile(rf"\s*多?\s*(?:倍|times\b|-?\s?fold\b|[x×*])\s*(?:of\s|多)?{_LIMIT}")
_LIMIT_AHEAD = re.compile(
    r"(?:正常值?|上限|参考值|标准值?)(?:上限|范围)?(?:的|高出?|高了|多了?|大约|约|将近|快)*\s*$"
)
_FOLD = re.compile(r"\s*多?\s*倍(?:多|以上)?")
_SPELLED = {"twice": 2, "double": 2, "triple": 3, "two": 2, "three": 3, "four": 4, "five": 5}
_SPELLED |= {"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twenty": 20}
_TWICE = re.compile(rf"\b(?P<n>{'|'.join(_SPELLED)})\s+(?:times\s+|fold\s+)?{_LIMIT}")
# A time of the day, an ordinal, or a number of something else: "at 2am", "2nd month", 二胎, 一针.
_CLOCK = re.compile(
    r"\s?(?:[ap]\.?m\b|o'?clock\b)|(?:st|nd|rd|th)\b|[胎针块楼碗口人句家遍]|\s?(?:rupees?|rs\b|dollars?|usd\b|naira|pesos?|pounds\b|euros?|元|人民币)"
)
_SECOND_WEEK = re.compile(r"(?:weeks?|wks?)\s?\d{1,2}\s?/\s?$")
# Behind the number of these, international units can only be those of a millilitre.
_PER_MILLILITRE = {"hbv_dna", "hbsag"}
_UNITS_ALONE = re.compile(r"\s?i\.?u\.?(?![a-z/])(?!\s?/)")
_UNIT_AHEAD = re.compile(r"[\s)）\]:：]*$")
_NAMED_LIMIT = re.compile(
    r"(?:参考(?:值|范围|区间)|正常(?:值|范围)|检出限|reference(?: range| value)?|ref\.?)\s*[:：为是]?\s*[<>≤≥=]*\s*$"
)
_CHANGE = re.compile(r"(?:from|从|由)\s*$")
_MINUS = re.compile(r"\s?-(?=\s*(?:[,;，。)）]|$))")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit written behind it; ``high`` closes a range such as 0-40."""

    number: Number
    unit: str | None
    end: int
    high: float | None = None
    billions: bool = False
    limit_sign: str = ""


def read_labs(context: Context, numbers: list[Number]) -> Iterator[Fact]:
    """Yield the results stated in a folded text; ``numbers`` are those not yet spoken for."""
    yield from _Reader(context, numbers).read()


class _Reader:
    """Goes through the tests of one text and gives each what stands beside it, once."""

    def __init__(self, context: Context, numbers: list[Number]) -> None:
        folded, terms = context.text, context.terms
        self.context, self.folded = context, folded
        numbers = sorted([*numbers, *_spelled_multiples(folded)], key=lambda n: n.digits)
        told = [n for n in numbers if not is_denied(folded, n) and _is_value(folded, n)]
        self.quantities = list(_quantities(folded, told))
        words = [t for t in terms if t.kind == "result" and not _within(t, numbers)]
        self.results = [t for t in words if not _TIMES_AHEAD.search(folded[: t.start])]
        tests = [t for t in terms if t.kind in {"analyte", "unlisted", "panel"}]
        self.groups = [part for g in _groups(folded, tests) for part in self._parted(g)]
        self.others = [
            t.start
            for t in terms
            if t.kind in {"drug", "condition"}
            # "before interferon" is a time, not another matter
            and not any(w.start <= t.start < w.end for w in context.weeks)
        ]
        self.used: set[int] = set()

    def read(self) -> Iterator[Fact]:
        facts = list(self._read())
        later = list(self._later(facts))
        before = {id(earlier) for earlier, _ in later}
        for fact in [*facts, *(now for _, now in later)]:
            yield replace(fact, when="past") if id(fact) in before else fact
        yield from self._unnamed()

    def _later(self, facts: list[Fact]) -> Iterator[tuple[Fact, Fact]]:
        """Yield values told after "down to" or 又到 of the test named last, with the one before."""
        last: dict[int, Fact] = {}
        for quantity in self.quantities:
            step = _STEP_TO.search(self.folded[: quantity.number.start])
            if step is None or quantity.number.start in self.used or self._is_measure(quantity):
                continue
            named = [g for g in self.groups if g[-1].end <= quantity.number.start]
            told = [f for f in facts if f.end <= quantity.number.start and is_number(f.value)]
            if not named or not told or told[-1].start < named[-1][0].start:
                continue
            if self.context.sentence(told[-1].start) != self.context.sentence(
                quantity.number.start
            ):
                continue
            before = last.get(id(told[-1]), told[-1])
            term = replace(named[-1][-1], start=quantity.number.start)
            now = _numeric(
                term, replace(quantity, unit=quantity.unit or before.unit), None, unsure=False
            )
            self.used.add(quantity.number.start)
            last[id(told[-1])] = now
            yield before, now

    def _is_measure(self, quantity: Quantity) -> bool:
        """Tell whether a number is one of something that is no test: a weight, a dose, a time."""
        low, _ = self.context.clause(quantity.number.start, quantity.end)
        ahead = self.folded[low : quantity.number.start]
        return bool(_NO_TEST.search(ahead) or _MEASURE.match(self.folded, quantity.number.end))

    def _unnamed(self) -> Iterator[Fact]:
        """Yield a number with an exponent that belongs to no test: it can only be the virus.

        Alone it may answer a question, and then it is of what was asked for.
        """
        patterns = self.context.of_kind("pattern")
        if not (patterns or self.groups or asks(self.folded)):
            return
        for quantity in self.quantities:
            number = quantity.number
            written = self.folded[number.digits : number.end]
            if number.start in self.used or number.value < _SMALLEST_VIRUS:
                continue
            if _OF_HCV.search(self.folded):
                return
            if quantity.unit in {None, "IU/mL", "copies/mL"} and _EXPONENT.search(written):
                self.used.add(number.start)
                fact = _numeric(_VIRUS, quantity, None, unsure=True)
                start = _AT_FIRST.search(self.folded[: number.start])
                yield replace(fact, start=number.start, when="past" if start else None)

    def _read(self) -> Iterator[Fact]:
        for index, group in enumerate(self.groups):
            if any(term.kind == "unlisted" for term in group):
                continue  # a test that is not ours, and what stands beside it
            end = group[-1].end
            following = [g[0].start for g in self.groups[index + 1 :][:1]]
            reach = min([*following, *(o for o in self.others if o >= end), len(self.folded)])
            found = list(self._after([t for t in group if _has_values(t)], reach))
            yield from found or self._before(group)
            if not any(is_number(fact.value) for fact in found):
                yield from self._told_in_words(group, reach)

    def _parted(self, group: list[Term]) -> list[list[Term]]:
        """Return a group in two if its word stands before it, and a value of the last behind it."""
        first, last = group[0], group[-1]
        ahead = any(
            r.end <= first.start and _BEFORE_TEST.match(self.folded[r.end : first.start])
            for r in self.results
        )
        valued = any(
            _near(self.folded, last.end, q.number.start)
            for q in self.quantities
            if q.number.start >= last.end
        )
        return [group[:-1], [last]] if len(group) > 1 and ahead and valued else [group]

    def _told_in_words(self, group: list[Term], reach: int) -> Iterator[Fact]:
        """Yield that the liver, or its picture, is said to be normal or not, without a number."""
        low, _ = self.context.clause(group[0].start, group[0].start)
        together = replace(group[-1], start=group[0].start)
        for term in group:
            if term.name not in TOLD_IN_WORDS:
                continue
            said = told_in_words(self.folded, replace(together, name=term.name), low, reach)
            if said is not None:
                result, at = said
                yield _liver(term, result, at)

    def _after(self, group: list[Term], reach: int) -> Iterator[Fact]:
        if not group:
            return
        start = group[-1].end
        close = [q for q in self.quantities if start <= q.number.start < reach]
        close = [q for q in close if q.number.start not in self.used]
        values = self._values(group, start, close)
        word = self._word(values[-1].end if values else start, reach, close, values)
        if word is None and len(group) == 1 and values and group[0].name in _WITH_WORD:
            word = self._word(start, values[0].number.start, [], [])
        result = worded_result(self.context, group, word) if word else None
        if len(group) == 1 and values:
            yield from self._one_test(group[0], values[0], close, result)
        else:
            yield from self._several(group, values, close)
        if turned := _TURNED_FROM.match(self.folded, start) if values else None:
            name = "positive" if turned["word"] in _POSITIVE else "negative"
            at = Term(start, turned.end("word"), "result", name)
            yield from (replace(f, when="past") for f in _worded(group[-1], WordedResult(name), at))
        if word is not None and result is not None:
            for term in group:
                if not (len(group) == 1 and values and values[-1].unit in _INDEX_UNITS):
                    yield from _worded(term, result, word)
        elif word is None and not values and (minus := _MINUS.match(self.folded, start)):
            at = Term(start, minus.end(), "result", "negative")
            yield from _worded(group[-1], WordedResult(at.name), at)

    def _several(
        self, group: list[Term], values: list[Quantity], close: list[Quantity]
    ) -> Iterator[Fact]:
        """Yield the values of tests told together; a unit said once, at the end, is that of all."""
        named = group if len(values) == len(group) else group[-1:]
        last = values[-1].unit if values else None
        shared = last if all(_takes(term, last) for term in named) else None
        for term, quantity in zip(named, values, strict=False):
            self.used.add(quantity.number.start)
            limit = self._reference(quantity, close)
            complete = replace(quantity, unit=quantity.unit or shared)
            yield _numeric(term, complete, limit, unsure=len(named) < len(group))

    def _one_test(
        self, term: Term, first: Quantity, close: list[Quantity], word: WordedResult | None
    ) -> Iterator[Fact]:
        """Yield the value of a test, or its values in time."""
        first = self._with_unit_ahead(term, first)
        found, theirs = [first], []
        for quantity in close[close.index(next(q for q in close if q.number == first.number)) :]:
            gap = found[-1].end, quantity.number.start
            if gap[0] > gap[1]:
                continue
            if continues(self.context, gap):
                found.append(quantity)
            elif belongs_to_another(self.context, term.start, gap):
                theirs.append(quantity)
        units = {q.unit for q in found if q.unit}
        shared = units.pop() if len(units) == 1 else None
        facts: list[Fact] = []
        for quantity in (replace(q, unit=q.unit or shared) for q in [*found, *theirs]):
            self.used.add(quantity.number.start)
            limit = self._reference(quantity, close)
            quantity = replace(quantity, limit_sign=self._limit_sign(quantity, close))  # noqa: PLW2901
            fact = _numeric(term, quantity, limit, unsure=False)
            start = term.start if quantity.number is first.number else quantity.number.start
            facts.append(_as_word(term, quantity, replace(fact, start=start), word))
        yield from in_time(self.context, facts[: len(found)])
        yield from facts[len(found) :]

    def _with_unit_ahead(self, term: Term, quantity: Quantity) -> Quantity:
        """Return a value with the unit that stands between it and its test: "PLT (10^9/L) 20"."""
        if quantity.unit is not None:
            return quantity
        bare = _UNITS_ALONE.match(self.folded, quantity.number.end)
        if bare and term.name in _PER_MILLILITRE:
            return replace(quantity, unit="IU/mL", end=bare.end())
        unit, end = unit_at(self.folded, term.end)
        alone = unit and _UNIT_AHEAD.fullmatch(self.folded[end : quantity.number.start])
        return replace(quantity, unit=unit) if alone else quantity

    def _values(self, group: list[Term], start: int, close: list[Quantity]) -> list[Quantity]:
        """Return one number for each test of a group, or one for its last, or none."""
        close = [q for q in close if not self._is_only_limit(start, q)]
        if not close or not _near(self.folded, start, close[0].number.start):
            return []
        values = close[: len(group)]
        gaps = (self.folded[a.end : b.number.start] for a, b in pairwise(values))
        told_together = len(values) == len(group) and all(_JOINT.match(gap) for gap in gaps)
        return values if told_together else values[:1]

    def _is_only_limit(self, start: int, quantity: Quantity) -> bool:
        """Tell whether a number is named as a limit behind a result in words: 低于检测下限 参考值<30."""
        told = any(start <= r.start < quantity.number.start for r in self.results)
        return (
            told
            and quantity.unit != MULTIPLE
            and bool(_NAMED_LIMIT.search(self.folded[: quantity.number.digits]))
        )

    def _word(
        self, begin: int, reach: int, close: list[Quantity], values: list[Quantity]
    ) -> Term | None:
        """Return the word of result that stands next, with no other number before it."""
        free = (r for r in self.results if begin <= r.start < reach and r.start not in self.used)
        word = next(free, None)
        if word is None or not _near(self.folded, begin, word.start):
            return None
        known = {q.number.start for q in values}
        limits = {q.number.start for q in close if self._is_limit(values, q)}
        if any(word.start < place for place in limits):
            return None  # "(normal <40)": the word belongs to the limit
        between = (q.number.start for q in close if begin <= q.number.start < word.start)
        if any(place not in known | limits for place in between):
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
        if (result := worded_result(self.context, group, word)) is not None:
            for term in group:
                yield from _worded(term, result, word)

    def _reference(self, quantity: Quantity, close: list[Quantity]) -> float | None:
        """Return the limit printed beside a result, which is then not a result of its own."""
        beside = next((q for q in close if q.number.start >= quantity.end), None)
        if beside is None or not self._is_limit([quantity], beside):
            return None
        self.used.add(beside.number.start)
        return beside.number.value if beside.high is None else beside.high

    def _limit_sign(self, quantity: Quantity, close: list[Quantity]) -> str:
        """Return the comparator of the limit printed beside a result."""
        beside = next((q for q in close if q.number.start >= quantity.end), None)
        return beside.number.comparator if beside and self._is_limit([quantity], beside) else ""

    def _is_limit(self, values: list[Quantity], beside: Quantity) -> bool:
        """Tell whether a number is the limit printed beside the last of some values."""
        if not values or beside.number.start < values[-1].end:
            return False
        gap = self.folded[values[-1].end : beside.number.digits]
        plain = beside.high is None and beside.number.comparator == "="
        return bool(_BESIDE.match(gap)) and (not plain or bool(_NAMES_LIMIT.search(gap)))


def _has_values(test: Term) -> bool:
    """Tell whether a test has a number or a positive: a panel and a picture have none."""
    return test.kind != "panel" and test.name != "liver_imaging"


def _is_value(folded: str, number: Number) -> bool:
    """Tell whether a number may be a value: "three times" is none, "three times normal" is."""
    if _CLOCK.match(folded, number.end) or _SECOND_WEEK.search(folded[: number.start]):
        return False
    times = _TIMES.match(folded, number.end)
    return times is None or _multiple(folded, number) is not None


def _multiple(folded: str, number: Number) -> int | None:
    """Return where the words end that make a number a multiple of the limit; None if it is none."""
    match = _MULTIPLE.match(folded, number.end)
    if match is None and _LIMIT_AHEAD.search(folded[: number.start]):
        match = _FOLD.match(folded, number.end)
    return match.end() if match else None


def _spelled_multiples(folded: str) -> Iterator[Number]:
    """Yield the numbers in "twice normal" and "three times the limit"."""
    for match in _TWICE.finditer(folded):
        yield Number(match.start(), match.end("n"), match.start(), _SPELLED[match["n"]])


def is_denied(folded: str, number: Number) -> bool:
    """Tell whether a number is only said not to be the value: "it was not 86", 不是86."""
    return bool(_NOT_THIS_NUMBER.search(folded[: number.start]))


def _within(term: Term, numbers: list[Number]) -> bool:
    """Tell whether a word such as + is only the sign of an exponent."""
    return any(n.start < term.end and term.start < n.end for n in numbers)


def _groups(folded: str, analytes: list[Term]) -> Iterator[list[Term]]:
    """Join tests told together ("ALT and AST 812/1,115") and names told twice."""
    group: list[Term] = []
    for term in analytes:
        gap = folded[group[-1].end : term.start] if group else ""
        same = group and (
            term.name in {group[-1].name, "transaminase"} or group[-1].name == "transaminase"
        )
        if group and same and _SAME_TEST.match(gap):
            kept = term if term.name != "transaminase" else group[-1]
            group[-1] = replace(kept, start=group[-1].start, end=term.end)
        elif group and (_JOINT.match(gap) or not gap.strip()):
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
    number, unit = quantity.number, quantity.unit
    value = number.value
    if _is_count(name) and unit == "g/L":
        unit = _COUNT  # G/L, giga per litre: a blood count has no weight
    elif _is_count(name) and unit is None and quantity.billions:
        value, unit = _plain(number.value / 1e9), _COUNT
    missing = unit in {None, _LOG} and bool(entry.get("unit_asked"))
    ambiguous = number.ambiguous or unsure or quantity.high is not None or unit == MULTIPLE
    return Fact(
        name=name,
        value=value,
        start=term.start,
        end=quantity.end,
        unit=unit,
        comparator=number.comparator,
        unit_missing=missing,
        ambiguous=ambiguous or term.name == "transaminase" or (missing and name != term.name),
        reference_limit=reference_limit,
    )


def _as_word(term: Term, quantity: Quantity, fact: Fact, word: WordedResult | None) -> Fact:
    """Return an instrument's index as positive or negative; the printed word decides if it is there.

    A limit printed beside it, or a word, that says otherwise than the usual limit leaves it unsure.
    """
    index = quantity.number.value
    if (said := _inverse(term, quantity, fact)) and word is None:
        return replace(fact, value=said, index=index, comparator=None)
    if quantity.unit in _INDEX_UNITS and not _is_index(term, quantity) and word:
        return replace(fact, value=word.value, index=index, comparator=None, ambiguous=word.unsure)
    if not _is_index(term, quantity):
        return fact
    limit = float(catalogue().analytes[term.name].index_positive_from or 0)
    said = "positive" if index >= limit else "negative"
    views = {said}
    if fact.reference_limit is not None:
        views.add("positive" if index >= fact.reference_limit else "negative")
    views |= {word.value} if word and word.value in {"positive", "negative"} else set()
    value = word.value if word and word.value in views else said
    unsure = len(views) > 1 or bool(word and word.unsure)
    return replace(
        fact,
        value=value,
        index=index,
        comparator=None if fact.comparator == "=" else fact.comparator,
        ambiguous=fact.ambiguous or unsure,
    )


def _inverse(term: Term, quantity: Quantity, fact: Fact) -> str | None:
    """Return what an index of an inverse test says by the limit of its own row, and only by that."""
    limit = fact.reference_limit
    if term.name not in _INVERSE or quantity.unit not in _INDEX_UNITS or limit is None:
        return None
    if quantity.limit_sign not in {">", ">=", "<", "<="} or quantity.number.value == limit:
        return None
    above = quantity.number.value > limit
    return "positive" if above == quantity.limit_sign.startswith("<") else "negative"


def _is_index(term: Term, quantity: Quantity) -> bool:
    analyte = catalogue().analytes.get(term.name)
    positive_from = analyte.index_positive_from if analyte else None
    return quantity.unit in _INDEX_UNITS and positive_from is not None


def _is_count(name: str) -> bool:
    analyte = catalogue().analytes.get(name)
    return analyte is not None and analyte.unit == _COUNT


def _takes(term: Term, unit: str | None) -> bool:
    analyte = catalogue().analytes.get(load("analytes")[term.name].get("quant", term.name))
    return analyte is not None and unit in (analyte.units or {})


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 6)


def _worded(term: Term, result: WordedResult, at: Term) -> Iterator[Fact]:
    if term.name not in TOLD_IN_WORDS and result.value in {"positive", "negative"}:
        yield _beside(term.name, term, result, at)


def _liver(term: Term, result: WordedResult, at: Term) -> Fact:
    name = term.name if term.name == "liver_imaging" else "liver_function"
    return _beside(name, term, result, at)


def _beside(name: str, term: Term, result: WordedResult, at: Term) -> Fact:
    start, end = min(term.start, at.start), max(term.end, at.end)
    return Fact(name=name, value=result.value, start=start, end=end, ambiguous=result.unsure)


def _quantities(folded: str, numbers: list[Number]) -> Iterator[Quantity]:
    skip = False
    for index, number in enumerate(numbers):
        if skip:
            skip = False
            continue
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        change = _CHANGE.search(folded[: number.start])
        gap = folded[number.end : following.start] if following else ""
        between = _BETWEEN.search(folded[: number.start]) and gap.strip() == "and"
        if following and not change and (between or _RANGE.match(gap)):
            unit, end = _unit_of(folded, following)
            if unit != _LOG:  # "1-4 log" is a limit of something
                yield Quantity(number, unit, end, following.value)
            skip = True
        else:
            unit, end = _unit_of(folded, number)
            billions = bool(_BILLIONS.search(folded[number.digits : number.end]))
            yield Quantity(number, unit, end, billions=billions)


def _unit_of(folded: str, number: Number) -> tuple[str | None, int]:
    """Return the unit behind a number, also that it is a multiple of the limit."""
    if twice := _TWICE.match(folded, number.digits):
        return MULTIPLE, twice.end()
    end = _multiple(folded, number)
    return (MULTIPLE, end) if end else unit_at(folded, number.end)


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
