"""A typed reply to a question: a command such as "why", or an answer by number, letter or word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from hbv_engine.answers import NONE_OF_THESE
from hbv_engine.cli.typed import Quantity, plain, read_quantity, take_date
from hbv_engine.errors import DateError, UnitError, WrongTypeError
from hbv_engine.facts import catalogue
from hbv_engine.questions import Question

COMMANDS: Final[dict[str, frozenset[str]]] = {
    "why": frozenset({"why", "why?", "?", "为什么", "为什么?", "为啥", "原因"}),
    "skip": frozenset({"skip", "s", "next", "later", "跳过", "略过", "以后再说"}),
    "unknown": frozenset(
        {"don't know", "dont know", "i don't know", "i dont know", "dk", "idk", "unknown",
         "not sure", "i'm not sure", "no idea", "不知道", "我不知道", "不清楚", "不记得", "不确定",
         "没查过", "忘了"}
    ),
    "back": frozenset({"back", "undo", "返回", "上一题", "回到上一题", "后退"}),
    "quit": frozenset({"quit", "exit", "q", "stop", "bye", "退出", "结束", "再见"}),
    "help": frozenset({"help", "h", "帮助"}),
}  # fmt: skip
YES_NO: Final = {"yes": {"en": "yes", "zh": "是"}, "no": {"en": "no", "zh": "否"}}
NOTHING: Final = {"en": "none of these", "zh": "都没有"}
SYNONYMS: Final[dict[str, frozenset[str]]] = {
    "positive": frozenset({"+", "(+)", "pos", "pos.", "reactive", "阳", "阳性"}),
    "negative": frozenset({"-", "(-)", "neg", "neg.", "non-reactive", "阴", "阴性"}),
    "female": frozenset({"f", "female", "w", "女性", "女的", "女人"}),
    "male": frozenset({"m", "male", "男性", "男的", "男人"}),
    "yes": frozenset({"y", "yeah", "yep", "true", "是的", "有", "对", "有的", "嗯"}),
    "no": frozenset({"n", "nope", "false", "不是", "没有", "没", "无", "不", "不对"}),
    NONE_OF_THESE: frozenset({"0", "none", "none of them", "nothing", "no", "没有", "无", "没"}),
    "not_detected": frozenset({"not detected", "tnd", "target not detected", "未检出", "未检测到"}),
}
PLAIN_UNITS: Final = ("1",)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine is told, and the words it came from."""

    value: Any
    raw: str


def read_command(text: str) -> str | None:
    """Return the command that a reply is, or None if it is meant as an answer."""
    said = _key(text)
    return next((name for name, words in COMMANDS.items() if said in words), None)


def read_answer(question: Question, spec: dict[str, Any], text: str, *, language: str) -> Answer:
    """Return the answer that a reply gives.

    ``spec`` is the question as the rulebook declares it.

    Raises:
        RecordError: it cannot be read as an answer; the error says what can.
    """
    readers = {"choice": _choice, "screen": _screen, "yes_no": _yes_no, "date": _date}
    return readers.get(question.kind, _number)(question, spec, text, language)


def choices(question: Question) -> list[tuple[str, str, dict[str, str]]]:
    """Return what can be chosen: the marker to type, the option's id, its label.

    Markers are letters where a number would be a value. A screen ends with "none of these", unless
    one of its own options says that nobody looked: then nothing ticked would be ambiguous.
    """
    options = list(question.options)
    if question.kind == "yes_no" and not options:
        options = [("yes", YES_NO["yes"]), ("no", YES_NO["no"])]
    if question.kind == "screen" and not nobody_may_have_looked(question):
        options = [o for o in options if o[0] != NONE_OF_THESE] + [(NONE_OF_THESE, NOTHING)]
    first = ord("a") if question.kind == "number" else ord("1")
    marks = [chr(first + i) if first > ord("9") else str(i + 1) for i in range(len(options))]
    return [(mark, name, label) for mark, (name, label) in zip(marks, options, strict=True)]


def nobody_may_have_looked(question: Question) -> bool:
    """True when an option says "not checked": a bare "none" could then mean that, too."""
    return any(name.startswith("not_") for name, _ in question.options)


def _key(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text).replace("’", "'").lower()).strip(" .!。！")


def _find(question: Question, text: str) -> str | None:
    """Return the option that a word, a number or a letter stands for; never a near miss."""
    said = _key(text)
    found = choices(question)
    by_marker = next((name for mark, name, _ in found if said.strip("()") == mark), None)
    return by_marker or next(
        (name for _, name, label in found if said in _names(name, label)), None
    )


def _names(name: str, label: dict[str, str]) -> set[str]:
    """Return the ways of writing an option: its id, its label, the label without its brackets."""
    found = {name, name.replace("_", " "), *SYNONYMS.get(name, ())}
    for text in map(_key, label.values()):
        found |= {text, re.sub(r"\s*\(.*?\)\s*", "", text), *re.findall(r"\(([^()]+)\)", text)}
    return found


def _raw(question: Question, text: str, chosen: list[str], language: str) -> str:
    labels = [label[language] for _, name, label in choices(question) if name in chosen]
    said = text.strip()
    joined = "; ".join(labels)
    return said if not joined or said == joined else f"{said} = {joined}"


def _choice(question: Question, _: dict[str, Any], text: str, language: str) -> Answer:
    name = _find(question, text)
    if name is None:
        raise _not_an_option(question, text, language)
    return Answer(name, _raw(question, text, [name], language))


def _screen(question: Question, _: dict[str, Any], text: str, language: str) -> Answer:
    whole = _find(question, text)
    found = [whole] if whole else []
    parts = [] if whole else re.split(r"\s*[,;/+&]\s*|\s+and\s+|和|及|\s+(?=\d)", plain(text))
    for part in filter(None, parts):
        name = _find(question, part)
        if name is None:
            raise _not_an_option(question, part, language)
        if name not in found:
            found.append(name)
    if not found:
        raise _not_an_option(question, text, language)
    if NONE_OF_THESE in found and len(found) > 1:
        raise WrongTypeError(
            "This says both that something applies and that nothing does.",
            value=text,
            accepted="the numbers that apply, or none of them",
            remedy="Give one or the other.",
        )
    value = NONE_OF_THESE if found == [NONE_OF_THESE] else found
    return Answer(value, _raw(question, text, found, language))


def _yes_no(question: Question, spec: dict[str, Any], text: str, language: str) -> Answer:
    name = _find(question, text)
    if name is None:
        raise _not_an_option(question, text, language)
    value = name if spec.get("options") else name == "yes"
    return Answer(value, _raw(question, text, [name], language))


def _date(question: Question, _: dict[str, Any], text: str, language: str) -> Answer:  # noqa: ARG001
    day = take_date(plain(text), months=True)[1]
    if day is None:
        raise DateError(
            "There is no day in this.",
            value=text,
            accepted="a day such as 2026-05-01, or a month such as 2026-05",
            remedy="Write the year first.",
        )
    return Answer(str(day), text.strip())


def _number(question: Question, spec: dict[str, Any], text: str, language: str) -> Answer:
    name = _find(question, text)
    if name is not None:
        return Answer(name, _raw(question, text, [name], language))
    units = question.units or ((question.unit,) if question.unit else ())
    measured = question.facts[0] in catalogue().analytes and "completes" not in spec
    found = read_quantity(text, units, limits=measured)
    if measured:
        return _measured(question, spec, found, text)
    if found.comparator not in {"=", "~"} and "completes" not in spec:
        raise WrongTypeError(
            "One number is needed here, not a limit.",
            value=text,
            accepted=f"a number such as {spec.get('example', '2')}",
            remedy="If you do not know it exactly, answer: don't know.",
        )
    if "completes" in spec:
        unit = {"unit": found.unit} if found.unit else {}
        return Answer({"value": _tidy(found.value), **unit}, text.strip())
    value = found.value * _factor(question, spec, found.unit)
    return Answer({"value": _tidy(value)}, text.strip())


def _measured(question: Question, spec: dict[str, Any], found: Quantity, text: str) -> Answer:
    parts = {
        "comparator": None if found.comparator == "=" else found.comparator,
        "unit": found.unit or (question.unit if question.unit in PLAIN_UNITS else None),
        "date": str(found.date) if found.date else None,
        "reference_low": found.low,
        "reference_high": found.high,
        "interferon_week": spec.get("interferon_week"),
    }
    told = {"value": _tidy(found.value), **{k: v for k, v in parts.items() if v is not None}}
    return Answer(told, text.strip())


def _factor(question: Question, spec: dict[str, Any], unit: str | None) -> float:
    if unit is None or unit == question.unit:
        return 1.0
    factor = (spec.get("factors") or {}).get(unit)
    if factor is None:
        raise UnitError(
            f"This is not counted in {unit[:40]!r}.",
            value=unit,
            accepted=", ".join(question.units),
            remedy="Give the number in one of these units.",
        )
    return float(factor)


def _tidy(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < 1e15 else value  # noqa: PLR2004 - exact


def _not_an_option(question: Question, text: str, language: str) -> WrongTypeError:
    accepted = "; ".join(f"{mark} {label[language]}" for mark, _, label in choices(question))
    return WrongTypeError(
        f"{text.strip()[:40]!r} is not one of the answers.",
        value=text,
        accepted=accepted,
        remedy="Type the number of the answer, or its words.",
    )
