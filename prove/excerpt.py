"""The part of the rulebook that one decision table needs, as Markdown that the engine can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.engine.naive import NaiveBook

_SECTION = re.compile(r"^##?\s")
_ANCHOR = re.compile(r"\{#([\w-]+)\}\s*$")


@dataclass(frozen=True)
class Line:
    """A line of the rulebook with the place it comes from."""

    text: str
    file: str
    number: int


def excerpt(texts: dict[str, str], reader: NaiveBook, table: str) -> tuple[list[Line], list[Line]]:
    """Return the lines of a table, and those of all parameters and of the tables below it.

    There are no sentences in them; the engine reads both together as a rulebook.
    """
    markdown = {file: text for file, text in texts.items() if file.endswith(".md")}
    own = [line for file, text in markdown.items() for line in _of_file(file, text, {table})]
    below = set(_below(reader, table))
    rest = [
        line
        for file, text in markdown.items()
        for line in _of_file(file, text, below, parameters=True)
    ]
    return own, rest


def _below(reader: NaiveBook, table: str) -> Iterator[str]:
    for column in reader.tables[table].columns:
        if column in reader.tables:
            yield column
            yield from _below(reader, column)


def _of_file(file: str, text: str, wanted: set[str], *, parameters: bool = False) -> Iterator[Line]:
    """Yield the headings, settings and first tables of the wanted sections."""
    section: list[Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        if _SECTION.match(line):
            yield from _kept(section, wanted, parameters=parameters)
            section = []
        section.append(Line(line, file, number))
    yield from _kept(section, wanted, parameters=parameters)


def _kept(section: list[Line], wanted: set[str], *, parameters: bool) -> Iterator[Line]:
    anchor = _ANCHOR.search(section[0].text) if section else None
    if anchor is None:
        return
    start = next((i for i, line in enumerate(section) if line.text.startswith("| id |")), None)
    if start is None:
        return
    is_parameters = section[start].text.startswith("| id | value |")
    if not (parameters if is_parameters else anchor.group(1) in wanted):
        return
    yield section[0]
    yield Line("", section[0].file, section[0].number)
    if not is_parameters:
        yield from _settings(section[:start])
    for line in section[start:]:
        if not line.text.startswith("|"):
            break
        yield line
    yield Line("", section[0].file, section[0].number)


def as_text(lines: list[Line]) -> str:
    """Return lines as one Markdown text."""
    return "\n".join(line.text for line in lines) + "\n"


def _settings(lines: list[Line]) -> Iterator[Line]:
    inside = False
    for line in lines:
        inside = inside or "Hit policy:" in line.text
        if inside:
            yield line
            if not line.text.strip():
                return
