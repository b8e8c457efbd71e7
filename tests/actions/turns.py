"""Turns for the tests, understood by the same code as in the chat."""

from __future__ import annotations

from actions.turn import Turn
from bot.components.reader import entities
from bot.reading import read


def turn(text: str, *, intent: str = "give_history") -> Turn:
    """Return the turn in which a person writes ``text``."""
    found = list(entities(text, read(text)))

    def only(kind: str) -> list[dict[str, object]]:
        return [entity for entity in found if entity["entity"] == kind]

    return Turn(
        person="ann",
        message_id="m1",
        text=text,
        intents=(intent,),
        language=read(text).language,
        facts=tuple(only("fact")),
        red_flags=tuple(only("red_flag")),
        reply=next((str(e["value"]) for e in only("reply")), None),
        bare=next(iter(only("bare")), None),
        marks=tuple((str(e["name"]), str(e["value"])) for e in only("mark")),
    )
