"""Closed answers: yes, no, I don't know, skip, why. A whole message is one of them or is not.

The intent classifier guesses; this does not. It is asked first, so that an answer to a question
never depends on a probability.
"""

from __future__ import annotations

import re
from functools import cache

from bot.dictionary import load, words
from bot.text import fold

_EDGES = " \t\n.,!;:，。！；：、~…\"'“”?？"


def reply_of(text: str) -> str | None:
    """Return the intent of a closed answer (``affirm``, ``deny``, ``dont_know`` …), or None.

    Example:
        >>> reply_of("No, thank you."), reply_of("不知道"), reply_of("no, it was 58")
        ('deny', 'dont_know', None)
    """
    folded = re.sub(r"\s+", " ", fold(text)).strip(_EDGES)
    replies, polite = _replies()
    if folded in replies:
        return replies[folded]
    previous = None
    while folded != previous:
        previous = folded
        for word in polite:
            folded = re.sub(rf"^{word}(?![a-z])|(?<![a-z]){word}$", "", folded).strip(_EDGES)
        if folded in replies:
            return replies[folded]
    return None


@cache
def _replies() -> tuple[dict[str, str], list[str]]:
    entries = dict(load("replies"))
    polite = [re.escape(word) for word in words(entries.pop("politeness"))]
    return {w.strip(_EDGES): name for name, entry in entries.items() for w in words(entry)}, polite
