"""What is meant for certain: the words of ``lexicon/certain.yml``, whatever a model guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.context import Context
from bot.dates import find_dates
from bot.dictionary import load, words
from bot.spans import find_terms
from bot.text import fold

_DANGERS = ("overdose", "severe_rash")
_JUST_BEFORE = re.compile(r"\s*(?:ever|actually|really|just|have|过)?\s*")


def names(entry: str, text: str) -> bool:
    """Tell whether a message holds words of an entry.

    Example:
        >>> names("dose", "should I take a double dose to catch up?"), names("dose", "ALT doubled")
        (True, False)
    """
    return next(_found(entry, fold(text)), None) is not None


def is_danger(text: str) -> bool:
    """Tell whether a message speaks of a danger now that is no sign of the engine.

    Example:
        >>> is_danger("i took 20 pills of paracetamol"), is_danger("我没吃一整瓶药")
        (True, False)
    """
    folded = fold(text)
    found = [match for entry in _DANGERS for match in _found(entry, folded)]
    if not found:
        return False
    context = Context(folded, tuple(find_terms(folded)), tuple(find_dates(folded)))
    return any(
        not context.past(match.start(), match.end()) and not _is_denied(context, match)
        for match in found
    )


def _is_denied(context: Context, match: re.Match[str]) -> bool:
    start, end = match.span()
    return any(
        start < denial.start < end
        or (denial.end <= start and _JUST_BEFORE.fullmatch(context.text, denial.end, start))
        for denial in context.denials
    )


def _found(entry: str, folded: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns(entry):
        yield from pattern.finditer(folded)


@cache
def _patterns(entry: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(word) for word in words(load("certain")[entry]))
