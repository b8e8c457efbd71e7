"""The cells of the printed rulebook: conditions with their numbers, sentences with placeholders."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from hbv_engine.book import Book, Row, Table
from hbv_engine.conditions import Condition, Span
from hbv_engine.coverage import STATEMENT
from hbv_engine.wording import number_text, outcome_label, parameter_text, phrase, unit_text

_WORD = re.compile(r"[A-Za-z_]\w*")
_PLACEHOLDER = re.compile(r"\{(=?\w+)\}")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
CROWDED = 8
"""A table with more columns than this, mostly empty, is shown as a list of its conditions."""


class Cells:
    """Turns what a table says into HTML, for one rulebook."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def is_sparse(self, table: Table) -> bool:
        """True when a table reads better as a list of the conditions of each row."""
        told = sum(c.text != "-" for row in table.rows for c in row.conditions.values())
        cells = len(table.rows) * max(len(table.columns), 1)
        return len(table.columns) > CROWDED and told < cells / 3

    def unit(self, column: str) -> str:
        """Return the unit of a column as it is read; empty if it has none."""
        found = self.book.input(column)
        return unit_text(self.book, found.unit, "en") if found else ""

    def label(self, column: str) -> str:
        """Return the label of a column in English."""
        return self.book.label(column)["en"]

    def condition(self, column: str, condition: Condition, *, with_unit: bool = False) -> Markup:
        """Return a condition with its thresholds as numbers, their names as tooltips."""
        if isinstance(condition, Span):
            unit = self.unit(column) if with_unit else ""
            return self._numbers(condition.text, unit)
        return self._values(column, condition.text)

    def _numbers(self, text: str, unit: str) -> Markup:
        def number(match: re.Match[str]) -> str:
            parameter = self.book.parameters.get(match.group())
            if parameter is None:
                return str(escape(match.group().replace("_", " ")))
            shown = f"{number_text(parameter.value)} {unit}".strip()
            return str(_tooltip(shown, parameter.id))

        parts, last = [], 0
        for match in _WORD.finditer(text):
            parts += [str(escape(text[last : match.start()])), number(match)]
            last = match.end()
        return Markup("".join(parts)) + text[last:]  # noqa: S704 - every part is escaped

    def _values(self, column: str, text: str) -> Markup:
        negated = text.startswith("not ")
        names = [part.strip() for part in text.removeprefix("not ").split(",")]
        shown = Markup(", ").join(
            Markup('<span title="{}">{}</span>').format(name, self._value(column, name))
            for name in names
        )
        return Markup("not ") + shown if negated else shown

    def _value(self, column: str, name: str) -> str:
        if column in self.book.tables:
            return outcome_label(self.book, column, name, "en")
        if f"value.{name}" in self.book.phrases:
            return phrase(self.book, f"value.{name}", "en")
        return name.replace("_", " ")

    def conditions(self, row: Row) -> list[tuple[str, str, Markup]]:
        """Return the conditions of a row that ask for something: column, label, condition."""
        return [
            (column, self.label(column), self.condition(column, condition, with_unit=True))
            for column, condition in row.conditions.items()
            if condition.text != "-"
        ]

    def outcome(self, table: Table, name: str) -> str:
        """Return the name of an outcome in English."""
        return outcome_label(self.book, table.id, name, "en")

    def output(self, name: str, text: str) -> Markup:
        """Return another output of a row; a threshold as its number."""
        parameter = self.book.parameters.get(text)
        if parameter:
            shown = f"{number_text(parameter.value)} {unit_text(self.book, parameter.unit, 'en')}"
            return _tooltip(shown.strip(), parameter.id)
        spaced = "weeks" in name or " " in text
        return escape(text.replace("_", " ") if not spaced else text)

    def number(self, value: float, unit: str) -> str:
        """Return a number with its unit."""
        return f"{number_text(value)} {unit_text(self.book, unit, 'en')}".strip()

    def said(self, text: str, language: str) -> Markup:
        """Return a sentence; thresholds as numbers, a person's values as named gaps."""

        def fill(match: re.Match[str]) -> Markup:
            name = match.group(1)
            if name.startswith("="):
                return _tooltip(parameter_text(self.book, name[1:], language), name[1:])
            return Markup('<span class="gap" title="{}">{}</span>').format(
                name, self._gap(name, language)
            )

        parts, last = [], 0
        for match in _PLACEHOLDER.finditer(text):
            parts += [self.inline(text[last : match.start()]), fill(match)]
            last = match.end()
        return Markup("").join([*parts, self.inline(text[last:])])

    def _gap(self, name: str, language: str) -> str:
        try:
            return self.book.label(name)[language]
        except Exception:  # noqa: BLE001 - a placeholder of the frame, such as {possible}
            return name.replace("_", " ")

    def inline(self, text: str) -> Markup:
        """Return a line of Markdown with its code and strong marks; everything else is text."""
        html = str(escape(text.replace("\\|", "|")))
        html = _CODE.sub(r"<code>\1</code>", html)
        return Markup(_STRONG.sub(r"<strong>\1</strong>", html))  # noqa: S704 - escaped above

    def sources(self, names: tuple[str, ...]) -> Markup:
        """Return source ids as links to where each is explained."""
        return Markup(" ").join(self.source(name) for name in names)

    def source(self, name: str) -> Markup:
        """Return one source id as a link."""
        target = f"statement-{name}" if STATEMENT.match(name) else f"source-{name}"
        found = self.book.sources.get(name.partition("-")[0] if STATEMENT.match(name) else name)
        title = found["title"] if found else ""
        return Markup('<a href="#{}" title="{}">{}</a>').format(target, title, name)

    def is_statement(self, text: str) -> bool:
        """True when a text is the id of a numbered statement."""
        return bool(STATEMENT.match(text))


def _tooltip(shown: str, name: str) -> Markup:
    return Markup('<abbr title="{}">{}</abbr>').format(name, shown)
