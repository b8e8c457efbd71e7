"""A whole cohort at once: the same diagrams, walked by columns of numbers instead of one by one.

Each column is turned into small codes, one for each set of cells that occurs in it. A patient's
state is the set of diagram nodes that his or her known facts allow; states are numbered as they are
found, so that "unknown" costs no more than a value. The verdicts are exactly those of ``assess``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from hbv_engine.axes import Axis, ChoiceAxis, Level, LevelAxis, cells_of
from hbv_engine.book import Book, load_book
from hbv_engine.diagram import build_diagram
from hbv_engine.errors import WrongTypeError
from hbv_engine.intervals import Interval
from hbv_engine.situation import diagram_of

CHUNK = 1 << 16
OPEN = "open"
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Column:
    """An input of many patients: a code for each, and the mask of cells of every code."""

    codes: Codes
    masks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One decision of many patients: ``labels[codes[i]]`` is the outcome, or ``open``."""

    codes: npt.NDArray[np.uint16]
    labels: tuple[str, ...]

    def names(self) -> npt.NDArray[np.str_]:
        """Return the outcome of every patient as text."""
        names: npt.NDArray[np.str_] = np.array(self.labels)[self.codes]
        return names


def assess_cohort(
    columns: pl.DataFrame | Mapping[str, Sequence[Any] | npt.NDArray[Any]],
    *,
    goals: Sequence[str] | None = None,
    book: Book | None = None,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Verdicts]:
    """Return the verdict on every patient for every decision that is a table.

    Args:
        columns: values by input name (see ``hbv schema``), all of one length. A quantity is a
            number in the input's unit, NaN if unknown, or text such as ``<20`` or
            ``not_detected``; a choice is one of its values; empty text and ``unknown`` mean
            unknown. ``alt`` (U/L) with ``sex`` and, if known, ``alt_upper_limit`` also gives the
            inputs that are made from them.
        goals: the decisions wanted; all if not given.
        book: the rulebook; the one in the package if not given.
        progress: called with the finished share, 0 to 1.

    Raises:
        WrongTypeError: a value that its column does not accept; the message names column and row.
    """
    book = book or load_book()
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(dict(columns))
    length = frame.height
    encoded = encode_columns(book, frame)
    wanted = [g for g in goals or book.goals if book.tables[g].policy != "collect"]
    found = {}
    for done, goal in enumerate(wanted):
        found[goal] = _walk(book, goal, encoded, length)
        if progress:
            progress((done + 1) / len(wanted))
    return found


def encode_columns(book: Book, frame: pl.DataFrame) -> dict[str, Column]:
    """Return the columns as codes, with the inputs that are made from others."""
    full = {**frame.to_dict(), **_made_columns(book, frame)}
    return {
        name: encode(book.axes[name], values, name)
        for name, values in full.items()
        if name in book.axes and name not in book.tables
    }


def encode(axis: Axis, values: pl.Series, name: str) -> Column:
    """Return one column as codes.

    Raises:
        WrongTypeError: a value that the column does not accept.
    """
    if isinstance(axis, LevelAxis) and values.dtype.is_numeric():
        return _encode_numbers(axis, values)
    texts = values.cast(pl.String).fill_null("")
    distinct = texts.unique().to_list()
    found = [_cell_mask(axis, text, texts, name) for text in distinct]
    masks = sorted(set(found))
    place = {mask: code for code, mask in enumerate(masks)}
    codes = np.array([place[mask] for mask in found], dtype=np.uint8)
    physical = texts.cast(pl.Enum(distinct)).to_physical().to_numpy()
    return Column(codes[physical], tuple(masks))


def _cell_mask(axis: Axis, text: str, column: pl.Series, name: str) -> int:
    try:
        return _text_mask(axis, text)
    except (ValueError, KeyError):
        row = int((column == text).arg_max() or 0) + 1
        raise _wrong_cell(axis, name, text, row) from None


def _encode_numbers(axis: LevelAxis, values: pl.Series) -> Column:
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    codes = np.full(len(numbers), int(axis.not_detected), dtype=np.uint8)
    for threshold in axis.thresholds:
        codes += numbers >= threshold
        codes += numbers > threshold
    codes[np.isnan(numbers)] = axis.size
    return Column(codes, (*(1 << cell for cell in range(axis.size)), (1 << axis.size) - 1))


def _text_mask(axis: Axis, text: str) -> int:
    text = text.strip()
    if text in {"", "unknown", "nan", "None"}:
        return (1 << axis.size) - 1
    if isinstance(axis, ChoiceAxis):
        text = {"True": "yes", "False": "no", "true": "yes", "false": "no"}.get(text, text)
        return 1 << axis.cell(text)
    if text == "not_detected":
        return axis.mask(Level(None, not_detected=True))
    comparator = next((c for c in ("<=", ">=", "<", ">") if text.startswith(c)), "=")
    number = float(text.removeprefix(comparator) if comparator != "=" else text)
    below = comparator in {"<", "<="}
    return axis.mask(Level(Interval.from_comparator(comparator, number), not_detected=below))


def _wrong_cell(axis: Axis, name: str, text: str, row: int) -> WrongTypeError:
    accepted = (
        ", ".join(axis.values)
        if isinstance(axis, ChoiceAxis)
        else f"a number in {axis.unit}, < or > with a number, not_detected"
    )
    return WrongTypeError(
        f"Row {row}, column {name}: {text[:40]!r} cannot be used.",
        value=text,
        accepted=f"{accepted}, or empty",
        remedy="Correct the cell, or leave it empty if it is not known.",
    )


def _made_columns(book: Book, frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the inputs that follow from others: ALT against its limits, drugs, pregnancy."""
    made: list[pl.Expr] = []
    if "alt" in frame.columns:
        made += _alt_columns(book, frame)
    if "antiviral_now" in frame.columns:
        drugs = pl.col("antiviral_now").cast(pl.String)
        known = drugs.is_not_null() & ~drugs.is_in(["", "unknown"])
        for name, words in (("on_interferon", "interferon"), ("on_nuc", "nuc")):
            taking = pl.when(drugs.str.contains(words)).then(pl.lit("yes")).otherwise(pl.lit("no"))
            made.append(pl.when(known).then(taking).alias(name))
    if "sex" in frame.columns:
        told = pl.col("pregnant") if "pregnant" in frame.columns else pl.lit(None, dtype=pl.String)
        man = pl.col("sex") == "male"
        made.append(pl.when(man).then(pl.lit("no")).otherwise(told).alias("pregnant"))
    built = frame.select(made).to_dict() if made else {}
    given = set(frame.columns) - {"pregnant"}
    return {name: values for name, values in built.items() if name not in given}


def _alt_columns(book: Book, frame: pl.DataFrame) -> list[pl.Expr]:
    numbers = book.numbers

    def limit(men: str, women: str, unknown: float) -> pl.Expr:
        if "sex" not in frame.columns:
            return pl.lit(unknown)
        of_men = pl.when(pl.col("sex") == "male").then(numbers[men])
        return of_men.when(pl.col("sex") == "female").then(numbers[women]).otherwise(unknown)

    lowest = limit("uln_who_2024_men", "uln_who_2024_women", numbers["uln_who_2024_women"])
    highest = limit("uln_china_lab_men", "uln_china_lab_women", numbers["uln_china_lab_men"])
    fold = pl.lit(numbers["uln_fold"])
    if "alt_upper_limit" in frame.columns:
        printed = pl.col("alt_upper_limit").cast(pl.Float64).fill_nan(None)
        lowest, highest, fold = (pl.coalesce(printed, e) for e in (lowest, highest, fold))
    alt = pl.col("alt").cast(pl.Float64).fill_nan(None)
    raised = pl.when(alt > highest).then(pl.lit("raised"))
    return [
        raised.when(alt <= lowest).then(pl.lit("normal")).alias("alt_class"),
        (alt / fold).alias("alt_fold"),
    ]


def _walk(book: Book, goal: str, encoded: dict[str, Column], length: int) -> Verdicts:
    """Number the sets of nodes level by level, then send every patient through the numbers."""
    diagram_of(book, goal)  # proves that no patient meets no row, or two
    diagram = build_diagram(book, goal, as_written=True)
    states: list[frozenset[int]] = [frozenset([0])]
    steps: list[tuple[Codes | None, npt.NDArray[np.intp], int]] = []
    for name, level in zip(diagram.inputs, diagram.levels, strict=True):
        column = encoded.get(name)
        masks = column.masks if column else ((1 << book.axes[name].size) - 1,)
        index: dict[frozenset[int], int] = {}
        table = [
            index.setdefault(frozenset(level[node][c] for node in state for c in cells), len(index))
            for state in states
            for cells in map(cells_of, masks)
        ]
        states = list(index)
        if column is not None or table != list(range(len(table))):
            codes = column.codes if column else None
            steps.append((codes, np.array(table, dtype=np.intp), len(masks)))
    labels = (*diagram.leaves, OPEN)
    ends = [next(iter(state)) if len(state) == 1 else len(labels) - 1 for state in states]
    return Verdicts(_send(steps, np.array(ends, dtype=np.uint16), length), labels)


def _send(
    steps: list[tuple[Codes | None, npt.NDArray[np.intp], int]],
    ends: npt.NDArray[np.uint16],
    length: int,
) -> npt.NDArray[np.uint16]:
    result = np.zeros(length, dtype=np.uint16)
    for start in range(0, length, CHUNK):
        part = slice(start, min(start + CHUNK, length))
        state = np.zeros(part.stop - start, dtype=np.intp)
        for codes, table, width in steps:
            if codes is not None:
                state *= width
                state += codes[part]
            state = table.take(state)
        result[part] = ends.take(state)
    return result
