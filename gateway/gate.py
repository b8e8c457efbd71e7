"""The grounding gate: what a person is shown is a fixed response or a card of the rulebook.

Each message that Rasa sends is checked here once more, whoever sent it. One that does not pass is
not shown, its reason goes to the log without its text, and the person gets a safe reply.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot.dictionary import read_words
from bot.red_flags import find_red_flags
from bot.text import language_of
from gateway import metrics

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Check = Callable[[Message], "str | None"]
EMERGENCY, CRISIS = "emergency", "crisis"
_SELF_HARM = "suicidal_thoughts"


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
        logger.error("A message was held back: %s.", problem)
        return fixed("ungrounded", text)


def fixed(name: str, text: str) -> Message:
    """Return a fixed reply in the language of the text it answers."""
    return {
        "text": read_words("fixed_replies")[name][language_of(text)],
        "custom": {"response": name},
    }


def first_aid(text: str) -> Message | None:
    """Return what is said at once if a message names a danger, before Rasa has read it."""
    alarms = {
        flag.id for flag in find_red_flags(text) if flag.alarms and flag.level == "emergency_now"
    }
    if not alarms:
        return None
    return fixed(CRISIS if _SELF_HARM in alarms else EMERGENCY, text)
