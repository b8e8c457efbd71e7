"""Reading a message as the answer to the question that was asked."""

from __future__ import annotations

import re
from typing import Any

from actions.questions import Asked
from actions.translate import CHRONIC_MONTHS, DNA_WORDS, MONTHS
from actions.turn import Turn
from hbv_engine import RecordError, load_book
from hbv_engine.cli.replies import read_answer
from hbv_engine.facts import catalogue

UNKNOWN = "unknown"
_FILLING = re.compile(
    r"[\d\s.,;，。、；]|\b(?:and|i|have|had|a|an|the|my|yes|also|some)\b|[和有是我了]"
)
_NONE_OF_THESE = {"none of these", "none", "都没有", "以上都没有", "都不是"}
_YES, _NO, _NONE = (re.compile(words) for words in (r"yes\b", r"no\b", r"(?:none|neither)\b"))
# A number in such a message is about something told before, or only supposed.
_OTHER_NUMBER = {"amend", "ask_what_if"}
_SHORT = 60
_AROUND_A_WORD = re.compile(
    r"(?:[\s\W]|\b(?:it|is|was|the|my|result|results|test|tests|i|think|believe|came|back|says|said"
    r"|still|now|yes|all|always|am|were|are|report)\b|[是的结果了我它现在还呢啊吧都一直化验单报告上写说])*"
)
_AROUND_A_SPAN = re.compile(
    r"(?:[\s\W]|\b(?:yes|yeah|yep|since|for|about|over|already|almost|more|or|longer|than|now|it|has|been|is|was"
    r"|positive|i|have|had|know|known|ago|found|out|at|least|hbsag|hep|hepatitis|b)\b"
    r"|[是的有了已经大约快差不多就一直阳性查出来发现到现在得乙肝知道前多吧啊呢我过]|以上|hbsag)*"
)
_EDGES = " \t.,!?;:，。！？；："


def answer_in(turn: Turn, asked: Asked | None) -> Any:
    """Return the answer as the engine takes it, ``"unknown"``, or None if it is not an answer.

    A number needs a unit only where the engine needs one; without it the number is returned as it
    stands, and the unit is asked for next.
    """
    if asked is None:
        return None
    if asked.value is None and (named := _in_its_words(turn, asked)) is not None:
        return named
    if turn.reply in {"dont_know", "skip"}:
        return UNKNOWN
    if asked.value is not None:
        return _unit(turn, asked)
    chosen = _chosen(turn, asked)
    if chosen is not None:
        return chosen
    kind = asked.question.kind
    if kind == "yes_no":
        return {"affirm": True, "deny": False}.get(turn.reply or "")
    if kind == "screen":
        return _ticked(turn, asked)
    if kind == "choice":
        return _how_long(turn, asked) or _yes_or_no_option(turn, asked)
    return _quantity(turn, asked)


def _unit(turn: Turn, asked: Asked) -> str | None:
    if asked.usual_unit and turn.reply:
        return {"affirm": asked.usual_unit, "deny": UNKNOWN}.get(turn.reply)
    given = (turn.bare or {}).get("unit") or (turn.bare or {}).get("value")
    units = [asked.usual_unit] if asked.usual_unit else [u for u, _ in asked.options("en")]
    if given in units:
        return str(given)
    number = _number(turn)
    choices = [] if asked.usual_unit else asked.options("en")
    return choices[number - 1][0] if number and number <= len(choices) else None


def _in_its_words(turn: Turn, asked: Asked) -> Any:
    """Return the option whose words, or whose id, the message is."""
    text = _plain(turn.text)
    options = {o["id"]: o for o in load_book().questions[asked.question.id].get("options", ())}
    for value, label in asked.question.options:
        also = options.get(value, {}).get("also", {})
        other = [str(word) for words in also.values() for word in words]
        if text in {_plain(value), *map(_plain, label.values()), *map(_plain, other)}:
            return [value] if asked.question.kind == "screen" else value
    return None


def _chosen(turn: Turn, asked: Asked) -> Any:
    """Return the option that the message names: by its number, its word, or a part of its words."""
    if asked.question.kind == "screen":
        return None
    options = asked.question.options
    number = _number(turn)
    if asked.question.kind == "choice" and number and number <= len(options):
        return options[number - 1][0]
    word = _word(turn, asked)
    if any(word == value for value, _ in options):
        return word
    return _partly_named(_plain(turn.text), asked) if turn.reply is None else None


def _partly_named(text: str, asked: Asked) -> str | None:
    """Return the only option whose words contain the message, such as 半年以上.

    Words that go on in another clause do not count: "not pregnant" is not "not pregnant, but
    planning it soon".
    """
    if len(text) < (4 if text.isascii() else 2):
        return None
    labels = ((v, map(_plain, label.values())) for v, label in asked.question.options)
    found = [value for value, words in labels if any(text in word for word in words)]
    whole = [
        word
        for value, label in asked.question.options
        for word in map(_plain, label.values())
        if value in found and text in word
    ]
    goes_on = any(re.match(r"\s*[,，]", word.partition(text)[2]) for word in whole)
    return found[0] if len(found) == 1 and not goes_on else None


def _word(turn: Turn, asked: Asked) -> str | None:
    """Return a lone "positive" or "negative" under the name that the question gives it.

    It must stand alone: "not normal" and "never positive" hold the opposite word.
    """
    if turn.bare is None or turn.bare["name"] != "word":
        return None
    rest = turn.text[: turn.bare["start"]] + " " + turn.text[turn.bare["end"] :]
    if not _AROUND_A_WORD.fullmatch(rest.casefold()):
        return None
    word = str(turn.bare["value"])
    return DNA_WORDS.get(word, word) if asked.question.id == "hbv_dna" else word


def _how_long(turn: Turn, asked: Asked) -> str | None:
    """Return the option that a span of time means, such as "yes, 10 years" or 有十年了."""
    bare = turn.bare or {}
    months = MONTHS.get(str(bare.get("unit")))
    if asked.id != "hbsag" or bare.get("name") != "number" or months is None:
        return None
    rest = turn.text[: bare["start"]] + " " + turn.text[bare["end"] :]
    if not _AROUND_A_SPAN.fullmatch(rest.casefold()):
        return None
    long = bare["value"] * months >= CHRONIC_MONTHS
    return "six_months_or_more" if long else "under_6_months"


def _yes_or_no_option(turn: Turn, asked: Asked) -> str | None:
    """Return the option that a bare yes or no means, if only one can be meant.

    "No" to one of several choices does not say which of the others, unless one of them says none.
    """
    options = asked.question.options
    if turn.reply == "affirm":
        fitting = [value for value, label in options if _YES.match(label["en"])]
    elif turn.reply == "deny":
        no = _NO if len(options) == 2 else _NONE  # noqa: PLR2004
        fitting = [v for v, label in options if v == "none" or no.match(label["en"])]
    else:
        fitting = []
    return fitting[0] if len(fitting) == 1 else None


def _ticked(turn: Turn, asked: Asked) -> list[str] | None:
    """Return the ticked options of a screen; an empty list if none applies.

    The message must be nothing but words or numbers of options: what is not ticked is recorded as
    absent, so half an understanding would deny what was not understood, and "no fever" ticks none.
    """
    options = asked.question.options
    if turn.reply == "deny" or _plain(turn.text) in _NONE_OF_THESE:
        return []
    rest, ticked = _plain(turn.text), set()
    named = [(_plain(words), value) for value, label in options for words in label.values()]
    for words, value in sorted(named, key=lambda pair: -len(pair[0])):
        if words in rest:
            rest = rest.replace(words, " ")
            ticked.add(value)
    numbers = {int(n) for n in re.findall(r"\d+", rest)}
    ticked |= {value for place, (value, _) in enumerate(options, 1) if place in numbers}
    if _FILLING.sub("", rest).strip() or max(numbers, default=0) > len(options):
        return None
    return [value for value, _ in options if value in ticked] or None


def _quantity(turn: Turn, asked: Asked) -> Any:
    """Return a number, with its unit where the engine compares in one, or a day."""
    if turn.intents[0] in _OTHER_NUMBER or turn.facts or turn.mark("whom"):
        return None
    bare = turn.bare or {}
    number = bare.get("name") == "number" and not bare.get("ambiguous")
    if number and _is_result(asked) and not _is_dated(asked):
        found = {k: bare[k] for k in ("value", "unit", "comparator") if bare.get(k) is not None}
        rest = turn.text[: bare["start"]] + turn.text[bare["end"] :]
        return _typed(turn.text, asked) if re.search(r"\d", rest) else found
    typed = _typed(turn.text, asked)
    if typed is not None or not number:
        return typed
    digits = f"{bare['value']} {bare.get('unit') or ''}"
    return _typed(turn.text[: bare["start"]] + digits + turn.text[bare["end"] :], asked)


def _is_result(asked: Asked) -> bool:
    return asked.question.facts[0] in catalogue().analytes


def _is_dated(asked: Asked) -> bool:
    return bool(load_book().questions[asked.question.id].get("needs_date"))


def _typed(text: str, asked: Asked) -> Any:
    """Return what the engine's own strict reader makes of a short reply; None if it is unsure."""
    if len(text) > _SHORT:
        return None
    spec = load_book().questions[asked.question.id]
    try:
        value = read_answer(asked.question, spec, text, language="en").value
    except RecordError:
        return None
    return value if _is_result(asked) or not isinstance(value, dict) else value["value"]


def _number(turn: Turn) -> int | None:
    text = turn.text.strip(_EDGES)
    return int(text) if text.isdigit() and len(text) <= 2 and int(text) > 0 else None  # noqa: PLR2004


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold()).strip(_EDGES)
