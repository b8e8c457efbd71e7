"""What a patient must never read: an order about a medicine, or a percentage as a promise.

A sentence may tell what a rule says and what to ask. It may not start, stop, switch or dose a medicine,
in any wording. An order is looked for clause by clause: as an imperative at the head of a clause
("stop taking …"), as a permission ("you can stop …") or as a verdict ("it is time to stop …").
The same words inside "do not … on your own" or "ask your doctor whether …" are no order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_engine.book import Book
from hbv_engine.check.finding import ERROR, Finding
from hbv_engine.check.spoken import NURSE, spoken
from hbv_engine.wording import LANGUAGES

_DRUG = (
    r"(?:medicines?|medications?|drugs?|tablets?|pills?|injections?|injecting|shots?|interferon|"
    r"peginterferon|antivirals?|treatment|therapy|course|entecavir|tenofovir|lamivudine|telbivudine|"
    r"adefovir|it|them)"
)
_WORDS = r"(?:[\w-]+\s+){0,4}?"
_DOSE = r"\bdos(?:e|es|age|ing)\b"

ENGLISH_ORDERS: tuple[tuple[str, str], ...] = (
    (rf"(?:stop|quit|discontinue|halt|end|drop)\s+{_WORDS}{_DRUG}\b", "orders a stop"),
    (rf"(?:pause|interrupt|hold|withhold|suspend)\s+{_WORDS}{_DRUG}\b", "orders a pause"),
    (rf"(?:skip|leave out)\s+(?!it\b|them\b){_WORDS}{_DRUG}\b", "orders a pause"),
    (rf"(?:start|begin|resume|restart|initiate)\s+{_WORDS}{_DRUG}\b", "orders a start"),
    (rf"(?:switch|change|swap|go over)\s+{_WORDS}(?:to|from|back)\s+{_WORDS}{_DRUG}\b", "a switch"),
    (rf"add\s+{_WORDS}{_DRUG}\b", "adds a medicine"),
    (
        rf"(?:increase|raise|double|lower|reduce|halve|cut|decrease|adjust|change)\s+{_WORDS}{_DOSE}",
        "changes a dose",
    ),
    (r"take\s+(?:an?\s+)?(?:extra|double|half|two|more|less|another|\d)", "gives a dose"),
    (r"inject\s+(?:an?\s+)?(?:extra|double|half|two|more|less|another|\d)", "gives a dose"),
    (rf"(?:prolong|extend|lengthen|shorten)\s+{_WORDS}{_DRUG}\b", "changes the length of a course"),
)
_OPENERS = r"(?:please|then|now|so|just|first|simply|next|today|also|immediately|at once|but)\s+"
_JOINED = r"(?:and|or)\s+(?:then\s+)?"
_PERMITTED = (
    r"\byou\s+(?:must|should|can|may|could|have to|need to|are free to)\s+(?:now\s+|also\s+)*"
)
_VERDICT = (
    r"\b(?:time|safe|best|fine|okay|ok|right|ready|better|wise|advised|recommended|necessary)\s+"
    r"(?:for you\s+)?to\s+(?:now\s+)?"
)
ENGLISH_HEADS = (rf"^(?:{_OPENERS})*", rf"\b{_JOINED}", _PERMITTED, _VERDICT)
ENGLISH_SHIELDS: tuple[tuple[str, str], ...] = (
    (r"\b(?:not|don['’]t|never|nobody|no one|without|instead of|rather than)\b", "a warning"),
    (r"\b(?:whether|if|when|before|after|until|how|why|who|that|which)\b", "a case, or a question"),
    (
        (
            r"\b(?:doctors?|team|guidelines?|source text|trials?|stud(?:y|ies)|leaflet|label|experts?|"
            r"plans?|people)\s+(?:[\w-]+\s+){0,3}?(?:may|can|will|might|would|could|should|says?|"
            r"calls?|names?|advises?|decides?|suggests?|starts?|stops?|adds?)\b"
        ),
        "a report of what others do",
    ),
)

_CHINESE_VERBS: tuple[tuple[str, str], ...] = (
    (r"停药|停用|停掉|停打|停止(?:用药|服药|服用|吃药|治疗|注射|打针|使用|干扰素)", "停药"),
    (r"暂停(?:用药|服药|治疗|注射|打针|使用|干扰素)?|跳过(?:一|这|下)(?:针|次|片)", "暂停用药"),
    (
        r"(?:开始|恢复|重新)(?:用药|服药|服用|吃药|打针|注射|使用|抗病毒|治疗|干扰素|用干扰素)",
        "开始用药",
    ),
    (r"加量|减量|加倍|减半|翻倍|(?:增加|减少|调整|改变|降低|提高)剂量", "改剂量"),
    (
        r"(?:多|少|补)?(?:吃|服|打|注射)(?:一|两|二|半|双|\d+)(?:倍|片|粒|针|支|毫克|微克|mg|µg)",
        "给剂量",
    ),
    (
        r"换(?:成|用|为|药)|改(?:用|吃|打|为)|加用|联用|延长(?:疗程|治疗)|缩短(?:疗程|治疗)",
        "换药或加药",
    ),
)
_CHINESE_URGED = (
    r"^(?:那就|请|您|你|就|应该|应当|应|需要|需|必须|可以|可|建议|马上|立即|立刻|现在|今天|先|然后|"
    r"再|尽快|要|最好|自己|自行)+"
)
_CASE = r"(?!后|前|之后|之前|以后|以前|时|的|期间|与否|或断|很|可能|会|有|容易|是)"
_BARE_ENDS = r"(?=吧|即可|就行|就好|$|干扰素|恩替卡韦|替诺福韦|口服药|抗病毒药|药物)"
CHINESE_SHIELDS: tuple[tuple[str, str], ...] = (
    (r"不要|请勿|切勿|勿|不能|不可以|不可(?!以)|不得|不必|不宜|别(?![的人])|避免", "提醒"),
    (
        r"是否|要不要|能不能|可不可以|需不需要|该不该|怎么|什么时候|何时|如何|商量|咨询|讨论|问",
        "问医生",
    ),
    (r"如果|若|假如|指南|原文|研究|试验|说明书|专家|有的|有些|医生(?:会|可能|决定)", "情况或转述"),
)

_PERCENT = re.compile(
    r"\d\s*[%％]|\bper\s?cent\b|百分之|[一二三四五六七八九\d]成(?![人年分为立功])|"
    r"\b\d+ (?:out of|in) \d+\b",
    re.IGNORECASE,
)
_CLAUSES = {
    "en": re.compile(r"[.!?;:,()“”\"–—]+(?:\s|$)|\s[–—-]\s"),
    "zh": re.compile(r"[。！？；：，]"),
}
_ORDERS = {
    "en": tuple(
        (re.compile(head + order, re.IGNORECASE), why)
        for order, why in ENGLISH_ORDERS
        for head in ENGLISH_HEADS
    ),
    "zh": tuple(
        (re.compile(pattern), why)
        for verbs, why in _CHINESE_VERBS
        for pattern in (rf"{_CHINESE_URGED}(?:{verbs}){_CASE}", rf"^(?:{verbs}){_BARE_ENDS}")
    ),
}
_SHIELDS = {
    "en": tuple(re.compile(p, re.IGNORECASE) for p, _ in ENGLISH_SHIELDS),
    "zh": tuple(re.compile(p) for p, _ in CHINESE_SHIELDS),
}


def find(book: Book) -> Iterator[Finding]:
    """Yield patient sentences that order a medicine to be started, stopped or dosed, or promise."""
    for said in spoken(book):
        if said.audience == NURSE or said.part in {"label", "name", "option"}:
            continue
        for language in LANGUAGES:
            text = said.of(language)
            for clause, why in orders(text, language):
                message = f"{said.title}: {why} ({language}): {clause!r}."
                yield Finding("forbidden wording", ERROR, said.place, message)
            if _PERCENT.search(text):
                message = f"{said.title}: a percentage ({language}): {text!r}."
                yield Finding("percentage", ERROR, said.place, message)


def orders(text: str, language: str) -> list[tuple[str, str]]:
    """Return the clauses of a text that give an order about a medicine, each with its reason."""
    clauses = (clause.strip() for clause in _CLAUSES[language].split(text))
    found = ((clause, _order_in(clause, language)) for clause in clauses)
    return [(clause, why) for clause, why in found if why]


def _order_in(clause: str, language: str) -> str | None:
    for pattern, why in _ORDERS[language]:
        for match in pattern.finditer(clause):
            around = clause if language == "zh" else clause[: match.start()]
            if not any(shield.search(around) for shield in _SHIELDS[language]):
                return why
    return None
