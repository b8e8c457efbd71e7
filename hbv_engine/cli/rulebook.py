"""``hbv rulebook``: the whole rulebook as one page to read and sign."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hbv_engine.book import load_book
from hbv_engine.cli import show
from hbv_engine.cli.files import replacing, today
from hbv_engine.cli.options import json_option, language_option
from hbv_engine.cli.words import word
from hbv_engine.page import build_page, page_data


@click.command(
    epilog="""\b
Example:
  hbv rulebook -o rulebook.html
  hbv rulebook > rulebook.html
  hbv rulebook --json""",
)
@click.option("-o", "--output", metavar="FILE", type=Path, help="Write the page to this file.")
@language_option
@json_option
def rulebook(output: Path | None, language: str, *, as_json: bool) -> None:
    """Write the whole rulebook as one page: to read, to print, to sign.

    One file of HTML: prose, tables with their numbers, everything that is said in both languages,
    thresholds, sources, questions, and a place to sign with the version and the sha256. The page
    needs no network. Without -o it goes to standard output. With --json: the tables as data.
    """
    book = load_book()
    if as_json:
        text = json.dumps(page_data(book), ensure_ascii=False, indent=2) + "\n"
    else:
        text = build_page(language=language, printed=today())
    if output is None:
        click.echo(text, nl=False)
        return
    with replacing(output, private=False) as temporary:
        temporary.write_text(text, encoding="utf-8")
    line = word("rulebook.done", language, version=book.version, sha=book.sha256[:12], file=output)
    show.console().print(line)
