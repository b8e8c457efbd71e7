"""What is said about the person: age, sex, history, medicines, nicknames of the serology."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.context import Context
from bot.dates import half_more, is_numbered, ordinal_unit, span_unit
from bot.dictionary import load
from bot.drug_status import told_status
from bot.facts import Fact
from bot.numbers import Number, find_numbers
from bot.polarity import is_question, polarity
from bot.spans import Term
from bot.whose import SOMEBODY

_SEX = {"female": "female", "woman": "female", "girl": "female", "lady": "female", "女": "female"}
_SEX |= {"male": "male", "man": "male", "boy": "male", "guy": "male", "男": "male"}
_SEX_WORD = re.compile(
    r"\b(female|woman|girl|lady|male|man|boy|guy)\b|(女|男)(?=性|士|的|，|,|\s|、|；|。|\d|患者|$)"
)
# "a girl", 一个女的: one of them, unless the writer says to be one.
_SOME_SEX = re.compile(
    r"(?<![a-z])(?:an?|another|the|this|that|some|one|any|"
    r"each|every|my|your|no|per|for|young|"
    r"of)\s+(?:[a-z]+\s)?$|[个这那位]$"
)
_I_AM_ONE = re.compile(
    r"\b(?:i am|i'm|im|i was|as|being)\s+(?:(?:a|an|the|young|old|healthy|single|married|asian|"
    r"chinese|\d+)\s+)*$"
    r"|我是(?:一?个|一?位)$"
)
_AGED_BEFORE = re.compile(r"\b(?:years?|yrs?|months?)[\s-]*olds?\s$|\by/?o\s$")
_SMALL = re.compile(
    r"\b(?:my|our|his|her)\s+(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[\s-]+"
    r"(?:day|week|month)s?[\s-]+olds?(?![a-z])(?!\s+(?:results?|tests?|reports?|labs?|bloods?|"
    r"ultrasound|scan|"
    r"prescription))"
)
_CHILD = re.compile(r"\b(?:my|our)\s+(?:\d|1[0-7])[\s-]+years?[\s-]+old(?![a-z])")
_SOMEBODY = re.compile(
    r"(?<!i'm )(?<!im )(?<!i am )(?<!i was )(?<!is )(?<!was )(?<!as )\ban? \d{1,3}[\s-]+(?:years?|"
    r"yrs?)[\s-]+old "
    r"(?:man|woman|male|female|lady|guy|boy|girl|gentleman)\b"
)
_INFECTION = re.compile(
    r"乙肝|携带|表面抗原|三阳|hbsag|surface antigen|hepatitis b|hep b|hbv|carrier|infected"
)
# A disease that is not named is the one that all is about.
_FOUND_OUT = re.compile(
    r"得病|患病|病史|发病|查出来的?|年前(?:查出|发现|检查出|体检)|发现(?:了|有)?\D{0,4}\d{0,2}[一二三四五六七八九十]{0,3}年了|diagnosed"
)
_HAD_ONCE = re.compile(r"(?:得|患|有)过")
_OTHER_DISEASE = r"(?:hep(?:atitis)?\s?c|hcv|hiv|aids|丙肝|丙型肝炎|艾滋病?)"
_FOR_OTHER = re.compile(
    rf"(?:for|against|to treat|cure|treat(?:ing|ment of)?)\s+(?:my |the )?{_OTHER_DISEASE}|"
    rf"(?:因为?|由于|治疗?|得了|我有?|针对)\s?{_OTHER_DISEASE}"
)
_HEPATITIS_B = re.compile(r"乙肝|hepatitis\s?b|hep\s?b|hbv|hbsag|hbeag|表面抗原|三阳")
_NOT_THIS = re.compile(
    r"(?:能不能|能|会|可以|怎么|怎样|如何|才|想|是不是|是否|希望|变不|转不)"
    r"(?:才能|能)?(?:转|变)?(?:成|为)?\s*$|(?:不是|并非)(?:乙肝)?\s*$"
)
# 什么是大三阳: what it is, not that somebody has it.
_WHAT_IS = re.compile(
    r"(?:什么|啥|何)(?:是|叫|叫做|为)|\bwhat(?:'s| is| are| does)\s+(?:a |an |the )?$|\bdefin\w+ (?:of )?$"
)
_DIFFERENCE = re.compile(
    r"哪个|哪种|区别|区分|差别|不同|谁更?|还是|分别|\b(?:difference|different|versus|vs|which|or)\b"
)
_OWN_PATTERN = re.compile(
    r"我(?:现在|已经)?(?=[大小][三二])|我(?:现在|已经)?(?:是|从|由|转|有|得)|转成|变成|转为|转了"
    r"|\bi (?:am|have|was|went)\b|\bfrom\b"
)
_ANYBODY = re.compile(
    r"\b(?:i|i'm|i've|im|my|me|we|our|he|she|his|her|has|have)\b|[我他她]|妈|爸|公|婆|没有?|无|不"
)
_OTHER_HORMONE = re.compile(r"[孕性雌雄腺长]$")
_EITHER = re.compile(r"\s*(?:还是|或者?)\s*(?:大|小)")
_TURNED = re.compile(r"\s*(?:已经?)?(?:转变?|变)(?:成|为)?(?:了)?\s*")
_MEANING = re.compile(r"\s*(?:是|代表|说明)?(?:什么|啥)")
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
_BEGAN = re.compile(r"\b(?:since|from|start|started|began|begun|beginning)\b|开始|起|从")
_OF_PREGNANCY = re.compile(
    r"(?:\s?\+\s?\d)?[\s-]*(?:(?:in|into|of) (?:my |the |a )?)?(?:pregnan|gestation)|\s*的?(?:身孕|孕)"
)
_PREGNANT_FOR = re.compile(
    r"(?:pregnan(?:t|cy)|gestation|(?<![避备])孕|妊娠|怀了?)[^\d,.;，。；]{0,8}(?:\d{1,2}\s?\+\s?)?$"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|until|at|after|before|by|from)\b|如果|要是|等|到|什么时候|假如"
)
_AGE_OF_A_CHILD = re.compile(r"[\s-]*(?:of age\b|olds?\b)|\s*(?:大|龄)")
_AGED = re.compile(r"(?:\baged?|\bplann(?:ed|ing)|月龄|日龄|计划)(?:\s+(?:is|for))?\s*[:：]?\s*$")
_NOW_AT = re.compile(r"(?:现在|目前|\bnow(?: at| on| in)?)\s*$")
_AGO = re.compile(r"\s*(?:ago\b|earlier\b|以?前|之前)")
_SO_LONG_SINCE = re.compile(
    r"(?:停|断)(?:药|了|掉|用|过|干扰素|针|打|治疗|有|快|已经?|大概|约|差不多)*$"
)
# A course of so many weeks is behind the writer, or may be.
_ENDED = re.compile(r"\b(?:finished|completed|ended|went through)\b|打完|做完|结束|完成")
_EVER = re.compile(r"(?<!已经)(?<!已)(?:打|做|用)过")
_ONCE = re.compile(
    r"(?<!have )(?<!'ve )(?<!has )\b(?:finished|completed|"
    r"ended|did|had|done)\b|(?:打|做|用)(?:完|满|够|过)"
)
_GOES_ON = re.compile(
    r"so far|up to now|still|can i stop|should i stop|能停吗|"
    r"可以停|要不要停|continu|extend|longer|go on|继续|延长|还在|再打|目前|现在"
)
_MAY_I_STOP = re.compile(r"\b(?:can|should|may) i (?:now )?stop\b|能停|可以停|要不要停|停还是")
_WHOLE_COURSE = 48
_SWITCH = r"\b(?:switch|switching|change|changing|move|moving)\b"
_SWITCH_TO = re.compile(rf"{_SWITCH}[^,.;]{{0,40}}? to (?:the |a )?$")
_NOT_DONE = re.compile(r"(?:\bnot|\bnever|n't|\bif (?:i|we)|没有?|从未|未)\s*$")
_IF_DONE = re.compile(r"了?(?:会|能|行|可以)")
_AT_WEEK = re.compile(
    r"\b(?:i'm|im|am|on|in|at|now)\s+(?:on |in |at )?(?:my )?(?:week|month)\s*\d+\s*(?:of|on|"
    r"into)\s*(?:my )?$"
)
_COURSE = re.compile(r"(?:week|month|weeks|months|year|years|course)\s*\d*\s*(?:of|on|into)\s*$")
# What was so last year need not be so today.
_PASSING = {"pregnancy", "alcohol"}
_HALF_A_YEAR = re.compile(
    r"(?<![大上下前后])半年(?!前|以前|之前|内|一次|查|复查)|\bhalf a year\b(?! ago)"
)
_A = re.compile(r"an?\s")
_LASTED = re.compile(
    r"\b(?:for|in|after|about|over|past|last|within|almost|nearly|only|than|quite|been|the|took|once|exactly)\s+$"
)
_OF_A_COURSE = re.compile(r"\s+(?:ago|on|of|into|now|already|and a half)\b")
_EVERY = re.compile(
    r"\b(?:every|each|per|within|next|another|in)\s+$|(?:每隔?|未来|再|还要|至少要?|需要?)\s*$"
)
_BEFORE_IT = re.compile(r"\s+(?:before|later)\b|\s*(?:一次|查一|复查)")
# What a word of the lexicon says under another name.
_VALUED: dict[str, tuple[str, str | bool]] = {
    "decompensated": ("cirrhosis", "decompensated"),
    "compensated": ("cirrhosis", "compensated"),
    "no_alcohol": ("alcohol", False),
    "unvaccinated": ("vaccinated", False),
}
_HABIT = re.compile(
    r"(?:偶尔|经常|常常?|每天|天天|平时|爱|喜欢|每周|每晚|有时候?|总是?)(?:会|都|就|也)?\s*$"
)
_MAY = re.compile(r"能|可以|可否|允许")
_NOT_ALCOHOL = re.compile(
    r"\s*(?:\w+\s){0,2}(?:water|tea|coffee|milk|juice|soup|cola|soda|herbs?|from|out of|same|cups?|straw)\b"
)
_NOT_MUCH = re.compile(
    r"\s+(?:much|enough|a lot|that|too|very|often|every|as|more|so|heavily|a drop of water)\b"
)
_MUCH = re.compile(r"\b(?:much|lot|often|too|heavily|every|daily|regularly|more|most)\b")
_OF_THE_PREGNANCY = re.compile(r"孕期|孕早期|孕中期|孕晚期")
_BORN = re.compile(r"产后|生完|生了|刚生|坐月子")
_GOT = re.compile(r"(?<![会能怎想要怕])得(?:了|过|的是)\s*$")
_TREATED = re.compile(r"\s*(?:treatment|drugs?|medicines?|medication|meds|pills|tablets|的?药)")
_INTERFERON = {
    "peginterferon",
    "peginterferon_alfa_2a",
    "peginterferon_alfa_2b",
    "interferon",
    "interferon_alfa",
}


def described(folded: str) -> Iterator[Term]:
    """Yield the people that are named by nothing but their age: "my 8 month old"."""
    for match in _SMALL.finditer(folded):
        yield Term(match.start(), match.end(), "other", "child")
    for match in _CHILD.finditer(folded):
        yield Term(match.start(), match.end(), "other", "child")
    for match in _SOMEBODY.finditer(folded):
        yield Term(match.start(), match.end(), "other", SOMEBODY)


def read_sex(context: Context) -> Iterator[Fact]:
    """Yield the sex that is stated in so many words; "a girl" and 一个女的 are somebody else."""
    folded = context.text
    beside_age = re.finditer(r"(?<=\d)\s?/?\s?([fm])(?=\s?[,，;.\s]|$)", folded)
    for match in (*_SEX_WORD.finditer(folded), *beside_age):
        if _is_somebodys(context, match.start()):
            continue
        word = match[0].strip(" /")
        value = _SEX.get(word) or {"f": "female", "m": "male"}[word]
        yield Fact(name="sex", value=value, start=match.start(), end=match.end())


def _is_somebodys(context: Context, place: int) -> bool:
    """Tell whether a word for a sex is one for somebody: 侄女, 个女的, "with a woman"."""
    ahead = context.text[max(0, place - 30) : place]
    if any(
        t.start <= place < t.end for t in context.terms if t.name != SOMEBODY and t.kind == "other"
    ):
        return not re.search(
            r"\d\s*$|\d[\s-]*(?:years?|yrs?)[\s-]*old\s*$", ahead
        ) and not _AGED_BEFORE.search(ahead)
    return bool(_SOME_SEX.search(ahead)) and not _I_AM_ONE.search(ahead)


def read_times(
    context: Context, numbers: list[Number]
) -> Iterator[tuple[Fact | None, Number | None]]:
    """Yield the numbers that count time, with a fact where it is said what lasted so long."""
    for match in _HALF_A_YEAR.finditer(context.text):
        span = match.span()
        name = _what_lasted(context, "month", span, ordinal=False)
        if name and not _is_no_span(context, span):
            yield Fact(name=name, value=6, unit="month", start=span[0], end=span[1]), None
    pregnant: set[str | None] = set()
    for number in numbers:
        counted = span_unit(context.text, number.end)
        unit = counted[0] if counted else ordinal_unit(context.text, number.digits)
        if unit is None:
            continue
        end = counted[1] if counted else number.end
        half = half_more(context.text, number.end, end) if counted else 0
        span = (number.start, max(end, half))
        if _is_of_pregnancy(context, span):
            whose = context.whose(span[0])
            yield (None if whose in pregnant else _pregnancy(context, span)), number
            pregnant.add(whose)
            continue
        name = _what_lasted(context, unit, span, ordinal=_is_numbered(context, number))
        fact = Fact(
            name=name or "",
            value=number.value + 0.5 if half else number.value,
            start=number.start,
            end=span[1],
            unit=None if name == "interferon_week" else unit,
            comparator=None if number.comparator == "=" else number.comparator,
        )
        yield (fact if name and not _is_no_span(context, span) else None), number


def _is_no_span(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is a rhythm or still to come: "a bottle a day", 每6个月, "in 3 years"."""
    low, _ = context.clause(*span)
    ahead = context.text[low : span[0]]
    rate = _A.match(context.text, span[0]) and not (
        _LASTED.search(ahead) or _OF_A_COURSE.match(context.text, span[1])
    )
    return bool(rate or _EVERY.search(ahead) or _BEFORE_IT.match(context.text, span[1]))


def _pregnancy(context: Context, span: tuple[int, int]) -> Fact | None:
    """Return the pregnancy whose weeks are told, unless a word of the lexicon names it: 孕14周."""
    low, high = context.clause(*span)
    ahead, after = context.text[low : span[0]], context.text[span[1] : high]
    named = [
        t
        for t in context.of_kind("condition")
        if t.name == "pregnancy" and low <= t.start < high and polarity(context, t) != "asked"
    ]
    word = re.search(r"孕|怀|pregnan|gestation", ahead) or re.search(r"孕|pregnan|gestation", after)
    if named or word is None or _SUPPOSED.search(ahead):
        return None
    over = context.past(*span)
    return Fact(
        name="pregnancy",
        value=True,
        start=min(span[0], low + word.start()) if word.string is ahead else span[0],
        end=span[1] if word.string is ahead else span[1] + word.end(),
        when="past" if over else None,
        ambiguous=over,
    )


def _is_numbered(context: Context, number: Number) -> bool:
    return is_numbered(context.text, number.digits)


def _what_lasted(
    context: Context, unit: str, span: tuple[int, int], *, ordinal: bool
) -> str | None:
    """Return what so much time is about; a numbered week may be of an interferon named elsewhere."""
    clause = context.clause(*span)
    if _is_childs_age(context, span):
        return None
    named = context.of_kind("drug")
    drugs = [t for t in named if clause[0] <= t.start and t.end <= clause[1]]
    expecting = any(
        t.name == "pregnancy" and clause[0] <= t.start < clause[1]
        for t in context.of_kind("condition")
    )
    ordinal = ordinal or bool(_NOW_AT.search(context.text[clause[0] : span[0]]))
    about = named if ordinal and not drugs and not expecting else drugs
    ahead = context.text[clause[0] : span[0]]
    began = bool(_BEGAN.search(context.text[clause[0] : clause[1]]))
    since = bool(_AGO.match(context.text, span[1])) and not began
    about = [t for t in about if not is_for_other_disease(context, t)]
    if about and (since or _SO_LONG_SINCE.search(ahead) or _counts_from_stop(context, span)):
        return None
    if about and _drug_status(context, about[0]) in {"asked", "proposed"}:
        return None  # how long it would be taken
    if unit == "week" and any(t.name in _INTERFERON for t in about):
        if _is_over(context, span):
            return "drug_duration"
        return None if _is_stopped(context, about[0]) else "interferon_week"
    if drugs:
        return "drug_duration"
    if unit == "week" and ordinal:
        return None
    return "infection_duration" if _is_of_infection(context, span) else None


def _is_of_infection(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is how long somebody has had hepatitis B."""
    low, high = context.clause(*span)
    denied = [t for t in context.denials if low <= t.start < span[0]]
    gone = [t for t in context.of_kind("result") if t.name == "negative" and low <= t.start < high]
    said = list(context.text[low:high])
    for test in (t for t in context.of_kind("analyte") if low <= t.start and t.end <= high):
        if test.name == "hbv_dna":  # "HBV DNA <10 for five years"
            said[test.start - low : test.end - low] = " " * (test.end - test.start)
    clause = "".join(said)
    if denied or gone or _HAD_ONCE.search(clause):
        return False
    others = [*context.of_kind("condition"), *context.of_kind("comorbidity")]
    other = any(low <= t.start < high for t in others)
    return bool(_INFECTION.search(clause) or (_FOUND_OUT.search(clause) and not other))


def _is_of_pregnancy(context: Context, span: tuple[int, int]) -> bool:
    low, _ = context.clause(*span)
    ahead = context.text[low : span[0]]
    return bool(_OF_PREGNANCY.match(context.text, span[1]) or _PREGNANT_FOR.search(ahead))


def _is_childs_age(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether so much time is an age: "my 8 month old", "age 3 days", 3个月大."""
    after = _AGE_OF_A_CHILD.match(context.text, span[1])
    return bool(after or _AGED.search(context.text[: span[0]]))


def _counts_from_stop(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether a stop stands before so much time: 停了恩替卡韦3年."""
    low, _ = context.clause(*span)
    stops = [t for t in context.of_kind("stopped") if low <= t.start and t.end <= span[0]]
    return any(context.text[t.start] == "停" and _happened(context, t) for t in stops)


def _is_stopped(context: Context, drug: Term) -> bool:
    return _drug_status(context, drug) == "stopped"


def _has_ended(context: Context, drug: Term) -> bool:
    """Tell whether the clause of an interferon tells a number of weeks that is behind the writer."""
    low, high = context.clause(drug.start, drug.end)
    return any(
        _is_over(context, (low + n.start, low + n.end))
        for n in find_numbers(context.text[low:high])
        if (counted := span_unit(context.text, low + n.end)) and counted[0] == "week"
    )


def _is_over(context: Context, span: tuple[int, int]) -> bool:
    """Tell whether weeks of interferon are those of a whole course that is behind the writer.

    "Completed 24 weeks" may be the present; with an earlier date, or of a whole course, it is not.
    """
    low, high = context.clause(*span)
    clause = context.text[low:high]
    only = all(t.name in _INTERFERON for t in context.of_kind("drug"))
    if _GOES_ON.search(context.text) or (only and _MAY_I_STOP.search(context.text)):
        return False
    dated = context.past(*span) or any(low <= d.start < high for d in context.dates)
    weeks = max((n.value for n in find_numbers(context.text[slice(*span)])), default=0)
    once = _EVER.search(clause) or (dated and _ONCE.search(clause))
    return bool(once or (weeks >= _WHOLE_COURSE and _ENDED.search(clause)))


def read_patterns(context: Context) -> Iterator[Fact]:
    """Yield nicknames such as 大三阳 with what they imply; in 大三阳转小三阳 only the second holds."""
    for term in context.of_kind("pattern"):
        low, _ = context.clause(term.start, term.end)
        before, after = context.text[low : term.start], context.text[term.end :]
        found = polarity(context, term)
        if found == "denied" or _NOT_THIS.search(before) or _EITHER.match(after):
            continue
        if _is_compared(context, term) or _WHAT_IS.search(before):
            continue
        turned = _TURNED.match(after)
        if turned and any(t.start == term.end + turned.end() for t in context.of_kind("pattern")):
            continue
        yield Fact(
            name="serology_pattern",
            value=term.name,
            start=term.start,
            end=term.end,
            implies=dict(load("patterns")[term.name]["implies"]),
            ambiguous=found == "unclear" or bool(_MEANING.match(after)) or _is_loose(context, term),
        )


def _is_compared(context: Context, pattern: Term) -> bool:
    """Tell whether a nickname is set beside another in a question: 大三阳和小三阳哪个严重."""
    low, high = context.clause(pattern.start, pattern.end)
    others = [t for t in context.of_kind("pattern") if low <= t.start < high and t != pattern]
    clause = context.text[low:high]
    return bool(others and _DIFFERENCE.search(clause)) and not _OWN_PATTERN.search(clause)


def _is_loose(context: Context, pattern: Term) -> bool:
    """Tell whether "negative for everything" does not say of what."""
    said = context.text[pattern.start : pattern.end]
    return pattern.name == "all_negative" and not re.search(r"marker|five|阴", said)


def reconciled(facts: list[Fact]) -> list[Fact]:
    """Return facts without what a nickname implies against a result told beside it.

    Such a nickname (大三阳 with a negative HBeAg) is ambiguous; the result stands.
    """
    told = {(f.name, f.value, f.subject) for f in facts}
    opposite = {"positive": "negative", "negative": "positive"}
    kept = []
    for fact in facts:
        implies = {
            name: word
            for name, word in (fact.implies or {}).items()
            if (name, opposite[word], fact.subject) not in told
        }
        against = fact.implies is not None and implies != fact.implies
        kept.append(replace(fact, implies=implies, ambiguous=True) if against else fact)
    return kept


def read_conditions(context: Context) -> Iterator[Fact]:
    """Yield stated and denied conditions; one that is only asked about or feared is no fact."""
    for term in context.of_kind("condition"):
        found = polarity(context, term)
        if found == "asked" and _is_habit(context, term):
            found = "stated"
        if found == "denied" and _is_little(context, term):
            found = "unclear"
        if found == "asked" or (term.name == "coinfection" and _treated_elsewhere(context)):
            continue
        if found == "denied" and _is_general(context, term):
            continue  # unknown is not "no"
        hormone = _OTHER_HORMONE.search(context.text[: term.start])
        if hormone and context.text[term.start] == "激":
            continue
        if _is_another_matter(context, term):
            continue
        value: str | bool = found not in {"denied", "over"}
        name = term.name
        if name in _VALUED:
            if not value:
                continue
            name, value = _VALUED[name]
        over = name in _PASSING and value is True and context.past(term.start, term.end)
        yield Fact(
            name=name,
            value=value,
            start=term.start,
            end=term.end,
            when="past" if over else None,
            ambiguous=found == "unclear" or over,
        )


def _is_general(context: Context, term: Term) -> bool:
    """Tell whether a clause asks in general: "is liver cancer possible without cirrhosis"."""
    low, high = context.clause(term.start, term.end)
    return is_question(context, term.start) and not _ANYBODY.search(context.text[low:high])


def _is_habit(context: Context, term: Term) -> bool:
    """Tell whether what is asked about is told as done: 偶尔喝啤酒有没有事."""
    low, _ = context.clause(term.start, term.end)
    ahead = context.text[low : term.start]
    return term.name == "alcohol" and bool(_HABIT.search(ahead)) and not _MAY.search(ahead)


def _is_little(context: Context, term: Term) -> bool:
    """Tell whether a denial only says that it is not much: "I don't drink much beer"."""
    said = context.text[term.start : term.end]
    return term.name == "alcohol" and bool(
        _MUCH.search(said) or _NOT_MUCH.match(context.text, term.end)
    )


def _is_another_matter(context: Context, term: Term) -> bool:
    """Tell whether a word stands for something else: drinking water, shots of interferon."""
    text = context.text
    if term.name in {"alcohol", "no_alcohol"}:
        return bool(_NOT_ALCOHOL.match(text, term.end)) or (
            term.name == "no_alcohol" and bool(_NOT_MUCH.match(text, term.end))
        )
    if term.name == "vaccinated" and "疫苗" not in text[term.start : term.end]:
        shots = re.search(r"shots|针", text[term.start : term.end])
        return bool(shots) and any(t.name in _INTERFERON for t in context.of_kind("drug"))
    if term.name == "pregnancy":
        return bool(_OF_THE_PREGNANCY.fullmatch(text, term.start, term.end) and _BORN.search(text))
    return False


def read_comorbidities(context: Context) -> Iterator[Fact]:
    """Yield other diseases that somebody is said to have; one that is denied is no fact."""
    for term in context.of_kind("comorbidity"):
        found = polarity(context, term)
        if found == "asked" and _is_had(context, term):
            found = "stated"
        if found in {"stated", "unclear"}:
            yield Fact(
                name="comorbidity",
                value=term.name,
                start=term.start,
                end=term.end,
                ambiguous=found == "unclear",
            )


def _is_had(context: Context, term: Term) -> bool:
    """Tell whether a disease is named with its treatment, or told with a 得了, and nothing asked."""
    low, _ = context.clause(term.start, term.end)
    told = _GOT.search(context.text[low : term.start]) or _TREATED.match(context.text, term.end)
    return bool(told) and not is_question(context, term.start)


def _treated_elsewhere(context: Context) -> bool:
    return any(is_for_other_disease(context, drug) for drug in context.of_kind("drug"))


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
            status=_drug_status(context, term),
            ambiguous=term.name in {"nuc", "interferon", "tenofovir", "peginterferon"},
        )


def _drug_status(context: Context, term: Term) -> str | None:
    low, high = context.clause(term.start, term.end)
    before = context.text[low : term.start]
    if polarity(context, term) in {"denied", "over"}:
        return "denied"
    if (told := told_status(context, term)) is not None:
        return None if told == "taking" else told
    if term.name in _INTERFERON and _has_ended(context, term):
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
    named["stopped"] = [t for t in named["stopped"] if _happened(context, t)]
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


def _happened(context: Context, stopped: Term) -> bool:
    """Tell whether a stop is told as done: not "I have not stopped", not 停了会怎样."""
    text = context.text
    return not _NOT_DONE.search(text[: stopped.start]) and not _IF_DONE.match(text, stopped.end)


def course_date(context: Context, drug: Fact) -> str | None:
    """Return the day a course ended, if the medicine was stopped, or else the day it began.

    A date in the same clause is that day only if the words say so ("since", 开始).
    """
    low, high = context.clause(drug.start, drug.end)
    here = [date.iso for date in context.dates if low <= date.start < high]
    began = drug.status != "stopped" and _BEGAN.search(context.text[low:high])
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
