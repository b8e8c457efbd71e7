"""What is said about the history: conditions, habits, other diseases; stated, denied or unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.context import Context
from bot.courses import INTERFERON
from bot.facts import Fact
from bot.medicines import is_for_other_disease
from bot.polarity import is_general_question, is_question, polarity
from bot.spans import Term

_ANYBODY = re.compile(
    r"\b(?:i|i'm|i've|im|my|me|we|our|he|she|his|her|has|have)\b|[我他她]|妈|爸|公|婆|没有?|无|不"
)
_OTHER_HORMONE = re.compile(r"[孕性雌雄腺长]$")
# What was so last year need not be so today.
_PASSING = {"pregnancy", "alcohol"}
# What a word of the lexicon says under another name.
_VALUED: dict[str, tuple[str, str | bool]] = {
    "decompensated": ("cirrhosis", "decompensated"),
    "compensated": ("cirrhosis", "compensated"),
    "no_cirrhosis": ("cirrhosis", False),
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
_WHETHER = re.compile(r"如果|要是|是不是|有没|是否|能|可以|需要|要不|想|多久|什么时候")
_THEREUPON = re.compile(r"\s*(?:就|后|以后|之后|会|能|还(?!是)|可以|多久|吗|没有?\s*[?？]|抗体能)")
_MUCH = re.compile(r"\b(?:much|lot|often|too|heavily|every|daily|regularly|more|most)\b")
_OF_THE_PREGNANCY = re.compile(r"孕期|孕早期|孕中期|孕晚期")
_BORN = re.compile(r"产后|生完|生了|刚生|坐月子")
_DURING = re.compile(r"(?:的?时候?|期间|那会儿?|那时)")
_TO_COME = re.compile(
    r"\b(?:start|starts|starting|about to|going to|next (?:week|month)|soon|tomorrow|"
    r"planned|scheduled|in \d+ (?:days|weeks))\b"
    r"|准备|要上|要打|要用|要做|要化疗|即将|马上|下周|下个?月|明天|打算|建议"
)
_GOT = re.compile(r"(?<![会能怎想要怕])得(?:了|过|的是)\s*$")
_TREATED = re.compile(r"\s*(?:treatment|drugs?|medicines?|medication|meds|pills|tablets|的?药)")


def read_conditions(context: Context) -> Iterator[Fact]:
    """Yield stated and denied conditions; one that is only asked about or feared is no fact."""
    for term in context.of_kind("condition"):
        found = polarity(context, term)
        told = _is_habit(context, term) or _is_done(context, term) or _has_a_sign(context, term)
        if found == "asked" and told:
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
        value: str | bool = found not in {"denied", "over"} and not _is_born(context, term)
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
            status="proposed" if value is True and _is_planned(context, term) else None,
        )


def _is_planned(context: Context, term: Term) -> bool:
    """Tell whether a treatment that weakens the immune system is still to come: 下周要化疗."""
    low, high = context.clause(term.start, term.end)
    return term.name == "immunosuppression" and bool(_TO_COME.search(context.text[low:high]))


def _is_born(context: Context, term: Term) -> bool:
    """Tell whether the child of a pregnancy is born: 产后42天了,怀孕时候吃的TDF."""
    during = term.name == "pregnancy" and _DURING.match(context.text, term.end)
    return bool(during and _BORN.search(context.text))


def _is_general(context: Context, term: Term) -> bool:
    """Tell whether a clause asks in general: "is liver cancer possible without cirrhosis"."""
    low, high = context.clause(term.start, term.end)
    return is_question(context, term.start) and not _ANYBODY.search(context.text[low:high])


def _is_habit(context: Context, term: Term) -> bool:
    """Tell whether what is asked about is told as done: 偶尔喝啤酒有没有事."""
    low, _ = context.clause(term.start, term.end)
    ahead = context.text[low : term.start]
    return term.name == "alcohol" and bool(_HABIT.search(ahead)) and not _MAY.search(ahead)


def _has_a_sign(context: Context, term: Term) -> bool:
    """Tell whether a sign stands right behind a disease, so that somebody has both: 肝硬化大便黑得像柏油咋办."""
    signs = (t for t in context.terms if t.kind in {"symptom", "composed"})
    own = term.name in {"cirrhosis", "hcc"}
    here = [t for t in signs if t.start == term.end and polarity(context, t) != "denied"]
    return own and any(not is_general_question(context, t) for t in here)


def _is_done(context: Context, term: Term) -> bool:
    """Tell whether a vaccination is told as done, and what is asked is another matter: 打完三针怎么办."""
    low, _ = context.clause(term.start, term.end)
    said = context.text[term.start : term.end]
    return (
        term.name == "vaccinated"
        and bool(re.search(r"打[了过完]|接种[了过]", said))
        and not _WHETHER.search(context.text[low : term.start])
        and not _THEREUPON.match(context.text, term.end)
    )


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
        return bool(shots) and any(t.name in INTERFERON for t in context.of_kind("drug"))
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
