"""Tests told without positive or negative: 我没有抗体, "lost my antibodies", e抗原血清转换, 两对半都是阴性."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.facts import Fact
from bot.polarity import is_question
from bot.spans import Term

_TOLD_SO = {"anti_hbs", "hbsag", "hbeag", "anti_hbe"}
_ENDS = (
    r"(?=\s*(?:[,，。.;；!！?？、)）]|$|了|的?[怎是要还需]|but\b|and\b|any|after|now|even|"
    r"either|anymore|yet|at all))"
)
_GONE_AFTER = re.compile(
    r"(?:也|都|还|已经?|就|现在|全|早就?|又|完全|一直|突然)*(?:没有了?|没了|消失了?|不见了|没产生|没出来?|丢了|不够了?)"
    + _ENDS
    + r"|\s+(?:(?:is|are|was|were|has|have|had|all|already|now|just)\s+)*(?:gone|disappeared|vanished|lost|"
    r"went away|faded)\b"
)
_THERE_AFTER = re.compile(
    r"(?:也|都|还|已经?|现在|一直|仍然?|依然)*(?:还在|还有|存在|有了|出来了|产生了)"
    + _ENDS
    + r"|\s+(?:is|are)\s+(?:still\s+)?(?:there|present)\b"
)
_NONE_AHEAD = re.compile(
    r"(?:(?:还|也|都|就|仍然?|一直|从来)*(?:没有?|无|缺乏|缺少|不产生|没产生|没有产生|未产生|没出|不出|没长出?|没能产生|产生不了))"
    r"(?:过|任何|乙肝|保护性|产生|足够的?|表面)*$"
    r"|\b(?:no|zero|without(?: any)?|lost (?:my|his|her|the|all)|never (?:developed|had|got|made|produced)(?: any)?|"
    r"(?:don'?t|doesn'?t|didn'?t|do not|does not|did not|haven'?t|hasn'?t|not)\s+(?:have|has|had|got|developed?|"
    r"produced?|make|made|get|show|form|formed|any)(?:\s+(?:any|enough))?)\s+(?:(?:protective|hep(?:atitis)?\s?b|surface|any)\s+)*$"
)
_SOME_AHEAD = re.compile(
    r"(?:(?:都|也|还|已经?|现在|一直|又|自己|本身)*(?:有了?|带有|具有|产生了?|出了|出现了?|存在))(?:乙肝|保护性|足够的?)*$"
    r"|\b(?:have|has|had|got|developed|with|produced|made)\s+(?:good\s|the\s|some\s|enough\s|protective\s|hep(?:atitis)?\s?b\s|natural\s)*$"
)
_OPEN = re.compile(
    r"有没有?$|是否|是不是|会|能|才|如果|要是|怎么|怎样|为什么|不知道|不清楚|不确定|希望|想|等|(?:没|去|要|想|该|先|再|需)(?:去)?(?:查|测|检|看)|让|使|确定|"
    r"\b(?:if|whether|to|can|could|will|would|should|do|does|did|until|when|check|test|hope|why|how)\b"
)
_OPEN_AFTER = re.compile(r"\s*(?:吗|么|呢|没有?\s*[?？]|的话|的人|就|才|后(?!来)|以后|之后|or not)")
_SURFACE_LOST = re.compile(
    r"\b(?:hbsag|surface antigen)\s+(?:is\s|has\s|was\s)?(?:now\s)?(?:gone|lost|cleared|negative)\b"
)
_CONVERTED = re.compile(
    r"(?P<test>表面抗原|s抗原|e抗原|e系统|hbeag|hbsag|大三阳)?"
    r"(?:已经?|也|都|成功|实现了?|发生了?|完成了?|出现了?|的)*血清学?转换了?"
    r"|\bseroconverted\b|\b(?:had|achieved|reached|got)\s+(?:an?\s+)?"
    r"(?:(?P<en>hbeag|hbsag|e|s|e antigen|surface antigen)\s+)?seroconversion\b"
)
_PAIRS = {
    True: (("hbsag", "negative"), ("anti_hbs", "positive")),
    False: (("hbeag", "negative"), ("anti_hbe", "positive")),
}
_PANEL_NEGATIVE = re.compile(
    r"(?:检查|化验|结果|复查|查了|都|全部?|均|一直|也|是|呈|为|显示|\s|is|was|were|all|came back|both)*"
    r"(?P<word>阴性|negative)"
)
_PAIR = re.compile(r"(?:alt|ast|谷草|谷丙)\s?/\s?(?:alt|ast|谷草|谷丙)")
_TWO_VALUES = re.compile(
    r"[\s:：=是为]*(?:(?:is|was|were|are)\s)?\s*\d[\d.,]*\s*(?:/|and|&|和|、)\s*\d"
)
_GPT = re.compile(r"(?<![a-z])s?gpt(?![a-z])")
_GOT = re.compile(
    r"(?<!i )(?<!we )(?<!he )(?<!ve )(?<!ey )(?<!have )(?<!has )(?<!had )(?<!just )(?<![a-z])got"
    r"(?=\s*[:：=(-]?\s*(?:\d|is\b|was\b|normal))"
)
# "Antibodies" alone are those against HBsAg, but not behind the name of something else.
_OF_ANOTHER = re.compile(
    r"(?:(?<![a-z])(?:hep(?:atitis)?\s?[acde]|hcv|hiv|hdv|hav|syphilis|covid(?:-19)?|thyroid|autoimmune|core|ana|rubella|monoclonal|"
    r"antinuclear|mitochondrial|delta|hbe|e|igm|igg|anti-?\w{1,5})[\s-]*(?:virus\s|total\s)?"
    r"|[甲丙丁戊]肝(?:病毒)?|[甲丙丁戊]型肝炎(?:病毒)?|艾滋病?(?:病毒)?|梅毒|风疹|狂犬|甲状腺|自身|抗核|线粒体|中和|新冠|单克隆|核心|(?<![a-z])(?:e|c|hiv|hcv))$"
)
_OF_HBV = re.compile(r"hbv|hep(?:atitis)?\s?b|乙肝|乙型")
_VIRUS_OF_ANOTHER = re.compile(
    r"(?:(?<![a-z])(?:hiv|hcv|hdv|hep(?:atitis)?[\s-]?[cde])|[丙丁戊]肝|[丙丁戊]型肝炎|艾滋病?)(?:\s|-|的|病毒|rna|'s)*$"
)
_OF_ANOTHER_AFTER = re.compile(r"\s+(?:to|against|for)\s+(?:hep(?:atitis)?\s?[acde]|hcv|hiv|covid)")


def names_another(text: str, term: Term) -> bool:
    """Tell whether an antibody or a viral load is of something else: 丙肝抗体, "HIV viral load"."""
    said = text[term.start : term.end]
    if term.kind == "analyte" and term.name == "hbv_dna" and not _OF_HBV.search(said):
        return bool(_VIRUS_OF_ANOTHER.search(text[: term.start]))
    if term.kind != "analyte" or term.name != "anti_hbs" or re.search(r"hbs|surface|表面", said):
        return False
    return bool(_OF_ANOTHER.search(text[: term.start]) or _OF_ANOTHER_AFTER.match(text, term.end))


def read_got(folded: str) -> Iterator[Term]:
    """Yield GOT as a test, where GPT stands beside it: otherwise it is a verb."""
    for match in _GOT.finditer(folded) if _GPT.search(folded) else ():
        yield Term(match.start(), match.end(), "analyte", "ast")


def parted(folded: str, term: Term) -> list[Term]:
    """Return the two tests of "ALT/AST 80/65", which is no ratio."""
    if term.kind != "unlisted" or not _PAIR.fullmatch(folded, term.start, term.end):
        return [term]
    if not _TWO_VALUES.match(folded, term.end):
        return [term]
    found = []
    for match in re.finditer(r"alt|ast|谷草|谷丙", folded[term.start : term.end]):
        name = "alt" if match[0] in {"alt", "谷丙"} else "ast"
        found.append(Term(term.start + match.start(), term.start + match.end(), "analyte", name))
    return found


def read_presence(context: Context, told: list[Fact]) -> Iterator[Fact]:
    """Yield antigens and antibodies that are said to be there or not, as far as ``told`` has none."""
    for term in context.of_kind("analyte"):
        taken = any(f.start < term.end and term.start < f.end for f in told)
        if term.name in _TOLD_SO and not taken and (found := _presence(context, term)):
            yield found
    yield from _converted(context)
    yield from _panel(context)


def _presence(context: Context, term: Term) -> Fact | None:
    text = context.text
    low, _ = context.clause(term.start, term.end)
    ahead = text[low : term.start]
    for value, match in (
        ("negative", _GONE_AFTER.match(text, term.end)),
        ("positive", _THERE_AFTER.match(text, term.end)),
    ):
        if match and not _OPEN.search(ahead) and not _OPEN_AFTER.match(text, match.end()):
            return _fact(term.name, value, term.start, match.end())
    if term.name != "anti_hbs" or _OPEN_AFTER.match(text, term.end):
        return None
    for value, match in (
        ("negative", _NONE_AHEAD.search(ahead)),
        ("positive", _SOME_AHEAD.search(ahead)),
    ):
        if match and not _OPEN.search(ahead[: match.start()] + match[0][:1]):
            asked = _OPEN.search(ahead[: match.start()]) or is_question(context, term.start)
            if value == "positive" and asked:
                return None
            return _fact(term.name, value, low + match.start(), term.end)
    return None


def _converted(context: Context) -> Iterator[Fact]:
    """Yield what a seroconversion that happened means: one antigen gone, its antibody there."""
    for match in _CONVERTED.finditer(context.text):
        low, high = context.clause(match.start(), match.end())
        ahead = context.text[low : match.start()]
        denied = any(low <= t.start < match.end() for t in context.denials)
        if denied or _OPEN.search(ahead) or is_question(context, match.start()):
            continue
        named = match["test"] or match["en"] or ""
        if not named and _SURFACE_LOST.search(context.text):
            continue  # what was lost is told beside it, and it is not the e antigen
        clause = context.text[low:high]
        if not named and "seroconverted" not in match[0]:
            continue
        surface = named.startswith(("表面", "s", "hbsag")) or (not named and "surface" in clause)
        unsure = not (named or re.search(r"\be\b|hbeag|surface", clause))
        for name, value in _PAIRS[surface]:
            yield _fact(name, value, match.start(), match.end(), unsure=unsure)


def _panel(context: Context) -> Iterator[Fact]:
    """Yield that HBsAg is negative where the whole panel is said to be, to be asked back."""
    for term in context.of_kind("panel"):
        if term.name != "markers":
            continue
        low, _ = context.clause(term.start, term.end)
        match = _PANEL_NEGATIVE.match(context.text, term.end)
        if match is None or _OPEN.search(context.text[low : term.start]):
            continue
        if not _OPEN_AFTER.match(context.text, match.end()):
            yield _fact("hbsag", "negative", term.start, match.end(), unsure=True)


def _fact(name: str, value: str, start: int, end: int, *, unsure: bool = False) -> Fact:
    return Fact(name=name, value=value, start=start, end=end, ambiguous=unsure)
