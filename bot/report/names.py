"""Which test a printed name means. A name counts as a whole, or it is not known."""

from __future__ import annotations

import re
from functools import cache

from bot.dictionary import load as lexicon
from bot.dictionary import words
from bot.report.words import load, one_of, spelled

_LEFT_OVER = re.compile(r"[^\W_]|[%#]")
# Words of the chat that no report prints as the name of a test.
_CHAT_ONLY = {"病毒", "表抗", "transaminase"}
_NOT_A_ROW = {"transaminase", "liver_imaging"}


def analytes_of(phrase: str) -> tuple[str, ...] | None:
    """Return the tests that a folded name speaks of; None if something in it is not understood.

    Example:
        >>> analytes_of("谷丙转氨酶(alt)"), analytes_of("直接胆红素"), analytes_of("ast / alt")
        (('alt',), None, ('ast', 'alt'))
    """
    found = [_by_word()[_plain(match[0])] for match in name_pattern().finditer(phrase)]
    rest = beside_pattern().sub(" ", name_pattern().sub(" ", phrase))
    if not found or _LEFT_OVER.search(rest):
        return None
    return tuple(dict.fromkeys(found))


@cache
def name_pattern() -> re.Pattern[str]:
    """Return the pattern of every printed name."""
    return one_of([word for entry in _entries().values() for word in entry])


@cache
def beside_pattern() -> re.Pattern[str]:
    """Return the pattern of the words that change nothing about which test a name means."""
    return one_of([str(word) for group in load("names")["beside"] for word in group])


@cache
def _entries() -> dict[str, list[str]]:
    entries = {
        name: [str(word) for word in found] for name, found in load("names")["names"].items()
    }
    for name, entry in lexicon("analytes").items():
        if name not in _NOT_A_ROW:
            more = [word for word in words(entry["words"]) if word not in _CHAT_ONLY]
            entries[name] = [*entries.get(name, []), *more]
    return entries


@cache
def _by_word() -> dict[str, str]:
    return {_plain(word): name for name, found in _entries().items() for word in found}


def _plain(word: str) -> str:
    return re.sub(r"[\s,-]+", "", word)


__all__ = ["analytes_of", "beside_pattern", "name_pattern", "spelled"]
