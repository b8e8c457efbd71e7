"""A message read as a whole: language, facts, red flags, closed answer. No Rasa, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.ages import read_age
from bot.conditions import read_comorbidities, read_conditions
from bot.context import Context
from bot.dates import find_dates, span_unit
from bot.dictionary import load
from bot.doses import read_doses
from bot.durations import read_times
from bot.facts import Fact
from bot.family import as_family_history
from bot.labs import is_denied, read_labs, unit_at
from bot.last_checks import read_last_checks
from bot.liver import without_false_reassurance
from bot.marks import Marks, read_marks, supposed_spans
from bot.medicines import course_date, read_drugs
from bot.numbers import Number, find_numbers
from bot.pasted import pasted
from bot.patterns import read_patterns, reconciled
from bot.people import described, read_sex
from bot.presence import names_another, parted, read_got, read_presence
from bot.red_flags import RedFlag, read_red_flags
from bot.replies import reply_of
from bot.results import worded_result
from bot.spans import Term, find_terms
from bot.stopping import read_stopping
from bot.symptoms import read_fever, read_symptoms
from bot.text import Language, fold, language_of
from bot.weeks import AT_THE_START, find_weeks, start_of
from bot.whose import MALE

_AROUND_A_NAME = re.compile(
    r"(?:[\s\W]|\b(?:it|is|was|that|this|the|its|i|mean|meant|think|one)\b|[是的那这个我说指啊吧呢])*"
)
_WORD = re.compile(r"[a-z]{2,}")
# What is said of one person even where several are named.
# "The unit is IU/mL", 单位是IU/ml.
_NAMES_UNIT = re.compile(
    r"\s*(?:(?:它?的?单位(?:就?是|为)?|就?是)[:：]?|(?:the |my )?units?(?: is| are|:)?|it'?s|it is|in)?\s*"
)
_OF_ONE = {"age", "sex", "pregnancy", "planning_pregnancy", "drug", "symptom"}
# What is left of "IU/mL", "S/CO" or "x10^9/L" when it is cut into letters.
_UNIT_LETTERS = {
    *("iu", "miu", "kiu", "peiu", "uiu", "ml", "dl", "ul", "umol", "mmol", "ng", "ug", "mg", "pg"),
    *("ukat", "nkat", "copies", "cps", "coi", "co", "log", "kpa", "mo", "wk"),
}
_ASKED_FOR = re.compile(
    r"(?:公司|单位|人事|学校|雇主|老板|对方|工厂|厂里|规定|招聘)[^，。；]{0,6}要求?[^，。；]{0,4}$"
    r"|\b(?:requires?|required|demands?|asks? for|insists? on|must be|needs? to be)\s+(?:an? |the )?(?:\w+ )?$"
)
_NEEDED = re.compile(r"(?:要求?|需要?|必须|只有|得|提供|出具|开)[^，。；]{0,4}$")
_IN_ORDER_TO = re.compile(r"\s*的?(?:证明|才|方可|报告才|证)")
_START = re.compile(AT_THE_START)
_START_BESIDE = re.compile(rf"\s*{AT_THE_START}")
_START_AHEAD = re.compile(
    rf"{AT_THE_START}[\s,:]*(?:my |the |the treatment |of treatment )?(?:的|时)?\s*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood of a message. ``reply`` is a closed answer, ``bare`` a lone value.

    A bare value ("86 U/L", "U/L", "positive") means nothing by itself: it answers a question.
    ``marks`` say what the message does with what it names. ``around`` is the text without the rows
    of a pasted report. ``worded`` is false when nothing but values, units and names of
    tests stands there, which tells no language. ``only_names`` is true when nothing but the name of
    a test stands there ("ALT", 是谷丙).
    """

    language: Language
    facts: tuple[Fact, ...]
    red_flags: tuple[RedFlag, ...]
    reply: str | None = None
    bare: Fact | None = None
    marks: Marks = field(default_factory=Marks)
    around: str = ""
    worded: bool = True
    only_names: bool = False


@lru_cache(maxsize=256)
def read(text: str, *, otherwise: Language = "en") -> Reading:
    """Return the reading of a raw message.

    Example:
        >>> [(f.name, f.value, f.unit) for f in read("ALT 86 U/L, HBeAg positive").facts]
        [('alt', 86, 'U/L'), ('hbeag', 'positive', None)]
    """
    report = pasted(text)
    folded = fold(report.around if report else text)
    found = [*find_terms(folded), *described(folded), *read_got(folded)]
    ours = (term for term in found if not names_another(folded, term))
    terms = sorted((part for term in ours for part in parted(folded, term)), key=lambda t: t.start)
    context = Context(folded, tuple(terms), tuple(find_dates(folded)), find_weeks(folded, terms))
    facts = tuple(_facts(folded, terms, context))
    if report:
        facts = (*(f for f in facts if f.name not in load("analytes")), *report.facts)
    return Reading(
        language=language_of(text, otherwise=otherwise),
        facts=facts,
        red_flags=tuple(read_red_flags(context)),
        reply=None if report else reply_of(text),
        bare=None if facts else _bare(context),
        marks=read_marks(context),
        around=report.around if report else text,
        worded=_is_worded(text, terms),
        only_names=_is_only_named(folded, terms),
    )


def _is_worded(text: str, terms: list[Term]) -> bool:
    """Tell whether a message has words of a language: "ALT 980 U/L" and "IU/mL" have none."""
    if language_of(text, otherwise="en") == "zh":
        return True
    kept = list(fold(text))
    for term in terms:
        if term.kind in {"analyte", "unlisted", "panel"}:
            kept[term.start : term.end] = " " * (term.end - term.start)
    return any(word not in _UNIT_LETTERS for word in _WORD.findall("".join(kept)))


def _is_only_named(folded: str, terms: list[Term]) -> bool:
    """Tell whether a text is the name of one test, with nothing but "it is the …" around it."""
    tests = {term.name for term in terms if term.kind == "analyte"}
    kept = list(folded)
    for term in terms:
        if term.kind == "analyte":
            kept[term.start : term.end] = " " * (term.end - term.start)
    return len(tests) == 1 and bool(_AROUND_A_NAME.fullmatch("".join(kept)))


def _facts(folded: str, terms: list[Term], context: Context) -> Iterator[Fact]:
    taken = [(t.start, t.end) for t in terms if t.kind in {"pattern", "drug"}]
    taken += [(d.start, d.end) for d in context.moments]
    numbers = _outside(find_numbers(folded), taken)
    stated: list[Fact] = []
    counted = (
        *read_fever(context, numbers),
        *read_last_checks(context, numbers),
        *read_age(context, numbers),
        *read_doses(context, numbers),
        *read_times(context, numbers),
    )
    for fact, number in counted:
        if number is None or number in numbers:
            stated += [fact] if fact else []
        if number in numbers:
            numbers.remove(number)
    stated += [f for f in read_labs(context, numbers) if not _is_required(context, f)]
    stated += list(read_presence(context, stated))
    stated += [f for f in read_sex(context) if not _overlaps(f, stated)]
    stated += read_patterns(context)
    stated += read_conditions(context)
    stated += read_comorbidities(context)
    stated += read_symptoms(context)
    stated += read_drugs(context)
    stated += read_stopping(context)
    spans = supposed_spans(folded)
    ordered = sorted(stated, key=lambda f: (f.start, f.end))
    of_whom = [each for fact in ordered for each in _shared(_in_context(fact, context), context)]
    of_whom = list(as_family_history(context, of_whom))
    for fact in without_false_reassurance(reconciled(of_whom)):
        supposed = any(start <= fact.start < end for start, end in spans)
        yield replace(fact, supposed=supposed)


def _is_required(context: Context, fact: Fact) -> bool:
    """Tell whether a result is one that somebody asks for: 要DNA阴性的证明."""
    if not isinstance(fact.value, str):
        return False
    low, high = context.clause(fact.start, fact.end)
    before, after = context.text[low : fact.start], context.text[fact.end : high]
    return bool(_ASKED_FOR.search(before) or (_NEEDED.search(before) and _IN_ORDER_TO.match(after)))


def _overlaps(fact: Fact, others: Iterable[Fact]) -> bool:
    return any(fact.start < other.end and other.start < fact.end for other in others)


def _outside(numbers: Iterable[Number], taken: list[tuple[int, int]]) -> list[Number]:
    return [n for n in numbers if all(n.end <= start or n.digits >= end for start, end in taken)]


def _in_context(fact: Fact, context: Context) -> Fact:
    subject, uncertain = context.whose(fact.start), context.subject(fact.start)[1]
    if fact.name in {"pregnancy", "planning_pregnancy"} and subject in MALE:
        subject, uncertain = None, True  # whoever is pregnant, it is not he
    when = fact.when
    if fact.name == "drug":
        when = course_date(context, fact)
    elif _is_dated(fact) and when in {None, "past"}:
        when = when or context.when(fact.start, fact.end)
        undated = when in {None, "past"} or str(when).startswith("week")
        if undated and (start := _start_of(context, fact)):
            when = start
    return replace(fact, subject=subject, when=when, ambiguous=fact.ambiguous or uncertain)


def _shared(fact: Fact, context: Context) -> list[Fact]:
    """Return a fact for each of those whom it is told of at once: 我爸和我叔都是肝癌."""
    whom = context.companions(fact.start)
    if fact.name in _OF_ONE or (not isinstance(fact.value, bool | str)) or not whom:
        return [fact]
    return [replace(fact, subject=subject) for subject in whom]


def _start_of(context: Context, fact: Fact) -> str | None:
    """Return ``start`` or ``week 0`` if a result is said to be from before the treatment."""
    low, high = context.clause(fact.start, fact.end)
    found = (
        _START.search(context.text[fact.start : fact.end])
        or _START_BESIDE.match(context.text[fact.end : high])
        or _START_AHEAD.search(context.text[low : fact.start])
    )
    return start_of(found[0]) if found else None


def _is_dated(fact: Fact) -> bool:
    tests = {*load("analytes"), "liver_function"}
    return fact.name in tests or fact.name.endswith("_quant")


def _bare(context: Context) -> Fact | None:
    folded = context.text
    names = [(t.start, t.end) for kind in ("pattern", "drug") for t in context.of_kind(kind)]
    names += [(day.start, day.end) for day in context.moments]
    numbers = [n for n in _outside(find_numbers(folded), names) if _may_answer(folded, n)]
    words = context.of_kind("result")
    if len(numbers) == 1:
        number = numbers[0]
        unit, end = unit_at(folded, number.end)
        if unit is None and (counted := span_unit(folded, number.end)):
            unit, end = counted  # six months are no laboratory value
        return Fact(
            name="number",
            value=number.value,
            start=number.start,
            end=end,
            unit=unit,
            comparator=number.comparator,
            ambiguous=number.ambiguous,
        )
    begin = _NAMES_UNIT.match(folded).end()  # type: ignore[union-attr]  # it may be empty
    unit, end = unit_at(folded, begin)
    if unit is not None and not folded[end:].strip(" .。!！了的哦啊"):
        return Fact(name="unit", value=unit, start=begin, end=end)
    if len(words) == 1 and not numbers and not context.of_kind("analyte"):
        return _bare_word(context, words[0])
    return None


def _may_answer(folded: str, number: Number) -> bool:
    """Tell whether a number can be an answer: not denied, and not a word of a longer answer."""
    return not is_denied(folded, number) and not re.match(r"[a-z]", folded[number.digits :])


def _bare_word(context: Context, word: Term) -> Fact | None:
    """Return a lone "positive" or "not positive"; None if it is only asked about."""
    nothing = Term(word.start, word.start, "analyte", "")
    result = worded_result(context, [nothing], word)
    if result is None or result.unsure:
        return None
    return Fact(name="word", value=result.value, start=word.start, end=word.end)
