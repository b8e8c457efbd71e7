"""Words of the lexicon found in a message, on the tokens of spaCy.

Both languages share one tokenizer: a run of letters, a run of digits, or any other single
character is a token. So ``ALT86``, ``HBeAg(+)`` and ``谷丙转氨酶86`` all come apart at the right
places, and a Chinese word is a sequence of single-character tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language as Pipeline
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import get_words_and_spaces
from spacy.vocab import Vocab

from bot.dictionary import LANGUAGES, load, words
from bot.typos import mended

# "don't" is one word; the 's of "husband's" is a word of its own.
_TOKEN = re.compile(r"[a-z]+(?:'(?!s\b)[a-z]+)?|'s\b|\d+|\S", re.IGNORECASE)
# What "..." of a phrase does not reach over.
_GAP_ENDS = {*".,;!?。，；！？\n", "but", "though", "except"}
_CJK = re.compile(r"[\u3400-\u9fff]")
_CJK_SPACE = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]")
_STATEMENTS = (
    *("analyte", "unlisted", "drug", "pattern", "condition", "symptom", "complaint", "result"),
)
# What stands for a number of two digits or more.
_NUMBER = "nn"
# A word that holds one for somebody and names nobody: 母婴.
_NOBODY = ("other", "nobody")
_TWO_DIGITS = re.compile(r"[1-9][0-9]+")
# A phrase: words to choose from, and gaps.
Parts = tuple[frozenset[str] | int, ...]
# Terms that are found in spite of a slip of the finger.
_READ_WITH_SLIPS = {"symptom", "gap", "unless", "unless_alone", "beside_pregnancy"}


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


def find_terms(folded: str) -> list[Term]:
    """Return the terms of a folded text; of overlapping statements only the longest is kept."""
    nlp = pipeline()
    doc = nlp.make_doc(folded)
    found = list(_matches(doc, doc))
    tokens = [token.text for token in doc]
    meant = mended(tokens)
    if meant != tokens:
        spaces = [bool(token.whitespace_) for token in doc]
        near = _matches(Doc(nlp.vocab, words=meant, spaces=spaces), doc)
        found += [term for term in near if term.kind in _READ_WITH_SLIPS]
    named = [term for term in _longest(found, folded) if (term.kind, term.name) != _NOBODY]
    return sorted(named, key=lambda term: (term.start, term.end, term.kind, term.name))


def _matches(read_as: Doc, doc: Doc) -> Iterator[Term]:
    """Yield the terms of a text as it is read, at their places in the text as it was written."""
    phrases, gapped = _matchers()
    for label, start, end in phrases(read_as):
        yield from _named(doc.vocab.strings[label], doc, start, end)
    tokens = [token.lower_ for token in read_as]
    for first, token in enumerate(tokens):
        begins = gapped.get(token, ())
        if _TWO_DIGITS.fullmatch(token):
            begins = (*begins, *gapped.get(_NUMBER, ()))
        for key, parts in begins:
            for last in set(_ends(parts, tokens, first)):
                yield from _named(key, doc, first, last)


def _named(key: str, doc: Doc, first: int, last: int) -> Iterator[Term]:
    span = doc[first:last]
    for label in key.split("&"):
        kind, name = label.split(":", 1)
        yield Term(span.start_char, span.end_char, kind, name)


def _ends(parts: Parts, tokens: list[str], place: int) -> Iterator[int]:
    """Yield where a phrase that begins at a token may end: each gap reaches over some tokens."""
    if not parts:
        yield place
        return
    part, rest = parts[0], parts[1:]
    if isinstance(part, int):
        yield from _ends(rest, tokens, place)
        for after in range(place, min(place + part, len(tokens))):
            if tokens[after] in _GAP_ENDS:
                return
            yield from _ends(rest, tokens, after + 1)
    elif place < len(tokens) and _fits(part, tokens[place]):
        yield from _ends(rest, tokens, place + 1)


def _fits(part: frozenset[str], token: str) -> bool:
    return token in part or (_NUMBER in part and bool(_TWO_DIGITS.fullmatch(token)))


def _longest(terms: Iterable[Term], text: str) -> Iterator[Term]:
    """Yield the longest of overlapping terms; one over a Chinese space, a comma left out, is last."""
    taken: dict[str, list[Term]] = {}

    def order(term: Term) -> tuple[bool, int, int, str, str]:
        spaced = bool(_CJK_SPACE.search(text, term.start, term.end))
        return spaced, term.start - term.end, term.start, term.kind, term.name

    for term in sorted(set(terms), key=order):
        group = "statement" if term.kind in _STATEMENTS else term.kind
        others = taken.setdefault(group, [])
        if all(term.end <= other.start or term.start >= other.end for other in others):
            others.append(term)
            yield term


def _entries() -> Iterator[tuple[str, list[str]]]:
    for name, entry in load("analytes").items():
        yield f"analyte:{name}", words(entry["words"])
    for name, entry in load("patterns").items():
        yield f"pattern:{name}", words(entry["words"])
    for kind in ("drug", "condition", "result"):
        for name, entry in load(f"{kind}s").items():
            yield f"{kind}:{name}", words(entry)
    yield from _signs()
    for name, entry in load("symptoms").items():
        yield f"complaint:{name}", words(entry)
    people = load("people")
    for kind in ("self", "pronoun"):
        yield f"{kind}:{kind}", words(people[kind])
    for name, entry in people["others"].items():
        yield f"other:{name}", words(entry)
    for name, entry in load("context").items():
        yield f"{name}:{name}", words(entry)


def _signs() -> Iterator[tuple[str, list[str]]]:
    for name, entry in load("red_flags").items():
        yield f"symptom:{name}", words(entry)
        for kind in ("unless", "unless_alone"):
            yield f"{kind}:{name}", words(entry.get(kind) or {})
        for condition, beside in (entry.get("beside") or {}).items():
            yield f"beside_{condition}:{name}", words(beside)


@cache
def _matchers() -> tuple[PhraseMatcher, dict[str, tuple[tuple[str, Parts], ...]]]:
    """Return what finds fixed phrases, and the phrases with gaps or a choice by their first word."""
    nlp = pipeline()
    phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
    gapped: dict[str, list[tuple[str, Parts]]] = {}
    by_word: dict[str, list[str]] = {}
    for label, entry_words in _entries():
        for word in entry_words:
            by_word.setdefault(word, []).append(label)
    for word, labels in by_word.items():
        key = "&".join(labels)
        if "..." in word or "|" in word or f" {_NUMBER} " in word:
            if "..." in word and not _denies(word):
                key += "".join(f"&gap:{label.split(':', 1)[1]}" for label in labels)
            parts = _parts(word)
            assert isinstance(parts[0], frozenset)  # noqa: S101 - a phrase begins with a word
            for first in parts[0]:
                gapped.setdefault(first, []).append((key, parts))
        else:
            variants = _variants(word)
            if any(label.startswith("symptom:") for label in labels):
                variants |= {variant.replace("n't", "nt") for variant in variants}
            phrases.add(key, [nlp.make_doc(variant) for variant in variants])
    return phrases, {first: tuple(found) for first, found in gapped.items()}


def _variants(word: str) -> set[str]:
    if _CJK.search(word) or not re.search(r"[ -]", word):
        return {word}
    parts = re.split(r"[ -]", word)
    joined = "".join(parts) if len(parts) <= 2 and len(word) > 5 else word  # noqa: PLR2004
    return {word, " ".join(parts), "-".join(parts), joined}


def _denies(word: str) -> bool:
    """Tell whether a phrase holds a denial of its own, so that one inside it denies nothing."""
    denials = words(load("context")["negation"])
    parts = [part for part in re.split(r"[ |]", word) if part != "..."]
    return any(d in parts or (not d.isascii() and d in part) for d in denials for part in parts)


def _parts(word: str) -> Parts:
    """Return a phrase as its words, each one of several, and its gaps, each the most it may hold."""
    parts: list[frozenset[str] | int] = []
    for part in word.split():
        if part == "...":
            parts.append(6 if _CJK.search(word) else 5)
        elif part == _NUMBER:
            parts.append(frozenset({_NUMBER}))
        elif "|" in part:
            parts.append(frozenset(part.split("|")))
        else:
            parts += [frozenset({token.lower_}) for token in pipeline().make_doc(part)]
    return tuple(parts)


__all__ = ["LANGUAGES", "CharacterClassTokenizer", "Term", "find_terms", "pipeline"]
