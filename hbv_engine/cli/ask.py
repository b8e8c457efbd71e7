"""``hbv ask``: be asked one question at a time, up to a cited answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from hbv_engine.book import load_book
from hbv_engine.cli.conversation import Conversation
from hbv_engine.cli.interview import Interview, check_goals, open_record
from hbv_engine.cli.options import View, today_option, view_options


@click.command(
    epilog="""\b
Example:
  hbv ask me.json                          starts from nothing if me.json does not exist
  hbv ask me.json --lang zh
  hbv ask me.json --goal interferon_suitability --for nurse
At every question: a number or the words of an answer, why, skip, don't know, back, quit.
Values as printed: 86 U/L · 2.3e7 IU/mL · <20 IU/mL · 62 U/L (upper limit 40) 2026-05-01""",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--goal",
    "goals",
    multiple=True,
    metavar="DECISION",
    help="What to find out; may be given several times, or all.  "
    "[default: phase and antiviral_timing]",
)
@click.option("--again", is_flag=True, help="Ask again what was left open before.")
@today_option
@view_options
def ask(
    file: Path,
    goals: tuple[str, ...],
    as_of: dt.date | None,
    language: str,
    audience: str,
    *,
    again: bool,
    as_json: bool,
) -> None:
    """Be asked one question at a time, up to a cited answer.

    FILE keeps the record and is saved after every answer; it need not exist yet. Only questions
    that can still change the answer are asked, and every one can be asked back: why?
    """
    book = load_book()
    wanted = check_goals(book, goals)
    record = open_record(file, as_of=as_of, again=again)
    talk = Conversation(book, record, goals=wanted, language=language)
    Interview(talk, file, View(language, audience, as_json)).run()
