"""Signs that need help now, found in any message by words alone: no model, no intent, no server.

A flag that is denied, over, only asked about, or about somebody else is still returned, marked so, because whoever
reads the list must be able to see that the words were noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from bot.composed import KIND as COMPOSED
from bot.context import CLAUSE_END, Context
from bot.dates import find_dates
from bot.dictionary import load
from bot.polarity import Polarity, is_general_question, is_lately, is_recent, leads_back, polarity
from bot.spans import Term, find_terms
from bot.supposed import is_long_over, is_supposed
from bot.text import fold
from bot.whose import SOMEBODY

_GO_WITH_CONFUSION = {
    *("cirrhosis", "decompensated", "ascites", "encephalopathy", "jaundice", "flapping_hands"),
    *("vomiting_blood", "black_or_bloody_stool", "dark_urine", "new_belly_swelling"),
}
_HAN = re.compile("[\u3400-\u9fff]")
_RIGHT_NOW = re.compile(
    r"正在|现在|刚才|刚刚|\b(?:right now|is vomiting|vomits|is bleeding|keeps)\b"
)
_SAID = re.compile("[说讲喊嚷吵闹提]|念叨|表示|告诉|留言|遗书|发(?:消息|微信|信息)|试图|扬言")
_SELF_HARM = "suicidal_thoughts"
_WITHOUT_ME = re.compile(r"\b(?:without me|i)\b|[没无]我|我走|我不在|我死")
_SINCE = re.compile(r"(?:\bsince|\bfrom|自从?|从)\s*$")
_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?![\d.])年?")
# A year that opens a sentence is the time of all of it: "In 1998 I turned yellow and …".
_OPENS = re.compile(r"\s*(?:back )?in\s+")
_FOUND_OUT = re.compile(r"\b(?:diagnosed|tested|found|started|began|since)\b")
_ON_THAT_DAY = re.compile(
    r"(?:\s+(?:on|with|during|from|after|while on)\s+[a-z]+)?\s*(?:back\s+)?(?:in|on|around|during)?\s*"
)
# A bleeding told with its day, and what was done about it.
_BLED = re.compile(r"\b(?:bleed|bled|bleeding|ha?emorrhage)\b|出血|吐血")
_ENDED = re.compile(
    r"\b(?:banded|banding|ligat\w+|tips|treated|recovered|since then)\b|套扎|手术|治好"
)
# What may stand before "years ago" in a clause that only says when something was.
_COUNT = re.compile(
    r"\s*(?:but |that was |about |around |some |over |maybe )*(?:many |\w+ )?"
    r"(?:约|大概|那是)?[\d一二三四五六七八九十几多]*\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """A sign (``id`` is the symptom's name in the engine), its urgency ``level`` and its place."""

    id: str
    level: str
    start: int
    end: int
    negated: bool = False
    past: bool = False
    asked: bool = False
    subject: str | None = None

    @property
    def is_present(self) -> bool:
        """True when somebody has it now."""
        return not (self.negated or self.past or self.asked)

    @property
    def alarms(self) -> bool:
        """True when it is the writer's own and present sign."""
        return self.is_present and not self.subject

    def as_dict(self) -> dict[str, Any]:
        """Return the flag as plain data, without what does not apply."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            key: value
            for key, value in data.items()
            if value not in {None, False} or key == "start"
        }


def find_red_flags(text: str) -> list[RedFlag]:
    """Return the red flags of a raw message.

    Example:
        >>> [flag.id for flag in find_red_flags("昨晚吐了好多血")]
        ['vomiting_blood']
    """
    folded = fold(text)
    return list(
        read_red_flags(Context(folded, tuple(find_terms(folded)), tuple(find_dates(folded))))
    )


def read_red_flags(context: Context) -> Iterator[RedFlag]:
    """Yield the red flags of a message that has been searched for terms already."""
    seen: set[tuple[object, ...]] = set()
    for flag in _noticed(context):
        told = (flag.id, flag.negated, flag.past, flag.asked, flag.subject)
        if told not in seen:  # the same sign in other words
            seen.add(told)
            yield flag


def _noticed(context: Context) -> Iterator[RedFlag]:
    signs = load("red_flags")
    harmless = context.of_kind("unless")
    listed = [*context.of_kind("symptom"), *_beside_conditions(context)]
    for term in [*listed, *_only_composed(context, listed)]:
        if any(h.name == term.name and h.start <= term.start < h.end for h in harmless):
            continue
        if _is_alone(context, term):
            continue
        found = polarity(context, term)
        sign = signs[term.name]
        subject = context.subject(term.start)[0]
        own = subject in sign.get("own", ()) or _is_about_the_writer(context, term)
        own = own or (term.name == _SELF_HARM and _is_felt(context, term))
        if own or _is_unnamed(context, subject):
            subject = None
        yield RedFlag(
            id=term.name,
            level=sign["level"],
            start=term.start,
            end=term.end,
            negated=found == "denied",
            past=_is_past(context, term, found, sign["level"])
            or is_long_over(context, term)
            or (subject is not None and _has_died(context, term)),
            asked=is_general_question(context, term)
            or is_supposed(context, term)
            or _is_fiction(context, term),
            subject=subject,
        )


def _only_composed(context: Context, listed: list[Term]) -> Iterator[Term]:
    """Yield the signs that ordinary words make up and that no phrase of the lists has found there."""
    for term in context.of_kind(COMPOSED):
        same = [t for t in listed if t.name == term.name]
        if not any(t.start < term.end and term.start < t.end for t in same):
            yield term


def _is_alone(context: Context, term: Term) -> bool:
    """Tell whether a word means something harmless as long as no disease of the liver is beside it.

    "I am confused" is puzzled, but not beside cirrhosis or yellow eyes.
    """
    doubtful = context.of_kind("unless_alone")
    if not any(d.name == term.name and d.start <= term.start < d.end for d in doubtful):
        return False
    low, high = context.sentence(term.start)
    beside = [t for t in context.terms if low <= t.start < high and t.name in _GO_WITH_CONFUSION]
    return all(polarity(context, t) in {"denied", "asked"} for t in beside)


def _is_about_the_writer(context: Context, term: Term) -> bool:
    """Tell whether words about others wish the writer away: "the kids would be better off without me"."""
    said = context.text[term.start : term.end]
    return term.kind == COMPOSED and term.name == _SELF_HARM and bool(_WITHOUT_ME.search(said))


def _is_felt(context: Context, term: Term) -> bool:
    """Tell whether a wish to die is felt and not heard of: nobody else has it in its clause, or says it.

    有时候真想从楼上跳下去 after a clause about the parents is the writer's; 天天说不想活了 is not.
    """
    low, high = context.clause(term.start, term.end)
    said = context.text[low:high]
    named = any(low <= m.start < high for m in context.people if m.kind != "self")
    return _HAN.search(said) is not None and not named and not _SAID.search(said)


def _is_unnamed(context: Context, subject: str | None) -> bool:
    """Tell whether a sign is only of "he" or "she", whoever that is: it alarms."""
    return subject == SOMEBODY and all(m.whom != SOMEBODY for m in context.people)


def _beside_conditions(context: Context) -> Iterator[Term]:
    """Yield what is a sign only in people who say that they have a condition, such as pregnancy."""
    conditions = {t.name for t in context.of_kind("condition")}
    for condition in sorted(conditions):
        named = [t for t in context.of_kind("condition") if t.name == condition]
        if all(polarity(context, term) in {"denied", "over"} for term in named):
            continue
        yield from context.of_kind(f"beside_{condition}")


def _has_died(context: Context, term: Term) -> bool:
    low, high = context.sentence(term.start)
    if _RIGHT_NOW.search(context.text, low, high):
        return False
    return any(low <= word.start < high for word in context.of_kind("dead"))


def _is_past(context: Context, term: Term, found: Polarity, level: str) -> bool:
    """Tell whether a sign is long over; a danger that has only just ended is not."""
    if found == "over":
        return level != "emergency_now"
    if _is_of_a_day_long_ago(context, term) and not is_lately(context, term):
        return True
    past = context.past(term.start, term.end) or _past_follows(context, term)
    return past and not is_recent(context, term)


def _is_of_a_day_long_ago(context: Context, term: Term) -> bool:
    """Tell whether a sign is dated long ago: "vomited blood in 2019", 2019年吐过血.

    A year beside it that may be of something else ("diagnosed in 2015 and vomiting blood") is none.
    """
    low, high = context.clause(term.start, term.end)
    sentence, _ = context.sentence(term.start)
    latest = date.today().year - 2  # noqa: DTZ011 - the day where we are
    for year in _YEAR.finditer(context.text, sentence, high):
        if int(year["year"]) > latest or _SINCE.search(context.text[: year.start()]):
            continue
        between = context.text[term.end : year.start()]
        if term.end <= year.start() and _ON_THAT_DAY.fullmatch(between):
            return True
        led = context.text[year.end() : term.start]
        if _OPENS.fullmatch(context.text, sentence, year.start()) and not _FOUND_OUT.search(led):
            return True
        if low <= year.start() < term.start:
            led = context.text[low : year.start()].strip() + context.text[year.end() : term.start]
            ended = "过" in context.text[term.start : term.end + 1]
            if ended or re.fullmatch(
                r"(?:back )?in\s*(?:i|he|she)\s+(?:was\s+|had\s+|have\s+)?", led
            ):
                return True
        before = context.text[sentence:low]
        if year.end() <= low and _BLED.search(before) and _ENDED.search(context.text):
            return True
    return False


def _past_follows(context: Context, term: Term) -> bool:
    """Tell whether the clause after a sign says when it was, and nothing else: ", years ago"."""
    low = context.clause(term.start, term.end)[1] + 1
    for word in context.of_kind("past"):
        if low <= word.start and word.end <= context.sentence(term.start)[1]:
            before = context.text[low : word.start]
            after = context.text[word.end :]
            if _COUNT.fullmatch(before) and not re.match(r"\s*[a-z\u3400-\u9fff]", after):
                return True
    return False


def _is_fiction(context: Context, term: Term) -> bool:
    """Tell whether a sign is told of a film or the news, and nothing leads back to the writer."""
    low, _ = context.sentence(term.start)
    stories = [t for t in context.of_kind("fiction") if low <= t.start and t.end <= term.start]
    if not stories:
        return False
    between = context.text[stories[-1].end : term.start].lstrip(" ,，")
    return not CLAUSE_END.search(between) and not leads_back(between)
