"""From the tokens of a row to its printed parts: which number is the result, which the reference."""

from __future__ import annotations

from dataclasses import dataclass

from bot.report.columns import Columns, cell_at, cell_count, width_of
from bot.report.result import Printed, UnreadError
from bot.report.tokens import VALUES, Token


@dataclass(frozen=True, slots=True)
class Parts:
    """The printed parts of a row for one result, and the tokens that hold them."""

    printed: Printed
    number: Token | None
    word: Token | None
    flag: Token | None

    def value(self, *, worded: bool) -> Token:
        """Return the token that states a value: the word if there is one and it is meant."""
        token = (self.word or self.number) if worded else (self.number or self.word)
        if token is None:
            raise UnreadError("value")
        return token


def parts_of(
    tokens: list[Token], analyte: str, *, columns: Columns | None, line: str, line_start: int
) -> Parts:
    """Return the parts of a row.

    Args:
        tokens: what is printed after the name, in places of the whole text.
        analyte: the test.
        columns: the heading of the table, if there is one.
        line: the line that holds the row, which begins at ``line_start``.
        line_start: see ``line``.

    Raises:
        UnreadError: there is no value, or one that cannot be read.
    """
    return _Parts(tokens, analyte, columns, line, line_start).read()


def _is_stroke(text: str) -> bool:
    return text.strip() in {"-", "–", "—", "−"}


class _Parts:
    """Sorts the tokens of one row."""

    def __init__(
        self, tokens: list[Token], analyte: str, columns: Columns | None, line: str, start: int
    ) -> None:
        self.tokens = tokens
        self.analyte = analyte
        self.columns = columns
        self.line = line
        self.line_start = start
        self.crowded = False
        self.references = [t for i, t in enumerate(tokens) if self._is_reference(i)]
        self.values = [t for t in tokens if t.kind in VALUES and t not in self.references]
        self._sort_by_cells()

    def read(self) -> Parts:
        if not self.values or any(token.kind == "unreadable" for token in self.values):
            raise UnreadError("value")
        number, word = self._number(), self._word()
        if number is None and word is None:
            raise UnreadError("value")
        low, high = self._limits()
        flag = next((t for t in self.tokens if t.kind == "flag"), None)
        unit, odd = self._unit(number)
        return Parts(
            Printed(
                analyte=self.analyte,
                number=number.number if number else None,
                word=word.text if word else None,
                unit=unit,
                odd_unit=odd,
                reference_low=low,
                reference_high=high,
                flag=flag.text if flag else None,
                bare_minus=word is not None and self._text(word) == "-",
                loose_word=self._is_loose(number, word),
                crowded=self.crowded,
            ),
            number,
            word,
            flag,
        )

    def _is_reference(self, index: int) -> bool:
        token = self.tokens[index]
        before = self.tokens[index - 1] if index else None
        told = before is not None and before.kind == "reference"
        return token.kind == "range" or (told and token.kind in VALUES)

    def _sort_by_cells(self) -> None:
        """Where tabs or bars cut both heading and row, each cell says what it holds."""
        columns = self.columns
        if columns is None or not columns.cells or cell_count(self.line) != len(columns.cells):
            self._sort_by_width()
            return
        kept = []
        for token in self.values:
            kind = columns.cells[cell_at(self.line, token.start - self.line_start)]
            if kind == "reference":
                self.references.append(token)
            elif kind not in {"previous", "flag"} or (kind == "flag" and token.kind == "word"):
                kept.append(token)
        self.values = kept

    def _sort_by_width(self) -> None:
        """A lone word under the heading of the reference may not be the result."""
        if self.columns is None or len(self.values) != 1 or self.values[0].kind != "word":
            return
        place = self.values[0].start - self.line_start
        if 0 <= place <= len(self.line):
            self.crowded |= self.columns.under_reference(width_of(self.line[:place]))

    def _number(self) -> Token | None:
        numbers = [t for t in self.values if t.kind in {"number", "limit"}]
        numbers = [t for t in numbers if not self._is_conversion(t, numbers)]
        if not numbers:
            return None
        first, rest = numbers[0], numbers[1:]
        columns = self.columns
        if columns is not None and columns.previous and not columns.cells:
            return self._beside_previous(numbers)
        if not rest:
            return None if self._limit_of_normal(first) else first
        if columns is not None and columns.reference_first and first.kind == "limit":
            self.references.append(first)
            self.crowded |= len(rest) > 1
            return rest[0]
        for token in rest:
            if token.kind == "limit":
                self.references.append(token)
        self.crowded |= any(token.kind == "number" for token in rest)
        return first

    def _beside_previous(self, numbers: list[Token]) -> Token:
        results = [t for t in numbers if t.kind == "number"] or numbers
        columns = self.columns
        if len(results) == 2 and columns is not None:  # noqa: PLR2004 - now and before
            return results[1] if columns.previous_first else results[0]
        self.crowded = True
        return results[0]

    def _limit_of_normal(self, token: Token) -> bool:
        """Tell whether a limit after a word, without a unit, is what is normal."""
        words = [t for t in self.values if t.kind == "word" and t.start < token.start]
        if token.kind != "limit" or not words or self._unit_after(token):
            return False
        self.references.append(token)
        return True

    def _is_conversion(self, token: Token, numbers: list[Token]) -> bool:
        """Tell whether a number repeats the first in another unit, such as a logarithm."""
        if token is numbers[0]:
            return False
        first, second = self._unit_after(numbers[0]), self._unit_after(token)
        return bool(first and second and first != second)

    def _word(self) -> Token | None:
        words = [t for t in self.values if t.kind == "word"]
        # "HBsAg - Reactive": a lone stroke before a word only parts it from the name.
        words = [t for t in words if not _is_stroke(self._text(t))] or words
        if not words:
            return None
        neither = next((t for t in words if t.text == "neither"), None)
        if neither is not None:
            return neither
        last_counts = self.columns is not None and self.columns.reference_first
        if len({t.text for t in words}) == 1:
            return words[0]
        self.crowded |= not last_counts and words[0].text == "negative"
        return words[-1] if last_counts else words[0]

    def _is_loose(self, number: Token | None, word: Token | None) -> bool:
        if number is None or word is None or word.start < number.start:
            return False
        if self.columns is not None and self.columns.cells:
            return False
        return not self.references

    def _limits(self) -> tuple[float | None, float | None]:
        for token in self.references:
            if token.kind == "range" and token.number and token.high:
                return token.number.value, token.high.value
            if token.kind == "limit" and token.number:
                upper = token.number.comparator in {"<", "<="}
                value = token.number.value
                return (None, value) if upper else (value, None)
        return None, None

    def _unit(self, number: Token | None) -> tuple[str | None, bool]:
        units = [t for t in self.tokens if t.kind in {"unit", "odd_unit"}]
        if number is not None:
            next_value = min(
                (t.start for t in self.values if t.kind == "number" and t.start > number.start),
                default=1 << 60,
            )
            after = [t for t in units if number.end <= t.start < next_value]
            units = after or units
        if not units:
            return None, False
        return (units[0].text, False) if units[0].kind == "unit" else (None, True)

    def _unit_after(self, token: Token) -> str | None:
        after = next((t for t in self.tokens if t.start >= token.end), None)
        return after.text if after is not None and after.kind in {"unit", "odd_unit"} else None

    def _text(self, token: Token) -> str:
        return self.line[token.start - self.line_start : token.end - self.line_start].strip()
