"""Slips of the finger in English words of danger and names of medicines: "killing myslef", "tenofavir"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.dictionary import load

_WORD = re.compile(r"[a-z]{4,}")
_SHORTEST, _SHORTEST_FOR_TWO = 5, 9
_MEDICINE = re.compile(r"[a-z]{6,}")


def mended(tokens: Iterable[str]) -> list[str]:
    """Return folded words with those that are nearly a word of danger, or a medicine, replaced by it.

    Example:
        >>> mended(["killing", "myslef"])
        ['killing', 'myself']
    """
    return [_mend(token) for token in tokens]


def distance(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many or changed places with the next.

    Example:
        >>> distance("myslef", "myself"), distance("sucide", "suicide")
        (1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


@cache
def _mend(token: str) -> str:
    meant, known = _vocabulary()
    if token in known or not _WORD.fullmatch(token):
        return token
    near = [(distance(token, word), word) for word in meant if _may_be(token, word)]
    least, word = min(near, default=(9, token))
    return word if least <= (2 if len(word) >= _SHORTEST_FOR_TWO else 1) else token


def _may_be(token: str, word: str) -> bool:
    """Tell whether a word is worth comparing: the first letter holds, a short one only swaps two."""
    if len(word) < _SHORTEST:
        return sorted(token) == sorted(word) and token[0] == word[0]
    swapped = token[:2] == word[1::-1]
    return (token[0] == word[0] or swapped) and abs(len(token) - len(word)) <= 2  # noqa: PLR2004


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of danger and of medicines, and the words that only look like one of them."""
    flags = [f for f in load("red_flags").values() if f["level"] == "emergency_now"]
    phrases = [str(phrase) for flag in flags for phrase in flag["en"]]
    meant = frozenset(word for phrase in phrases for word in _WORD.findall(phrase))
    medicines = (str(name) for drug in load("drugs").values() for name in drug["en"])
    meant |= frozenset(name for name in medicines if _MEDICINE.fullmatch(name))
    return meant, meant | set(load("look_alikes")["en"])
