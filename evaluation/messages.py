"""The labelled messages, one JSON object a line, and what makes a label sound."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.facts import is_number

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True)
class Message:
    """A message and its label, in the data of ``bot.understand``.

    Facts and red flags hold ``text``, the words they came from, in place of ``start`` and ``end``.
    """

    id: str
    text: str
    language: str
    intents: list[str]
    facts: list[dict[str, Any]]
    red_flags: list[dict[str, Any]]
    shape: str | None = None


def load_messages(languages: Iterable[str] = LANGUAGES) -> list[Message]:
    """Return the labelled messages of the languages."""
    return [Message(**json.loads(line)) for language in languages for line in _lines(language)]


def _lines(language: str) -> list[str]:
    return (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()


def faults(
    messages: list[Message], *, facts: set[str], red_flags: dict[str, str], intents: set[str]
) -> Iterator[str]:
    """Yield what cannot be right about the labels.

    Args:
        messages: the labelled messages of all languages.
        facts: the names that a fact may have.
        red_flags: the level of each sign of danger.
        intents: the names that an intent may have.
    """
    for kind in ("id", "text"):
        values = [getattr(message, kind) for message in messages]
        yield from (
            f"{kind} twice: {value}" for value in {v for v in values if values.count(v) > 1}
        )
    for message in messages:
        yield from (f"{message.id}: {fault}" for fault in _faults(message, facts, red_flags))
        unknown = [intent for intent in message.intents if intent not in intents]
        yield from (f"{message.id}: no intent is called {intent}" for intent in unknown)
        if not message.intents or len(set(message.intents)) < len(message.intents):
            yield f"{message.id}: no intent, or one twice"


def _faults(message: Message, facts: set[str], red_flags: dict[str, str]) -> Iterator[str]:
    for part in (*message.facts, *message.red_flags):
        if not part["text"] or part["text"] not in message.text:
            yield f"{part['text']!r} is not in the message"
    for fact in message.facts:
        if fact["name"] not in facts:
            yield f"no fact is called {fact['name']}"
        if fact.get("unit") and fact.get("unit_missing") and fact["unit"] != "log10":
            yield f"{fact['name']} has a unit that is missing"
        if ("comparator" in fact) != _is_number_of_a_test(fact):
            yield f"{fact['name']}: only the number of a test has a comparator"
    for flag in message.red_flags:
        if red_flags.get(flag["id"]) != flag["level"]:
            yield f"no sign {flag['id']} of level {flag['level']}"


NUMBERS_OF_NO_TEST = {
    "age",
    "infection_duration",
    "drug_duration",
    "drug_dose",
    "interferon_week",
    "temperature",
    "fever_hours",
}


def _is_number_of_a_test(fact: dict[str, Any]) -> bool:
    return is_number(fact) and fact["name"] not in NUMBERS_OF_NO_TEST
