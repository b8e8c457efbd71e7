"""What a message does with values: supposes, corrects or forgets them, asks why an answer is not X."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.context import Context
from bot.dictionary import load, words
from bot.polarity import asks

# Chinese supposes at the end of a clause: what stands before it in the sentence is supposed.
_AS_IT_MAY_BE = re.compile(r"的话[,，]?(?=[呢会怎是])")
_IF_WERE = re.compile(r"\bif\b[^.?!;]{0,40}?\bwere\b")
_SENTENCE_END = re.compile(r"[.!?。！？\n；;](?!\d)")
# What may stand before the words that take something back: 我刚才说错了.
_AHEAD = re.compile(
    r"(?:我(?=刚|前|之前|上|[说写打搞记弄]错)|刚才|刚刚|刚|前面|之前|上面|上次|啊|呃|嗯|噢|hmm+|ah|ok|okay|well|uh|um|it|that|[\s,，、.…])*"
)
# "186, not 86": a number in place of another.
_IN_PLACE = re.compile(
    r"\d[^\d.;。；]{0,20}(?:\bnot|n't|(?<!是)不是|而不是|而非)\s*[\d.]|"
    r"(?:\bnot|n't|(?<!是)不是)\s*\d[\d.,]*[^\d.;。；]{0,20}(?:\bbut\b|\bit'?s\b|而?是)\s*[\d.]|"
    r"\bi (?:gave|told|wrote|said|sent|typed)\b[^.;?!]{0,20}\b(?:was|is|were) (?:wrong|a mistake|a typo)\b"
)
_END = re.compile(r"[\s.,;!?，。！？；、]*$")


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of a message.

    Attributes:
        supposed: it speaks of values as they might be; nothing in it is a fact.
        correction: it begins by taking something back, or sets a number in place of another.
        objection: it says that nothing is to be kept.
        remark: it is about something told before ("that was …"): ``whom`` and ``when`` belong to it.
        whom: the person that it ends on, if not the writer.
        theirs: it names people, and the writer is none of them.
        when: the date, as far as it was written, or ``past``.
        topics: the tests and conditions that it names, with or without a value.
        about: the topics of the rulebook that its words name.
        language: the language that it names.
        untreated: where it says that no medicine against hepatitis B is taken now.
        excluded: where it says that other causes of a raised ALT were looked for and excluded.
        outcome: the answer that it names, such as ``("phase", "immune_tolerance")``.
    """

    supposed: bool = False
    correction: bool = False
    remark: bool = False
    objection: bool = False
    whom: str | None = None
    theirs: bool = False
    when: str | None = None
    topics: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    language: str | None = None
    untreated: tuple[int, int] | None = None
    excluded: tuple[int, int] | None = None
    outcome: tuple[str, str] | None = None

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield the marks that are set, as pairs of a name and a value."""
        for name in ("supposed", "correction", "remark", "objection"):
            if getattr(self, name):
                yield name, "true"
        for name in ("whom", "when", "language"):
            if value := getattr(self, name):
                yield name, value
        if self.untreated:
            yield "untreated", "{}-{}".format(*self.untreated)
        if self.excluded:
            yield "excluded", "{}-{}".format(*self.excluded)
        yield from (("topic", topic) for topic in self.topics)
        yield from (("about", topic) for topic in self.about)
        if self.outcome:
            yield "outcome", "/".join(self.outcome)


def read_marks(context: Context) -> Marks:
    """Return the marks of a folded text."""
    text = context.text
    end = max(len(_END.sub("", text)) - 1, 0)
    remark = _found("that", text)
    return Marks(
        supposed=bool(supposed_spans(text)),
        correction=_takes_back(text),
        remark=remark,
        objection=_found("objection", text),
        whom=context.subject(end)[0],
        theirs=context.is_about_others_only,
        when=_when(context),
        topics=_topics(context),
        about=tuple(name for name in load("topics") if _found(name, text, "topics")),
        language=_language(text),
        untreated=_own("untreated", context),
        excluded=_own("excluded", context),
        outcome=_outcome(text),
    )


def _takes_back(text: str) -> bool:
    word = _pattern("correction")
    ahead = _AHEAD.match(text)
    after_some = word.match(text, ahead.end()) if ahead else None
    return bool(word.match(text.lstrip()) or after_some or _IN_PLACE.search(text))


def supposed_spans(text: str) -> list[tuple[int, int]]:
    """Return where a folded text supposes: from the word that does so to the end of its sentence.

    What stands before "if" is told: "my ALT is 86, what if I do nothing?"
    """
    told = [match.end() for match in _pattern("whether").finditer(text)]
    spans = []
    for match in (*_pattern("supposed").finditer(text), *_IF_WERE.finditer(text)):
        if any(match.start() < end <= match.end() for end in told):  # "know if": whether
            continue
        spans.append((match.start(), _sentence_end(text, match.end())))
    for match in _AS_IT_MAY_BE.finditer(text):
        start = max((m.end() for m in _SENTENCE_END.finditer(text, 0, match.start())), default=0)
        spans.append((start, _sentence_end(text, match.end())))
    return spans


def _sentence_end(text: str, start: int) -> int:
    found = _SENTENCE_END.search(text, start)
    return found.start() if found else len(text)


def _when(context: Context) -> str | None:
    if context.dates:
        return context.dates[-1].iso
    return "past" if context.of_kind("past") else None


def _topics(context: Context) -> tuple[str, ...]:
    kinds = ("analyte", "condition", "comorbidity", "drug", "symptom")
    return tuple(dict.fromkeys(t.name for t in context.terms if t.kind in kinds))


def _own(name: str, context: Context) -> tuple[int, int] | None:
    """Return where the writer says so of himself or herself: stated, not asked, of no earlier time."""
    for match in _pattern(name).finditer(context.text):
        low, high = context.clause(*match.span())
        clause = context.text[low:high]
        around = clause.replace(match[0], " ")
        if asks(clause) or _found(f"{name}_not", around) or context.past(*match.span()):
            continue
        if context.subject(match.start())[0] is None and context.owner(match.start()) is None:
            return match.span()
    return None


def _language(text: str) -> str | None:
    named = [code for name, code in (("english", "en"), ("chinese", "zh")) if _found(name, text)]
    return named[0] if len(named) == 1 else None


def _outcome(text: str) -> tuple[str, str] | None:
    """Return the outcome with the longest name that stands in a text."""
    found = [
        (len(word), name)
        for name, entry in load("outcomes").items()
        for word in words(entry)
        if word in text
    ]
    if not found:
        return None
    decision, _, outcome = max(found)[1].partition("/")
    return decision, outcome


def _found(name: str, text: str, words_of: str = "marks") -> bool:
    return bool(_pattern(name, words_of).search(text))


@cache
def _pattern(name: str, words_of: str = "marks") -> re.Pattern[str]:
    """Return a pattern for the words of an entry; of Latin ones no letter may go on before or after."""
    found = words(load(words_of)[name])
    latin = "|".join(re.escape(word) for word in found if word.isascii())
    other = [re.escape(word) for word in found if not word.isascii()]
    return re.compile("|".join([rf"(?<![a-z])(?:{latin})(?![a-z])", *other] if latin else other))
