"""What a question asks beyond doubt: "can I drink on interferon", 小三阳能哺乳吗.

Such a clause names a topic right after the words that ask. "Can I take interferon if I drink?" asks
about interferon: what stands behind an "if", or behind another treatment, is not what is asked.
"""

from __future__ import annotations

import re
from functools import cache

from bot.dictionary import load, words
from bot.polarity import asks

_ASKING = re.compile(
    r"\b(?:can|could|may|should|is it (?:\w+ )?(?:ok|okay|safe|fine|alright|possible|bad|harmful|dangerous|"
    r"allowed)|(?:ok|okay|safe|allowed|able) (?:to|for|if i)|am i allowed|what about|how about)\b|"
    r"能不能|可不可以|可否|能否|会不会|要不要|该不该|影不影响|有没有|能|可以|会|影响|适合"
)
_SHORT = re.compile(
    r"(?!.*\b(?:if|when|while|because|before|after|until|during|since|without|treat\w*|start\w*|stop\w*|"
    r"switch\w*|inject\w*|interferon|entecavir|tenofovir|pegasys|tablets?|pills?)\b)[^,;?!]{0,45}|"
    r"(?!.*(?:后|期间|之前|的话|如果|治|停|打|换|服|药|吗|么))[^，；？！。]{0,8}"
)
_TAIL = re.compile(
    r"[^，；？！。能]{0,4}(?:行不行|好不好|可不可以|可以不|可以吗|可以么|行吗|行么|行不|没事吧|没事吗|要紧吗|有影响吗|"
    r"有没有影响|有事吗|有问题吗|安全吗|好吗|咋样|怎么样)"
)


def asked_topic(clause: str) -> str | None:
    """Return the intent of the topic that a folded clause asks about; None if its words leave it open.

    Example:
        >>> asked_topic("can i drink on interferon"), asked_topic("can i take interferon if i drink")
        ('ask_diet_lifestyle', None)
    """
    found = [
        (match.start(), -match.end(), str(entry["intent"]))
        for name, entry in load("topics").items()
        if "intent" in entry
        for match in _named(name).finditer(clause)
        if _TAIL.match(clause, match.end()) or _stands_behind_asking(clause, match)
    ]
    return min(found)[2] if found else None


def _stands_behind_asking(clause: str, named: re.Match[str]) -> bool:
    ends = [m.end() for m in _ASKING.finditer(clause, 0, named.start())]
    return asks(clause) and any(_SHORT.fullmatch(clause, end, named.start()) for end in ends)


@cache
def _named(name: str) -> re.Pattern[str]:
    found = "|".join(re.escape(word) for word in words(load("topics")[name]))
    return re.compile(rf"(?<![a-z])(?:{found})(?![a-z])")
