"""What a message is about, as far as its words say: herbs, food, work, money, a vaccine.

The words of ``lexicon/matters.yml`` stand for each other: what is learnt from "can I take ginseng?"
holds for every other herb.
"""

from __future__ import annotations

import re
from functools import cache

from bot.dictionary import load, words

_BEGIN = re.compile(r"(?<![a-z0-9])(?=[a-z0-9£$\"])|(?=[\u3400-\u9fff])")
_ANY_ENDING = "*"


def matters(folded: str) -> list[str]:
    """Return the matters that a folded text names, in the order of the text, each once.

    Example:
        >>> matters("can i drink green tea while pregnant")
        ['alcohol', 'food', 'pregnant']
    """
    whole, begun, longest = _words()
    found: dict[str, None] = {}
    for match in _BEGIN.finditer(folded):
        start = match.start()
        for end in range(min(start + longest, len(folded)), start, -1):
            word = folded[start:end]
            names = begun.get(word, ())
            if word in whole and not (folded[end - 1].isascii() and _goes_on(folded, end)):
                names = (*names, *whole[word])
            found.update(dict.fromkeys(names))
    return list(found)


def _goes_on(folded: str, end: int) -> bool:
    return bool(re.match(r"(?!s?(?![a-z0-9]))[a-z0-9]", folded[end:]))


@cache
def _words() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], int]:
    """Return the matters of each word, those of each word that may end in any way, the longest word."""
    whole: dict[str, tuple[str, ...]] = {}
    begun: dict[str, tuple[str, ...]] = {}
    for name, entry in load("matters").items():
        for word in words(entry):
            into = begun if word.endswith(_ANY_ENDING) else whole
            bare = word.rstrip(_ANY_ENDING).strip()
            into[bare] = (*into.get(bare, ()), name)
    return whole, begun, max(map(len, [*whole, *begun]))
