"""What surrounds a statement and turns it: negation, whom it is about, when it was."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from bot.dates import Date
from bot.spans import Term
from bot.whose import SOMEBODY, Mention, Stretch, people, stretches, together

CLAUSE_END = re.compile(
    r"(?<!\d)[,.]|[,.](?!\d)|[;!?，；。！？\n]|\b(?:but|though|however|except|although)\b"
    r"|但|不过|可是|而是|却|然而|反而"
    # A Chinese space stands for a comma, unless what is before it leads on: 去年 谷丙80, 没有 黑便.
    r"|(?<=[\u3400-\u9fff\d]{4})(?<![不无未没前候在是的和跟与或从])(?<!没有)(?<!如果)(?<!要是)(?<!万一)"
    r"(?<!昨天)(?<!今天)(?<!去年)(?<!今年)(?<!前年)(?<!直到)(?<!等到)(?<!降到)(?<!升到)(?<!涨到)(?<!掉到)(?<!回到)(?<!得到)(?<!感到)\s+(?=[\u3400-\u9fff]{2})"
    # 大便不是黑的 没吐血, 我爸肝癌没的 我…: what is said of something ends here.
    r"|(?:(?<=[没走]的)|(?<=是[\u3400-\u9fff]的)|(?<=是[\u3400-\u9fff]{2}的))\s+(?=[\u3400-\u9fff]{2})"
)
_SENTENCE_END = re.compile(r"[.!?。！？\n；;](?!\d)")
# "In the past month" is now.
_LATELY = re.compile(r"\s+(?:few|couple|\d+|two|three|four|five|six|day|week|month|hour|24|48)")
_NOW = re.compile(r"\b(?:now|currently|today)\b|现在|目前|今天|如今")
_THEIRS = re.compile(
    r"(?:\b(?:her|his|their)\s+(?:(?:last|latest|own|first)\s+)*|\b(?:she|he)\s+(?:has|had)\s+(?:an?\s+)?|"
    r"\b(?:hers|his|theirs)\s*(?:is|was|are|were|:)?\s*(?:about\s+|only\s+)?|"
    r"\b(?:she|he)(?:\s+is|\s+was|'s)\s+|"
    r"(?<![其吉])[他她]们?(?:的|有|是|今年)?)$"
)
_CASE = {"analyte", "pattern", "drug", "condition", "complaint", "symptom"}
# "45M pt", "a 5 year old son": what stands right before a person belongs to that person.
_OF_WHOM_FOLLOWS = re.compile(
    r"[\s-]*(?:(?:years?|yrs?|months?|weeks?|days?)[\s-]*olds?|y/o|yo|[mf]|male|female|old|岁的?|个月的?|"
    r"的|大的?|男性?|女性?)?[\s,，-]*(?:male\s|female\s|[mf]\s|男性?|女性?)?"
)
# "liver cancer in my father", 肝癌（父亲）.
_IN_WHOM = re.compile(r"\s*(?:(?:in|of)\s+(?:(?:my|our|his|her|the|a|an)\s+)*|[(（:：]\s*)")
# "HBsAg positive husband", 大三阳的老公.
_WHOSE_FOLLOWS = re.compile(
    r"\s*(?:的(?:一个|那个|这个)?|(?:[\s-]*(?:positive|negative|pos|\+|carrier|infected))+\s+(?:\w+\s)?)"
)
# "suggested interferon for my wife": what stands between is hers.
_GIVEN = re.compile(
    r"\b(?:suggest|recommend|prescrib|propos|offer|advis|gave|given|give|giving|put|start)\w*\b[^.;!?]{0,60}$"
)
_DID_TO = re.compile(
    r"\s+(?:made|gave|helped|cured|saved|worked (?:for|on)|did nothing for)\s+(?:my|our)\s+"
)
_FOR_WHOM = re.compile(r"[^.;!?,]{0,40}?\b(?:for|to)\s+(?:my|our|his|her)\s+(?:\w+\s)?")
# 和大三阳一起吃饭, 亲密接触过小三阳: whoever has it, it is not the writer.
_IN_TOUCH = re.compile(
    r"(?:接触(?:过|了|到)?|[和跟与同被](?:一?个|一名|一位)?(?:有|得|患|是)?)(?:了)?(?:一?个)?$"
)
_TOUCHES = re.compile(
    r"(?:的?人|患者|病人|携带者)?(?:的)?(?:一起|一块|共|同|亲|接吻|吻|上床|做爱|性|发生|握手|吃|住|接触|生活|谈|结婚|拥抱|聊|打|玩|的人|传染)"
)
_TOUCHED = re.compile(
    r"\b(?:sex|slept|sleep|kiss(?:ed|ing)?|hook(?:ed)? up|contact|date|dated|dating|touch(?:ed|ing)?|live|lived|"
    r"living|"
    r"exposed|share[ds]?|sharing|bitten|scratched|marry|married)\b[^.;!?]{0,40}"
    r"\b(?:someone|somebody|person|people|partner who|one who)\b"
    r"(?: who| with| that| has| is| was| are| tested| turned out| later| to be| have| had| be)*\s*$"
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
        return any(
            low <= t.start and t.end <= high and not _LATELY.match(self.text, t.end)
            for t in self.of_kind("past")
        )

    def when(self, start: int, end: int) -> str | None:
        """Return the date of ``start:end``: in its clause, else the last of its sentence."""
        low, high = self.clause(start, end)
        told = self.dates if _NOW.search(self.text, low, high) else self._days_and_weeks
        here = [d for d in told if low <= d.start < high]
        if here:
            # A day says more than a week of treatment.
            days = [d for d in here if d in self.dates] or here
            return min(days, key=lambda d: abs(d.start - start)).iso
        sentence = self._sentence_ends.before(start)
        earlier = [d for d in told if sentence <= d.start < start]
        if earlier:
            return earlier[-1].iso
        return "past" if self.past(start, end) else None

    def subject(self, start: int) -> tuple[str | None, bool]:
        """Return whom a statement at ``start`` is about, and whether that is uncertain.

        The writer is None. Somebody named earlier stays the subject until the writer speaks of
        themself again; without a pronoun in the new sentence that is marked uncertain.
        """
        if whom := self._ahead(start) or self._touched(start):
            return whom, False
        stretch = next(s for s in reversed(self._stretches) if s.start <= start or s.start == 0)
        if stretch.whom is None:
            return None, False
        sentence = self._sentence_ends.before(start)
        pronoun = any(sentence <= t.start < start for t in self.of_kind("pronoun"))
        return stretch.whom, 0 < stretch.since <= sentence and not pronoun

    def _ahead(self, start: int) -> str | None:
        """Return who stands after what is theirs: "45M pt", "cancer in my father", 大三阳的老公."""
        ahead = next((m for m in self.people if m.start >= start and m.kind == "other"), None)
        if ahead is None:
            return None
        if any(m.kind == "self" and start <= m.start < ahead.start - 3 for m in self.people):
            return None
        if self._describes(start, ahead):
            return ahead.whom
        named = next((t for t in self.terms if t.start == start and t.kind in _CASE), None)
        if named and named.end <= ahead.start:
            after = self.text[named.end : ahead.start]
            if _WHOSE_FOLLOWS.fullmatch(after):
                return ahead.whom
            if named.kind == "condition" and _IN_WHOM.fullmatch(after):
                return ahead.whom
            if _DID_TO.fullmatch(after):
                return ahead.whom
            low = self._sentence_ends.before(start)
            if _GIVEN.search(self.text[low:start]) and _FOR_WHOM.fullmatch(after):
                return ahead.whom
        return None

    def _touched(self, start: int) -> str | None:
        """Return ``somebody`` if what stands at ``start`` is of people the writer was in touch with."""
        named = next((t for t in self.terms if t.start == start and t.kind in _CASE), None)
        if named is None:
            return None
        before = self.text[self._clause_start(start) : start]
        if _TOUCHED.search(before):
            return SOMEBODY
        if named.kind != "pattern" or not (found := _IN_TOUCH.search(before)):
            return None
        touched = "接触" in found[0] or _TOUCHES.match(self.text, named.end)
        return SOMEBODY if touched else None

    def _describes(self, start: int, person: Mention) -> bool:
        """Tell whether an age or a sex at ``start`` stands right before the person it describes."""
        head = re.match(r"\d{1,3}|[a-z]+|[男女]性?", self.text[start : person.start])
        end = start + (head.end() if head else 0)
        return bool(head and head[0] and _OF_WHOM_FOLLOWS.fullmatch(self.text, end, person.start))

    def companions(self, start: int) -> tuple[str | None, ...]:
        """Return all whom a statement at ``start`` is about, if several are named as one."""
        low = self._clause_start(start)
        for place, whom in self._groups:
            between = [m for m in self.people if place <= m.start < start]
            if low <= place <= start and not between and self.subject(start)[0] in whom:
                return whom
        return ()

    def owner(self, start: int) -> str | None:
        """Return whose a statement at ``start`` is, if words such as "her" stand right before it.

        It is the person named last, else ``somebody``; None if no such word stands there.
        """
        if not _THEIRS.search(self.text[:start]):
            return None
        named = [m.whom for m in self.people if m.kind == "other" and m.start < start]
        return named[-1] if named else SOMEBODY

    def whose(self, start: int) -> str | None:
        """Return whose a statement at ``start`` is; None for the writer."""
        return self.subject(start)[0] or self.owner(start)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause around ``start:end`` begins and ends."""
        return self._clause_start(start), self._clause_stop(end)

    def sentence(self, start: int) -> tuple[int, int]:
        """Return where the sentence around ``start`` begins and ends, its mark included."""
        stop = self._sentence_ends.after(start)
        return self._sentence_ends.before(start), stop[1] if stop else len(self.text)

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
        """The words that deny; "not only", 是不是, and 测不到 before a space, are none."""
        apparent = self.of_kind("not_negation")
        apparent += [t for t in self.of_kind("result") if self.text[t.end : t.end + 1] == " "]
        return [
            t
            for t in self.of_kind("negation")
            if not any(a.start <= t.start and t.end <= a.end for a in apparent)
        ]

    @property
    def is_about_others_only(self) -> bool:
        """True when people are named and the writer is none of them."""
        named = [m for m in self.people if m.kind != "pronoun"]
        return bool(named) and all(m.kind == "other" for m in named)

    @cached_property
    def people(self) -> list[Mention]:
        """The people that are named, the writer included."""
        return people(self.text, self.terms)

    @cached_property
    def _groups(self) -> list[tuple[int, tuple[str | None, ...]]]:
        return list(together(self.text, self.people))

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return stretches(self.text, self.terms, self.people)

    def _clause_start(self, start: int) -> int:
        return self._clause_ends.before(start)

    def _clause_stop(self, end: int) -> int:
        stop = self._clause_ends.after(end)
        return stop[0] if stop else len(self.text)

    @cached_property
    def _clause_ends(self) -> _Ends:
        return _Ends(CLAUSE_END, self.text)

    @cached_property
    def _sentence_ends(self) -> _Ends:
        return _Ends(_SENTENCE_END, self.text)


class _Ends:
    """Where the clauses or the sentences of a text end, looked for once."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._spans = [match.span() for match in pattern.finditer(text)]
        self._starts = [start for start, _ in self._spans]
        self._stops = [stop for _, stop in self._spans]

    def before(self, place: int) -> int:
        """Return where what holds ``place`` begins."""
        index = bisect_right(self._stops, place)
        return self._stops[index - 1] if index else 0

    def after(self, place: int) -> tuple[int, int] | None:
        """Return the span of the first end at or behind ``place``."""
        index = bisect_left(self._starts, place)
        return self._spans[index] if index < len(self._spans) else None
