"""``hbv explain``: every rule that was tried, and where it failed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from hbv_engine.book import Book, load_book
from hbv_engine.cli import show
from hbv_engine.cli.files import read_record_file, warn_future
from hbv_engine.cli.interview import check_decision
from hbv_engine.cli.options import day_option, json_option, language_option
from hbv_engine.cli.words import COLON, word
from hbv_engine.explain import Step
from hbv_engine.explain import explain as explain_record
from hbv_engine.wording import outcome_label, phrase, quantity_text

STYLES = {"met": "bold green", "failed": "dim", "unknown": "yellow"}


@click.command(
    epilog="""\b
Example:
  hbv explain record.json phase
  hbv explain record.json interferon_response --lang zh --json""",
)
@click.argument("file", metavar="FILE|-")
@click.argument("decision")
@click.option("--all", "show_all", is_flag=True, help="Also the tables that it rests on.")
@day_option
@language_option
@json_option
def explain(
    file: str,
    decision: str,
    as_of: dt.date | None,
    language: str,
    *,
    show_all: bool,
    as_json: bool,
) -> None:
    """Show every rule that was tried for a decision, and where it failed.

    DECISION is phase, antiviral_timing, interferon_response and so on; `hbv assess` names them.
    For each row of the table: whether it holds, the first condition that does not, what is known
    about it, and how far a number is from the threshold.
    """
    book = load_book()
    check_decision(book, decision)
    record = read_record_file(file, as_of=as_of)
    warn_future(record, as_of, language)
    steps = explain_record(record, decision)
    if as_json:
        click.echo(json.dumps([asdict(s) for s in steps], ensure_ascii=False, indent=2))
        return
    out = show.console()
    for table in dict.fromkeys(step.table for step in steps):
        if show_all or table == decision:
            out.print()
            out.print(show.decision_name(book, table, language), style="bold")
            out.print(_table(book, [s for s in steps if s.table == table], language))
    name = "FILE" if file == "-" else file
    show.show_next(out, language, (f"hbv what-if {name} hbsag_quant=900", "what_if"))


def _table(book: Book, steps: list[Step], language: str) -> Table:
    keys = ("row", "outcome", "holds", "first_failing", "known")
    table = show.plain_table(*(word(key, language) for key in keys))
    for step in steps:
        table.add_row(
            step.rule,
            outcome_label(book, step.table, step.outcome, language),
            Text(word(f"state.{step.state}", language), style=STYLES.get(step.state, "")),
            _condition(book, step, language),
            _known(book, step, language),
        )
    return table


def _condition(book: Book, step: Step, language: str) -> str:
    if step.input is None or step.condition is None:
        return ""
    asked = _words(book, step.input, step.condition, language)
    return f"{book.label(step.input)[language]}{COLON[language]}{asked}"


def _words(book: Book, column: str, text: str, language: str) -> str:
    """Return named values in words; a comparison stays as it is."""
    negated = text.startswith("not ")
    parts = []
    for name in text.removeprefix("not ").split(", "):
        if column in book.tables:
            parts.append(outcome_label(book, column, name, language))
        elif f"value.{name}" in book.phrases:
            parts.append(phrase(book, f"value.{name}", language))
        else:
            parts.append(name)
    joined = show.SEPARATOR[language].join(parts)
    return f"{word('not', language)}{joined}" if negated else joined


def _known(book: Book, step: Step, language: str) -> str:
    """Return what is known about the failing condition, and how far a number is off."""
    if step.code is None or step.input is None:
        return ""
    reason = word(f"code.{step.code}", language)
    if step.value in {None, "unknown"} or step.code == "not_found":
        return reason
    text = str(step.value)
    value = _words(book, step.input, text.replace(" or ", ", "), language)
    if step.distance is None:
        return f"{value} ({reason})"
    found = book.input(step.input)
    far = quantity_text(book, step.distance, found.unit if found else None, language)
    return f"{value} ({reason}, {word('distance', language)} {far})"
