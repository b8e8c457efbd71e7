"""Tokens of a message, with spaCy: one tokenizer for both languages.

A run of letters, a run of digits, or any other single character is a token. So ``ALT86``,
``HBeAg(+)`` and ``谷丙转氨酶86`` all come apart at the right places, and a Chinese word is a sequence
of single-character tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from spacy.util import get_words_and_spaces
from spacy.vocab import Vocab

# "don't" is one word; the 's of "husband's" is a word of its own.
_TOKEN = re.compile(r"[a-z]+(?:'(?!s\b)[a-z]+)?|'s\b|\d+|\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the lexicon found at ``start:end``: its ``kind`` and the entry's ``name``."""

    start: int
    end: int
    kind: str
    name: str


class CharacterClassTokenizer:
    """Cuts a text wherever letters, digits and other characters meet."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        tokens, spaces = get_words_and_spaces(_TOKEN.findall(text), text)
        return Doc(self.vocab, words=tokens, spaces=spaces)


@cache
def pipeline(language: str = "en") -> Pipeline:
    """Return the blank spaCy pipeline of a language with the tokenizer of this package."""
    nlp = spacy.blank(language)
    nlp.tokenizer = CharacterClassTokenizer(nlp.vocab)
    return nlp
