"""The conversation on a terminal: shows the question, reads the line, saves, shows the answer."""

from __future__ import annotations

import datetime as dt
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from hbv_engine.assess import assess
from hbv_engine.book import Book
from hbv_engine.cli import show
from hbv_engine.cli.conversation import Conversation, brought_to
from hbv_engine.cli.failures import UsageError, clean
from hbv_engine.cli.files import parse, read_input, today, unwritable, write_record
from hbv_engine.cli.options import View
from hbv_engine.cli.replies import choices
from hbv_engine.cli.words import bad_answer, warning, word
from hbv_engine.errors import RecordError
from hbv_engine.facts import catalogue
from hbv_engine.model import Record, read_record
from hbv_engine.questions import DEFAULT_GOALS, Question

EVERYTHING = "all"


def check_goals(book: Book, goals: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the decisions asked for; None for the usual ones.

    Raises:
        UsageError: there is no such decision.
    """
    if EVERYTHING in goals:
        return book.goals
    for name in goals:
        check_decision(book, name)
    return goals or None


def check_decision(book: Book, name: str) -> None:
    """Refuse a decision that the rulebook does not have.

    Raises:
        UsageError: with the decisions that there are.
    """
    if name not in book.goals:
        raise UsageError(
            f"There is no decision called {name!r}.",
            value=name,
            accepted=", ".join(book.goals),
            remedy="Choose one of these.",
        )


def open_record(file: Path, *, as_of: dt.date | None, again: bool = False) -> Record:
    """Return the record of a file seen from today, or an empty one if there is no file yet.

    Raises:
        UsageError: standard input was given; it is needed for the answers.
        FileError: the folder does not exist, or the file cannot be read.
        RecordError: the file is not a record.
    """
    if str(file) == "-":
        raise UsageError(
            "The record cannot come from standard input: the answers do.",
            value="-",
            accepted="a file name",
            remedy="Run `hbv ask me.json`.",
        )
    if not file.parent.is_dir():
        raise unwritable(file, FileNotFoundError(2, "there is no such folder"))
    text = read_input(str(file)) if file.exists() else b""
    if not text.strip():
        return read_record({"as_of": str(as_of or today())})
    data = parse(text)
    if isinstance(data, dict):
        data = {"as_of": str(as_of or today()), **data}
    record = read_record(data)
    record = brought_to(record, as_of or max(today(), record.as_of))
    return record.model_copy(update={"asked": ()}) if again else record


@dataclass(slots=True)
class Interview:
    """One run of ``hbv ask``."""

    talk: Conversation
    file: Path
    view: View
    out: Console = field(init=False)
    alarms: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Ask until no answer can change anything, or until the person leaves."""
        self.out = show.console(to_stderr=self.view.as_json)
        with suppress(ImportError):
            import_module("readline")  # from now on input() can be edited with the arrow keys
        self._greet()
        self._alarm()
        while (question := self.talk.question()) is not None:
            self._show(question)
            if not self._one(question):
                self._leave()
                return
        self._conclude()

    def _say(self, key: str, style: str = "", **values: object) -> None:
        show.show_text(self.out, word(key, self.view.language, **values), style)

    def _greet(self) -> None:
        self._say("ask.hello", "dim")
        self._say("ask.saved_in" if self.file.exists() else "ask.new_file", "dim", file=self.file)

    def _show(self, question: Question) -> None:
        language = self.view.language
        spec = self.talk.book.questions[question.id]
        head = Text(word("ask.question", language, number=self.talk.asked + 1), style="bold cyan")
        serves = [show.decision_name(self.talk.book, s, language) for s in question.serves]
        head.append(f"  {word('ask.serves', language, names=' · '.join(serves))}", style="dim")
        self.out.print()
        self.out.print(head)
        show.show_text(self.out, question.text[language], "bold")
        if spec.get("sensitive"):
            show.show_text(self.out, question.why[language], "italic")
        for mark, _, label in choices(question):
            show.show_text(self.out, label[language], mark=f"  {mark}  ")
        if question.kind == "screen":
            self._say("ask.several", "dim")
        if question.kind in {"number", "date"} and spec.get("example"):
            self._say("ask.example", "dim", example=spec["example"])
        self._say("ask.commands", "dim")

    def _one(self, question: Question) -> bool:
        """Take replies to one question until one is used; False when the person leaves."""
        while True:
            text = self._line()
            if text is None:
                return False
            if not text.strip():
                continue
            before = self.talk.record
            try:
                done = self.talk.reply(question, text[:2000])
            except RecordError as error:
                self._refuse(error)
                continue
            if done == "quit":
                return False
            if done in {"why", "help", "nothing_before"}:
                self._aside(question, done)
                continue
            if self.talk.record != before:
                write_record(self.file, self.talk.record)
            self._heard(done, before)
            return True

    def _line(self) -> str | None:
        with suppress(ValueError, AttributeError):
            sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        try:
            return sys.stdin.readline() or None if self.view.as_json else input("> ")
        except (EOFError, KeyboardInterrupt):
            self.out.print()
            return None

    def _refuse(self, error: RecordError) -> None:
        for line in bad_answer(error, self.view.language):
            show.show_text(self.out, line, "yellow")

    def _aside(self, question: Question, what: str) -> None:
        if what == "why":
            show.show_text(self.out, question.why[self.view.language], "italic")
        else:
            self._say(f"ask.{what}", "italic")

    def _heard(self, done: str, before: Record) -> None:
        """Read back what was understood, with what is odd about it, and any red flag at once."""
        language = self.view.language
        if done == "answer":
            self._say("ask.noted", "green", what=clean(self.talk.heard))
        elif done in {"skip", "unknown", "back"}:
            self._say(f"ask.{done}", "green")
        for code, text in self.talk.record.warnings:
            if (code, text) not in before.warnings:
                show.show_text(self.out, warning(code, text, language), "yellow")
        self._alarm()

    def _alarm(self) -> None:
        found = assess(self.talk.record, book=self.talk.book).alerts
        new = [alert for alert in found if alert.rule not in self.alarms]
        self.alarms |= {alert.rule for alert in new}
        if new:
            show.show_alerts(self.out, new, self.view)

    def _leave(self) -> None:
        if self.file.exists():
            self._say("ask.bye", "dim", file=self.file)
            steps = (f"hbv ask {self.file}", "ask"), (f"hbv assess {self.file}", "assess")
            show.show_next(self.out, self.view.language, *steps)
        else:
            self._say("ask.bye_nothing", "dim")

    def _conclude(self) -> None:
        """Show the cited answer, and how many questions it took."""
        language, talk = self.view.language, self.talk
        write_record(self.file, talk.record)
        found = assess(talk.record, book=talk.book)
        if self.view.as_json:
            data = found.as_dict(language, self.view.audience)
            click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
            return
        wanted = [found.decisions[goal] for goal in talk.goals or DEFAULT_GOALS]
        left_open = any(item.question for decision in wanted for item in decision.missing)
        self.out.print()
        self._say("ask.done_open" if left_open else "ask.done", "bold green")
        if found.alerts:
            show.show_alerts(self.out, found.alerts, self.view)
        show.show_doubts(self.out, found, self.view)
        for decision in wanted:
            show.show_decision(self.out, talk.book, decision, self.view)
        self.out.print()
        self._say("ask.count", asked=talk.asked, answered=talk.answered, facts=fact_count())
        file = self.file
        again = [(f"hbv ask {file} --again", "again")] if left_open else []
        steps = [*again, (f"hbv assess {file}", "assess"), (f"hbv explain {file} phase", "explain")]
        show.show_next(self.out, language, *steps)


def fact_count() -> int:
    """Return how many facts a record can hold."""
    facts = catalogue()
    return len(facts.analytes) + len(facts.history) + len(facts.symptoms) + len(facts.drugs) + 2
