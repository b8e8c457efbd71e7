"""The questions as a conversation, without a screen: what to ask, and what a reply does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hbv_engine.answers import NOT_KNOWN, answer
from hbv_engine.book import Book
from hbv_engine.cli.replies import YES_NO, Answer, choices, read_answer, read_command
from hbv_engine.cli.typed import plain, take_date
from hbv_engine.errors import DateError, UnitError, WrongTypeError
from hbv_engine.model import Record, read_record
from hbv_engine.questions import Question, next_question
from hbv_engine.timeline import Evidence
from hbv_engine.wording import evidence_text, quantity_text


@dataclass(slots=True)
class Conversation:
    """One person answering questions about one record.

    ``skipped`` questions are put aside for this conversation only; "don't know" is kept in the
    record. ``past`` holds what there was before each answer, so that one can go back; ``heard`` is
    how the last answer was understood, ``pending`` a number that still waits for its unit.
    """

    book: Book
    record: Record
    goals: tuple[str, ...] | None = None
    language: str = "en"
    answered: int = 0
    skipped: tuple[str, ...] = ()
    pending: str = ""
    heard: str = ""
    past: list[tuple[Record, tuple[str, ...], int]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many questions were answered, skipped, or answered with "don't know"."""
        return len(self.past)

    def question(self) -> Question | None:
        """Return the next question, or None when no answer can change anything any more."""
        put_aside = {"asked": (*self.record.asked, *self.skipped)}
        return next_question(self.record.model_copy(update=put_aside), self.goals, book=self.book)

    def reply(self, question: Question, text: str) -> str:
        """Take a reply and return what it was: ``answer``, or the name of a command.

        Raises:
            RecordError: the reply is neither; nothing has changed.
        """
        command = read_command(text)
        if command in {"why", "help", "quit"}:
            return command
        if command == "back":
            return "back" if self._back() else "nothing_before"
        if command == "skip":
            self._remember()
            self.skipped = (*self.skipped, question.id)
        elif command == "unknown":
            self._remember()
            self.record = answer(self.record, question.id, NOT_KNOWN, book=self.book)
        else:
            after = self._answered(question, text)
            self._remember()
            self.record = after
            self.answered += 1
        self.pending = ""
        return command or "answer"

    def _remember(self) -> None:
        self.past.append((self.record, self.skipped, self.answered))

    def _back(self) -> bool:
        if not self.past:
            return False
        self.record, self.skipped, self.answered = self.past.pop()
        self.pending = ""
        return True

    def _answered(self, question: Question, text: str) -> Record:
        """Return the record with an answer in it.

        A number without its unit, or an earlier result without its day, waits for the rest.
        """
        spec = self.book.questions[question.id]
        whole = f"{self.pending} {text}" if self.pending and is_rest(text) else text
        said = read_answer(question, spec, whole, language=self.language)
        if question.kind == "date":
            _not_in_the_future(str(said.value), self.record.as_of)
        told = said.value if isinstance(said.value, dict) else {}
        if "completes" in spec and "unit" in told:
            self._same_unit(spec["completes"]["analyte"], str(told["unit"]))
        try:
            after = answer(self.record, question.id, said.value, book=self.book)
        except (UnitError, WrongTypeError):
            if told and "unit" not in told and question.units:
                self.pending = whole
                raise _unit_needed(question, whole) from None
            raise
        except DateError:
            self.pending = whole if told and "date" not in told else ""
            raise
        self.heard = self._read_back(question, said)
        return with_words(self.record, after, said)

    def _same_unit(self, analyte: str, unit: str) -> None:
        """Refuse a limit in another unit than the result that it stands beside."""
        units = {o.unit for o in self.record.observations if o.analyte == analyte}
        if unit not in units:
            raise UnitError(
                f"The result beside it was given in {' or '.join(map(str, units))}.",
                value=unit,
                accepted=", ".join(map(str, units)),
                remedy="Give the limit in the unit of the result.",
            )

    def _read_back(self, question: Question, said: Answer) -> str:
        """Return how an answer was understood, in words."""
        value = said.value
        if isinstance(value, dict) and not isinstance(value["value"], str):
            unit = value.get("unit") or question.unit
            told = Evidence(
                question.facts[0],
                value["value"],
                comparator=value.get("comparator", "="),
                unit=unit,
            )
            parts = [evidence_text(self.book, told, self.language)]
            if "reference_high" in value:
                limit = quantity_text(self.book, value["reference_high"], unit, self.language)
                parts.append(f"<= {limit}")
            return " · ".join([*parts, *([str(value["date"])] if "date" in value else [])])
        chosen = value if isinstance(value, list) else [value]
        names = {name: label[self.language] for _, name, label in choices(question)}
        plain = {True: YES_NO["yes"], False: YES_NO["no"]}
        words = [
            plain[v][self.language] if isinstance(v, bool) else names.get(str(v), str(v))
            for v in chosen
        ]
        return "; ".join(words)


def is_rest(text: str) -> bool:
    """True when a reply is only a unit or only a day: the rest of a value given before."""
    typed = plain(text)
    if not take_date(typed)[0]:
        return True
    return not typed[:1].isdigit() or typed.startswith("10")


def _unit_needed(question: Question, text: str) -> UnitError:
    return UnitError(
        f"{text.strip()[:40]} has no unit, and the number means nothing without one.",
        value=text,
        accepted=", ".join(question.units),
        remedy="Type the unit that is printed beside it, or the whole value again.",
    )


def _not_in_the_future(day: str, as_of: dt.date) -> None:
    if dt.date.fromisoformat(day) > as_of:
        raise DateError(
            f"The date {day} lies in the future.",
            value=day,
            accepted=f"a date up to {as_of}",
            remedy="Check the year and the order of day and month.",
        )


def with_words(before: Record, after: Record, said: Answer) -> Record:
    """Return the record with what was typed kept beside everything that the answer added.

    A result keeps the day only if one was given; what a person says about today is dated today.
    """
    data = after.model_dump(mode="json")
    old = before.model_dump(mode="json")
    for entry in data["observations"]:
        if entry not in old["observations"]:
            entry["raw"] = entry["raw"] or said.raw
    for entry in data["treatments"]:
        if entry not in old["treatments"]:
            entry["raw"] = entry["raw"] or said.raw
    for group in ("history", "symptoms"):
        for name, entry in data[group].items():
            if entry != old[group].get(name):
                entry["raw"] = entry["raw"] or said.raw
                entry["date"] = entry["date"] or str(after.as_of)
    return read_record(data)


def brought_to(record: Record, day: dt.date) -> Record:
    """Return a record seen from a later day.

    Results without a date then count for the day they were told on, at the latest, so that they
    grow old like all others.
    """
    data: dict[str, Any] = record.model_dump(mode="json")
    if day > record.as_of:
        for entry in data["observations"]:
            entry["date"] = entry["date"] or str(record.as_of)
    return read_record({**data, "as_of": str(day)})
