"""Nicknames of the serology, such as 大三阳, and what they imply beside the results told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.context import Context
from bot.dictionary import load
from bot.facts import Fact
from bot.polarity import polarity
from bot.spans import Term

_NOT_THIS = re.compile(
    r"(?:能不能|能|会|可以|怎么|怎样|如何|才|想|是不是|是否|希望|变不|转不)"
    r"(?:才能|能)?(?:转|变)?(?:成|为)?\s*$|(?:不是|并非)(?:乙肝)?\s*$"
)
# 什么是大三阳: what it is, not that somebody has it.
_WHAT_IS = re.compile(
    r"(?:什么|啥|何)(?:是|叫|叫做|为)|\bwhat(?:'s| is| are| does)\s+(?:a |an |the )?$|\bdefin\w+ (?:of )?$"
)
_DIFFERENCE = re.compile(
    r"哪个|哪种|区别|区分|差别|不同|谁更?|还是|分别|\b(?:difference|different|versus|vs|which|or)\b"
)
_OWN_PATTERN = re.compile(
    r"我(?:现在|已经)?(?=[大小][三二])|我(?:现在|已经)?(?:是|从|由|转|有|得)|转成|变成|转为|转了"
    r"|\bi (?:am|have|was|went)\b|\bfrom\b"
)
_DIGITS = re.compile(r"\d\.?\d$|\.\d$")
_EITHER = re.compile(r"\s*(?:还是|或者?)\s*(?:大|小)")
_OR_THIS = re.compile(r"三阳\s*(?:还是|或者?)\s*(?:是)?$")
_TURNED = re.compile(r"\s*(?:已经?)?(?:转变?|变)(?:成|为)?(?:了)?\s*")
_MEANING = re.compile(r"\s*(?:是|代表|说明)?(?:什么|啥)")


def read_patterns(context: Context) -> Iterator[Fact]:
    """Yield nicknames such as 大三阳 with what they imply; in 大三阳转小三阳 only the second holds."""
    for term in context.of_kind("pattern"):
        low, _ = context.clause(term.start, term.end)
        before, after = context.text[low : term.start], context.text[term.end :]
        found = polarity(context, term)
        if _DIGITS.search(context.text[: term.start + 1]):  # e抗原3.2阳
            continue
        if found == "denied" or _NOT_THIS.search(before) or _EITHER.match(after):
            continue
        if _is_compared(context, term) or _WHAT_IS.search(before) or _OR_THIS.search(before):
            continue
        turned = _TURNED.match(after)
        if turned and any(t.start == term.end + turned.end() for t in context.of_kind("pattern")):
            continue
        yield Fact(
            name="serology_pattern",
            value=term.name,
            start=term.start,
            end=term.end,
            implies=dict(load("patterns")[term.name]["implies"]),
            ambiguous=found == "unclear" or bool(_MEANING.match(after)) or _is_loose(context, term),
        )


def _is_compared(context: Context, pattern: Term) -> bool:
    """Tell whether a nickname is set beside another in a question: 大三阳和小三阳哪个严重."""
    low, high = context.clause(pattern.start, pattern.end)
    others = [t for t in context.of_kind("pattern") if low <= t.start < high and t != pattern]
    clause = context.text[low:high]
    return bool(others and _DIFFERENCE.search(clause)) and not _OWN_PATTERN.search(clause)


def _is_loose(context: Context, pattern: Term) -> bool:
    """Tell whether "negative for everything" does not say of what."""
    said = context.text[pattern.start : pattern.end]
    return pattern.name == "all_negative" and not re.search(r"marker|five|阴", said)


def reconciled(facts: list[Fact]) -> list[Fact]:
    """Return facts without what a nickname implies against a result told beside it.

    Such a nickname (大三阳 with a negative HBeAg) is ambiguous; the result stands.
    """
    told = {(f.name, f.value, f.subject) for f in facts}
    opposite = {"positive": "negative", "negative": "positive"}
    kept = []
    for fact in facts:
        implies = {
            name: word
            for name, word in (fact.implies or {}).items()
            if (name, opposite[word], fact.subject) not in told
        }
        against = fact.implies is not None and implies != fact.implies
        kept.append(replace(fact, implies=implies, ambiguous=True) if against else fact)
    return kept
