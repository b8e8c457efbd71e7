"""How the liver is said to be without a number: "LFTs normal", 肝功能异常, a nodule on the ultrasound.

Normal is the most dangerous word to hear wrongly: it counts only where nothing but words that
belong to a result stands between it and the test, and not beside a value that says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from bot.dictionary import load, words
from bot.facts import Fact, is_number
from bot.results import WordedResult
from bot.spans import Term

# The tests whose result may be told as normal or abnormal.
TOLD_IN_WORDS = {"alt", "ast", "transaminase", "liver_function", "all_tests", "liver_imaging"}
_OPPOSITE = {"normal": "abnormal", "abnormal": "normal"}
_DENIAL = (
    r"(?:(?<![a-z])(?:not|never|no|nor|isn'?t|wasn'?t|aren'?t|weren'?t|hasn'?t|haven'?t|hadn'?t)(?![a-z'])"
    r"|并非|从来没有?|从未|没有|没|尚未|未|不是|不)"
)
# What may stand between a test and the word for its result.
_EN = (
    r"is|are|was|were|full|fully|be|been|being|has|have|had|seems?|looks?|came?|comes|back|turned|out|all|both|still|"
    r"always|also|now|currently|again|so far|quite|very|pretty|completely|perfectly|entirely|totally|"
    r"results?|tests?|levels?|enzymes?|numbers?|values?|readings?|panel|shows?|showed|reported|as|mostly|"
    r"remains?|remained|stays?|stayed|slightly|mildly|a bit|a little|somewhat|too|really|that|so|keeps?|"
    r"consistently|usually|my|the|his|her|today|this|year|month|week|last|time|in|for|years|only|just|"
    r"apparently|and|gone|went|going|getting|everything|within"
)
_ZH = (
    r"检查|化验|复查|结果|指标|各项|全套|方面|的|也|都|还|却|一直|一向|向来|基本上?|完全|均|全部?|目前|现在|今年|"
    r"去年|这次|上次|每次|每年|当时|之前|以前|后来|最近|一切|查|见|发现|出来|显示|提示|说|是|为|算|很|比较|挺|倒|始终|"
    r"暂时|依然|仍然?|尚|又|已经?|恢复|到|有|些|点|轻度|轻微|中度|重度|稍微?|略微?|严重|明显|出现|有所|了|过|什么|"
    r"任何|太|特别|非常|那么|再|更|越来越|[两三四五几]项|几个|功能|这|年|情况|水平|数值|值|就|我|他|她|医生|大夫|肝胆|肝脏|"
    r"腹部|乙肝"
)
# Each word can be read in one way only, so that the pattern is quick.
_LINK = re.compile(
    rf"(?:[\s,，:：、=(（\"'“-]|\b(?:{_EN}|not|never|no|nor|isn'?t|wasn'?t|aren'?t|weren'?t|hasn'?t|"
    rf"haven'?t|hadn'?t)\b|{_ZH}|从来|从未|并非|没|未|不)*"
)
# "Not very high" may be a little high.
_NOT_VERY = re.compile(
    rf"{_DENIAL}\s*(?:是)?(?:很|太|算|特别|非常|那么|再|更|(?:very|too|that|so|really|quite)\b)"
)
_AHEAD = (
    r"normal|abnormal|raised|elevated|high|deranged|poor|bad|good|impaired|perfect|异常的?|偏高的?"
)
_BEFORE = re.compile(
    rf"(?<![a-z])(?P<word>{_AHEAD})(?:\s+|(?<=[高常的]))"
    r"(?:(?:results?|levels?)\s+)?(?:(?:for|of|on|in)\s+)?(?:(?:my|the|both|all)\s+)?$"
)
_DENIED_BEFORE = re.compile(
    rf"{_DENIAL}\s*(?:(?:had|have|got|been|having)\s*)?(?:(?:an?|any)\s*)?$"
)
# What makes of the word another one, or the name of a limit.
_GOES_ON = {
    "normal": re.compile(
        r"\s*(?:值|范围(?!内)|参考|标准|上限|高限|的?(?:\d|一|两|二|三|几|多少)\s?倍|偏高|高于|range|value|limit|upper|"
        r"吃|喝|上班|工作|生活|怀孕|人|生|喂|结婚|上学|饮食|转|像|多|几|久|to\s?\d)"
    ),
    "abnormal": re.compile(r"\s*(?:血压|血脂|兴|密|不多|to\b)"),
}
_ASKED_AFTER = re.compile(
    r"\s*(?:的话|(?:的)?时候|才(?:能|可以|行)|的?(?:情况下|前提|人|携带者|患者|病人)|了?(?:吗|么|吧|没有?\s*[?？])|"
    r"还是|或者?|or\b|不\s*[?？]|[,，]?除了|不(?:好|正常|高|异常)|"
    r"[,，]?\s*(?:except|apart from|other than|aside from|but for)\b)"
)
# 肝功能正常是不是代表 … asks in general, unless it follows other results.
_MEANING = re.compile(r"[,，]?(?:是不是|是否|代表|意味|说明)")
_OWN = re.compile(r"三阳|dna|病毒|抗原|我|i'm|\bmy\b")
_UNSURE_AFTER = re.compile(r"\s*[?？]|[,，]?(?:是不是|是否)")
_ASKED_AHEAD = re.compile(
    r"(?:\b(?:if|whether|unless|until|till|once|hope|hoping|wish|want|suppose|not sure|unsure|don'?t know|"
    r"no idea|when|can|could|should|would|will|does|do|to|get|getting|achieve|reach)"
    r"(?:\s+(?:that|for|if|whether|both|i|my|the|your|his|her|an?|all|have))*"
    r"|^\W*(?:so|and|but|then)?\s*(?:is|are|was|were|does|did)(?:\s+(?:my|the|his|her|an?|all|these|this))*)\s*$"
    r"|(?:如果|要是|假如|万一|除非|比|让|使|希望|不知道|不清楚|不确定|是否|是不是|什么时候|何时|等|若|只要|"
    r"(?:没有?|未|不|想|要|去|该|需)(?:去|再)?(?:做|查|检查|化验|复查)(?:一下|过)?)(?:我的?|他的?|她的?)?\s*$"
)
_ASKED_BETWEEN = re.compile(r"是不|有没|会不|能不|是否")
_EVERYTHING = re.compile(r"\ball\b|everything|都|均|全|一切")
_STOP = re.compile(r"[;；。!?！？\n]|\.(?!\d)")
_UNSURE = re.compile(
    r"怕|担心|怀疑|是不|有没|会不|查|能|\b(?:if|whether|for|check|worried|afraid|any|could|may)\b"
)
_FOUND_BY = re.compile(
    r"\s*(?:was |were )?(?:found |seen )?(?:on|by|in|at)\s+(?:an?|the|my|his|her|last)?\s*(?:\w+\s)?$"
)
_LONGEST, _LONGEST_FINDING = 40, 28
_LIMITS = {"alt": 40.0, "ast": 40.0, "transaminase": 40.0}
# Above this the eyes may turn yellow.
_BILIRUBIN = {"umol/L": 34.0, "mg/dL": 2.0, None: 34.0}


def told_in_words(text: str, test: Term, low: int, reach: int) -> tuple[WordedResult, Term] | None:
    """Return what is told of a test as normal or abnormal, and the words that tell it.

    ``low`` is where its clause begins, ``reach`` where what belongs to it ends.
    """
    found = _after(text, test, low, reach) or _before(text, test, low)
    if found is None and test.name == "liver_imaging":
        found = _finding(text, test, low, reach)
    if found and test.name == "all_tests":
        word = text[test.start : found[1].end]
        return found if found[0].value == "normal" and _EVERYTHING.search(word) else None
    return found


def _after(text: str, test: Term, low: int, reach: int) -> tuple[WordedResult, Term] | None:
    word = _spoken().search(text, test.end, min(reach, test.end + _LONGEST))
    if word is None:
        return None
    between = text[test.end : word.start()]
    meant = _MEANING.match(text, word.end()) and not _OWN.search(text[: test.start])
    asked = (
        meant or _ASKED_AFTER.match(text, word.end()) or _ASKED_AHEAD.search(text[low : test.start])
    )
    if asked or _ASKED_BETWEEN.search(text[test.end : word.end()]):
        return None
    value = _value(word[0])
    if not _LINK.fullmatch(between) or _GOES_ON[value].match(text, word.end()):
        return None
    denials = len(re.findall(_DENIAL, between))
    if denials > 1 or (denials and value == "abnormal" and _NOT_VERY.search(between + word[0])):
        return None
    unsure = test.name == "all_tests" or bool(_UNSURE_AFTER.match(text, word.end()))
    at = Term(word.start(), word.end(), "result", value)
    return WordedResult(_OPPOSITE[value] if denials else value, unsure), at


def _before(text: str, test: Term, low: int) -> tuple[WordedResult, Term] | None:
    word = _BEFORE.search(text, low, test.start)
    if word is None or _ASKED_AHEAD.search(text[low : word.start()]):
        return None
    value = _value(word["word"].removesuffix("的"))
    if _DENIED_BEFORE.search(text[low : word.start()]):
        value = _OPPOSITE[value]
    unsure = text[test.end :].lstrip().startswith(("?", "？"))
    return WordedResult(value, unsure), Term(word.start(), test.start, "result", value)


def _finding(text: str, test: Term, low: int, reach: int) -> tuple[WordedResult, Term] | None:
    """Return what a picture of the liver finds, if nothing denies or only fears it."""
    finding = _findings()
    for word in finding.finditer(text, low, reach):
        follows = word.start() >= test.end
        gap = text[test.end : word.start()] if follows else text[word.end() : test.start]
        if (
            len(gap) > _LONGEST_FINDING
            or _STOP.search(gap)
            or (not follows and not _FOUND_BY.fullmatch(gap))
        ):
            continue
        ahead = gap if follows else text[low : word.start()]
        if re.search(_DENIAL, ahead) or _UNSURE.search(ahead):
            continue
        return WordedResult("abnormal"), Term(word.start(), word.end(), "result", "abnormal")
    return None


def without_false_reassurance(facts: list[Fact]) -> list[Fact]:
    """Return the facts without a normal liver beside a value or a word that says otherwise.

    One that is told of another time may both be true; then it is only unsure.
    """
    against = [f for f in facts if _is_raised(f)]
    kept = []
    for fact in facts:
        if (fact.name, fact.value) == ("liver_function", "normal"):
            others = [f for f in against if f.subject == fact.subject]
            if fact.when != "past" and any(f.when == fact.when for f in others):
                continue
            kept.append(replace(fact, ambiguous=fact.ambiguous or bool(others)))
        else:
            kept.append(fact)
    return kept


def _is_raised(fact: Fact) -> bool:
    if (fact.name, fact.value) == ("liver_function", "abnormal"):
        return True
    limit = _BILIRUBIN.get(fact.unit) if fact.name == "bilirubin" else _LIMITS.get(fact.name)
    if limit is None or not is_number(fact.value):
        return False
    if fact.unit == "xULN":
        limit = 1.0
    elif fact.reference_limit is not None:
        limit = fact.reference_limit
    return float(fact.value) > limit and not str(fact.comparator).startswith("<")


def _value(word: str) -> str:
    return "normal" if word in words(load("panels")["normal"]) else "abnormal"


@cache
def _spoken() -> re.Pattern[str]:
    """Return the pattern of all words for a result, the longest first."""
    return _any_of(*(load("panels")[name] for name in ("normal", "abnormal")))


@cache
def _findings() -> re.Pattern[str]:
    return _any_of(load("panels")["finding"])


def _any_of(*entries: dict[str, list[str]]) -> re.Pattern[str]:
    found = sorted((word for entry in entries for word in words(entry)), key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in found if word.isascii())
    other = "|".join(re.escape(word) for word in found if not word.isascii())
    return re.compile(rf"(?<![a-z])(?:{latin})(?![a-z])|{other}")
