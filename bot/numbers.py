"""Numbers as people write them: exponents in every spelling, Chinese numerals, comparators.

Everything here works on folded raw text (:func:`bot.text.fold`), because tokenizers cut
``2.3×10的7次方`` and ``两万三`` into pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from bot.dictionary import load

# 5,60,000 is grouped as in India, told from a row of values by the unit behind it.
_LAKHS = r"\d{1,2}(?:,\d{2})+,\d{3}(?=\s?(?:iu|copies|cps))"
# "96 000 IU/mL": spaces part the thousands only where a unit of a large number follows.
_OF_TIME = "".join(
    rf"(?<!{word})" for word in ("week ", "weeks ", "wk ", "day ", "month ", "age ", "周", "第")
)
_SPACED = (
    rf"(?<![\d.,] )(?<![a-z\d]){_OF_TIME}\d{{1,3}}(?: \d{{3}})+"
    r"(?=\s?(?:iu\s?/\s?ml|copies|copy|cps|cop\b|c/ml|拷贝))"
)
PLAIN = rf"(?:{_LAKHS}|{_SPACED}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\s?\d+)?|\.\d+)"
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_TIMES = r"(?:[x×*·✕]|乘以?|除以|times)"
_MANTISSA = rf"(?:(?<![\d,])\d,\d{{1,2}}(?![\d,])|{PLAIN})"
_TO_THE = r"(?:\^|\*\*|的|'|′|e|to\s+the(?:\s+power(?:\s+of)?)?|\.(?=\d{1,2}\s?次方)|\s)"
_EXPONENT = r"(?:\+|加|-)?\s?(?:[o0]\.?)*\d{1,2}(?!\d)"
_END = r"(?:\s?(?:次方|次幂|个方|th|st|nd|rd))?"

_POWER = re.compile(
    rf"(?<!\d)(?P<m>{_MANTISSA})\s*(?P<op>{_TIMES})\s*10\s*"
    rf"(?:{_TO_THE}\s*(?P<e>{_EXPONENT})|(?P<s>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<lost>\d)(?!\d)){_END}"
)
_E_NOTATION = re.compile(rf"(?<!\d)(?P<m>{PLAIN})\s*e\s*(?P<e>{_EXPONENT}){_END}")
# 1.2I0E加008: the sign of multiplication lost, a letter for the 1.
_SLIPPED = re.compile(rf"(?<!\d)(?P<m>{PLAIN})[il|][o0]\s*e\s*(?P<e>{_EXPONENT})")
_TEN = re.compile(
    rf"(?<![\d.])10\s*(?:{_TO_THE}\s*(?P<e>{_EXPONENT})|(?P<s>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)){_END}"
    r"(?<=[次方幂\d⁰¹²³⁴⁵⁶⁷⁸⁹thsndr])"
)
# 5.6次方 is a logarithm, not 5.6.
_LOGARITHM = re.compile(
    r"(?:(?<![\d.])10\s?(?:的|\^|\*)\s?)?(?<![\d.])(?P<e>\d\.\d{1,2})\s?(?:次方|次幂)"
)
_ORDER = re.compile(r"(?<![\d.])(?P<e>\d{1,2}|[一二三四五六七八九十])\s?(?:次方|次幂|个方)")
_CHINESE_POWER = re.compile(
    r"(?P<m>[零〇一二两三四五六七八九十百千万点]+)\s?(?:乘以?|除以)\s?十的?(?P<e>[一二三四五六七八九十]+)次方"
)
_WORDED = re.compile(
    rf"(?<!\d)(?P<m>{PLAIN})\s?(?P<w>billion|million|mln|lakhs?|lacs?|crores?|thousand|千万|百万|十万|万|千|亿|k(?![a-z]))"
)
# 2万8 is 28,000.
_WORDED_TAIL = re.compile(
    r"(?<!\d)(?P<m>\d+)\s?(?P<w>万|千)(?P<tail>\d)(?![\d.\-/]|\s?[年月个天周岁次支片粒])"
)
# English number words count only where they count time: "two days", not "one of them".
_ENGLISH = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ENGLISH |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_SPELLED = re.compile(
    rf"\b(?P<m>{'|'.join(_ENGLISH)})\b(?=(?:\sand a half)?\s(?:hour|day|week|month|year)s?\b)"
)
_CHINESE = re.compile(
    r"(?!一[直点样般起下定切些旦共方边会向律了盒瓶种半家套份句位名番阵堆笔顿项门遍回])(?!一次(?!方|幂))(?!百了)[零〇一二两三四五六七八九十百千万亿点]+"
)
_NUMBER = re.compile(PLAIN)
_TAIL = re.compile(r"\.\s(?P<n>\d+)")

# The 10 of log10 is no number of its own.
_LOG_TEN = re.compile(r"log\s?10(?![\d.])")

_FACTORS = {"billion": 10**9, "million": 10**6, "mln": 10**6}
_FACTORS |= {"lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5}
_FACTORS |= {"crore": 10**7, "crores": 10**7}
_FACTORS |= {"thousand": 10**3, "k": 10**3, "千": 10**3}
_FACTORS |= {"万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_LONGEST_NUMERAL = 20
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}

_BEFORE = (
    ("<=", r"<=|≤|不超过|最多|at most|no more than"),
    (">=", r">=|≥|至少|不低于|at least|no less than"),
    ("<", r"<|;?&?lt;|小于|低于|少于|不到|不足|less than|lower than|fewer than|below|under"),
    (">", r">|;?&?gt;|大于|高于|超过|more than|greater than|higher than|above|over"),
    ("~", r"~|≈|大概|大约|约|差不多|about|around|approximately|roughly|nearly|almost"),
)
_COMPARATOR_BEFORE = [(sign, re.compile(rf"(?:{words})\s*$")) for sign, words in _BEFORE]
_COMPARATOR_AFTER = [
    (">=", re.compile(r"\s?(?:及?以上|or (?:more|higher|above))")),
    ("<", re.compile(r"\s?(?:以下|都?不到|or (?:less|lower|below))")),
    ("~", re.compile(r"\s?(?:多|几|左右|上下|or so)(?!次|年)")),
]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: ``start`` includes its comparator, ``digits`` is where the digits begin.

    ``ambiguous`` is set where a careful reader would ask back, as in ``1.117*106`` (a lost caret)
    or ``7次方`` (only an order of magnitude).
    """

    start: int
    end: int
    digits: int
    value: float
    comparator: str = "="
    ambiguous: bool = False


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of a folded text from left to right, without overlaps.

    Example:
        >>> [(n.value, n.comparator) for n in find_numbers("dna 2.3x10^7, alt <40")]
        [(23000000, '='), (40, '<')]
    """
    text = _count_units().sub(lambda match: " " * len(match[0]), text)
    text = _LOG_TEN.sub(lambda match: " " * len(match[0]), text)
    found: list[Number] = []
    for read in (
        _powers,
        _slipped,
        _chinese_powers,
        _scientific,
        _tens,
        _orders,
        _worded,
        _plain,
        _spelled,
        _chinese,
    ):
        for number in read(text):
            if all(number.end <= other.digits or number.digits >= other.end for other in found):
                found.append(number)
            elif rest := _rest(number, found, text):
                found.append(rest)
    return [_with_comparator(text, n) for n in sorted(found, key=lambda n: n.digits)]


def _rest(number: Number, found: list[Number], text: str) -> Number | None:
    """Return what a plain number has behind one that was read already: the 29 of "4.5E7. 29"."""
    taken = max((n.end for n in found if n.digits <= number.digits < n.end), default=0)
    tail = _TAIL.fullmatch(text, taken, number.end) if taken else None
    return Number(tail.start("n"), number.end, tail.start("n"), int(tail["n"])) if tail else None


@cache
def _count_units() -> re.Pattern[str]:
    """Return the pattern of units such as ×10^9/L, whose digits are no number of their own."""
    written = "|".join(p for name in ("10*9/L", "10*3/uL") for p in load("units")[name])
    return re.compile(rf"(?<![\d.,]10)(?:{written})(?![a-z])")


def chinese_value(numeral: str) -> float | None:
    """Return the value of a Chinese numeral, or None if it is not one.

    Example:
        >>> chinese_value("二点六"), chinese_value("两万三"), chinese_value("三十四")
        (2.6, 23000, 34)
    """
    whole, _, fraction = numeral.partition("点")
    value = _chinese_whole(whole)
    if value is None or not fraction:
        return None if fraction or numeral.endswith("点") else value
    if any(char not in _DIGITS for char in fraction):
        return None
    return float(f"{value}." + "".join(str(_DIGITS[char]) for char in fraction))


def _chinese_whole(text: str) -> int | None:
    if not text or len(text) > _LONGEST_NUMERAL:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, section, digit, last = 0, 0, 0, 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            last = 1 if char in "零〇" else last
        elif char in _SCALES:
            section += (digit or 1) * _SCALES[char]
            digit, last = 0, _SCALES[char]
        elif char in _BIG:
            total = (
                (total + section + digit) * _BIG[char] if total + section + digit else _BIG[char]
            )
            section, digit, last = 0, 0, _BIG[char]
        else:
            return None
    # 两万三 is 23,000: a last digit without a scale counts in tenths of the scale before it.
    return total + section + (digit * last // 10 if last > 10 else digit)  # noqa: PLR2004


def _number(match: re.Match[str], value: float | None, *, ambiguous: bool = False) -> list[Number]:
    if value is None:
        return []
    value = float(f"{value:.12g}")  # 1.1 lakhs are 110,000
    exact = int(value) if value.is_integer() and abs(value) < 1e15 else value  # noqa: PLR2004
    return [Number(match.start(), match.end(), match.start(), exact, ambiguous=ambiguous)]


def _plain_value(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def _mantissa(text: str) -> float:
    one_comma = re.fullmatch(r"\d,\d{1,2}", text)
    return float(text.replace(",", ".")) if one_comma else _plain_value(text)


def _exponent(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("s"):
        return int(groups["s"].translate(_SUPER))
    text = groups.get("e") or groups["lost"]
    return int(re.sub(r"[\s+加.]", "", text).replace("o", "0"))


def _scaled(mantissa: float, exponent: int) -> float:
    return float(f"{mantissa!r}e{exponent}")


def _powers(text: str) -> list[Number]:
    return [
        number
        for match in _POWER.finditer(text)
        for number in _number(
            match,
            _scaled(_mantissa(match["m"]), _exponent(match)),
            ambiguous=bool(match["lost"]) or match["op"] == "除以",
        )
    ]


def _chinese_powers(text: str) -> list[Number]:
    found = []
    for match in _CHINESE_POWER.finditer(text):
        mantissa, exponent = chinese_value(match["m"]), chinese_value(match["e"])
        if mantissa is not None and exponent is not None:
            found += _number(match, _scaled(mantissa, int(exponent)))
    return found


def _scientific(text: str) -> list[Number]:
    return [
        number
        for match in _E_NOTATION.finditer(text)
        for number in _number(match, _scaled(_plain_value(match["m"]), _exponent(match)))
    ]


def _slipped(text: str) -> list[Number]:
    return [
        number
        for match in _SLIPPED.finditer(text)
        for number in _number(
            match, _scaled(_plain_value(match["m"]), _exponent(match)), ambiguous=True
        )
    ]


def _tens(text: str) -> list[Number]:
    return [
        number
        for match in _TEN.finditer(text)
        if re.search(r"[\^*的'′⁰¹²³⁴⁵⁶⁷⁸⁹方幂]|to\s+the", match[0])
        and not re.match(r"\.\d{1,2}\s?次", text[match.end() :])
        for number in _number(match, _scaled(1, _exponent(match)))
    ]


def _orders(text: str) -> list[Number]:
    found = [
        number
        for match in _LOGARITHM.finditer(text)
        for number in _number(match, float(round(10 ** float(match["e"]))), ambiguous=True)
    ]
    for match in _ORDER.finditer(text):
        exponent = float(match["e"]) if match["e"].isdigit() else chinese_value(match["e"])
        if exponent is not None:
            found += _number(match, _scaled(1, int(exponent)), ambiguous=True)
    return found


def _worded(text: str) -> list[Number]:
    tailed = [
        number
        for match in _WORDED_TAIL.finditer(text)
        for number in _number(
            match, (int(match["m"]) + int(match["tail"]) / 10) * _FACTORS[match["w"]]
        )
    ]
    whole = [n for n in _whole_worded(text) if all(n.digits != t.digits for t in tailed)]
    return [*tailed, *whole]


def _whole_worded(text: str) -> list[Number]:
    return [
        number
        for match in _WORDED.finditer(text)
        for number in _number(match, _plain_value(match["m"]) * _FACTORS[match["w"]])
    ]


def _plain(text: str) -> list[Number]:
    return [n for match in _NUMBER.finditer(text) for n in _number(match, _plain_value(match[0]))]


def _spelled(text: str) -> list[Number]:
    return [n for match in _SPELLED.finditer(text) for n in _number(match, _ENGLISH[match["m"]])]


def _chinese(text: str) -> list[Number]:
    return [n for match in _CHINESE.finditer(text) for n in _number(match, chinese_value(match[0]))]


def _with_comparator(text: str, number: Number) -> Number:
    head = text[: number.digits]
    for sign, pattern in _COMPARATOR_BEFORE:
        if match := pattern.search(head):
            return replace(number, start=match.start(), comparator=sign)
    for sign, pattern in _COMPARATOR_AFTER:
        if match := pattern.match(text, number.end):
            return replace(number, end=match.end(), comparator=sign)
    return number
