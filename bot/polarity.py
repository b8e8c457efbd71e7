"""Whether what stands in a message is stated, denied, only asked about, or unclear.

A denial must be next to what it denies, with nothing between but words that carry it over ("I have
not had any …"), or reach it over a list that ends in "or". Anything else leaves it unclear: for a
sign of danger that is an alarm, for a fact a question back. So "I have not slept and am vomiting
blood" denies no blood, and "it is not that I am not …" denies nothing at all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from bot.context import Context
from bot.dictionary import load, words
from bot.spans import Term

Polarity = Literal["stated", "denied", "over", "asked", "unclear"]

_STATEMENTS = {"condition", "comorbidity", "symptom", "complaint", "drug", "pattern", "analyte"}
_STATEMENTS |= {"panel"}
_ITEM = "\x00"
_LIST_EN = re.compile(r"(?:[^,]{1,30},\s*)*[^,]{1,30},?\s*\b(?:or|nor)\b(?P<rest>.*)")
_LIST_ZH = re.compile(r"(?:[^、，,]{1,10}、)*[^、，,]{1,10}(?:、|或者?|和|及|以及|与)(?P<rest>.*)")
_NO_LIST = re.compile(
    r"\b(?:i|i'm|i've|my|but|just|only|if|whether|why|how|because|so|then|know|sure|and)\b"
    r"|[我但就却还又后才只不没]"
)
# As clinicians write: "denies melena, haematemesis, no asterixis".
_DENIES_ALL = {"denies", "denied", "denying", "deny", "negative for", "nil"}
_ITEMS = re.compile(rf"(?:\s*(?:any|and|or|of|a|the)?\s*{_ITEM}?\s*[,/&]?)*")
_COORDINATION = re.compile(r"\b(?:and|or|nor|but)\b|[,，;；、也又且]")
_ALLOWED_AFTER = re.compile(
    r"(?:抗体|检测|病毒|rna|rapid|elisa|antibod(?:y|ies)|ab(?![a-z])|tests?|kit|screen(?:ing)?|status|results?|serology"
    r"|1(?:/|&| & | and )2|[\s:-])*"
    r"(?:(?:(?:was|were|is|are|has been|have been|had been|came back|also|all)\s+)*"
    r"(?:negative|non[\s-]?reactive|not reactive|neg\b|-ve|ruled out|excluded|not found|not detected|absent)(?![a-z])"
    r"|(?:都|也|已经?|均|为|是|呈|:|：)*\s*(?:阴性|阴|排除了?|(?:没有的?|[没无])过?(?=\s*(?:$|[，。,.；;、!！])))"
    r"|\s?[(（]\s?-\s?[)）])"
    r"|\s*[:：=-]\s*(?:no|none|absent|denied|negative|无|没有|否)\b"
)
_CHAINED = re.compile(r"[、和及或与跟]?")
_ALL_DENIED_AFTER = re.compile(
    r"\s*(?:这些|什么的|等等?|等症状)?(?:都|均|也|全都?|一概)(?:没有?|无|未)(?:过|出现过?|发生过?)?(?=\s*(?:$|[，。,.；;！!]))"
)
# "Alcohol, fatty liver and other causes were all checked and excluded".
_CAUSES_OF_ALT = {"fatty_liver", "alcohol"}
_ENDS_LIST = re.compile(r"\s*(?:$|[，。,.；;!！?？、和及或等])")
_ALL_EXCLUDED_AFTER = re.compile(
    r"(?:\s*,\s*[a-z]+(?: [a-z]+){0,2}){0,4}\s*,? and (?:all )?other causes? "
    r"(?:was|were|have been|has been)\s+(?:all )?"
    r"(?:(?:checked|tested|looked at) and )?(?:excluded|ruled out)\b"
)
_LAST_WORD = re.compile(r"\s*(?:[a-z]+|(?![太很那怎大特全完够])[\u3400-\u9fff]{1,2})")
_SINCE_THEN = re.compile(r"\bsince(?: then)?\s*(?=[.,;!?]|$)")
# 肝硬化了 tells it, 肝硬化了吗 asks it.
_DONE = re.compile(r"了(?!吗|么|没|吧|嘛|[?？])")
# "worried about my cirrhosis" is of somebody who has it.
_OF_MINE = re.compile(r"(?<!if )(?<!whether )\bmy\s+(?:early\s+)?$")
_GOT = re.compile(r"得了(?:早期|乙肝)*\s*$")
_LISTED = re.compile(r"\s*(?:and|or|,|/|&|和|跟|与|、|或|及)?\s*")
_LONGEST_DOUBLE = 25
_ASKED_OF_ITSELF = re.compile(r"\s*了?(?:吗|么|嘛)\s*$")
# A question that ends in its own denial: 能喝酒不.
_YES_OR_NO = re.compile(r"(?:能|可以|会|要|行|需要|用)[^，,。；]{0,12}[^\s，,。；]不[\s.。!！]*$")


def polarity(context: Context, term: Term) -> Polarity:
    """Return what a message does with a condition, a medicine or a sign that it names.

    ``over`` is what is denied only for now ("no longer pregnant", 大便不黑了).
    """
    if _inside(context, term) or _ALLOWED_AFTER.match(context.text, term.end):
        return _over_or_denied(context, term)
    if _was_asked_and_denied(context, term) or _is_denied_with_its_list(context, term):
        return "denied"
    denial = _denial(context, term)
    if denial is not None:
        return "unclear" if _is_doubled(context, denial, term) else _over_or_denied(context, term)
    if _is_asked(context, term):
        return "asked"
    low, _ = context.clause(term.start, term.end)
    loose = any(low <= t.start and t.end <= term.start for t in context.denials)
    return "unclear" if loose else "stated"


def is_general_question(context: Context, term: Term) -> bool:
    """Tell whether a sign is only named in a general question, so that nobody says to have it.

    Where that cannot be told, it is not one: the sign counts.
    """
    low, high = context.sentence(term.start)
    sentence = context.text[low:high].strip()
    forms = words(load("polarity")["general_question"])
    around = context.text[low : term.start] + " " + context.text[term.end : high]
    openings = words(load("polarity")["general_opening"])
    opening = next((found for form in openings if (found := re.search(form, sentence))), None)
    if opening is not None:
        around = around.strip().removeprefix(opening.group())
    general = opening is not None or any(re.search(form, sentence) for form in forms)
    return (
        general and not pattern_of("own_words").search(around) and not _is_taken_up(context, high)
    )


def _is_taken_up(context: Context, place: int) -> bool:
    """Tell whether the sentence after a general question says that it is about the writer."""
    following = (
        context.text[place : context.sentence(place)[1]] if place < len(context.text) else ""
    )
    back, own = (
        pattern_of("refers_back").search(following),
        pattern_of("own_words").search(following),
    )
    return bool(back and own)


def is_recent(context: Context, term: Term) -> bool:
    """Tell whether the words around a term speak of these days, also beside an earlier time."""
    low, high = context.sentence(term.start)
    sentence = context.text[low:high]
    past = [
        t
        for t in context.of_kind("past")
        if low <= t.start < high
        and not pattern_of("recent_past").fullmatch(sentence[t.start - low : t.end - low])
    ]
    spoken = list(sentence)
    for t in past:
        spoken[t.start - low : t.end - low] = " " * (t.end - t.start)
    return not past or _speaks_of_lately("".join(spoken))


def is_lately(context: Context, term: Term) -> bool:
    """Tell whether the sentence of a term speaks of these days."""
    low, high = context.sentence(term.start)
    return _speaks_of_lately(_SINCE_THEN.sub("", context.text[low:high]))


def _speaks_of_lately(words_of: str) -> bool:
    return bool(pattern_of("lately").search(pattern_of("well_now").sub(" ", words_of)))


def leads_back(text: str) -> bool:
    """Tell whether words between a story and a sign lead back to the writer."""
    return bool(pattern_of("beyond_story").search(text))


def _was_asked_and_denied(context: Context, term: Term) -> bool:
    """Tell whether somebody asked about a sign and was told no: "she asked if …, I said no"."""
    low, _ = context.sentence(term.start)
    before, after = context.text[low : term.start], context.text[term.end :]
    asked = any(re.search(form, before) for form in words(load("polarity")["asked_whether"]))
    denied = any(re.search(form, after) for form in words(load("polarity")["answered_no"]))
    return asked and denied and not pattern_of("answer_taken_back").search(after)


def _denial(context: Context, term: Term) -> Term | None:
    """Return the denial that governs a term: right before it, or before the list it ends."""
    low, _ = context.clause(term.start, term.end)
    start, _ = context.sentence(term.start)
    for denial in reversed([t for t in context.denials if start <= t.start < t.end <= term.start]):
        between = context.text[denial.end : term.start]
        if denial.start >= low and _carries(context, denial, term, between):
            return denial
        if _is_list(context, denial, term):
            return denial
    return None


def _carries(context: Context, denial: Term, term: Term, between: str) -> bool:
    begins = (
        not context.text[: denial.start].strip(" ")
        or context.text[denial.start - 1] in " ,，。;；、"
    )
    if between[:1].isspace() and not context.text[denial.start].isascii() and not begins:
        return False  # 吃过药没有 肝硬化: the denial ends what stands before the space
    return bool(_bridge(_bridges(context, denial, term)).fullmatch(between))


def _bridges(context: Context, denial: Term, term: Term) -> tuple[str, ...]:
    noun = context.text[denial.start : denial.end] in words(load("polarity")["of_nouns"])
    kinds = ["bridge_of_nouns" if noun else "bridge"]
    if term.name == "suicidal_thoughts" or denial.name == "thought":
        kinds.append("bridge_of_thoughts")
    if term.kind in {"condition", "drug"} and not noun:
        kinds.append("bridge_of_use")
    return tuple(kinds)


def _is_list(context: Context, denial: Term, term: Term) -> bool:
    """Tell whether a term belongs to a list that a denial opens: "no jaundice, black stool or …"."""
    masked = list(context.text)
    for other in context.terms:
        if other.kind in _STATEMENTS and denial.end <= other.start and other.end <= term.start:
            masked[other.start : other.end] = _ITEM * (other.end - other.start)
    between = re.sub(f"{_ITEM}+", _ITEM, "".join(masked[denial.end : term.start]))
    chinese = not context.text[denial.start].isascii()
    if _NO_LIST.search(between):
        return False
    listed = (_LIST_ZH if chinese else _LIST_EN).fullmatch(between)
    bridge = _bridge(_bridges(context, denial, term))
    if listed:
        return bool(bridge.fullmatch(listed["rest"]))
    if context.text[denial.start : denial.end] in _DENIES_ALL and _ITEMS.fullmatch(between):
        return True
    # An item in the middle, if the list goes on and ends in "or": no A, B or C.
    middle = re.fullmatch(r"[^、，]{1,30}(?:,[^,]{1,30})*,\s*(?P<rest>.*)", between)
    ends = re.match(r"(?:\s*,[^,.;!?]{1,30})*?\s*,?\s*\b(?:or|nor)\b", context.text[term.end :])
    return bool(middle and ends and not chinese and bridge.fullmatch(middle["rest"]))


def _is_denied_with_its_list(context: Context, term: Term) -> bool:
    """Tell whether a term stands in a Chinese list that is denied as a whole: 呕血黑便都没有, 没有黑便呕血."""
    here = sorted(
        (t for t in context.terms if t.kind in _STATEMENTS), key=lambda t: (t.start, -t.end)
    )
    last = term
    for other in here:
        if _CHAINED.fullmatch(context.text, last.end, max(other.start, last.end)) and (
            other.start >= last.end
        ):
            last = other
    if _ALL_DENIED_AFTER.match(context.text, last.end):
        return True
    if term.name in _CAUSES_OF_ALT and _ALL_EXCLUDED_AFTER.match(context.text, term.end):
        return True
    before = next((t for t in here if t.end == term.start), None)
    if before is None or not _ENDS_LIST.match(context.text, term.end):
        return False  # 没有发烧吐血了
    return _denial(context, before) is not None


def _inside(context: Context, term: Term) -> bool:
    """Tell whether a sign is denied in its own words: "stool is not black", 大便不黑."""
    gaps = [t for t in context.of_kind("gap") if (t.start, t.end) == (term.start, term.end)]
    held = [t for t in context.denials if term.start < t.start and t.end < term.end]
    if not gaps or not held:
        return False
    rest = context.text[held[-1].end : term.end]
    carried = _bridge(("bridge",)).match(rest)
    begin = carried.end() if carried else 0
    last = _LAST_WORD.fullmatch(rest[begin:]) or _LAST_WORD.fullmatch(rest)
    each = rest.strip() and all(context.text.startswith(rest.strip(), d.end) for d in held)
    return bool(last) and (len(held) == 1 or bool(each))  # 眼睛不黄尿也不黄


def _is_doubled(context: Context, denial: Term, term: Term) -> bool:
    """Tell whether a denial is itself denied, or denies a denial: 不是没有, 不是不想活."""
    if any(t.start == term.start for t in context.denials):
        return True
    if context.text[denial.start : denial.end] == "nor":
        return False
    low, _ = context.clause(denial.start, denial.end)
    before = [t for t in context.denials if low <= t.start and t.end <= denial.start]
    if not before:
        return False
    denied_before = any(
        t.kind in _STATEMENTS and before[-1].end <= t.start and t.end <= denial.start
        for t in context.terms
    )
    if denied_before:  # 没有黑便 没有吐血: each denial has its own sign
        return False
    between = context.text[before[-1].end : denial.start]
    twice_no = (
        context.text[before[-1].start : before[-1].end]
        == "no"
        == context.text[denial.start : denial.end]
    )
    if twice_no and re.fullmatch(r"\s*(?!day|night|time|doubt|way)[a-z]+\s*", between):
        return False  # "no yellow no dark urine"
    bare_no = context.text[before[-1].start : before[-1].end] == "no" and before[-1].start == low
    return not bare_no and len(between) <= _LONGEST_DOUBLE and not _COORDINATION.search(between)


def _over_or_denied(context: Context, term: Term) -> Polarity:
    low, high = context.clause(term.start, term.end)
    clause = context.text[low:high]
    if pattern_of("no_longer").search(clause) or context.text.startswith("了", term.end):
        return "over"
    if pattern_of("formerly").search(clause) and pattern_of("lately").search(context.text):
        return "over"
    return "denied"


def _is_asked(context: Context, term: Term) -> bool:
    """Tell whether a term stands in a question or a supposition and nobody says to have it."""
    low, high = context.clause(term.start, term.end)
    before, after = context.text[low : term.start], context.text[term.end : high]
    supposed = _ends_with("supposing", before)
    if supposed and not (_has_got(before) or _OF_MINE.search(before)):
        return True
    if _ASKED_OF_ITSELF.match(after):
        return True
    if pattern_of("hearsay").search(before) and not _owned(context, term, before):
        return True
    if (earlier := _listed_before(context, term)) and _is_asked(context, earlier):
        return True
    if _begins_with("about_it", after) and not _owned(context, term, before):
        return True
    return is_question(context, term.start) and not _owned(context, term, before)


def _has_got(before: str) -> bool:
    """Tell whether 得 means to have got a disease (我得了), not that one might get it (会得)."""
    return bool(_GOT.search(before)) and not pattern_of("not_owned").search(before)


def _listed_before(context: Context, term: Term) -> Term | None:
    """Return what stands before a term in its list: "tested for hepatitis C and HIV"."""
    earlier = [t for t in context.of_kind(term.kind) if t.end <= term.start]
    if term.kind != "condition" or not earlier:
        return None
    between = context.text[earlier[-1].end : term.start]
    return earlier[-1] if _LISTED.fullmatch(between) else None


def _owned(context: Context, term: Term, before: str) -> bool:
    if any(0 <= term.start - t.end <= 1 for t in context.of_kind("other")):
        return True
    found = _ends_with("owned", before)
    if not found:
        done = _DONE.match(context.text, term.end)
        return bool(done) and not pattern_of("supposing").search(before)
    return not _ends_with("not_owned", before[: found.start()])


def is_question(context: Context, place: int) -> bool:
    """Tell whether the clause around a place asks something."""
    low, high = context.clause(place, place)
    return asks(context.text[low:high])


def asks(clause: str) -> bool:
    """Tell whether a folded clause asks something, by its first word or its particles."""
    return bool(
        _begins_with("question_begins", clause.lstrip(" \"'“"))
        or pattern_of("question_holds").search(clause)
        or _edge("question_ends", _AT_THE_END).search(clause)
        or clause.rstrip().endswith(("?", "？"))
        or _YES_OR_NO.search(clause)
    )


# A question that ends in a bare 不 or 没 has its verb before it: 能喝酒不, not a lone 不 or 没有.
_AT_THE_END = (
    r"(?:能|可以|会|要|用|行|好|有|是|吃|得|了|严重|正常|危险|传染)[^，。,;；]*(?:{0})[\s。!！~]*$"
)


def _ends_with(name: str, text: str) -> re.Match[str] | None:
    return _edge(
        name, "(?:{0})(?:\\s*(?:the|a|an|my|early|some|any|的|了|早期|乙肝))*\\s*$"
    ).search(text)


def _begins_with(name: str, text: str) -> re.Match[str] | None:
    return _edge(name, "^\\s*(?:so|and|but|then|also|please|doctor|hi|hello)?[ ,]*(?:{0})").search(
        text
    )


@cache
def _edge(name: str, form: str) -> re.Pattern[str]:
    return re.compile(form.replace("{0}", _alternatives(name)))


@cache
def pattern_of(name: str) -> re.Pattern[str]:
    """Return the pattern of the words of an entry of ``lexicon/polarity.yml``."""
    return re.compile(_alternatives(name))


@cache
def _bridge(names: tuple[str, ...]) -> re.Pattern[str]:
    found = "|".join(_alternatives(name) for name in names)
    think = r"(?:think|believe|feel)\s+(?:that\s+)?(?:i|it|there|my)?\s*"
    return re.compile(rf"\s*(?:{think})?(?:(?:{found})\s*)*")


@cache
def _alternatives(name: str) -> str:
    """Return the words of an entry as one pattern; letters must not go on before or after them."""
    found = words(load("polarity")[name])
    latin = [re.escape(word) for word in found if re.match(r"[a-z]", word)]
    other = [re.escape(word) for word in found if not re.match(r"[a-z]", word)]
    parts = [rf"(?<![a-z'])(?:{'|'.join(latin)})(?![a-z'])"] if latin else []
    return "(?:" + "|".join([*parts, *other]) + ")"
