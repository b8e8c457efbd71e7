"""``hbv cohort``: a table of patients, one a row, through all decisions."""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import Progress

from hbv_engine.book import load_book
from hbv_engine.cli import show
from hbv_engine.cli.cohort_table import (
    check_output,
    read_table,
    show_columns,
    write_table,
)
from hbv_engine.cli.failures import UsageError
from hbv_engine.cli.interview import check_goals
from hbv_engine.cli.options import json_option, language_option
from hbv_engine.cli.words import word
from hbv_engine.cohort import Verdicts, assess_cohort
from hbv_engine.wording import outcome_label


@click.command(
    epilog="""\b
Columns (all optional; --columns lists every one with its unit or values):
  id                         copied to the result; others to copy: --keep NAME
  sex, age                   female or male; years
  alt, alt_upper_limit       U/L; the limit printed on the report
  hbsag, hbeag, anti_hbe     positive or negative
  hbv_dna, hbsag_quant       IU/mL: a number, <20, >250; hbv_dna also not_detected
  hbsag_duration, antiviral_now, alt_cause, cirrhosis, pregnant, ...
An empty cell or the word unknown means not known; it is never read as no.
\b
Example:
  hbv cohort clinic.csv -o answers.csv
  hbv cohort clinic.parquet -o answers.parquet --goal phase --goal urgency
  hbv cohort --columns""",
)
@click.argument("table", metavar="IN.csv|IN.parquet", required=False, type=Path)
@click.option("-o", "--output", metavar="OUT", type=Path, help="OUT.csv or OUT.parquet.")
@click.option("--goal", "goals", multiple=True, metavar="DECISION", help="Only this decision.")
@click.option("--keep", multiple=True, metavar="NAME", help="Copy this column to the result.")
@click.option("--columns", "list_columns", is_flag=True, help="List every accepted column.")
@language_option
@json_option
def cohort(
    table: Path | None,
    output: Path | None,
    goals: tuple[str, ...],
    keep: tuple[str, ...],
    language: str,
    *,
    list_columns: bool,
    as_json: bool,
) -> None:
    """Assess a table of patients, one a row, and write the answers as a table.

    The result has the id of each patient and one column a decision: the outcome, or `open` if it
    depends on what is missing. A cell that cannot be used stops it, naming row and column, and
    nothing is written.
    """
    if list_columns:
        show_columns(language, as_json=as_json)
        return
    if table is None or output is None:
        raise UsageError(
            "An input table and an output file are needed.",
            accepted="hbv cohort IN.csv -o OUT.csv",
            remedy="Run `hbv cohort --help` for the columns.",
        )
    check_output(table, output)
    frame, kept = read_table(table, keep=keep)
    found = _assess(frame, goals, language)
    write_table(kept, found, output)
    _summary(found, frame.height, output, language, as_json=as_json)


def _assess(frame: pl.DataFrame, goals: tuple[str, ...], language: str) -> dict[str, Verdicts]:
    book = load_book()
    wanted = check_goals(book, goals)
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(word("cohort.reading", language), total=1.0)
        return assess_cohort(
            frame,
            goals=wanted,
            book=book,
            progress=lambda share: progress.update(task, completed=share),
        )


def _counts(found: dict[str, Verdicts]) -> dict[str, dict[str, int]]:
    counts = {}
    for goal, verdicts in found.items():
        numbers = np.bincount(verdicts.codes, minlength=len(verdicts.labels))
        named = {verdicts.labels[i]: int(n) for i, n in enumerate(numbers) if n}
        counts[goal] = dict(sorted(named.items(), key=lambda item: -item[1]))
    return counts


def _summary(
    found: dict[str, Verdicts], patients: int, output: Path, language: str, *, as_json: bool
) -> None:
    counts = _counts(found)
    if as_json:
        data = {"patients": patients, "output": str(output), "counts": counts}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    out, book = show.console(), load_book()
    table = show.plain_table(*(word(key, language) for key in ("decision", "outcome", "patients")))
    for goal in show.in_order(counts):
        for number, (name, count) in enumerate(counts[goal].items()):
            label = (
                word("status.open", language)
                if name == "open"
                else outcome_label(book, goal, name, language)
            )
            head = "" if number else show.decision_name(book, goal, language)
            table.add_row(head, label, f"{count:,}")
    out.print(table)
    out.print()
    out.print(word("cohort.done", language, patients=f"{patients:,}", file=output))
