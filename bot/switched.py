"""One medicine changed for another: the first is over, the second is taken.

Only a change that was made counts. Who asks about one, plans it or was advised to still takes the first.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.context import Context
from bot.spans import Term

_CHANGED = r"\b(?:switched|changed|moved|went|swapped|shifted|transitioned)\b"
_FROM_EN = re.compile(rf"(?P<ahead>.*){_CHANGED}(?:\s\w+){{0,2}}\s+from\s+(?:the |my )?$")
_TO_EN = re.compile(
    rf"(?P<ahead>.*){_CHANGED}(?:\s(?:me|him|her|us|over|back|it))*\s+(?:on)?to\s+(?:the )?$"
)
_ON_TO_EN = re.compile(r"\s*(?:\([^()]*\)|in \d{4}|last \w+|,)?\s*(?:on)?to\s+(?:the )?")
_WAS_ON = re.compile(r"\b(?:was|were|been) (?:first |initially |originally )?(?:on|taking)\s+$")
_NOW_ON = re.compile(r"[^.;?!]{0,30}\bnow (?:on |taking |i take |i'm on |im on )?$")
_NOT_DONE_EN = re.compile(
    r"\b(?:if|when|should|shall|can|could|would|will|want|wants|like|plan|need|to be|be|get|getting|being|"
    r"not|never|wish|considering|thinking|whether|suggest\w*|recommend\w*|advis\w*)\b[^,.;]*$"
)
_FAR = 120
_TO_ZH = re.compile(
    r"\s*(?:直接|又|就|才|后来)?(?:换|改|转)(?:成|为|到|用|吃|服|做)*(?P<done>了)?\s*"
)
_BEGUN_ZH = re.compile(r"(?P<ahead>.*?)(?:换|改|转)(?:成|为|到|用|吃|服|做)*(?P<done>了)?\s*$")
_SO_LONG_ZH = re.compile(
    r"\s*(?:以后|之后|到现在|至今|治疗|已经?|都|快|也|差不多|大概|有)*\s*"
    r"(?:了(?!吗)|[\d一二两三四五六七八九十几半]+\s*多?个?半?多?(?:年|月|周|星期|天))"
)
_NOT_DONE_ZH = re.compile(
    r"[想要能该]|可以|可不可以|建议|准备|打算|如果|要是|是否|需要|考虑|推荐|医生让|医生叫|不敢|怎么|什么时候|没有?$"
)


def switched(context: Context, drug: Term) -> Literal["taking", "stopped"] | None:
    """Return what a change that was made says of a medicine; None if there is no such change.

    Example:
        >>> from bot.reading import read
        >>> [(f.value, f.status) for f in read("I switched from Viread to Vemlidy last year").facts]
        [('tenofovir_disoproxil', 'stopped'), ('tenofovir_alafenamide', None)]
    """
    text = context.text
    drugs = context.of_kind("drug")
    place = drugs.index(drug)
    if _is_left(context, drug, drugs[place + 1 : place + 2]):
        return "stopped"
    for earlier in drugs[max(place - 1, 0) : place]:
        if _leads(text[earlier.end : drug.start]) and _is_left(context, earlier, [drug]):
            return "taking"
    begun = _BEGUN_ZH.fullmatch(
        text[max(context.clause(drug.start, drug.end)[0], drug.start - _FAR) : drug.start]
    )
    if begun and not _NOT_DONE_ZH.search(begun["ahead"]) and _SO_LONG_ZH.match(text, drug.end):
        return "taking"
    to = _TO_EN.fullmatch(_ahead(context, drug))
    return "taking" if to and not _NOT_DONE_EN.search(to["ahead"]) else None


def _ahead(context: Context, drug: Term) -> str:
    """Return the sentence up to a medicine, not further back than a change is told."""
    return context.text[max(context.sentence(drug.start)[0], drug.start - _FAR) : drug.start]


def _leads(between: str) -> bool:
    return len(between) <= _FAR and bool(
        _ON_TO_EN.fullmatch(between) or _TO_ZH.fullmatch(between) or _NOW_ON.fullmatch(between)
    )


def _is_left(context: Context, drug: Term, following: list[Term]) -> bool:
    """Tell whether a medicine was changed for another, the ``following`` one if it is named."""
    text, before = context.text, _ahead(context, drug)
    found = _FROM_EN.fullmatch(before)
    if found and not _NOT_DONE_EN.search(found["ahead"]):
        return True
    last = context.sentence(drug.start)[1]
    for other in following:
        between = text[drug.end : other.start]
        if other.start >= last or len(between) > _FAR:
            continue
        if _WAS_ON.search(before) and _NOW_ON.fullmatch(between):
            return True
        to = _TO_ZH.fullmatch(between)
        if to and not _NOT_DONE_ZH.search(before[-12:]):
            return bool(to["done"] or _SO_LONG_ZH.match(text, other.end, last))
    return False
