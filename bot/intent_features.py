"""What the classifier sees of a text: its words, pairs of them, their letters, and what it is about.

Each of the three kinds of grams is weighed by how rare it is and has the same length in every text,
so that a long text counts no more than a short one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.matters import matters
from bot.text import fold

_LONGEST_PART = 5
# How much the words, the letters, and what a text is about count.
_WEIGHTS = (1.0, 1.0, 0.5)
_NUMBER = "0"

Grams = tuple[Counter[str], Counter[str], Counter[str]]


def grams(text: str, lemmas: Iterable[str]) -> Grams:
    """Return the words and pairs of words, the parts of words, and the matters of a text.

    Args:
        text: the text.
        lemmas: its tokens, each as the concept that it stands for; every number is the same.
    """
    words = [_NUMBER if lemma.isdecimal() else lemma for lemma in lemmas]
    named = sorted(matters(fold(text)))
    return (
        Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))]),
        Counter(part for word in words for part in _parts(f" {word} ")),
        Counter([*named, *(f"{one} {other}" for one, other in combinations(named, 2))]),
    )


def _parts(word: str) -> Iterator[str]:
    for length in range(1, min(_LONGEST_PART, len(word)) + 1):
        parts = (word[start : start + length] for start in range(len(word) - length + 1))
        yield from (part for part in parts if part != " ")


@dataclass(frozen=True)
class Features:
    """The grams of the training examples: the column of each, and how rare it is.

    The words come first, then the letters, then the matters, in the order of ``columns``.
    """

    columns: tuple[dict[str, int], ...]
    rarity: np.ndarray[Any, np.dtype[np.float64]]

    @classmethod
    def of(cls, examples: Sequence[Grams]) -> Features:
        """Return the features of examples."""
        columns: list[dict[str, int]] = []
        counts: list[int] = []
        for kind in range(len(_WEIGHTS)):
            seen = Counter(gram for example in examples for gram in example[kind])
            columns.append({gram: len(counts) + i for i, gram in enumerate(sorted(seen))})
            counts += [seen[gram] for gram in sorted(seen)]
        rarity = np.log((1.0 + len(examples)) / (1.0 + np.array(counts, dtype=np.float64))) + 1.0
        return cls(tuple(columns), rarity)

    def matrix(self, texts: Sequence[Grams]) -> csr_matrix:
        """Return one row for each text."""
        rows: list[int] = []
        places: list[int] = []
        values: list[float] = []
        for row, text in enumerate(texts):
            for columns, kind, weight in zip(self.columns, text, _WEIGHTS, strict=True):
                found = [(columns[g], count) for g, count in kind.items() if g in columns]
                if not found:
                    continue
                at = [place for place, _ in found]
                value = (1 + np.log([count for _, count in found])) * self.rarity[at]
                rows += [row] * len(at)
                places += at
                values += (weight * value / np.linalg.norm(value)).tolist()
        return csr_matrix((values, (rows, places)), shape=(len(texts), len(self.rarity)))

    def knows(self, text: Grams) -> bool:
        """Tell whether a text names a matter, or most of its words stand in the examples."""
        words = [gram for gram in text[0] if gram.isalpha()]
        return bool(text[2]) or 2 * sum(word in self.columns[0] for word in words) > len(words)
