"""Whom each part of a message is about: the writer, somebody named, or a clinician's patient.

A message is cut into stretches. Somebody named is spoken of until the writer, or somebody else, is.
A mention in passing ("from my mother", 我姐姐也是) holds for its clause at most, and a new sentence
without a person goes back to a writer who has told a case, if nothing was told of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.spans import Term

SOMEBODY = "somebody"
PATIENT = "patient"

_FEMALE = {"mother", "wife", "girlfriend", "sister", "daughter"}
MALE = {"father", "husband", "boyfriend", "brother", "son"}
_GENERIC_CHILD = {"child"}
_CHILDREN = {"son", "daughter"}
_KIN = _FEMALE | MALE | {"parents", "partner", "child", "grandparent", "relative"}
_CASE = {"analyte", "pattern", "drug", "condition", "complaint", "symptom"}
# What may be said of anybody beside a case, and tells no case of theirs.
_NO_CASE = {"vaccinated", "pregnancy", "planning_pregnancy"}
_CASE_WORDS = re.compile(
    r"乙肝|携带|肝炎|三阳|hep(?:atitis)?[\s-]?b|\bhbv\b|carrier|\d\s?岁|"
    r"\bi'?m \d\d\b|\bi am \d\d\b|years? old|\by/?o\b|治疗|化验|病毒"
)
_QUESTION = re.compile(r"[?？]|[吗么呢]|怎么|如何|什么|多久|会不会|能不能|要不要|是不是")

# What ends in its own clause: "my mother too", 我姐也是, 大伯肝癌走的.
_CLOSED = re.compile(
    r"\b(?:too|as well|died|passed away|is dead|was dead|are both dead|dies)\b|^\W*so (?:is|does|has)\b"
    r"|也(?:都)?(?:是|有|一样|得了?|这样)(?:的|了|这样|一样|这个?病?|乙肝|大三阳|小三阳)?\W*$|都(?:是|有)\W*$"
    r"|去世|过世|病逝|离世|没了\W*$|走的|走了|不在了|死于|死的"
)
# Before somebody who is named in passing.
_PASSING_EN = re.compile(
    r"\b(?:with|from|like|unlike|as|than|to|by|near|beside|besides|without|told|tell|telling|ask|"
    r"asked|asking|"
    r"infect(?:ed|ing)?|protect(?:ed|ing)?|marry|marrying|married|kiss(?:ed|ing)?|hug(?:ged|ging)?|"
    r"pass(?:ed|ing)? (?:it|this|hbv)(?: on)? to|affect|around|hold|lost|(?:have|has|had|having|want|"
    r"get) (?:a|any|more|another)|"
    r"trying for|planning|expecting|want|have|having)\s+"
    r"(?:(?:my|our|his|her|the|a|an|this|that|any|other|another|more|own|both|late|dear)\s+)*$"
)
_PASSING_ZH = re.compile(
    r"(?:和|跟|与|同|像|随|被|由|从|对|给|陪|怕|瞒着?|告诉|传染?给?|传到|影响|有了?|要|生|生完|生了|怀|怀了|怀上|"
    r"带|抱|养|想要|准备要|打算要|嫁给|娶|背着|离开)(?:过|了)?(?:我|俺|自己|我们)?家?的?(?:一|两|个|一个|这个|健康的?|小|[二两]个?)*$"
)
# "what is wrong with my mother", 帮我妈问: it is about them after all.
_ABOUT_EN = re.compile(
    r"\b(?:wrong|matter|going on|up|happen(?:s|ed|ing)?|deal|help|asking|question|patient)\s+(?:with|"
    r"to|from)\s+"
    r"(?:(?:my|our|his|her|the|a|an|this)\s+)*$"
)
_ABOUT_ZH = re.compile(r"(?:帮|替|代|为|关于)(?:我|俺)?(?:们)?家?的?$")
# After somebody in passing, what tells of them after all: "a man who has hep b".
_GOVERNS = re.compile(
    r"\s*(?:,\s*)?(?:who|whose|that has|that had|which has|has|had|is|was|tested|aged?|\d)(?![a-z])|"
    r"\s*[(（:：]|'s\s+[a-z]*\s?(?:alt|"
    r"dna|hbv|viral|liver|result|report|labs)|"
    r"的?(?:是|有(?!什么)|得了|患|查出|查了|确诊|大三阳|小三阳|乙肝|今年|\d|开了?|用|吃(?!饭|住)|打(?!交道|架|电话)|做了?|化验|检查|的?化验单|的?报告)"
)
# "I am a mother of two", 我是一名患者, "wife here": the writer by another name.
_ROLE_EN = re.compile(
    r"(?:\b(?:i am|i'm|im|i was|as|being|became|become|i've been)\s+(?:(?:a|an|the|his|her|their|"
    r"also|now|only|just|still|hep(?:atitis)?|b|"
    r"hbv|hcv|chronic|new|young|single|worried|expecting|year|old|female|male|cirrhosis|liver|"
    r"longtime|long|time|term|\d+|first|of)"
    r"[\s-]+)*)$"
)
_ROLE_AFTER_EN = re.compile(r"\s+(?:here|writing|speaking)\b")
# "grandad style tremor" is nobody's but the writer's.
_STYLE = re.compile(r"[\s-]*(?:style|like|type)\b|似的|一样的?(?=[\u3400-\u9fff])")
_ROLE_ZH = re.compile(
    r"(?:(?:我|俺|本人|自己)(?:本人|自己)?(?:也|就|都|现在)?(?:是|作为|做为?|当|身为|为)|作为|身为)(?:了)?(?:一?(?:个|名|位))?"
    r"(?:他|她|孩子|宝宝)?的?(?:[\u3400-\u9fff]{0,6}?(?:乙肝|肝炎|肝病|三阳|肝硬化|携带者?|病毒|慢性|老))*的?$|我这个?(?:当|做)?$"
)
# A patient in general: 乙肝患者能喝酒吗, "hep b patient diet".
_IN_GENERAL = re.compile(
    r"(?:乙肝|肝炎|肝病|三阳|肝硬化|肝癌|携带|慢性|病毒性|hep(?:atitis)?\s?b|hbv|liver|cirrhosis|cancer|any|every)\s*的?$"
)
_ONE_OF_THEM = re.compile(
    r"(?:一|个|名|位|该|这|那|某|本|\b(?:a|my|our|this|the|source|index))\s?[^\s,，。.]{0,8}$"
)
_DESCRIBED = re.compile(
    r"\s*[,，:：]?\s*(?:\(|（)?(?:男|女|\d|[mf]\b|male|female|on\b|with\b|who\b|is\b|has\b|had\b)"
)
# First persons that leave the subject as it is.
_I_ASK_EN = re.compile(
    r"\s*(?:'m|am|was|feel|get|got)?\s*(?:(?:so|very|really|just|also|not|n't|a bit|a little|quite|"
    r"getting|pretty|still|extremely|now|"
    r"always|often|don't|dont|do|didn't|can't|cannot|have|had|'ve|would|will|'d|might|only|all)\s+)*"
    r"(?:worried|worry|scared|afraid|concerned|wondering|wonder|asking|writing|anxious|terrified|"
    r"sure|desperate|happy|lost|"
    r"know|think|thought|thinks|heard|hear|read|asked|ask|told|tell|took|take (?:him|her|them)|saw|"
    r"see|guess|believe|hope|fear|care|"
    r"want to (?:know|ask|help|understand)|would like to|like to (?:know|ask)|need (?:advice|help|"
    r"to know)|live|lived|found out|find|"
    r"noticed|notice|say|said|convince|convinced|mean|understand|do\?|do to|do for|do\b|give (?:him|"
    r"her|them)|help|trust|"
    r"get (?:him|her|them)|push|expect|look after|care for|love|feed|suspect|am with)\b"
)
_ME_TAKES = re.compile(r"\s+(?:on|off|to (?:take|start|stop|switch|try)|start|stop|take|switch)\b")
_CLAUSE_STARTS = re.compile(
    r"(?:^|[,.;:!?，。；：！？、\n(（])\s*(?:(?:and|but|while|so|for|"
    r"as for|however|only|now|with|then|而|但|那|可|然后|并且|和|现在|其实|"
    r"至于)\s*)*$"
)
_MY_ASIDE = re.compile(
    r"\s+(?:(?:main|only|biggest|own|local)\s+)*(?:question|questions|concern|worry|worries|fear|"
    r"doctor|dr|gp|english|opinion|"
    r"understanding|family|home|house|country|heart|mind|fault|life|head|knowledge|boss|landlord)\b"
)
_I_ASK_ZH = re.compile(
    r"(?:们|就|也|又|真的|真|非常|特别|现在|只是|一直|都|挺|比较|有点|很|太|还|好|才|只|总|实在|心里|最|老是|是)*"
    r"(?:想(?:请?问|知道|咨询|了解|请教|带|让|给|帮|替|弄清|听)|问|知道|不知|不懂|不明白|不清楚|不太懂|不想(?:让|看)|担心|害怕|怕|着急|急|心疼|"
    r"难过|听|看(?:了|到|网|他|她|着|见|报)|带|陪|劝|没敢|不敢|觉得|认为|家|该(?:怎么|如何|带|让|给|咋)|"
    r"(?:能|可以|应该|要|需要)?(?:怎么|如何|咋|为(?:他|她)|给(?:他|她)|帮(?:他|她)|让(?:他|她)|带(?:他|她))|怀疑|发现(?:他|她)|"
    r"希望|求|请|查了?(?:网|资料|百度)|说|告诉|叫(?:他|她)|跟(?:他|她)(?!.{0,6}(?:都|一样))|和(?:他|她)(?!.{0,6}(?:都|一样))|爱|照顾)"
)
_OBJECT_ZH = re.compile(
    r"(?:给|让|跟|和|与|像|对|告诉|问|帮|教|替|求|叫|要|传染|传|陪|骂|嫌|嫌弃|瞒着?|骗|爱|比|为|同|找|劝|带|被|把|等|怕|请)$"
)
_ME_TAKES_ZH = re.compile(
    r"(?:马上|立即|先|再|继续|也|去|尽快|开始)*(?:吃|打|用|换|停|开|查|做|住|服|加|断|试|考虑|抽|复查|检查|治)"
)
_ALIKE_ZH = re.compile(r"(?:以前|之前|现在|都|也)?(?:一样|差不多|相似|同样)")
_OBJECT_EN = re.compile(
    r"\b(?:to|with|from|like|for|told|tell|asked|ask|asks|helps?|than|near|beside|gave|give|show|"
    r"showed|see|saw|love|about|of|by|bit|"
    r"test|tested|take|took|bring|brought|make|makes|made|let|after|against|around|kiss|kissed|"
    r"infect|infected|marry)\s+$"
)
# "told her ALT": an object only if nothing follows that could be hers.
_NO_NOUN = re.compile(
    r"\s*(?:$|[,.;!?)]|(?:and|but|because|so|when|if|or|for|to|in|at|on|with|that|about|from|how|"
    r"again|too|more)\b)"
)
_PRONOUN = re.compile(
    r"(?<![a-z])(?:he|she|his|her|hers|he's|she's)(?![a-z/])|(?<![其吉])[他她](?!们)"
)
# Words of a doctor about a patient, in a message where nobody else speaks.
_CLINICIAN = re.compile(
    r"\b(?:fhx|pmhx?|s/p|c/o|hx of|y/o [mf]|per (?:easl|aasld|apasl|guidelines?)|"
    r"prophylaxis duration|in my clinic|our clinic|treatment-?na[iï]ve (?:pt|male|female)|"
    r"presented with|referred (?:to|for) (?:me|us)|on exam|nkda|bmi \d+[^.]{0,60}\bplan\b)"
    r"|启动抗病毒|是否启动|本例|该例|管床|收治|主诉|查体|既往史|现病史|门诊遇到|求教各位(?:老师|同仁|专家)|"
    r"请教各位(?:老师|同仁|专家|同行)|^[男女][,，]\s?\d{2}岁?[,，].{0,60}(?:治疗方案|"
    r"下一步)"
)
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|im|i've|me|mine|myself)\b|\bmy (?!patient|clinic|pt\b)|我(?!们?科|院)|本人|俺"
)
_COMMA = re.compile(
    r"(?<!\d)[,.]|[,.](?!\d)|[;!?，；。！？\n]|\b(?:but|though|however|although)\b|但|不过|可是|然而|反而"
)
_SENTENCE = re.compile(r"[.!?。！？\n；;](?!\d)")
_LINKED = re.compile(r"\s*(?:'s|s'|'|的|家的|他|她|家)\s*")
_ARTICLE = re.compile(r"(?:'s|s'|'|的)?\s*$")
_AND = re.compile(
    r"\s*(?:,|、|和|跟|与|及|以及|还有|and|&|\+|/)\s*(?:(?:both|also|my|our|the|his|her)\s+)*(?:both\s+)?(?:我的?|俺)?"
)
_BOTH = re.compile(
    r"(?:两|俩|二|几)?(?:个|人|位)?都|俩|\s+(?:both|all)\b|\s+(?:were|are)\s+(?:both|all)\b"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` on a text is about ``whom`` (None: the writer), named at ``since``."""

    start: int
    whom: str | None
    since: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A word for somebody: the writer, another (``whom``), or a pronoun; ``passing`` if by the way."""

    start: int
    end: int
    kind: Literal["self", "other", "pronoun"]
    whom: str | None
    passing: bool = False


def stretches(text: str, terms: Iterable[Term], mentions: list[Mention]) -> list[Stretch]:
    """Return whom a folded text is about, from its beginning to its end.

    Args:
        text: the folded text.
        terms: the terms of the lexicon in it.
        mentions: its people, see :func:`people`.
    """
    return _Walk(text, list(terms), mentions).stretches()


def people(text: str, terms: Iterable[Term]) -> list[Mention]:
    """Return the people that a folded text names, in their order, the writer included."""
    found = list(terms)
    others = list(_others(text, [t for t in found if t.kind == "other"]))
    mentions = [*others, *_writers(text, found), *_pronouns(text, others)]
    return sorted(mentions, key=lambda m: (m.start, m.end))


class _Walk:
    """The way through a text, clause by clause."""

    def __init__(self, text: str, terms: list[Term], mentions: list[Mention]) -> None:
        self.text = text
        self.mentions = mentions
        told = [t for t in terms if t.kind in _CASE and t.name not in _NO_CASE]
        self.cases = [t.start for t in told]
        self.cases += [m.start() for m in _CASE_WORDS.finditer(text)]
        self.default = self._default()
        self.found = [Stretch(0, self.default, 0)]
        self.writer_told = self.other_told = False

    def stretches(self) -> list[Stretch]:
        sentences = {m.end() for m in _SENTENCE.finditer(self.text)}
        start, restored = 0, None
        for stop in (*(m.end() for m in _COMMA.finditer(self.text)), len(self.text)):
            if restored is not None:
                self._turn(start, restored.whom, restored.since)
            if start in sentences:
                self._new_sentence(start)
            restored = self._clause(start, stop)
            start = stop
        return self.found

    @property
    def now(self) -> Stretch:
        return self.found[-1]

    def _turn(self, start: int, whom: str | None, since: int) -> None:
        if whom != self.now.whom:
            self.other_told = False
        self.found.append(Stretch(start, whom, since))

    def _new_sentence(self, start: int) -> None:
        if self.now.whom not in {None, self.default} and self.writer_told and not self.other_told:
            self._turn(start, self.default, start)

    def _clause(self, start: int, stop: int) -> Stretch | None:
        """Read a clause; return the stretch that its end goes back to, if it does."""
        before = self.now
        here = [m for m in self.mentions if start <= m.start < stop]
        asked = bool(_QUESTION.search(self.text, start, stop))
        self._tell(start, here[0].start if here else stop, asked=asked)
        for i, mention in enumerate(here):
            self._meet(mention, asked=asked)
            end = here[i + 1].start if i + 1 < len(here) else stop
            self._tell(mention.end, end, asked=asked)
        named = [m for m in here if m.kind == "other" and not m.passing]
        if not named or self.now.whom in {None, self.default, before.whom}:
            return None
        closed = _CLOSED.search(self.text[named[0].end : stop].rstrip(" ,.;!?，。；！？\n"))
        return before if closed and before.whom in {None, self.default} else None

    def _tell(self, start: int, stop: int, *, asked: bool) -> None:
        if not any(start <= place < stop for place in self.cases):
            return
        if self.now.whom in {None, self.default}:
            self.writer_told = self.writer_told or not asked
        else:
            self.other_told = True

    def _meet(self, mention: Mention, *, asked: bool) -> None:
        if mention.kind == "self":
            self.writer_told = self.writer_told or not (mention.passing or asked)
            if self.now.whom is not None and not mention.passing:
                self._turn(mention.start, None, mention.end)
        elif mention.kind == "other":
            if not mention.passing:
                self._turn(mention.start, mention.whom, mention.end)
        elif (whom := self._meant(mention)) is not None:
            self._turn(mention.start, whom, mention.end)

    def _meant(self, pronoun: Mention) -> str | None:
        """Return whom "she" is: the one spoken of, or who was named last and may be meant."""
        word = self.text[pronoun.start : pronoun.end]
        wrong = MALE if word.startswith(("she", "her", "她")) else _FEMALE
        named = [m.whom for m in self.mentions if m.kind == "other" and m.end <= pronoun.start]
        if self.now.whom is not None and self.now.whom not in wrong:
            return self.now.whom
        may_be = [whom for whom in named if whom not in wrong]
        return may_be[-1] if may_be else None

    def _default(self) -> str | None:
        """Return whom a text is about before anybody is named: a clinician's patient, or "he"."""
        spoken = _FIRST_PERSON.search(self.text)
        if _CLINICIAN.search(self.text) and not spoken:
            return PATIENT
        first = next(iter(self.mentions), None)
        alone = first and first.kind == "pronoun" and not spoken
        return SOMEBODY if alone and not any(m.kind == "other" for m in self.mentions) else None


def _others(text: str, terms: list[Term]) -> Iterator[Mention]:
    """Yield the others that are named; "my wife's mother" is one, neither wife nor mother."""
    earlier: list[str] = []
    i = 0
    while i < len(terms):
        first = last = terms[i]
        whom = first.name
        while (
            i + 1 < len(terms)
            and {whom, terms[i + 1].name} <= _KIN
            and _is_linked(text, last, terms[i + 1])
        ):
            i += 1
            whom, last = _kin_of(whom, terms[i].name), terms[i]
        i += 1
        if _is_role(text, first, last):
            continue
        if whom in _GENERIC_CHILD and (known := [w for w in earlier if w in _CHILDREN]):
            whom = known[-1]
        if whom == PATIENT and (known := [w for w in earlier if w in _KIN]):
            whom = known[-1]
        earlier.append(whom)
        yield Mention(
            first.start, last.end, "other", whom, _is_passing(text, first.start, last.end)
        )


def _is_linked(text: str, one: Term, other: Term) -> bool:
    """Tell whether two words name one person: "my wife's mother", 孩子爸爸; 老婆孩子 are two."""
    if one.end == other.start:
        return one.name == "child" and other.name in {"father", "mother"}
    return bool(_LINKED.fullmatch(text, one.end, other.start))


def _kin_of(one: str, other: str) -> str:
    """Return who somebody's relative is to the writer: the child's father is the husband."""
    if one in {"child", "son", "daughter"} and other in {"father", "mother"}:
        return "husband" if other == "father" else "wife"
    return "relative"


def _is_role(text: str, first: Term, last: Term) -> bool:
    before = text[: first.start]
    if _ROLE_ZH.search(before[-24:]) or _ROLE_EN.search(before[-60:]):
        return True
    if _ROLE_AFTER_EN.match(text, last.end) and first.name != PATIENT:
        return True
    if _STYLE.match(text, last.end):
        return True
    general = first.name == PATIENT and _IN_GENERAL.search(before[-16:])
    if not general:
        return False
    return not (_ONE_OF_THEM.search(before[-20:]) or _DESCRIBED.match(text, last.end))


def _is_passing(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    if _ABOUT_EN.search(before) or _ABOUT_ZH.search(before):
        return False
    if not (_PASSING_EN.search(before) or _PASSING_ZH.search(before)):
        return False
    return not (_GOVERNS.match(text, end) or _BOTH.match(text, end))


def _writers(text: str, terms: list[Term]) -> Iterator[Mention]:
    names = [t for t in terms if t.kind == "other"]
    for term in terms:
        if term.kind != "self":
            continue
        # "my mother", 我妈: the first person belongs to the relative.
        if any(_is_part_of(text, term, name) for name in names):
            continue
        yield Mention(term.start, term.end, "self", None, _leaves_subject(text, term))


def _is_part_of(text: str, first_person: Term, name: Term) -> bool:
    between = name.start - first_person.end
    if name.start <= first_person.start < name.end:
        return True
    return 0 <= between <= 1 and text[first_person.end : name.start] not in {*"和跟与同、,，/+"}


def _leaves_subject(text: str, term: Term) -> bool:
    """Tell whether a first person leaves the subject as it is: 她自己, "born to me", 我很担心."""
    before, word = text[: term.start], text[term.start : term.end]
    begins = bool(_CLAUSE_STARTS.search(before[-24:]))
    if word in {"自己", "myself"}:
        return not begins
    if word == "me":
        return not (begins or _ME_TAKES.match(text, term.end))
    if word == "my":
        return bool(_MY_ASIDE.match(text, term.end))
    if word in {"我", "俺"}:
        if text.startswith("的", term.end) and not text.startswith("的天", term.end):
            return False
        if _OBJECT_ZH.search(before[-3:]):
            return not _ME_TAKES_ZH.match(text, term.end)
        return bool(_I_ASK_ZH.match(text, term.end) or _ALIKE_ZH.match(text, term.end))
    return word != "mine" and bool(_I_ASK_EN.match(text, term.end))


def _pronouns(text: str, others: list[Mention]) -> Iterator[Mention]:
    for match in _PRONOUN.finditer(text):
        if any(o.start <= match.start() < o.end for o in others):
            continue
        before = text[: match.start()]
        if match[0] in "他她":
            if _OBJECT_ZH.search(before[-3:]) and not text.startswith("的", match.end()):
                continue
        elif match[0] in {"her", "his"} and _NO_NOUN.match(text, match.end()):
            continue
        yield Mention(match.start(), match.end(), "pronoun", None)


def together(
    text: str, mentions: Iterable[Mention]
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Yield where several people are named as one, and who: 我爸和我叔都, "my father and mother"."""
    found = [m for m in mentions if m.kind != "pronoun"]
    i = 0
    while i < len(found):
        group = [found[i]]
        while i + 1 < len(found) and _AND.fullmatch(text, group[-1].end, found[i + 1].start):
            i += 1
            group.append(found[i])
        i += 1
        whom = tuple(dict.fromkeys(m.whom for m in group))
        spoken = None not in whom or _BOTH.match(text, group[-1].end)
        if len(whom) > 1 and spoken:
            yield group[-1].end, whom
