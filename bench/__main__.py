"""``python -m bench [NAME …] [--write]``: measure, print one table, write it only when asked."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from bench.timing import Line

NAMES = ("engine", "dialogue", "load")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--write", is_flag=True, help="Also write the table to docs/benchmarks.md.")
def main(names: tuple[str, ...], *, write: bool) -> None:
    """Run the benchmarks NAMES (all of them if none is named) and print one table."""
    rows: list[tuple[str, Line]] = []
    for name in names or NAMES:
        click.echo(f"measuring {name} …", err=True)
        rows += [(name, line) for line in importlib.import_module(f"bench.{name}").run()]
    table = _table(rows)
    click.echo(table)
    if write:
        path = Path("docs/benchmarks.md")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Benchmarks\n\n{table}\n", encoding="utf-8")
        click.echo(f"written to {path}", err=True)
    sys.exit(0 if all(line.within for _, line in rows) else 1)


def _table(rows: list[tuple[str, Line]]) -> str:
    lines = ["| part | measured | value | budget | kept |", "|---|---|---|---|---|"]
    for name, line in rows:
        sign = "≥" if line.at_least else "≤"
        budget = "-" if line.limit is None else f"{sign} {line.limit:g} {line.unit}"
        kept = "-" if line.limit is None else ("yes" if line.within else "NO")
        lines.append(f"| {name} | {line.what} | {line.value:.3g} {line.unit} | {budget} | {kept} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
