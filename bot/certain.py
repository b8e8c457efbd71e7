"""What is meant for certain: the words of ``lexicon/certain.yml``, whatever a model guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.dictionary import load, words
from bot.text import fold


def names(entry: str, text: str) -> bool:
    """Tell whether a message holds words of an entry.

    Example:
        >>> names("dose", "should I take a double dose to catch up?"), names("dose", "ALT doubled")
        (True, False)
    """
    return next(_found(entry, fold(text)), None) is not None


def _found(entry: str, folded: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns(entry):
        yield from pattern.finditer(folded)


@cache
def _patterns(entry: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(word) for word in words(load("certain")[entry]))
