"""Medicines that are named: taken, stopped, proposed, asked about or denied, and for which disease."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.courses import INTERFERON, has_ended
from bot.drug_status import told_status
from bot.facts import Fact
from bot.polarity import is_question, polarity
from bot.spans import Term

_OTHER_DISEASE = r"(?:hep(?:atitis)?\s?c|hcv|hiv|aids|丙肝|丙型肝炎|艾滋病?)"
_FOR_OTHER = re.compile(
    rf"(?:for|against|to treat|cure|treat(?:ing|ment of)?)\s+(?:my |the )?{_OTHER_DISEASE}|"
    rf"(?:因为?|由于|治疗?|得了|我有?|针对)\s?{_OTHER_DISEASE}"
)
_HEPATITIS_B = re.compile(r"乙肝|hepatitis\s?b|hep\s?b|hbv|hbsag|hbeag|表面抗原|三阳")
_TAKING = re.compile(
    r"(?:\b(?:i|i'm|am|i've|been|have|still|currently|now|also|was|is|be)\b\s+(?:\w+\s+)?|^\W*)"
    r"\b(?:on|take|taking|taken|takes|using|use|injecting|inject)\s+(?:(?:my|the|a|some|daily|"
    r"weekly|"
    r"long-acting|\d+\s?mg(?: of)?)\s+)*$"
    r"|(?:我|在|一直|现在|开始|长期|坚持|天天|每天|已经?|目前)(?:在)?(?:吃|服用?|打|用|注射|口服)(?:着|了|的是|的)?\s*$"
    r"|(?:吃|服用|打|用)(?:着|了|的是)\s*$"
)
_TAKEN_SO_LONG = re.compile(
    r"(?<!要)(?<!该)(?:打|用|吃|服用?|注射)(?:满|了|够|到|着)*(?:第?\d+(?:周|个月|年|针|支)(?:的|了)?)?\s*$"
)
_SO_LONG = re.compile(
    r"\s*(?:已经?|快|有|大概|约|第|了)*\s*\d+\s?(?:周|个月|年|针|支)(?!后|以后|才|前|(?:能|可以|就)(?!停))"
)
_MIGHT = re.compile(
    r"\b(?:should|can|could|may|must|would|might|to|if|whether|when|what|how|why|will|do i|not)\b"
    r"|可以|能|要不|该|想|建议|打算|准备|换|改|让|叫|推荐|考虑|不|没|是否|再|如果|什么时候|怎么"
)
_MINE = re.compile(
    r"\bmy\s*$|\b(?:i take|i'm on|i am on|i'm taking)\s*$|我的?(?:在)?(?:打|吃|用)?的?\s*$"
)
_COMPARED = re.compile(
    r"\b(?:vs|versus)\b|\bwhich (?:is|one|drug)\b|哪个(?:更)?好|和.{1,8}哪个|还是.{1,8}好"
)
BEGAN = re.compile(r"\b(?:since|from|start|started|began|begun|beginning)\b|开始|起|从")
_CHANGED_TO = re.compile(
    r"(?:换|改)(?:成|为|用|吃|服)了?|\b(?:switched|changed|moved)\b.{0,30}\bto\b"
)
_SWITCH = r"\b(?:switch|switching|change|changing|move|moving)\b"
_SWITCH_TO = re.compile(rf"{_SWITCH}[^,.;]{{0,40}}? to (?:the |a )?$")
_NOT_DONE = re.compile(r"(?:\bnot|\bnever|n't|\bif (?:i|we)|没有?|从未|未)\s*$")
_IF_DONE = re.compile(r"了?(?:会|能|行|可以)")
_AT_WEEK = re.compile(
    r"\b(?:i'm|im|am|on|in|at|now)\s+(?:on |in |at )?(?:my )?(?:week|month)\s*\d+\s*(?:of|on|"
    r"into)\s*(?:my )?$"
)
_COURSE = re.compile(r"(?:week|month|weeks|months|year|years|course)\s*\d*\s*(?:of|on|into)\s*$")


def read_drugs(context: Context) -> Iterator[Fact]:
    """Yield medicines with their status: taking (absent), stopped, proposed, asked or denied."""
    for term in context.of_kind("drug"):
        if is_for_other_disease(context, term):
            continue
        yield Fact(
            name="drug",
            value=term.name,
            start=term.start,
            end=term.end,
            status=status_of(context, term),
            ambiguous=term.name in {"nuc", "interferon", "tenofovir", "peginterferon"},
        )


def status_of(context: Context, term: Term) -> str | None:
    """Return what is told of a medicine; None if it is taken.

    Else it is ``stopped``, ``proposed``, ``asked`` about or ``denied``.
    """
    low, high = context.clause(term.start, term.end)
    before = context.text[low : term.start]
    if polarity(context, term) in {"denied", "over"}:
        return "denied"
    if (told := told_status(context, term)) is not None:
        return None if told == "taking" else told
    if term.name in INTERFERON and has_ended(context, term):
        return "stopped"
    if _SWITCH_TO.search(before) and not is_question(context, term.start):
        return "proposed"
    if _TAKING.search(before) and not _MIGHT.search(before):
        return None
    taken = _AT_WEEK.search(before) or _taken_so_long(context, term)
    if taken and not _MIGHT.search(before):
        return None
    named = {
        kind: [t for t in context.of_kind(kind) if low <= t.start and t.end <= high]
        for kind in ("asked", "proposed", "stopped")
    }
    named["stopped"] = [t for t in named["stopped"] if happened(context, t)]
    done = [t for t in named["stopped"] if context.text[t.start : t.end] != "停"]
    if named["asked"] or _COMPARED.search(context.text[low:high]):
        return "asked"
    if named["proposed"] and not done:
        return "proposed"
    if named["stopped"]:
        return "stopped"
    mine = _MINE.search(before) or _COURSE.search(before)
    return "asked" if is_question(context, term.start) and not mine else None


def _taken_so_long(context: Context, drug: Term) -> bool:
    """Tell whether a medicine is told with how long it has been taken: 打干扰素48周."""
    low, high = context.clause(drug.start, drug.end)
    taken = _TAKEN_SO_LONG.search(context.text[low : drug.start])
    return bool(
        taken and (re.search(r"\d", taken[0]) or _SO_LONG.match(context.text[drug.end : high]))
    )


def happened(context: Context, stopped: Term) -> bool:
    """Tell whether a stop is told as done: not "I have not stopped", not 停了会怎样."""
    text = context.text
    return not _NOT_DONE.search(text[: stopped.start]) and not _IF_DONE.match(text, stopped.end)


def course_date(context: Context, drug: Fact) -> str | None:
    """Return the day a course ended, if the medicine was stopped, or else the day it began.

    A date in the same clause is that day only if the words say so ("since", 开始).
    """
    low, high = context.clause(drug.start, drug.end)
    here = [date.iso for date in context.dates if low <= date.start < high]
    clause = context.text[low:high]
    began = drug.status != "stopped" and (BEGAN.search(clause) or _CHANGED_TO.search(clause))
    if here and (drug.status == "stopped" or began):
        return here[0]
    if began:
        return None  # since three years ago
    return "past" if context.past(drug.start, drug.end) else None


def names_other_disease(folded: str) -> bool:
    """Tell whether a text names hepatitis C or HIV and nothing of hepatitis B."""
    return bool(re.search(_OTHER_DISEASE, folded)) and not _HEPATITIS_B.search(folded)


def is_for_other_disease(context: Context, drug: Term) -> bool:
    """Tell whether a medicine is named as one against hepatitis C or HIV, not against hepatitis B.

    Hepatitis D does not count: it comes only with hepatitis B.
    """
    low, high = context.clause(drug.start, drug.end)
    clause = context.text[low:high]
    return bool(_FOR_OTHER.search(clause)) and not _HEPATITIS_B.search(context.text)
