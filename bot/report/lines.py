"""The lines of a report cut into segments: a name, and what is printed after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.report.names import analytes_of, name_pattern
from bot.report.tokens import VALUES, Token, cut
from bot.report.words import grouped, listed, load

_LINE = re.compile(r"[^\r\n]+")
_GAPS = re.compile(r"\s+")
_BRACKETED = re.compile(r"[(（]\s?([^()（）]{2,12})\s?[)）]")
_WIDE = re.compile(r"\s*[\t|]\s*|\s{2,}")
_SERIAL = re.compile(r"\d{1,3}")
_CODE = re.compile(r"[\s*★☆▲#.、]*(?:[a-z]{0,4}\d+[a-z\d]*)?[\s*★☆▲#.、]*")
_VALUE_NEXT = re.compile(
    r"\s*(?:[(（][^()（）\d]{1,12}[)）])?[\s:：|]*[<>≤≥↑↓(（]*\s?"
    r"(?:\d|阳|阴|未|[+-]|pos|neg|non|not|react|det|target|und)"
)
# What people write before the first row: 化验单上 谷丙转氨酶62, "my results ALT 40".
_LEADS_IN = re.compile(
    r"(?:我的?|今天|昨天|这次|最近|最新|刚|化验|检查|检验|体检|抽血|验血|肝功能?|生化|血常规|乙肝|两对半|五项|报告|"
    r"结果|单子?|上|里|的|是|显示|如下|出来了?|了|[:：\s])+\s|"
    r"(?:my |the |latest |recent |lab |labs |blood |liver |test |tests |report |reports |results? |"
    r"panel |is |are |shows? |said |says )+"
)
_NAMES = {"name", "text", "beside"}


@dataclass(slots=True)
class Segment:
    """A name (``phrase``, may be empty) and the ``parts`` after it, in places of the whole text."""

    line: int
    phrase: list[Token] = field(default_factory=list)
    parts: list[Token] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min(token.start for token in (*self.phrase, *self.parts))

    @property
    def end(self) -> int:
        return max(token.end for token in (*self.phrase, *self.parts))

    @property
    def valued(self) -> bool:
        return any(part.kind in VALUES for part in self.parts)

    @property
    def measured(self) -> bool:
        return any(part.kind in {"number", "limit"} for part in self.parts)

    @property
    def counted(self) -> bool:
        return any(part.kind == "number" for part in self.parts)

    def name(self, folded: str) -> str:
        """Return the printed name, folded."""
        return folded[self.phrase[0].start : self.phrase[-1].end] if self.phrase else ""

    def analytes(self, folded: str, *, bracketed: bool = False) -> tuple[str, ...] | None:
        """Return the tests that the name speaks of; see :func:`bot.report.names.analytes_of`.

        Args:
            folded: the text.
            bracketed: an abbreviation in brackets may speak alone, as in 谷?转氨酶(ALT).
        """
        name = self.name(folded)
        whole = analytes_of(_GAPS.sub(" ", name))
        if whole is not None or not name:
            return whole
        if (led := _LEADS_IN.match(name)) and (rest := name[led.end() :].strip()):
            whole = analytes_of(_GAPS.sub(" ", rest))
            if whole is not None:
                return whole
        cells = [cell for cell in _WIDE.split(name) if not _is_aside(cell)]
        found = analytes_of(_GAPS.sub(" ", " ".join(cells))) if cells else None
        if found is not None or not bracketed:
            return found
        closed = _BRACKETED.findall(folded[self.phrase[0].start : self.phrase[-1].end + 2])
        return analytes_of(closed[-1]) if closed else None


@dataclass(slots=True)
class Line:
    """A line at ``start`` of the text, with its tokens in places of the whole text."""

    start: int
    text: str
    tokens: list[Token]
    segments: list[Segment]
    private: bool = False


def read_lines(folded: str, raw: str) -> Iterator[Line]:
    """Yield the lines of a report without what is about the person, the staff or the paper."""
    for number, match in enumerate(_LINE.finditer(folded)):
        if match[0].isspace():
            continue
        text, private = _without_private(match[0])
        printed = raw[match.start() : match.end()]
        tokens = [_moved(token, match.start()) for token in cut(text, printed)]
        segments = list(_segments(number, tokens, folded))
        yield Line(match.start(), text, tokens, segments, private)


def _without_private(line: str) -> tuple[str, bool]:
    """Return a line of the same length whose private parts are blank, and if there were any."""
    remark = listed("remarks").search(line)
    kept = line[: remark.start()] + " " * (len(line) - remark.start()) if remark else line
    for pattern in (
        listed("private"),
        *(grouped("dates", kind) for kind in load("words")["dates"]),
    ):
        for found in pattern.finditer(line):
            after = _test_after(line, found.end())
            kept = kept[: found.start()] + " " * (after - found.start()) + kept[after:]
    return kept, kept != line


def _test_after(line: str, start: int) -> int:
    """Return where the next test with a value behind it begins, or the end of the line."""
    for match in name_pattern().finditer(line, start):
        if _VALUE_NEXT.match(line, match.end()):
            return match.start()
    return len(line)


def _segments(number: int, tokens: list[Token], folded: str) -> Iterator[Segment]:
    current = Segment(number)
    serial: int | None = None
    for index, token in enumerate(tokens):
        following = tokens[index + 1].kind if index + 1 < len(tokens) else None
        if _is_serial(token, following, current, serial, folded):
            serial = int(token.text) + 1
        elif token.kind in _NAMES:
            if token.kind == "beside" and current.valued:
                continue
            if current.valued:
                yield current
                current = Segment(number)
            current.phrase.append(token)
        else:
            current.parts.append(token)
    if current.phrase or current.parts:
        yield current


def _is_serial(
    token: Token, following: str | None, current: Segment, serial: int | None, folded: str
) -> bool:
    """Tell whether a number only counts the rows."""
    if token.kind != "number" or following not in {"name", "text"}:
        return False
    if not _SERIAL.fullmatch(token.text) or folded[token.end : token.end + 1].isalpha():
        return False
    if not current.phrase and not current.parts:
        return True
    return int(token.text) == serial if serial is not None else current.measured


def _is_aside(cell: str) -> bool:
    return bool(_CODE.fullmatch(cell) or listed("blood").fullmatch(cell.strip()))


def _moved(token: Token, by: int) -> Token:
    return Token(token.kind, token.start + by, token.end + by, token.text, token.number, token.high)
