"""One turn of the conversation: who wrote what, and what the pipeline understood of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk import Tracker

from records import Store

_SURE = 0.5
_LIKELY = 0.15


@cache
def store() -> Store:
    """Return the store of this process; ``HBV_DATABASE`` names the file."""
    return Store(os.environ.get("HBV_DATABASE", "var/hbv.sqlite"))


@dataclass(frozen=True, slots=True)
class Turn:
    """The latest message of a tracker.

    ``intents`` begins with the chosen one; what else the message asks follows. Where the chosen one
    is to tell something, the likeliest other follows, because people tell and ask in one breath.
    ``reply`` is a closed answer (``affirm``, ``deny``, ``dont_know``, ``skip``), ``bare`` a lone
    value such as ``{"name": "number", "value": 86, "unit": "U/L"}``. ``marks`` say what the message
    does with a value: ``supposed``, ``correction``, ``remark``, ``whom``, ``when``, ``topic`` …
    """

    person: str
    message_id: str
    text: str
    intents: tuple[str, ...]
    language: str
    facts: tuple[dict[str, Any], ...]
    red_flags: tuple[dict[str, Any], ...]
    reply: str | None
    bare: dict[str, Any] | None
    marks: tuple[tuple[str, str], ...] = ()

    def mark(self, name: str) -> str | None:
        """Return the value of a mark of the message, such as ``when``; None if it is not set."""
        return next((value for key, value in self.marks if key == name), None)

    @property
    def supposes(self) -> bool:
        """True when it asks what would be if: by its words, and as it was understood."""
        return self.intents[0] == "ask_what_if" and self.mark("supposed") is not None

    @property
    def topics(self) -> tuple[str, ...]:
        """The tests, conditions and medicines that the message names."""
        return tuple(value for key, value in self.marks if key == "topic")

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Return the turn that a tracker stands in."""
        message = tracker.latest_message
        found: dict[str, list[dict[str, Any]]] = {}
        for entity in message.get("entities") or []:
            found.setdefault(entity["entity"], []).append(entity)
        text = message.get("text") or ""
        heard = found.get("language", [{}])[0].get("value")
        return cls(
            person=tracker.sender_id,
            message_id=_message_id(message),
            text=text,
            intents=tuple(_intents(message)),
            language=_wanted(message, found) or _language(text, heard, tracker),
            facts=tuple(found.get("fact", ())),
            red_flags=tuple(found.get("red_flag", ())),
            reply=found.get("reply", [{}])[0].get("value"),
            bare=found.get("bare", [None])[0],
            marks=tuple((e["name"], e["value"]) for e in found.get("mark", ())),
        )


def _intents(message: dict[str, Any]) -> Iterator[str]:
    chosen = message.get("intent", {}).get("name") or ""
    yield chosen
    others = [i for i in message.get("intent_ranking") or () if i["name"] != chosen]
    sure = [i["name"] for i in others if i["confidence"] >= _SURE]
    yield from sure
    if chosen == "give_history" and not sure:
        yield from [i["name"] for i in others if i["confidence"] >= _LIKELY][:1]


def today() -> dt.date:
    """Return the day that answers are as of."""
    return dt.datetime.now().astimezone().date()


def _message_id(message: dict[str, Any]) -> str:
    given = (message.get("metadata") or {}).get("message_id") or message.get("message_id")
    return str(given)


def _wanted(message: dict[str, Any], found: dict[str, list[dict[str, Any]]]) -> str | None:
    """Return the language that a message asks for in so many words."""
    if message.get("intent", {}).get("name") != "choose_language":
        return None
    return next((str(e["value"]) for e in found.get("mark", ()) if e["name"] == "language"), None)


def _language(text: str, heard: str | None, tracker: Tracker) -> str:
    """Return the language asked for before, else that of the message.

    A message without letters ("86") does not change it.
    """
    before = tracker.get_slot("language")
    if chosen := tracker.get_slot("chosen_language"):
        return str(chosen)
    if before and not any(char.isalpha() for char in text):
        return str(before)
    return heard or before or "en"
