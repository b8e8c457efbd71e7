"""Tables of patients: read and checked cell by cell, and written whole or not at all."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Final

import click
import polars as pl

from hbv_engine.axes import ChoiceAxis, LevelAxis
from hbv_engine.book import Book, load_book
from hbv_engine.cli import show
from hbv_engine.cli.failures import FileError, UsageError
from hbv_engine.cli.files import replacing, unreadable
from hbv_engine.cli.words import word
from hbv_engine.cohort import Verdicts
from hbv_engine.errors import ImpossibleValueError, InputFormatError, WrongTypeError
from hbv_engine.facts import catalogue, unknown_name

IDS: Final = ("id", "patient_id")
MADE_FROM: Final = {
    "sex": ("female, male", {"en": "sex", "zh": "性别"}),
    "alt": ("number in U/L", {"en": "ALT", "zh": "谷丙转氨酶（ALT）"}),
    "alt_upper_limit": (
        "number in U/L",
        {"en": "upper limit of ALT printed on the report", "zh": "化验单上印的转氨酶上限"},
    ),
}
PLAIN_NUMBERS: Final = ("alt", "alt_upper_limit")
SAME_AS: Final = {"alt_upper_limit": "alt", "hbsag_week24": "hbsag_quant"}
UNKNOWN: Final = ("", "unknown")
AGES: Final = (0.0, 120.0)


def check_output(table: Path, output: Path) -> None:
    """Refuse an output that cannot be written, before any work is done.

    Raises:
        UsageError: not .csv or .parquet, or the input itself.
    """
    if output.suffix not in {".csv", ".parquet"}:
        raise UsageError(
            f"{str(output)!r} is neither .csv nor .parquet.",
            value=str(output),
            accepted="OUT.csv or OUT.parquet",
            remedy="Choose one of the two.",
        )
    if output.exists() and table.exists() and output.samefile(table):
        raise UsageError(
            "The output would replace the input.",
            value=str(output),
            accepted="another file",
            remedy="Choose another name for -o.",
        )


def read_table(path: Path, *, keep: tuple[str, ...] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the columns to assess, checked, and the columns to copy to the result.

    Raises:
        FileError: the file cannot be read.
        InputFormatError: it is empty or not a table.
        UnknownNameError: a column that is neither accepted nor to be kept.
        RecordError: a cell that cannot be used; the message names row and column.
    """
    frame = _read(path)
    kept = [name for name in frame.columns if name in {*IDS, *keep}]
    for name in keep:
        if name not in frame.columns:
            raise UsageError(
                f"There is no column {name!r} to keep.",
                value=name,
                accepted=", ".join(frame.columns),
                remedy="Choose one of these for --keep.",
            )
    accepted = columns(load_book())
    for name in frame.columns:
        if name not in accepted and name not in kept:
            unknown_name("column", name, list(accepted))
    used = frame.select([name for name in frame.columns if name in accepted])
    if frame.height == 0 or not used.columns:
        raise InputFormatError(
            "There are no patients in this table.",
            value=str(path),
            accepted="a header line and one line a patient",
            remedy="Run `hbv cohort --columns` for the names of the columns.",
        )
    return _checked(used), frame.select(kept)


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema_length=None, null_values=list(UNKNOWN))
    except OSError as error:
        raise unreadable(str(path), error) from None
    except pl.exceptions.PolarsError as error:
        raise InputFormatError(
            f"{str(path)!r} cannot be read as a table: {str(error).splitlines()[0][:120]}",
            value=str(path),
            accepted="a CSV file with a header line, or a Parquet file",
            remedy="Check the separator (a comma) and that every line has as many cells.",
        ) from None


def columns(book: Book) -> dict[str, tuple[str, dict[str, str]]]:
    """Return every accepted column with what it accepts, and its label in both languages."""
    found = dict(MADE_FROM)
    for name, axis in book.axes.items():
        if name in book.tables or name in MADE_FROM:
            continue
        if isinstance(axis, ChoiceAxis):
            values = ", ".join(axis.values)
        else:
            unit = "" if axis.unit == "1" else f" in {axis.unit}"
            values = f"number{unit}, <number, >number" + ", not_detected" * axis.not_detected
        found[name] = (values, book.label(name))
    return found


def _checked(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns with plain numbers as numbers; every number lies in its possible range."""
    book = load_book()
    for name in frame.columns:
        column = frame[name]
        if name in PLAIN_NUMBERS or isinstance(book.axes.get(name), LevelAxis):
            numbers = _numbers(column)
            if name in PLAIN_NUMBERS:
                _refuse_words(column, numbers)
                frame = frame.with_columns(numbers.alias(name))
            _refuse_impossible(column, numbers)
        elif name == "sex":
            _refuse_other(column, ("female", "male"))
    return frame


def _numbers(column: pl.Series) -> pl.Series:
    """Return the number in each cell, without its comparator; null where there is none."""
    if column.dtype.is_numeric():
        return column.cast(pl.Float64).fill_nan(None)
    text = column.cast(pl.String).str.strip_chars().str.replace(r"^[<>]=?\s*", "")
    return text.cast(pl.Float64, strict=False)


def _refuse_words(column: pl.Series, numbers: pl.Series) -> None:
    told = column.cast(pl.String).str.strip_chars()
    bad = numbers.is_null() & told.is_not_null() & ~told.is_in(UNKNOWN)
    if not column.dtype.is_numeric():
        bad |= told.str.contains(r"^[<>]").fill_null(value=False)
        _refuse(column, bad, "a number in U/L, or empty", WrongTypeError)


def _refuse_other(column: pl.Series, values: tuple[str, ...]) -> None:
    told = column.cast(pl.String).str.strip_chars()
    bad = told.is_not_null() & ~told.is_in([*values, *UNKNOWN])
    _refuse(column, bad, f"{', '.join(values)}, or empty", WrongTypeError)


def _refuse_impossible(column: pl.Series, numbers: pl.Series) -> None:
    low, high = _possible(column.name)
    bad = ~numbers.is_between(low, high) & numbers.is_not_null()
    _refuse(column, bad, f"{low:g} to {high:g}", ImpossibleValueError)


def _possible(name: str) -> tuple[float, float]:
    if name == "age":
        return AGES
    facts = catalogue()
    name = SAME_AS.get(name, name)
    if name in facts.analytes:
        return facts.analytes[name].possible or (-math.inf, math.inf)
    item = facts.history.get(name) or facts.symptoms.get(name)
    return (item.range if item else None) or (-math.inf, math.inf)


def _refuse(
    column: pl.Series,
    bad: pl.Series,
    accepted: str,
    kind: type[WrongTypeError | ImpossibleValueError],
) -> None:
    bad = bad.fill_null(value=False)
    if bad.any():
        index = int(bad.arg_max() or 0)
        value = str(column[index])
        raise kind(
            f"Row {index + 1}, column {column.name}: {value[:40]!r} cannot be used.",
            value=value,
            accepted=accepted,
            remedy="Correct the cell, or leave it empty if it is not known.",
        )


def write_table(kept: pl.DataFrame, found: dict[str, Verdicts], output: Path) -> None:
    """Write the answers: first to a temporary file, which then takes the name of the result.

    Raises:
        FileError: the file cannot be written.
    """
    answers = {goal: pl.Series(goal, verdicts.names()) for goal, verdicts in found.items()}
    rows = len(next(iter(answers.values())))
    head = kept if kept.width else pl.DataFrame({"row": range(1, rows + 1)})
    clash = sorted(set(head.columns) & set(answers))
    if clash:
        raise FileError(
            f"The column {clash[0]!r} cannot be kept: an answer has that name.",
            value=clash[0],
            accepted="another name",
            remedy="Rename it in the input.",
        )
    frame = head.with_columns(list(answers.values()))
    with replacing(output) as temporary:
        if output.suffix == ".parquet":
            frame.write_parquet(temporary)
        else:
            frame.write_csv(temporary)


def show_columns(language: str, *, as_json: bool) -> None:
    """Print every accepted column."""
    found = columns(load_book())
    if as_json:
        data = {n: {"accepted": values, "label": label} for n, (values, label) in found.items()}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    table = show.plain_table(
        *(word(f"schema.{key}", language) for key in ("name", "values", "label"))
    )
    for name, (values, label) in sorted(found.items()):
        table.add_row(name, values, label[language])
    show.console().print(table)
