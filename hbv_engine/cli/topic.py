"""``hbv topic``: what people ask most, answered from the rulebook."""

from __future__ import annotations

import datetime as dt
import json

import click

from hbv_engine.assess import assess
from hbv_engine.book import Book, load_book
from hbv_engine.cli import show
from hbv_engine.cli.failures import UsageError
from hbv_engine.cli.files import read_record_file, today, warn_future
from hbv_engine.cli.options import View, day_option, view_options
from hbv_engine.cli.words import word
from hbv_engine.model import Record, read_record
from hbv_engine.results import Alert
from hbv_engine.topics import about, topics
from hbv_engine.wording import LANGUAGES, phrase


@click.command(
    epilog="""\b
Example:
  hbv topic
  hbv topic transmission
  hbv topic pregnancy me.json --lang zh --for nurse
  echo '{"history": {"pregnant": true}}' | hbv topic pregnancy - --json""",
)
@click.argument("name", required=False)
@click.argument("file", metavar="[FILE|-]", required=False)
@day_option
@view_options
def topic(
    name: str | None,
    file: str | None,
    as_of: dt.date | None,
    language: str,
    audience: str,
    *,
    as_json: bool,
) -> None:
    """Read a short cited answer about everyday life with hepatitis B.

    Without NAME all topics are listed. FILE is a record in JSON (see `hbv schema`), - reads it from
    standard input: then what is known of the person is taken into account, and red flags come first.
    """
    book = load_book()
    view = View(language, audience, as_json)
    if name is None:
        _list(book, view)
        return
    _check(book, name)
    if file is None:
        _tell(book, name, read_record({"as_of": str(as_of or today())}), (), view)
        return
    record = read_record_file(file, as_of=as_of)
    warn_future(record, as_of, language)
    _tell(book, name, record, assess(record, book=book).alerts, view)


def _check(book: Book, name: str) -> None:
    if name not in topics(book):
        raise UsageError(
            f"There is no topic called {name!r}.",
            value=name,
            accepted=", ".join(topics(book)),
            remedy="Choose one of these; `hbv topic` lists them with their names.",
        )


def _list(book: Book, view: View) -> None:
    names = {
        name: {lg: phrase(book, f"table.{name}", lg) for lg in LANGUAGES} for name in topics(book)
    }
    if view.as_json:
        data = [{"id": name, "name": both} for name, both in names.items()]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    out = show.console()
    table = show.plain_table(word("topic", view.language), word("schema.label", view.language))
    for name, both in names.items():
        table.add_row(name, both[view.language])
    out.print(table)
    show.show_next(out, view.language, (f"hbv topic {next(iter(names))}", "topic"))


def _tell(book: Book, name: str, record: Record, alerts: tuple[Alert, ...], view: View) -> None:
    decision = about(record, name, book=book)
    if view.as_json:
        data = {
            "as_of": str(record.as_of),
            "rulebook": {"version": book.version, "sha256": book.sha256},
            "alerts": [{"rule": a.rule, "level": a.level, "texts": a.texts} for a in alerts],
            "topic": decision.as_dict(view.language, view.audience),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    out = show.console()
    if alerts:
        show.show_alerts(out, alerts, view)
    show.show_decision(out, book, decision, view)
    show.show_next(out, view.language, ("hbv topic", "topics"))
