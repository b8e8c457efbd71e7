"""Signs that need help now, found in any message by words alone: no model, no intent, no server.

A flag that is denied, over, only asked about, or about somebody else is still returned, marked so, because whoever
reads the list must be able to see that the words were noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from bot.context import CLAUSE_END, Context
from bot.dates import find_dates
from bot.dictionary import load
from bot.polarity import Polarity, is_general_question, is_recent, leads_back, polarity
from bot.spans import Term, find_terms
from bot.text import fold
from bot.whose import SOMEBODY

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
    signs = load("red_flags")
    harmless = context.of_kind("unless")
    for term in [*context.of_kind("symptom"), *_beside_conditions(context)]:
        if any(h.name == term.name and h.start <= term.start < h.end for h in harmless):
            continue
        found = polarity(context, term)
        sign = signs[term.name]
        subject = context.subject(term.start)[0]
        if subject in sign.get("own", ()) or _is_unnamed(context, subject):
            subject = None
        yield RedFlag(
            id=term.name,
            level=sign["level"],
            start=term.start,
            end=term.end,
            negated=found == "denied",
            past=_is_past(context, term, found, sign["level"])
            or (subject is not None and _has_died(context, term)),
            asked=is_general_question(context, term) or _is_fiction(context, term),
            subject=subject,
        )


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
    return any(low <= word.start < high for word in context.of_kind("dead"))


def _is_past(context: Context, term: Term, found: Polarity, level: str) -> bool:
    """Tell whether a sign is long over; a danger that has only just ended is not."""
    if found == "over":
        return level != "emergency_now"
    past = context.past(term.start, term.end) or _past_follows(context, term)
    return past and not is_recent(context, term)


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
