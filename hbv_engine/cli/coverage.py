"""``hbv coverage``: where each statement of the source texts is said."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.text import Text

from hbv_engine.cli import show
from hbv_engine.cli.failures import FINDINGS
from hbv_engine.cli.options import json_option, language_option
from hbv_engine.cli.words import word
from hbv_engine.coverage import Coverage
from hbv_engine.coverage import coverage as cover


@click.command(
    epilog="""\b
Example:
  hbv coverage
  hbv coverage --json
Exit code: 1 if a statement is nowhere.""",
)
@language_option
@json_option
@click.pass_context
def coverage(context: click.Context, language: str, *, as_json: bool) -> None:
    """List each statement of the source texts and where it is said.

    With the rules that carry it. A statement is in a rule row, in a sentence that a card says, or
    declared as background with the reason why it decides nothing.
    """
    found = cover()
    missing = [item.statement for item in found if item.missing]
    if as_json:
        data = {"missing": missing, "statements": [asdict(item) for item in found]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        _show(found, missing, language)
    context.exit(FINDINGS if missing else 0)


def _show(found: list[Coverage], missing: list[str], language: str) -> None:
    out = show.console()
    keys = ("coverage.statement", "rules", "coverage.said")
    table = show.plain_table(*(word(key, language) for key in keys))
    for item in found:
        said = ", ".join(item.said)
        if item.background:
            said = f"{word('coverage.background', language)}: {item.background}"
        if item.missing:
            said = word("coverage.nowhere", language)
        style = "bold red" if item.missing else ""
        table.add_row(Text(item.statement, style=style), ", ".join(item.rules), Text(said, style))
    out.print(table)
    out.print()
    names = ", ".join(missing)
    total = word("coverage.sum", language, total=len(found), missing=len(missing))
    out.print(Text(f"{total} {names}".strip(), style="bold red" if missing else "bold green"))
    if not missing:
        show.show_next(out, language, ("hbv rulebook -o rulebook.html", "rulebook"))
