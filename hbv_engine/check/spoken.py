"""Every sentence of the rulebook that a person may read, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hbv_engine.book import Book, Table
from hbv_engine.check.finding import key_place
from hbv_engine.facts import Text

PATIENT, NURSE, ANYONE = "patient", "nurse", "anyone"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence in both languages.

    ``part`` is ``name``, ``summary``, ``detail``, ``row`` (of a list), ``question``, ``why``, ``option``,
    ``label``, ``definition`` or ``phrase``; ``owner`` names what says it.
    """

    place: str
    owner: str
    audience: str
    part: str
    text: Text

    @property
    def title(self) -> str:
        """What is spoken, in words for a message."""
        return f"{self.owner}, {self.audience} {self.part}"

    def of(self, language: str) -> str:
        """Return the text in a language; empty if there is none."""
        return str(self.text.get(language) or "")


def spoken(book: Book) -> Iterator[Spoken]:
    """Yield everything that is said: outcomes, rows, questions, phrases and labels."""
    for table in book.tables.values():
        yield from _of_table(table)
    for name, spec in book.questions.items():
        if "text" in spec:
            yield from _of_question(name, spec)
    for name, text in book.phrases.items():
        audience = next((a for a in (PATIENT, NURSE) if f".{a}." in f".{name}."), ANYONE)
        yield Spoken(key_place("phrases.yml", name), name, audience, "phrase", text)
    for name, definition in book.definitions.items():
        place = key_place("definitions.yml", name)
        yield Spoken(place, f"definition {name}", PATIENT, "definition", definition.text)
        yield Spoken(place, f"definition {name}", PATIENT, "name", definition.label)
    for name in book.axes:
        if name not in book.tables:
            place = key_place("inputs.yml", name)
            yield Spoken(place, name, ANYONE, "label", book.label(name))


def _of_table(table: Table) -> Iterator[Spoken]:
    for outcome in table.outcomes.values():
        place = f"{table.file}:{outcome.line}"
        owner = f"{table.id} {outcome.name}"
        yield Spoken(place, owner, ANYONE, "name", outcome.label)
        for (audience, part), text in outcome.texts.items():
            yield Spoken(place, owner, audience, part, text)
    lines = {row.id: row.line for row in table.rows}
    for row_id, by_audience in table.says.items():
        place = f"{table.file}:{lines.get(row_id, table.line)}"
        for audience, text in by_audience.items():
            yield Spoken(place, f"{table.id} {row_id}", audience, "row", text)


def _of_question(name: str, spec: dict[str, Any]) -> Iterator[Spoken]:
    place = key_place("questions.yml", name)
    yield Spoken(place, name, PATIENT, "question", spec["text"])
    yield Spoken(place, name, PATIENT, "why", spec.get("why") or {})
    for option in spec.get("options", ()):
        owner = f"{name} {option['id']}"
        yield Spoken(place, owner, PATIENT, "option", option.get("label") or {})
