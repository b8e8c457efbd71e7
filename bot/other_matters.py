"""Questions about another disease or test, with nothing of hepatitis B in them: out of scope."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.dictionary import load, words
from bot.medicines import names_other_disease
from bot.parts import GOAL_INTENTS
from bot.polarity import asks
from bot.reading import Reading
from bot.text import fold

_TREATED = {"ask_cure", "out_of_scope", "ask_complication_treatment", "ask_drug_interaction"}
# Tests that say nothing of the liver; a question about one beside hepatitis B is another matter.
_OTHER_TEST = re.compile(
    r"\b(?:glucose|blood sugar|hba1c|cholesterol|triglycerides?|blood pressure|uric acid|psa)\b|"
    r"血糖|糖化血红蛋白|胆固醇|甘油三酯|血脂|血压|尿酸"
)
_OURS = re.compile(
    r"hep(?:atitis)?\b|hbv|liver|interferon|pegasys|entecavir|tenofovir|side effect|肝|干扰素|恩替卡韦|替诺福韦|"
    r"副作用|三阳|病毒"
)
# Hepatitis B itself and its medicines, as words: "hepatitis" alone may be another.
_HEPATITIS_B = re.compile(
    r"hep(?:atitis)?[\s-]*b\b|hbv|hbs|hbe|interferon|pegasys|entecavir|baraclude|tenofovir|viread|vemlidy|"
    r"乙肝|乙型|三阳|两对半|表面抗原|表面抗体|核心抗体|干扰素|派罗欣|派格宾|恩替卡韦|替诺福韦|韦立得|博路定|抗病毒药"
)
_BESIDE = re.compile(r"\b(?:also|too|as well|plus|both|co-?infected)\b|合并|同时|还有|也有|又有")
# What may be told beside another disease and is no case of hepatitis B.
_BESIDE_THE_POINT = {
    *("coinfection", "age", "sex", "diabetes", "comorbidity", "symptom", "immunosuppression"),
    *("temperature", "tsh", "wbc", "alt", "ast", "transaminase", "liver_imaging", "liver_function"),
}
# What is told of a protection, not of a disease.
_PROTECTED = {"vaccinated", "platelets"}
# "Hep B and C tests both negative".
_NONE_OF_OURS = re.compile(
    r"\bhep(?:atitis)?[\s-]*b\b[a-z ,&]{0,24}\b(?:negative|neg|nonreactive|non[\s-]reactive)\b|"
    r"乙肝(?:五项|两对半)?[^，。,.]{0,4}(?:阴|正常)"
)
_HEPATITIS_C = re.compile(r"\bhep(?:atitis)?[\s-]*c\b|\bhcv\b|丙肝|丙型肝炎")
_INTERFERON = re.compile(r"interferon|干扰素|抗病毒药")
_NO_INFECTION = {"all_negative", "vaccine_immunity"}


def is_out_of_scope(reading: Reading, text: str, asked: Iterable[str]) -> bool:
    """Tell whether a message asks about another disease, virus or test only, not beside hepatitis B."""
    folded, asked = fold(text), set(asked)
    if _pattern("sales").search(folded) and not asks(folded):
        return True
    wants = asks(folded) or any(name.startswith("ask_") for name in asked)
    if _OTHER_TEST.search(folded) and not _OURS.search(folded) and wants:
        return not {f.name for f in reading.facts} - {"age", "sex", "diabetes"}
    if _pattern("without_ours").search(folded) and wants and _is_free(reading, folded):
        return True
    if _BESIDE.search(folded):
        return False
    told = {fact.name for fact in reading.facts}
    alone = names_other_disease(folded) and not told - {"coinfection", "age", "sex"}
    if alone and any(name in GOAL_INTENTS | _TREATED for name in asked):
        return True
    return bool(_pattern("diseases").search(folded)) and _is_another_case(
        reading, folded, wants=wants
    )


def _is_another_case(reading: Reading, folded: str, *, wants: bool) -> bool:
    if not wants and {f.name for f in reading.facts} - {"coinfection", "comorbidity"}:
        return False  # told in a conversation about hepatitis B, it belongs to the history
    told = {f.name for f in reading.facts}
    around = folded
    if _HEPATITIS_C.search(folded):  # interferon was a medicine against it, too
        around, told = _INTERFERON.sub(" ", folded), told - {"drug"}
    if not _HEPATITIS_B.search(around):
        return not told - _BESIDE_THE_POINT
    protected = "vaccinated" in told and not told - _BESIDE_THE_POINT - _PROTECTED
    return protected or _is_free(reading, folded) or bool(_pattern("turned_to").search(folded))


def _is_free(reading: Reading, folded: str) -> bool:
    """Tell whether somebody says to have no hepatitis B."""
    return bool(_NONE_OF_OURS.search(folded)) or any(
        (f.name, f.value) == ("hbsag", "negative")
        or (f.name == "serology_pattern" and f.value in _NO_INFECTION)
        for f in reading.facts
    )


@cache
def _pattern(name: str) -> re.Pattern[str]:
    found = words(load("other_matters")[name])
    latin = "|".join(re.escape(word) for word in found if word.isascii())
    other = [re.escape(word) for word in found if not word.isascii()]
    return re.compile("|".join([rf"(?<![a-z])(?:{latin})(?![a-z])", *other]))
