"""Words of the lexicon found in a message, with spaCy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from bot.composed import find_composed
from bot.dictionary import LANGUAGES, load, words
from bot.tokens import CharacterClassTokenizer, Term, pipeline
from bot.typos import mended

# What "..." of a phrase does not reach over.
_GAP_ENDS = [*".,;!?。，；！？\n", "but", "though", "except"]
_CJK = re.compile(r"[\u3400-\u9fff]")
_CJK_SPACE = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]")
_STATEMENTS = (
    *("analyte", "unlisted", "panel", "drug", "pattern", "condition", "comorbidity", "symptom"),
    *("complaint", "result"),
)
_KINDS = {
    "drug": "drugs",
    "condition": "conditions",
    "comorbidity": "comorbidities",
    "result": "results",
    "complaint": "symptoms",
}
# What stands for a number of two digits or more.
_NUMBER = "nn"
# A word that holds one for somebody and names nobody: 母婴.
_NOBODY = ("other", "nobody")
# Terms that are found in spite of a slip of the finger.
_READ_WITH_SLIPS = {"drug", "symptom", "gap", "unless", "unless_alone", "beside_pregnancy"}


@dataclass(slots=True)
class _Near:
    """The phrases with gaps that need one token, and how many tokens the longest has at most."""

    matcher: Matcher
    reach: int = 0


def find_terms(folded: str) -> list[Term]:
    """Return the terms of a folded text; of overlapping statements only the longest is kept."""
    nlp = pipeline()
    doc = nlp.make_doc(folded)
    found = list(_matches(doc, doc))
    tokens = [token.text for token in doc]
    meant = mended(tokens)
    read_as = doc
    if meant != tokens:
        read_as = Doc(nlp.vocab, words=meant, spaces=[bool(token.whitespace_) for token in doc])
        slips = [
            i for i, (said, token) in enumerate(zip(meant, tokens, strict=True)) if said != token
        ]
        found += [t for t in _matches(read_as, doc, slips) if t.kind in _READ_WITH_SLIPS]
    named = [term for term in _longest(found, folded) if (term.kind, term.name) != _NOBODY]
    named += find_composed(read_as, doc)
    return sorted(named, key=lambda term: (term.start, term.end, term.kind, term.name))


def _matches(read_as: Doc, doc: Doc, slips: list[int] | None = None) -> Iterator[Term]:
    """Yield the terms of a text as it is read, at their places in the text as it was written.

    With ``slips``, the tokens that were mended, phrases with gaps are looked for around these only.
    """
    phrases, by_token = _matchers()
    found = list(phrases(read_as))
    # Of the phrases with gaps only those are tried whose rarest token stands in the text, around it.
    for place, token in enumerate(read_as):
        near = by_token.get(token.lower_)
        if near and (slips is None or any(abs(place - slip) <= near.reach for slip in slips)):
            first = max(place - near.reach, 0)
            window = read_as[first : place + near.reach + 1]
            found += [(key, first + i, first + j) for key, i, j in near.matcher(window)]
    for key, first, last in found:
        span = doc[first:last]
        for label in doc.vocab.strings[key].split("&"):
            kind, name = label.split(":", 1)
            yield Term(span.start_char, span.end_char, kind, name)


def _longest(terms: list[Term], text: str) -> Iterator[Term]:
    """Yield the longest of overlapping terms; one over a Chinese space, a comma left out, is last.

    A complaint, however long, hides no sign of danger.
    """
    taken: dict[str, list[Term]] = {}
    danger = [term for term in terms if term.kind == "symptom"]

    def order(term: Term) -> tuple[bool, bool, int, int, str, str]:
        spaced = bool(_CJK_SPACE.search(text, term.start, term.end))
        hides = term.kind == "complaint" and any(
            term.start < sign.end and sign.start < term.end for sign in danger
        )
        return spaced, hides, term.start - term.end, term.start, term.kind, term.name

    for term in sorted(set(terms), key=order):
        group = "statement" if term.kind in _STATEMENTS else term.kind
        others = taken.setdefault(group, [])
        if all(term.end <= other.start or term.start >= other.end for other in others):
            others.append(term)
            yield term


def _entries() -> Iterator[tuple[str, list[str]]]:
    for name, entry in load("analytes").items():
        yield f"analyte:{name}", words(entry["words"])
    for name, entry in load("panels")["tests"].items():
        yield f"panel:{name}", words(entry)
    for name, entry in load("patterns").items():
        yield f"pattern:{name}", words(entry["words"])
    for kind, names in _KINDS.items():
        for name, entry in load(names).items():
            yield f"{kind}:{name}", words(entry)
    yield from _signs()
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
def _matchers() -> tuple[PhraseMatcher, dict[str, _Near]]:
    nlp = pipeline()
    phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
    patterns: list[tuple[str, list[dict[str, Any]]]] = []
    by_word: dict[str, list[str]] = {}
    for label, entry_words in _entries():
        for word in entry_words:
            by_word.setdefault(word, []).append(label)
    for word, labels in by_word.items():
        key = "&".join(labels)
        if "..." in word or "|" in word or f" {_NUMBER} " in word:
            if "..." in word and not _denies(word):
                key += "".join(f"&gap:{label.split(':', 1)[1]}" for label in labels)
            patterns.append((key, _token_pattern(word)))
        else:
            variants = _variants(word)
            if any(label.startswith("symptom:") for label in labels):
                variants |= {variant.replace("n't", "nt") for variant in variants}
            phrases.add(key, [nlp.make_doc(variant) for variant in variants])
    return phrases, _by_rarest_token(patterns)


def _by_rarest_token(patterns: list[tuple[str, list[dict[str, Any]]]]) -> dict[str, _Near]:
    """Return the patterns under a token that each needs, the one that the fewest others need.

    One of several alternatives is needed: such a pattern stands under each of them.
    """
    counts = Counter(t for _, pattern in patterns for needed in _needed(pattern) for t in needed)
    found: dict[str, _Near] = {}
    for key, pattern in patterns:
        rarest = min(_needed(pattern), key=lambda needed: sum(counts[t] for t in needed))
        for token in rarest:
            near = found.setdefault(token, _Near(Matcher(pipeline().vocab)))
            near.matcher.add(key, [pattern])
            near.reach = max(near.reach, len(pattern))
    return found


def _needed(pattern: list[dict[str, Any]]) -> list[list[str]]:
    """Return the tokens that a pattern needs, each with its alternatives."""
    lowers = [part["LOWER"] for part in pattern if "OP" not in part]
    alternatives = [[low] if isinstance(low, str) else low.get("IN", []) for low in lowers]
    return [tokens for tokens in alternatives if tokens]


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


def _token_pattern(word: str) -> list[dict[str, Any]]:
    pattern: list[dict[str, Any]] = []
    for part in word.split():
        if part == "...":
            gap = 6 if _CJK.search(word) else 5
            pattern += [{"LOWER": {"NOT_IN": _GAP_ENDS}, "OP": "?"}] * gap
        elif part == _NUMBER:
            pattern.append({"LOWER": {"REGEX": "^[1-9][0-9]+$"}})
        elif "|" in part:
            pattern.append({"LOWER": {"IN": part.split("|")}})
        else:
            pattern += [{"LOWER": token.text} for token in pipeline().make_doc(part)]
    return pattern


__all__ = ["LANGUAGES", "CharacterClassTokenizer", "Term", "find_terms", "pipeline"]
