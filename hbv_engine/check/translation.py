"""Both languages say the same: nothing untranslated, the same placeholders, and all of them real."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_engine.book import Book
from hbv_engine.check.finding import ERROR, Finding
from hbv_engine.check.spoken import Spoken, spoken
from hbv_engine.errors import EngineError
from hbv_engine.wording import LANGUAGES, placeholders

_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_OR_FULL_WIDTH = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LOWER_WORD = re.compile(r"[a-z]{2,}")
_BRACES = re.compile(r"[{}]")
_PLACEHOLDER = re.compile(r"\{=?\w+\}")
_CARD_WORDS = {"decision", "possible", "missing", "missing_first"}
_PHRASE_WORDS = _CARD_WORDS | {
    *(
        "label",
        "value",
        "date",
        "limit",
        "low",
        "high",
        "cell",
        "what",
        "outcome",
        "names",
        "count",
    ),
}


def find(book: Book) -> Iterator[Finding]:
    """Yield texts that miss a language, are in the wrong one, or disagree about placeholders."""
    for said in spoken(book):
        missing = [language for language in LANGUAGES if not said.of(language).strip()]
        for language in missing:
            message = f"{said.title}: nothing in {language}."
            yield Finding("untranslated", ERROR, said.place, message)
        if not missing:
            yield from _wrong_language(said)
            yield from _placeholders(book, said)


def _wrong_language(said: Spoken) -> Iterator[Finding]:
    if _HAN_OR_FULL_WIDTH.search(said.of("en")):
        message = f"{said.title}: the English has Chinese signs: {said.of('en')!r}."
        yield Finding("untranslated", ERROR, said.place, message)
    abbreviations = not _LOWER_WORD.search(_PLACEHOLDER.sub("", said.of("zh")))
    unit = said.owner.startswith("unit.")
    if not (_HAN.search(said.of("zh")) or abbreviations or unit):
        message = f"{said.title}: the Chinese has no Chinese character: {said.of('zh')!r}."
        yield Finding("untranslated", ERROR, said.place, message)


def _placeholders(book: Book, said: Spoken) -> Iterator[Finding]:
    english, chinese = (placeholders(said.of(language)) for language in LANGUAGES)
    if english != chinese:
        only = ", ".join(sorted(english ^ chinese))
        message = f"{said.title}: {only} stands in one language only."
        yield Finding("placeholder", ERROR, said.place, message)
    known = _PHRASE_WORDS if said.part == "phrase" else _CARD_WORDS
    for name in sorted((english | chinese) - known):
        if not _names_something(book, name):
            message = f"{said.title}: {{{name}}} names no input and no parameter."
            yield Finding("placeholder", ERROR, said.place, message)
    for language in LANGUAGES:
        if _BRACES.search(_PLACEHOLDER.sub("", said.of(language))):
            message = f"{said.title}: a brace in {language} that is no placeholder."
            yield Finding("placeholder", ERROR, said.place, message)


def _names_something(book: Book, name: str) -> bool:
    if name.startswith("="):
        return name[1:] in book.parameters
    try:
        book.input(name)
    except EngineError:
        return False
    return True
