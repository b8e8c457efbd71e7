"""How hard the English for patients is to read: the Flesch-Kincaid grade, at most 8.

Reference: Kincaid, Fishburne, Rogers and Chissom 1975; grade = 0.39 words/sentence +
11.8 syllables/word - 15.59.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_engine.book import Book
from hbv_engine.check.finding import ERROR, Finding
from hbv_engine.check.spoken import PATIENT, Spoken, spoken
from hbv_engine.wording import fill

GRADE_LIMIT = 8.0
MEDICAL_TERMS = frozenset(
    [
        "alanine",
        "albumin",
        "alcohol",
        "antibody",
        "antibodies",
        "antigen",
        "antiviral",
        "antivirals",
        "bilirubin",
        "biopsy",
        "cirrhosis",
        "clearance",
        "creatinine",
        "decompensated",
        "entecavir",
        "guideline",
        "guidelines",
        "hepatitis",
        "immune",
        "immunoglobulin",
        "infected",
        "infection",
        "infections",
        "inflammation",
        "injection",
        "injections",
        "interferon",
        "laboratory",
        "medicine",
        "medicines",
        "negative",
        "neutrophil",
        "neutrophils",
        "peginterferon",
        "platelet",
        "platelets",
        "positive",
        "pregnancy",
        "pregnant",
        "reactivation",
        "seroconversion",
        "specialist",
        "tenofovir",
        "thyroid",
        "tolerance",
        "ultrasound",
        "vaccine",
        "emergency",
    ]
)
"""Words that a person with hepatitis B meets in every visit; there is no shorter word for them.

They count as two syllables, so that the grade measures the sentence and not the disease.
"""

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d[\d.,]*")
_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeioutd]ed|[^l]e)$")
_IN_PARENTHESES = re.compile(r"\([^)]*\)")


def find(book: Book) -> Iterator[Finding]:
    """Yield patient texts whose English is above grade 8: an outcome as a whole, a row, a question."""
    whole: dict[tuple[str, str], list[str]] = {}
    for said in spoken(book):
        if said.audience == PATIENT and said.part in {
            "summary",
            "detail",
            "row",
            "question",
            "why",
        }:
            whole.setdefault((said.place, said.owner), []).append(_plain(said))
    for (place, owner), texts in whole.items():
        reached = grade(" ".join(texts))
        if reached > GRADE_LIMIT:
            message = f"{owner}: the English for patients is of grade {reached:.1f}, above 8."
            yield Finding("hard to read", ERROR, place, message)


def _plain(said: Spoken) -> str:
    text = fill(said.of("en"), lambda name: "ten units" if name.startswith("=") else "ten")
    return text if text.endswith((".", "?", "!")) else f"{text}."


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of an English text; explanations in parentheses stand apart."""
    asides = " ".join(f"{aside[1:-1]}." for aside in _IN_PARENTHESES.findall(text))
    text = f"{_IN_PARENTHESES.sub('', text)} {asides}"
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    syllables = sum(map(syllables_of, words))
    return 0.39 * len(words) / max(sentences, 1) + 11.8 * syllables / len(words) - 15.59


def syllables_of(word: str) -> int:
    """Return how many syllables a word has, counted by its vowels; abbreviations and terms count two."""
    lower = word.lower().replace("’", "'").removesuffix("'s")
    if not lower[0].isalpha():
        return 1
    if lower in MEDICAL_TERMS or (len(word) > 1 and sum(map(str.isupper, word)) > 1):
        return 2
    found = len(_VOWELS.findall(lower))
    if _SILENT.search(lower) and found > 1:
        found -= 1
    return max(found, 1)
