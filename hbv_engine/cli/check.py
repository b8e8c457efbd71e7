"""``hbv check``: gaps, overlaps and other faults of the rulebook."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.text import Text

from hbv_engine.book import load_book
from hbv_engine.check import Finding, check_book
from hbv_engine.cli import show
from hbv_engine.cli.failures import FINDINGS
from hbv_engine.cli.options import json_option, language_option
from hbv_engine.cli.words import word

ERROR = "error"
STYLES = {"error": "bold red", "warning": "yellow"}


@click.command(
    epilog="""\b
Example:
  hbv check
  hbv check --json | jq '.[] | select(.severity == "error")'
Exit code: 1 if there is an error, 0 if there are only notes.""",
)
@language_option
@json_option
@click.pass_context
def check(context: click.Context, language: str, *, as_json: bool) -> None:
    """Look for gaps, overlaps and other faults of the rulebook.

    Each finding names its place and, for a gap or an overlap, prints a patient that shows it.
    """
    found = check_book(load_book())
    errors = sum(finding.severity == ERROR for finding in found)
    if as_json:
        click.echo(
            json.dumps([asdict(f) for f in found], ensure_ascii=False, indent=2, default=str)
        )
    else:
        _show(found, errors, language)
    context.exit(FINDINGS if errors else 0)


def _show(found: list[Finding], errors: int, language: str) -> None:
    out = show.console()
    for finding in sorted(found, key=lambda f: (f.severity != ERROR, f.kind, f.place)):
        line = Text(finding.severity, style=STYLES.get(finding.severity, "dim"))
        line.append(f"  {finding.kind}", style="bold")
        line.append(f"  {finding.place}", style="cyan")
        out.print(line)
        out.print(Text(f"  {finding.message}"))
        if finding.example:
            out.print(Text(f"  {word('check.example', language)}: {finding.example}", style="dim"))
    summary = word("check.sum", language, errors=errors, notes=len(found) - errors)
    out.print(Text(summary, style="bold red" if errors else "bold green"))
    if not errors:
        show.show_next(out, language, ("hbv rulebook -o rulebook.html", "rulebook"))
