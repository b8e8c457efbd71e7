"""Signs that need help now, found in any message by words alone: no model, no intent, no server.

A flag that is denied, over, only asked about, or about somebody else is still returned, marked so, because whoever
reads the list must be able to see that the words were noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from bot.context import Context
from bot.dates import find_dates
from bot.dictionary import load
from bot.polarity import Polarity, is_general_question, is_recent, polarity
from bot.spans import Term, find_terms
from bot.text import fold


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
        if subject in sign.get("own", ()):
            subject = None
        yield RedFlag(
            id=term.name,
            level=sign["level"],
            start=term.start,
            end=term.end,
            negated=found == "denied",
            past=_is_past(context, term, found, sign["level"])
            or (subject is not None and _has_died(context, term)),
            asked=is_general_question(context, term),
            subject=subject,
        )


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
    return context.past(term.start, term.end) and not is_recent(context, term)
