"""Whether a medicine that is named is taken, proposed, asked about or over, where words near it say so.

"Can I stop entecavir?" is asked by people who take it, "which is better, Vemlidy or Baraclude?" by
people who take neither. Where nothing here says which, the caller decides by the clause alone.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.context import Context
from bot.polarity import asks
from bot.spans import Term
from bot.switched import switched

Told = Literal["taking", "asked", "proposed", "stopped"]

_PRE = r"(?:(?:my|the|a|an|his|her|our|with|taking|daily|any|this|both)\s+)*$"
# Nobody stops, stays on or adds to what is not taken.
# TAF吃满两年了, 打长效干扰素期间, 干扰素打出毛病.
_TAKEN_AFTER = re.compile(
    r"\s*(?:已经?|都|也)?(?:吃|打|服用?|用|注射)(?:了|满|够|到)*(?:快|有|差不多|将近)?\s*"
    r"[\d一二两三四五六七八九十几半多]+\s*(?:个?多?半?(?:年|月|周|星期|礼拜)|年多|针|支)(?!能|才|可以|就能|后能)"
    r"|\s*(?:治疗)?(?:期间|的?过程中)|\s*(?:吃着|打着|用着|服着)|\s*打出"
)
_STOP_BEFORE = re.compile(
    rf"\b(?:(?<!had to )(?<!forced to )(?<!decided to )stop|stopping|quitting|(?:to|can i|should i|"
    rf"may i|if i) quit|come off|coming off|get off|discontinu(?:e|ing)|continue|keep taking|"
    rf"stay(?:ing)? on|remain(?:ing)? on|off of|wean(?:ing)? off|add(?:ing)? [^,.;?]{{0,25}} to|"
    rf"miss(?:ed|ing)?|"
    rf"skip(?:ped|ping)?|forgot(?:ten)?|besides|along(?:side)? with|together with my|"
    rf"instead of my)\s+{_PRE}"
)
_ON = re.compile(
    rf"(?P<ahead>[a-z'0-9]+)\s+(?:still\s+|now\s+|currently\s+|already\s+)?on\s+{_PRE}"
)
# "put me on", "be on", "advice on": not yet, or never.
# "So do I take tenofovir now?" asks; it tells no course.
_DO_I_TAKE = re.compile(
    r"\b(?:do|should|shall|must|can|could|may|would|will) (?:i|we) (?:now |really |just |have to |need to |also )*"
    r"(?:take|be on|go on|use|start|get|need)\s+(?:the |my |this |some )?$"
)
# 自己停药四个月了,之前吃恩替卡韦.
_ATE = re.compile(r"(?:之前|以前|原来|原先|曾经?)(?:一直)?(?:吃|服用?|打|用)(?:的是|的|过|着)?\s*$")
_OFF = re.compile(r"停药|停了|断药|自己停|没吃了|不吃了")
_NOT_YET_ON = re.compile(
    r"\b(?:(?:put|start|starts|starting|place|get|want|wants|keep)\s+(?:me|him|her|them|us|my \w+|"
    r"patients?|people)|start|starting|go|going|"
    r"get|getting|be|switch|switching|advice|info|information|question|questions|opinion|opinions|"
    r"thoughts|experience|experiences|effects?|depends?|work|works|research|studies|paper|"
    r"offer)\s*(?:still|now|currently|already)?\s+on\s+(?:\w+\s+)?$"
)
_SO_LONG_OF = re.compile(
    r"\b(?:(?:after|for|during|on|with|had|over|in)\s+)?(?:\d+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|a|several|many|few)\+?\s*"
    rf"(?:years?|yrs?|months?|mos?|weeks?|wks?)\s+(?:of|on|into|taking|with)\s+{_PRE}"
)
_WHILE = re.compile(
    rf"\b(?:since (?:i )?(?:starting|started|being on|on)|while (?:taking|on)|despite)\s+{_PRE}"
)
_EFFECT = re.compile(
    r"\s+(?:makes?|is making|made|gives?|is giving|gave|has given|causes?|is causing)\s+(?:me|my|"
    r"him|her)\b"
)
_SO_LONG_AFTER = re.compile(
    r"\s+(?:\d+(?:\.\d+)?\s?mg\s+)?(?:daily\s+)?(?:for|since|x)\s+(?:about |over |almost |nearly |"
    r"the last |the past |more than )?"
    r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|many|several|a (?:year|month|few))"
)
_HOW_LONG = re.compile(r"\bhow long\b|\bshould\b")
_OPEN = re.compile(
    r"\b(?:how|must|need|should|would|will|could|can|may|might|when|whether|if|want|to|plan|"
    r"suggest\w*|recommend\w*)\b"
)
_ENDED = re.compile(r"\b(?:finished|completed|ended|stopped|quit|off|did|had)\b")
_LONG_AGO = re.compile(
    r"\b(?:years ago|long ago|in the past|previously|back then)\b|以前|曾经|从前"
)
_TAKEN_ZH = re.compile(
    r"[^，。；？,;?]{0,6}?(?:已经?)?(?:吃|服|打|用|注射)(?:了|着|有)(?:快|差不多|大概|约|有|已经?|将近)*"
    r"(?:\d|[一二两三四五六七八九十半几好]|多年|很久|不到)"
)
_TAKEN_BEFORE_ZH = re.compile(r"(?:吃|服用?|打|用|注射)(?:着|的是|的|了)?$")
_SO_LONG_ZH = re.compile(
    r"\s*(?:已经?|快|有|都|大概|约|了|治疗)*\s*(?:\d+|[一二两三四五六七八九十半几]+)多?个?半?(?:年|月|周|星期|天|针|支)"
    r"(?!后|以后|才|前|够|可以|能|就)"
)
_PLANNED_ZH = re.compile(
    r"(?:要|该|想|能|可以|打算|准备|建议|让|叫|推荐|如果|要是|考虑|需要?|计划|再|换|改|加|过|没|不|多久|是否)[^，。；]{0,6}$"
)
_STOP_ASKED_ZH = re.compile(
    r"(?:能|可以|可不可以|能不能|想|敢|要|该|应该|什么时候|何时|啥时候|多久|打算|怎么|是否|是不是|不能|不敢)"
    r"[^，。；]{0,6}停(?!了[^吗么会])|漏服|漏吃|忘(?:记|了)?吃|停(?:药|掉|用|了)?(?:吗|行不行|可以吗|行吗|好吗|会怎|会不会|要不要)|不能停"
)
_STOP_ZH_BEFORE = re.compile(
    r"(?:能|可以|想|敢|要|该|什么时候|打算|如果|要是)[^，。；]{0,4}停(?:掉|用|吃|了)?(?:我?的)?$"
)
_IF_STOPPED_ZH = re.compile(r"停(?:掉|用|吃)?(?:我?的)?$")
_WHAT_THEN_ZH = re.compile(r"(?:后|以后|之后)?(?:会|怎么|行吗|可以吗|行不行|有什么)")
_ADDED = re.compile(r"^\s*(?:please\s)?(?:\w+\s){0,3}add(?:ing)?\s+(?:a |some |the )?$")
_STOP_ASKED = re.compile(
    r"\b(?:can|should|may|could|when (?:can|should|do)|is it (?:ok|okay|safe|time|possible) to|"
    r"ok to|safe to)\s+"
    r"(?:i\s+|we\s+|he\s+|she\s+|my \w+\s+)?(?:now\s+|just\s+)?(?:stop|come off|quit|discontinue)\b"
    r"(?!\s+(?:drinking|smoking|breast|eating|work|alcohol))"
)
_NOT_BEGUN = re.compile(
    r"\s*,?\s*but\s+(?:i\s+)?(?:have|has|had)?(?:n't|\s?not)\s+(?:yet\s+)?(?:start|taken|begun)"
)
_SWITCH_FROM = re.compile(
    r"\b(?:switch|switching|change|changing|move|moving)\b(?: me)? from (?:the |my )?$"
)
# A choice between medicines is asked about.
_WHICH = re.compile(
    r"\bwhich\b|\bwhat(?:'s| is) (?:the )?(?:better|best|safer|difference)\b|\b(?:better|safer|"
    r"stronger|cheaper)\b[^.!]{0,60}\bor\b|\bvs\b|\bversus\b"
)
_OR_AHEAD = re.compile(r"\s*(?:,|or|and|/|vs\.?|versus)\s*(?:either\s+)?$")
_OR_ZH = re.compile(r"还是|或者?是?|哪个|哪种|哪一个")
_PRICE = re.compile(
    r"\b(?:cover|covers|covered|reimburse\w*|insurance|price|"
    r"cost|costs|cheaper|available)\b|报销|医保|多少钱|价格|便宜|集采"
)
_UNPAID = re.compile(r"\b(?:not|won't|wont|doesn't|doesnt|isn't|no longer|stopped)\b|不|没")
_HOW_TO_TAKE_ZH = re.compile(
    r"\s*(?:是|要|应该|该)?(?:饭前|饭后|空腹|早上|晚上|睡前|什么时候|几点|怎么)(?:吃|服|打|用)"
)
_DOCTOR_EN = re.compile(
    r"\b(?:doc|docs|doctor|doctors|dr|gp|hepatologist|specialist|consultant|they|clinic|hospital|"
    r"nurse|gastro|gi|physician|team|he|she)"
    r"(?:'s)?\s+(?:(?:now|also|just|both|really|then|at|the|here|has|have|had|is|was|are|said|"
    r"says)\s+){0,3}"
    r"(?:want(?:s|ed)?|suggest\w*|recommend\w*|advis\w*|propos\w*|offer\w*|think(?:s)? (?:i|we|he|"
    r"she) should|(?:i|we|he|she) should|"
    r"(?:i|he|she) (?:need|have|has)s? to|thinking|considering|would like|told (?:me|us|him|"
    r"her) to (?:start|take|switch|go|try)|pushing|plan\w*|mentioned)\b[^.;?!]{0,60}$"
)
_DOCTOR_ZH = re.compile(
    r"(?:医生|大夫|主任|专家|医院|产检|教授|老师|科室|门诊|护士)[^，。；？]{0,8}?"
    r"(?:让|叫|(?<!不)要(?!不要)|说(?:是)?(?:要|可以|应该|得|最好|建议|考虑|需要|"
    r"该)|建议|推荐|主张|要求|劝|准备给|想给|提议|考虑)[^，。；？]{0,10}$"
)
_OWN_WISH = re.compile(
    r"(?:想|打算|准备|考虑)(?:要|再)?(?:加|换|用|打|吃|改|试)[^，。；]{0,6}$|"
    r"\b(?:want|would like|thinking of|thinking about|"
    r"considering)\b[^.;?!]{0,40}$"
)
_EVER = re.compile(
    r"(?:打|做|用|吃|服|注射|试)过[^，。；]{0,8}$"
    r"|\b(?:tried|had tried|once (?:took|had|used)|used to (?:take|be on|use))\s+(?:\w+\s+){0,2}$"
)
_STILL = re.compile(
    r"还在|仍|现在(?:还|也|继续)?(?:在)?(?:吃|打|用)|一直(?:在)?(?:吃|打|用)|\bstill\b|\bnow on\b"
)
_TOOK = re.compile(r"\b(?:took|had|was on|were on|used|received|did|given|made)\b")
_BEGAN = re.compile(r"\b(?:since|start\w*|beg[au]n|prescribed|switch\w*|added|put)\b|开始|起|从|换")


def told_status(context: Context, drug: Term) -> Told | None:
    """Return what the words near a medicine say of it; None if they do not say."""
    if (changed := switched(context, drug)) is not None:
        return changed
    text = context.text
    low, high = context.clause(drug.start, drug.end)
    first, last = context.sentence(drug.start)
    before, after = text[low : drug.start], text[drug.end : high]
    if _DO_I_TAKE.search(before) or _is_chosen_between(context, drug, text[first:last]):
        return "asked"
    if _TAKEN_AFTER.match(after) or _is_taken(text, before, after, high):
        return "taking"
    if _SWITCH_FROM.search(before):
        return "taking"
    if _ADDED.search(before) or _NOT_BEGUN.match(text, drug.end):
        return "asked" if asks(text[low:high]) else "proposed"
    if _DOCTOR_EN.search(before) or _DOCTOR_ZH.search(before):
        return "proposed"
    rest = text[drug.end : last]
    if _OWN_WISH.search(before) and (asks(rest) or rest.rstrip().endswith(("?", "？"))):
        return "asked"
    if _is_over(context, drug, text[low:high]):
        return "stopped"
    paid = _PRICE.search(text[first : drug.end]) and not _UNPAID.search(before)
    asked = paid or _HOW_TO_TAKE_ZH.match(after)
    if asked or _is_a_bare_question(text, before, high):
        return "asked"
    return None


def _is_taken(text: str, before: str, after: str, high: int) -> bool:
    on = _ON.search(before)
    if on and not (_NOT_YET_ON.search(before) or _HOW_LONG.search(before)):
        return True
    if _STOP_BEFORE.search(before) or _WHILE.search(before):
        return True
    if _EFFECT.match(after) and not _LONG_AGO.search(after):
        return True
    so_long = _SO_LONG_OF.search(before) or _SO_LONG_AFTER.match(after)
    if so_long and not (_OPEN.search(before) or _ENDED.search(before)):
        return True
    if _IF_STOPPED_ZH.search(before) and _WHAT_THEN_ZH.match(after):
        return True
    planned = _PLANNED_ZH.search(before)
    if _TAKEN_ZH.match(after) and not planned and not re.search(r"停了|停药了", after):
        return True
    if _TAKEN_BEFORE_ZH.search(before) and _SO_LONG_ZH.match(after) and not planned:
        return True
    if _STOP_ASKED_ZH.search(after) or _STOP_ZH_BEFORE.search(before):
        return True
    finished = re.search(r"\b(?:finished|completed)\b|打完|满|到了?", before + after)
    return bool(finished and _STOP_ASKED.search(text, high))


def _is_chosen_between(context: Context, drug: Term, sentence: str) -> bool:
    """Tell whether a medicine is one of those between which a question chooses."""
    text = context.text
    low, high = context.clause(drug.start, drug.end)
    near = [d for d in context.of_kind("drug") if d != drug]
    beside = any(
        re.fullmatch(r"\s*(?:,|or|and|/|vs\.?|versus|with|to)\s*(?:the\s+)?", text[a:b])
        for d in near
        for a, b in ((drug.end, d.start), (d.end, drug.start))
        if a <= b
    )
    if beside and _WHICH.search(sentence):
        return True
    or_ = beside and re.search(r"\bor\b", sentence) and sentence.rstrip().endswith("?")
    taken = re.search(rf"\b(?:on|taking|my)\s+{_PRE}", text[low : drug.start])
    if or_ and not taken and asks(sentence):
        return True
    other = _OR_ZH.search(text[low:high])
    return bool(other and not _TAKEN_ZH.match(text, drug.end, high))


def _is_over(context: Context, drug: Term, clause: str) -> bool:
    before = clause[: clause.find(context.text[drug.start : drug.end])]
    if _STILL.search(clause):
        return False
    if _EVER.search(before) or (_ATE.search(before) and _OFF.search(context.text)):
        return True
    past = _LONG_AGO.search(clause) and _TOOK.search(clause)
    return bool(past) and not _BEGAN.search(clause)


def _is_a_bare_question(text: str, before: str, high: int) -> bool:
    """Tell whether the clause of a medicine ends in a question mark: "tenofovir with turmeric?"."""
    mine = re.search(r"\b(?:my|our|his|her|i take|i'm on|i use)\b|我(?:在|正在|一直|现在)", before)
    beside = re.search(r"\b(?:with|plus|while on)\s*$", before)  # another medicine beside it
    return text.startswith(("?", "？"), high) and not (mine or beside)
