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

_LIKELY = 0.15


@cache
def store() -> Store:
    """Return the store of this process; ``HBV_DATABASE`` names the file."""
    return Store(os.environ.get("HBV_DATABASE", "var/hbv.sqlite"))


@dataclass(frozen=True, slots=True)
class Turn:
    """The latest message of a tracker.

    ``intents`` begins with the chosen one. Where that is to tell something, other likely ones
    follow, because a person often tells and asks in one breath.
    ``reply`` is a closed answer (``affirm``, ``deny``, ``dont_know``, ``skip``), ``bare`` a lone
    value such as ``{"name": "number", "value": 86, "unit": "U/L"}``.
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
            language=_language(text, heard, tracker.get_slot("language")),
            facts=tuple(found.get("fact", ())),
            red_flags=tuple(found.get("red_flag", ())),
            reply=found.get("reply", [{}])[0].get("value"),
            bare=found.get("bare", [None])[0],
        )


def _intents(message: dict[str, Any]) -> Iterator[str]:
    chosen = message.get("intent", {}).get("name") or ""
    yield chosen
    if chosen == "give_history":
        for other in message.get("intent_ranking") or ():
            if other["confidence"] >= _LIKELY:
                yield other["name"]


def today() -> dt.date:
    """Return the day that answers are as of."""
    return dt.datetime.now().astimezone().date()


def _message_id(message: dict[str, Any]) -> str:
    given = (message.get("metadata") or {}).get("message_id") or message.get("message_id")
    return str(given)


def _language(text: str, heard: str | None, before: str | None) -> str:
    """Return the language of a message; one without letters ("86") does not change it."""
    if before and not any(char.isalpha() for char in text):
        return before
    return heard or before or "en"
