"""``python -m bot.report FILE [--json]``: show what is read of a report."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.report.errors import ReportError
from bot.report.model import Report
from bot.report.reader import MAX_BYTES, read


@click.command(name="python -m bot.report")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--media-type", help="What the file is, such as application/pdf.")
def main(file: Path, *, as_json: bool, media_type: str | None) -> None:
    """Read the laboratory report FILE and show its rows."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
        report = read(data, media_type=media_type, today=dt.datetime.now().astimezone().date())
    except ReportError as error:
        click.echo(json.dumps(error.as_dict(), ensure_ascii=False) if as_json else error, err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        _show(report)


def _show(report: Report) -> None:
    table = Table("test", "value", "unit", "limits printed", "date", "to ask back")
    for row in report.rows:
        sign = row.comparator if row.comparator not in {None, "="} else ""
        limits = "" if row.reference_low is None else f"{row.reference_low} to "
        limits += "" if row.reference_high is None else f"{row.reference_high}"
        doubt = row.why or ("unit_missing" if row.unit_missing else "")
        ask = doubt or ("confirm" if row.to_confirm else "")
        table.add_row(row.analyte, f"{sign}{row.value}", row.unit, limits, row.date, ask)
    console = Console()
    console.print(table)
    for aside in report.unknown_rows:
        console.print(f"kept aside ({aside.why}): {aside.raw}", markup=False)


if __name__ == "__main__":
    main()
