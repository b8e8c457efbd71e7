"""Observations in words, as they are read back to the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from actions.evidence import told_on
from actions.phrases import say
from hbv_engine import load_book
from hbv_engine.facts import catalogue
from hbv_engine.wording import number_text, phrase
from records import Observation


def in_words(observation: Observation, language: str) -> str:
    """Return one observation in words: label, value with unit, date if it was given."""
    text = say(
        "fact",
        language,
        label=label_of(observation, language),
        value=value_of(observation, language),
    )
    if observation.interferon_week is not None:
        week = number_text(observation.interferon_week)
        text = say("in_week", language, fact=text, week=week)
    return f"{text} ({observation.date})" if observation.date else text


def all_in_words(observations: Iterable[Observation], language: str) -> str:
    """Return several observations as one sentence part, each said once."""
    return say("facts_joint", language).join(
        dict.fromkeys(in_words(o, language) for o in observations)
    )


def known_in_words(observations: Iterable[Observation], language: str) -> str:
    """Return what the record holds as one sentence part: each fact with its day, denials together.

    A result without a date of its own is given with the day on which it was told.
    """
    known = [o for o in observations if o.kind not in {"mention", "answer"}]
    said = [in_words(o, language) + _told_day(o) for o in known if o.value is not False]
    denied = dict.fromkeys(label_of(o, language) for o in known if o.value is False)
    if denied:
        said.append(say("denied", language, facts=say("joint", language).join(denied)))
    return say("facts_joint", language).join(dict.fromkeys(said))


def _told_day(o: Observation) -> str:
    day = told_on(o, dt.date.max) if o.date is None else None
    return f" ({day})" if day else ""


def label_of(o: Observation, language: str) -> str:
    """Return the name of a fact in words."""
    if o.kind == "mention":
        return o.name.replace("_", " ")
    if o.kind == "answer":
        fact = load_book().questions[o.name].get("facts", [o.name])[0]
        return catalogue().label(fact)[language]
    return catalogue().label(o.name)[language]


def value_of(o: Observation, language: str) -> str:
    """Return the value of a fact in words, with comparator and unit."""
    book = load_book()
    if o.kind == "answer":
        chosen = o.value if isinstance(o.value, list) else [o.value]
        options = {str(p["id"]): p["label"] for p in book.questions[o.name].get("options", ())}
        words = [options[v][language] if v in options else _word(v, language) for v in chosen]
        return say("joint", language).join(words) or phrase(book, "value.none", language)
    if isinstance(o.value, int | float) and not isinstance(o.value, bool):
        number = number_text(o.value)
        sign = o.comparator if o.comparator not in {None, "="} else ""
        return " ".join(filter(None, [f"{sign}{number}", o.unit]))
    return _word(o.value, language)


def _word(value: object, language: str) -> str:
    name = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return phrase(load_book(), f"value.{name}", language)
