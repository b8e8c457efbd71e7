"""Units as people write them, and the one spelling that the rulebook declares."""

from __future__ import annotations

import re
from typing import Final

_LITRE: Final = r"(?:l|升)"
_ML: Final = r"(?:m\s*l|毫升)"
_COPIES: Final = r"(?:copies|copy|cps|cp|拷贝|c)"
_IU: Final = r"(?:iu|国际单位|i\.u\.)"
_LOG: Final = r"(?:log10|log|lg)"
_PER: Final = r"\s*(?:/|每|per)\s*"

SPELLINGS: Final[dict[str, str]] = {
    "IU/mL": rf"{_IU}{_PER}{_ML}",
    "kIU/mL": rf"k\s*{_IU}{_PER}{_ML}",
    "mIU/mL": rf"m\s*{_IU}{_PER}{_ML}",
    "log10 IU/mL": rf"{_LOG}\s*(?:\(?\s*{_IU}{_PER}{_ML}\)?)",
    "copies/mL": rf"{_COPIES}{_PER}{_ML}",
    "log10 copies/mL": rf"{_LOG}\s*(?:\(?\s*{_COPIES}{_PER}{_ML}\)?)",
    "PEIU/mL": rf"pei\s*u?{_PER}{_ML}",
    "U/L": rf"(?:u|单位){_PER}{_LITRE}",
    "IU/L": rf"{_IU}{_PER}{_LITRE}",
    "mIU/L": rf"m\s*(?:iu|u){_PER}{_LITRE}",
    "uIU/mL": rf"u\s*(?:iu|u){_PER}{_ML}",
    "ukat/L": rf"ukat{_PER}{_LITRE}",
    "nkat/L": rf"nkat{_PER}{_LITRE}",
    "umol/L": rf"(?:u|微)\s*(?:mol|摩尔?){_PER}{_LITRE}",
    "mmol/L": rf"(?:m|毫)\s*(?:mol|摩尔?){_PER}{_LITRE}",
    "meq/L": rf"meq{_PER}{_LITRE}",
    "mg/dL": rf"mg{_PER}d\s*l",
    "g/L": rf"(?:g|克){_PER}{_LITRE}",
    "g/dL": rf"g{_PER}d\s*l",
    "ng/mL": rf"ng{_PER}{_ML}",
    "ug/L": rf"ug{_PER}{_LITRE}",
    "10*9/L": rf"(?:[x*]\s*)?10\s*[\^*e]?\s*9{_PER}{_LITRE}",
    "10*3/uL": rf"(?:(?:[x*]\s*)?10\s*[\^*e]?\s*3{_PER}(?:u\s*l|mm\^?3)|k{_PER}(?:u\s*l|mcl))",
    "10*4/uL": rf"(?:(?:[x*]\s*)?10\s*[\^*e]?\s*4{_PER}(?:u\s*l|mm\^?3)|万{_PER}u\s*l)",
    "/uL": rf"{_PER}u\s*l",
    "/mm3": rf"{_PER}(?:mm\^?3|立方毫米)",
    "kPa": r"kpa|千帕",
    "a": r"years?(?:\s*old)?|yrs?|y|岁|周岁|年",
    "mo": r"months?|mos?|个月|月",
    "months": r"months?|mos?|个月|月",
    "wk": r"weeks?|wks?|w|周|个星期|星期",
    "weeks": r"weeks?|wks?|w|周|个星期|星期",
    "d": r"days?|天|日",
    "days": r"days?|天|日",
    "h": r"hours?|hrs?|h|个小时|小时|个钟头",
    "Cel": r"°\s*c|℃|celsius|degrees?(?:\s*c(?:elsius)?)?|摄氏度|度|c",
    "g/d": r"(?:g|grams?|克)\s*(?:(?:/|per|a|每)\s*(?:d(?:ay)?|天|日))?",
    "kg/m2": r"kg\s*/\s*m\^?2",
    "doses": r"doses?|injections?|shots?|针|次",
    "points": r"points?|分",
    "F": r"f|期",
    "G": r"g|级",
    "COI": r"coi",
    "S/CO": r"s\s*/\s*co",
    "m/s": r"m\s*/\s*s",
    "%": r"%|percent",
}
_BEFORE: Final = {"wk": r"(?:week|第)", "weeks": r"(?:week|第)", "F": r"f", "G": r"g"}
NEVER_CONVERTED: Final = ("COI", "S/CO", "m/s", "%")


def find_unit(text: str, accepted: tuple[str, ...]) -> tuple[str, str | None]:
    """Return the text without the unit in it, and the unit in the rulebook's spelling.

    Units that can never be converted (COI, S/CO, m/s) are recognised too, so that they are refused
    by name. The longest spelling wins: ``log10 IU/mL`` before ``IU/mL``.
    """
    best: tuple[int, int, str] | None = None
    others = [unit for unit in SPELLINGS if "/" in unit or unit in NEVER_CONVERTED]
    for unit in dict.fromkeys([*accepted, *others]):
        pattern = SPELLINGS.get(unit)
        match = _last(rf"(?<![a-z]){pattern}(?![a-z])", text) if pattern else None
        if match and (best is None or match.end() - match.start() > best[1] - best[0]):
            best = (match.start(), match.end(), unit)
    if best is not None:
        left = text[: best[0]]
        for unit in (best[2],):
            left = re.sub(rf"{_BEFORE.get(unit, '(?!)')}\s*(?=\d)", "", left, flags=re.IGNORECASE)
        return f"{left} {text[best[1] :]}".strip(), best[2]
    for unit in accepted:
        match = re.match(rf"{_BEFORE.get(unit, '(?!)')}\s*(?=\d)", text, re.IGNORECASE)
        if match:
            return text[match.end() :], unit
    return text, None


def _last(pattern: str, text: str) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text, re.IGNORECASE))
    return found[-1] if found else None
