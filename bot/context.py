"""What surrounds a statement and turns it: negation, whom it is about, when it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.dates import Date
from bot.spans import Term

CLAUSE_END = re.compile(
    r"(?<!\d)[,.]|[,.](?!\d)|[;!?，；。！？\n]|\b(?:but|though|however|except|although)\b"
    r"|但|不过|可是|而是|却|然而|反而"
)
_SENTENCE_END = re.compile(r"[.!?。！？\n；;](?!\d)")
SOMEBODY = "somebody"
_NOW = re.compile(r"\b(?:now|currently|today)\b|现在|目前|今天|如今")
_THEIRS = re.compile(
    r"(?:\b(?:her|his|their)\s+(?:(?:last|latest|own|first)\s+)*|\b(?:she|he)\s+(?:has|had)\s+(?:an?\s+)?|"
    r"\b(?:hers|his|theirs)\s*(?:is|was|are|were|:)?\s*(?:about\s+|only\s+)?|"
    r"\b(?:she|he)(?:\s+is|\s+was|'s)\s+|"
    r"(?<![其吉])[他她]们?(?:的|有|是|今年)?)$"
)
# "45M pt", "a 5 year old son": what stands right before a person belongs to that person.
_OF_WHOM_FOLLOWS = re.compile(
    r"[\s-]*(?:(?:years?|yrs?|months?|weeks?|days?)[\s-]*olds?|y/o|yo|[mf]|male|female|old|岁的?|个月的?|"
    r"的|大的?|男性?|女性?)?[\s,，-]*(?:male\s|female\s|[mf]\s|男性?|女性?)?"
)
_OF_HIS_OWN = re.compile(r"(?:(?<![其吉])[他她]|患者|病人)$")
# "She got it from me" goes on speaking of her.
_TO_ME = re.compile(
    r"\b(?:to|with|from|like|for|told|tell|asked|ask|asks|helps?|than|near|beside)\s+$"
)


@dataclass(frozen=True)
class Context:
    """The terms and dates of one folded text, asked about a place in it."""

    text: str
    terms: tuple[Term, ...]
    dates: tuple[Date, ...]
    weeks: tuple[Date, ...] = ()

    def past(self, start: int, end: int) -> bool:
        """Tell whether the clause around ``start:end`` speaks of the past."""
        low, high = self.clause(start, end)
        return any(low <= t.start and t.end <= high for t in self.of_kind("past"))

    def when(self, start: int, end: int) -> str | None:
        """Return the date of ``start:end``: in its clause, else the last of its sentence."""
        low, high = self.clause(start, end)
        told = self.dates if _NOW.search(self.text, low, high) else self._days_and_weeks
        here = [d for d in told if low <= d.start < high]
        if here:
            # A day says more than a week of treatment.
            days = [d for d in here if d in self.dates] or here
            return min(days, key=lambda d: abs(d.start - start)).iso
        sentence = self._last(_SENTENCE_END, start)
        earlier = [d for d in told if sentence <= d.start < start]
        if earlier:
            return earlier[-1].iso
        return "past" if self.past(start, end) else None

    def subject(self, start: int) -> tuple[str | None, bool]:
        """Return whom a statement at ``start`` is about, and whether that is uncertain.

        The writer is None. Somebody named earlier stays the subject until the writer speaks of
        themself again; without a pronoun in the new sentence that is marked uncertain.
        """
        ahead = next((t for t in self._people if t.start >= start), None)
        if ahead and ahead.kind == "other" and self._describes(start, ahead):
            return ahead.name, False
        about, since = None, 0
        for term in self._people:
            if term.start > start:
                break
            about, since = (None if term.kind == "self" else term.name), term.end
        if about is None:
            return None, False
        sentence = self._last(_SENTENCE_END, start)
        pronoun = any(sentence <= t.start < start for t in self.of_kind("pronoun"))
        return about, since <= sentence and not pronoun

    def _describes(self, start: int, person: Term) -> bool:
        """Tell whether an age or a sex at ``start`` stands right before the person it describes."""
        head = re.match(r"\d{1,3}|[a-z]+|[男女]性?", self.text[start : person.start])
        end = start + (head.end() if head else 0)
        return bool(head and head[0] and _OF_WHOM_FOLLOWS.fullmatch(self.text, end, person.start))

    def owner(self, start: int) -> str | None:
        """Return whose a statement at ``start`` is, if words such as "her" stand right before it.

        It is the person named last, else ``somebody``; None if no such word stands there.
        """
        if not _THEIRS.search(self.text[:start]):
            return None
        named = [t.name for t in self.of_kind("other") if t.start < start]
        return named[-1] if named else SOMEBODY

    def whose(self, start: int) -> str | None:
        """Return whose a statement at ``start`` is; None for the writer."""
        return self.subject(start)[0] or self.owner(start)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause around ``start:end`` begins and ends."""
        return self._clause_start(start), self._clause_stop(end)

    def sentence(self, start: int) -> tuple[int, int]:
        """Return where the sentence around ``start`` begins and ends, its mark included."""
        match = _SENTENCE_END.search(self.text, start)
        return self._last(_SENTENCE_END, start), match.end() if match else len(self.text)

    @cached_property
    def moments(self) -> tuple[Date, ...]:
        """The dates and the weeks of treatment that are told, in their order."""
        return tuple(sorted((*self.dates, *self.weeks), key=lambda moment: moment.start))

    @cached_property
    def _days_and_weeks(self) -> tuple[Date, ...]:
        return tuple(m for m in self.moments if not m.iso.startswith("start"))

    def of_kind(self, kind: str) -> list[Term]:
        return [term for term in self.terms if term.kind == kind]

    @cached_property
    def denials(self) -> list[Term]:
        """The words that deny; "not only", 是不是 and their like are none."""
        apparent = self.of_kind("not_negation")
        return [
            t
            for t in self.of_kind("negation")
            if not any(a.start <= t.start and t.end <= a.end for a in apparent)
        ]

    @property
    def is_about_others_only(self) -> bool:
        """True when people are named and the writer is none of them."""
        return bool(self._people) and all(t.kind == "other" for t in self._people)

    def _keeps_subject(self, word: Term) -> bool:
        """Tell whether a first person leaves the subject as it is: 她自己, "born to me"."""
        before = self.text[: word.start]
        return bool(
            _OF_HIS_OWN.search(before)
            or (self.text[word.start : word.end] == "me" and _TO_ME.search(before))
        )

    @cached_property
    def _people(self) -> list[Term]:
        others = self.of_kind("other")
        writers = [
            term
            for term in self.of_kind("self")
            if not self._keeps_subject(term)
            # "my mother", 我妈: the first person belongs to the relative.
            if not any(
                o.start <= term.start < o.end or 0 <= o.start - term.end <= 1 for o in others
            )
        ]
        return sorted([*writers, *others], key=lambda term: term.start)

    def _clause_start(self, start: int) -> int:
        return self._last(CLAUSE_END, start)

    def _clause_stop(self, end: int) -> int:
        match = CLAUSE_END.search(self.text, end)
        return match.start() if match else len(self.text)

    def _last(self, pattern: re.Pattern[str], start: int) -> int:
        return max((m.end() for m in pattern.finditer(self.text, 0, start)), default=0)
