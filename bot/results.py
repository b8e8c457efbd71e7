"""Results in words: "positive", 阴性, turned by a denial, and dropped where they are only asked about.

"Not positive" is negative and 没有转阴 is positive. "Is it positive?", "when will it turn negative",
能转阴吗 and "neither positive nor negative" state nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.context import Context
from bot.spans import Term

_OPPOSITE = {"positive": "negative", "negative": "positive"}
_OPPOSITE |= {"normal": "abnormal", "abnormal": "normal"}
_BRIDGE = (
    r"(?:\s*\b(?:be|been|being|is|are|was|were|am|has|have|had|yet|currently|clearly|really|strongly|an|"
    r"weakly|a|any|the|my|more|longer|turned|become|became|tested?|testing|found|to|shown|come|came|"
    r"back|for|as|virus|dna|copies)\b|\s*(?:是|呈|显示|查出|检查出|检测出|测出|变成?|转成?|转为|变为|能|"
    r"到|再|出现|提示|为|过|完全|有|我的?|乙肝))*\s*"
)
_NOT_WORD = (
    r"(?:(?<![a-z])(?:not|never|no|nor|cannot|without|isn'?t|wasn'?t|aren'?t|weren'?t|can'?t|couldn'?t|"
    r"hasn'?t|haven'?t|hadn'?t|didn'?t|doesn'?t|don'?t)(?![a-z'])|"
    r"(?<!是)(?<!会)(?<!能)(?<!要)(?:不是|并非|没有|没|尚?未|从未|不再|不|非(?!常)))"
)
_DENIED = re.compile(rf"(?P<before>.*?){_NOT_WORD}{_BRIDGE}$", re.DOTALL)
_DOUBLED = re.compile(rf"{_NOT_WORD}[^,，、;；]{{0,12}}$")
_NEITHER = re.compile(r"\bneither\b|既不|\bnor\b")
_MODAL = re.compile(
    r"\b(?:can|could|will|would|may|might|should|if|whether|to become|to be|to turn|to go)(?![a-z'])"
    r"(?!\s+(?:not|never|hardly)\b)|(?<![不没未])能|可以|可能|(?<!不)会|想|希望|怎|如何|何时|"
    r"什么时候|多久|是否|是不是|有没有|要不要|容易"
)
_SUPPOSED = re.compile(
    r"(?:\b(?:if|whether|unless|until|till|til|before|once|hope|hoping|wish|want|wants|how to (?:get|make)|"
    r"(?:get|make|getting|making)|suppose|case|not sure|unsure|don'?t know|no idea|when)"
    r"(?:\s+(?:that|for|if|whether))*|"
    r"(?:^|[\s,;:])(?:when|how|why)\s+(?:will|can|does|do|is|could)|"
    r"^\W*(?:so|and|but|then|doctor|please)?\s*(?:is|are|was|were|does|did|do|has|can|could|will|would|should))"
    r"(?:\s+(?:i|my|the|your|his|her|a|an|am|i'm))*\s*$"
    r"|(?:如果|要是|假如|万一|除非|怎么让|怎么使|怎样让|如何让|如何使|让|使|希望|想让|不知道|不清楚|不确定|"
    r"是否|是不是|什么时候|何时|怎么|怎样)(?:我的?|乙肝)?\s*$"
)
_ASKED_AFTER = re.compile(
    r"\s*(?:or|/|还是|或者?)\s*(?:not\b|neg|pos|-|\+|阴|阳)|\s*(?:了|过)?\s*(?:吗|么|没有?\s*(?:[?？]|$)|"
    r"呢|不\s*[?？])|性?的?(?:证明|报告|的?人|患者|的话|的情况)"
)
_MEANING = re.compile(r"\bwhat (?:does|do|is|are)\s+(?:a|an|it mean (?:to be|if)|the)?\s*$")
_MEANS = re.compile(
    r"\s*(?:是|说明|代表|表示|意味着?)?\s*(?:是)?(?:什么|啥)(?:意思|含义|东西)?|\s*(?:说明|代表|意味)"
)


@dataclass(frozen=True, slots=True)
class WordedResult:
    """A result in words; ``unsure`` where a careful reader would ask back."""

    value: str
    unsure: bool = False


def worded_result(context: Context, tests: list[Term], word: Term) -> WordedResult | None:
    """Return what a word says about the tests beside it; None if it states nothing."""
    text = context.text
    first, last = tests[0], tests[-1]
    low, _ = context.clause(min(first.start, word.start), max(last.end, word.end))
    follows = word.start >= last.end
    ahead = text[low : first.start if follows else word.start]
    between = text[last.end : word.start] if follows else ""
    if _is_asked(ahead, between, text[word.end :]):
        return None
    if _NEITHER.search(ahead + between):
        return None
    denied = _DENIED.match(between) or _DENIED.match(ahead)
    if denied and _DOUBLED.search(denied["before"]):
        return None
    if denied is None and _DENIED.match(between) and _DENIED.match(ahead):
        return None
    unsure = bool(_MEANING.search(ahead) or _MEANS.match(text, max(last.end, word.end)))
    unsure = unsure or text[max(last.end, word.end) :].lstrip().startswith(("?", "？"))
    value = _OPPOSITE.get(word.name, word.name) if denied else word.name
    return WordedResult(value, unsure)


def _is_asked(ahead: str, between: str, after: str) -> bool:
    return bool(_MODAL.search(between) or _SUPPOSED.search(ahead) or _ASKED_AFTER.match(after))
