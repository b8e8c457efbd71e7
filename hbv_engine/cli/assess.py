"""``hbv assess``: everything the rulebook says about one record."""

from __future__ import annotations

import datetime as dt
import json

import click

from hbv_engine.assess import assess as assess_record
from hbv_engine.book import load_book
from hbv_engine.cli import show
from hbv_engine.cli.files import STDIN, read_record_file, warn_future
from hbv_engine.cli.options import View, day_option, view_options


@click.command(
    epilog="""\b
Example:
  hbv assess record.json
  hbv assess record.json --for nurse --lang zh
  echo '{"age": 34, "sex": "female"}' | hbv assess - --json""",
)
@click.argument("file", metavar="FILE|-")
@day_option
@view_options
def assess(
    file: str, as_of: dt.date | None, language: str, audience: str, *, as_json: bool
) -> None:
    """Say everything the rulebook knows about one record.

    FILE is a record in JSON (see `hbv schema`); - reads standard input. Red flags come first,
    then every decision with its reasons, what is missing, rules and sources. A record without
    `as_of` is seen from today.
    """
    view = View(language, audience, as_json)
    record = read_record_file(file, as_of=as_of)
    warn_future(record, as_of, language)
    found = assess_record(record)
    if as_json:
        data = found.as_dict(language, audience)
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    out = show.console()
    book = load_book()
    show.show_assessment(out, book, found, view)
    name = "FILE" if file == STDIN else file
    open_ones = [d for d in found.decisions.values() if d.missing]
    steps = [(f"hbv ask {name}", "ask")] if open_ones and file != STDIN else []
    show.show_next(out, language, *steps, (f"hbv explain {name} phase", "explain"))
