"""The grounding gate: what a person is shown is a fixed response or a card of the rulebook.

Each message that Rasa sends is checked here once more, whoever sent it. One that does not pass is
not shown, its reason goes to the log without its text, and the person gets a safe reply.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.dictionary import read_words
from bot.red_flags import find_red_flags
from bot.text import language_of
from gateway import metrics

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Check = Callable[[Message], "str | None"]
EMERGENCY, CRISIS = "emergency", "crisis"
_SELF_HARM = "suicidal_thoughts"
_ACTIONS = Path(__file__).parent.parent / "actions"


class Gate:
    """Lets messages through that ``check`` has nothing against."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self.held_back = 0

    def passed(self, message: Message, text: str) -> Message:
        """Return a message, or the safe reply to ``text`` in its place."""
        problem = self._check(message)
        if problem is None:
            return message
        self.held_back += 1
        metrics.HELD_BACK.inc()
        # What follows the colon are names as the message gave them.
        logger.error("A message was held back: %s.", problem.partition(":")[0])
        return fixed("ungrounded", text)


def fixed(name: str, text: str) -> Message:
    """Return a fixed reply in the language of the text it answers."""
    return {
        "text": _replies()[name][language_of(text)],
        "custom": {"response": name},
    }


@cache
def _replies() -> dict[str, dict[str, str]]:
    """Return what can be said without Rasa: the channel's own words, and the actions' first aid."""
    said = yaml.safe_load((_ACTIONS / "phrases.yml").read_text(encoding="utf-8"))
    return {**read_words("fixed_replies"), EMERGENCY: said[EMERGENCY], CRISIS: said[CRISIS]}


def first_aid(text: str) -> Message | None:
    """Return what is said at once if a message names a danger, before Rasa has read it."""
    alarms = {
        flag.id for flag in find_red_flags(text) if flag.alarms and flag.level == "emergency_now"
    }
    if not alarms:
        return None
    return fixed(CRISIS if _SELF_HARM in alarms else EMERGENCY, text)
