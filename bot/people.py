"""Whose sex is stated, and the people who are described without a word for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.facts import Fact
from bot.spans import Term
from bot.whose import SOMEBODY

_SEX = {"female": "female", "woman": "female", "girl": "female", "lady": "female", "女": "female"}
_SEX |= {"male": "male", "man": "male", "boy": "male", "guy": "male", "男": "male"}
_SEX_WORD = re.compile(
    r"\b(female|woman|girl|lady|male|man|boy|guy)\b(?!'s)|(?<![儿子生妇])(女|男)(?=性|士|的|，|,|\s|、|；|。|\d|患者|$)"
)
# "a girl", 一个女的: one of them, unless the writer says to be one.
_SOME_SEX = re.compile(
    r"(?<![a-z])(?:an?|another|the|this|that|some|one|any|"
    r"each|every|my|your|no|per|for|young|"
    r"of)\s+(?:[a-z]+\s)?$|(?:[个这那位]|陌生)$"
)
_I_AM_ONE = re.compile(
    r"\b(?:i am|i'm|im|i was|as|being)\s+(?:(?:a|an|the|young|old|healthy|single|married|asian|"
    r"chinese|\d+)\s+)*$"
    r"|我是(?:一?个|一?位)$"
)
_AGED_BEFORE = re.compile(r"\b(?:years?|yrs?|months?)[\s-]*olds?\s$|\by/?o\s$")
_SMALL = re.compile(
    r"\b(?:my|our|his|her)\s+(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[\s-]+"
    r"(?:day|week|month)s?[\s-]+olds?(?![a-z])(?!\s+(?:results?|tests?|reports?|labs?|bloods?|"
    r"ultrasound|scan|"
    r"prescription))"
)
_CHILD = re.compile(r"\b(?:my|our)\s+(?:\d|1[0-7])[\s-]+years?[\s-]+old(?![a-z])")
_SOMEBODY = re.compile(
    r"(?<!i'm )(?<!im )(?<!i am )(?<!i was )(?<!is )(?<!was )(?<!as )\ban? \d{1,3}[\s-]+(?:years?|"
    r"yrs?)[\s-]+old "
    r"(?:man|woman|male|female|lady|guy|boy|girl|gentleman)\b"
)


def described(folded: str) -> Iterator[Term]:
    """Yield the people that are named by nothing but their age: "my 8 month old"."""
    for match in _SMALL.finditer(folded):
        yield Term(match.start(), match.end(), "other", "child")
    for match in _CHILD.finditer(folded):
        yield Term(match.start(), match.end(), "other", "child")
    for match in _SOMEBODY.finditer(folded):
        yield Term(match.start(), match.end(), "other", SOMEBODY)


def read_sex(context: Context) -> Iterator[Fact]:
    """Yield the sex that is stated in so many words; "a girl" and 一个女的 are somebody else."""
    folded = context.text
    beside_age = re.finditer(r"(?<=\d)\s?/?\s?([fm])(?=\s?[,，;.\s]|$)", folded)
    for match in (*_SEX_WORD.finditer(folded), *beside_age):
        if _is_somebodys(context, match.start()):
            continue
        word = match[0].strip(" /")
        value = _SEX.get(word) or {"f": "female", "m": "male"}[word]
        yield Fact(name="sex", value=value, start=match.start(), end=match.end())


def _is_somebodys(context: Context, place: int) -> bool:
    """Tell whether a word for a sex is one for somebody: 侄女, 个女的, "with a woman"."""
    ahead = context.text[max(0, place - 30) : place]
    if any(
        t.start <= place < t.end for t in context.terms if t.name != SOMEBODY and t.kind == "other"
    ):
        return not re.search(
            r"\d\s*$|\d[\s-]*(?:years?|yrs?)[\s-]*old\s*$", ahead
        ) and not _AGED_BEFORE.search(ahead)
    return bool(_SOME_SEX.search(ahead)) and not _I_AM_ONE.search(ahead)
