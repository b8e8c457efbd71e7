"""What a word means: the definitions of ``rulebook/definitions.yml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from hbv_engine.facts import LOADER, RULEBOOK, Text

_TAIL = (
    r"(?: (?:again|exactly|actually|really|anyway|please|then|even|"
    r"in (?:plain|simple|normal) (?:words|terms|english)))*"
)
_ASKED = (
    re.compile(
        r"(?:what(?:'s|s| is| are| exactly is)|define|explain)(?: (?:meant by|the meaning of|a|an|the))*"
        rf" (?P<term>.+?){_TAIL}"
    ),
    re.compile(rf"what (?:do you mean by|does|do) (?P<term>.+?)(?: mean| stand for)?{_TAIL}"),
    re.compile(r"(?:请问|那|那么)?(?:什么|啥)(?:是|叫做?|叫作)(?P<term>.+?)(?:呢|啊|呀)?"),
    re.compile(
        r"(?:请问|那|那么)?(?P<term>.+?)(?:到底)?"
        r"(?:是(?:个|一个)?(?:什么|啥)(?:意思|东西|呢|啊)?|(?:什么|啥)意思|指(?:的)?是?(?:什么|啥))(?:呢|啊|呀)?"
    ),
)
# What people say before they ask: "oh wait whats a phase", 等等 什么是免疫耐受.
_OPENING = re.compile(
    r"(?:(?:oh|ah|hm+|um+|uh|er+|hey|hi|hello|wait|ok|okay|alright|right|so|well|and|but|then|also|sorry|"
    r"please|just|one more(?: question| thing)?|quick question|another question|i see|thanks|thank you|"
    r"can you tell me|could you tell me|tell me|i (?:don't|dont|do not) (?:get|understand)(?: it)?)(?![a-z'])|"
    r"等等|等一下|等下|稍等|哦+|噢|喔|嗯+|呃|啊|哎|唉|诶|好的?吧?|那么?|对了|对不起|不好意思|抱歉|谢谢|你好|您好|请问|"
    r"医生|但是?|可是|不过|还有|另外|再问一下|问一下|顺便问一下|顺便问|我?(?:没懂|不懂|没明白|不明白|没听懂))"
    r"[\s,，.。…!！:：~、]*"
)
_EDGES = " \t\n.,!?;:，。！？；：\"'“”‘’「」"


@dataclass(frozen=True, slots=True)
class Definition:
    """A word, what it means in both languages, and where that stands."""

    id: str
    label: Text
    words: dict[str, tuple[str, ...]]
    text: Text
    sources: tuple[str, ...]
    confidence: str

    @property
    def names(self) -> Iterator[str]:
        """All ways to name it: the label, without its brackets, what is in them, other words."""
        for label in map(_plain, self.label.values()):
            yield label
            yield re.sub(r"\s*\(.*?\)\s*", " ", label).strip()
            yield from re.findall(r"\(([^()]+)\)", label)
        for words in self.words.values():
            yield from map(_plain, words)


@lru_cache(maxsize=1)
def definitions() -> dict[str, Definition]:
    """Return the definitions of the rulebook by their id."""
    text = (RULEBOOK / "definitions.yml").read_text(encoding="utf-8")
    return read_definitions(yaml.load(text, Loader=LOADER))  # noqa: S506


def read_definitions(data: dict[str, Any]) -> dict[str, Definition]:
    """Return definitions from the data of their file."""
    return {name: _definition(name, spec) for name, spec in data.items()}


def asked_definition(text: str) -> Definition | None:
    """Return the definition that a whole message asks for; None if it asks for something else.

    Example:
        >>> asked_definition("What is HBeAg?").id
        'hbeag'
        >>> asked_definition("oh wait, whats a phase").id
        'phase'
        >>> asked_definition("What is the treatment of cirrhosis?") is None
        True
    """
    return next((found for said in _without_opening(_plain(text)) if (found := _asked(said))), None)


def _without_opening(said: str) -> Iterator[str]:
    """Yield a text, and then what is left of it without each of the words that open it."""
    yield said
    while opening := _OPENING.match(said):
        said = said[opening.end() :]
        yield said


def _asked(said: str) -> Definition | None:
    for pattern in _ASKED:
        match = pattern.fullmatch(said)
        found = _by_name().get(match["term"].strip(_EDGES)) if match else None
        if found:
            return found
    return None


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Definition]:
    return {name: found for found in definitions().values() for name in found.names}


def _definition(name: str, spec: dict[str, Any]) -> Definition:
    words = {language: tuple(map(str, given)) for language, given in spec["words"].items()}
    sources = tuple(spec["sources"])
    return Definition(name, spec["label"], words, spec["text"], sources, spec["confidence"])


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return re.sub(r"\s+", " ", folded).strip(_EDGES)
