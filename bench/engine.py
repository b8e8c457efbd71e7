"""The engine's speed: one verdict, one person, the next question, start-up, a million patients."""

from __future__ import annotations

import itertools
import subprocess
import sys

from bench.patients import cohort, complete_inputs, partial_record
from bench.timing import Line, ratio, seconds
from bench.zen_table import to_zen
from hbv_engine import assess, load_book, next_question
from hbv_engine.cohort import _walk, encode_columns
from hbv_engine.lookup import compile_lookup

COHORT = 1_000_000
_IMPORT = "import time; t = time.perf_counter(); import hbv_engine; print(time.perf_counter() - t)"


def run() -> list[Line]:
    """Return all lines of the engine's benchmark."""
    return [*_single(), _import_time(), *_million(), *_against_zen()]


def _single() -> list[Line]:
    book = load_book()
    record = partial_record()
    lines = []
    for goal in ("phase", "interferon_response"):
        patients = complete_inputs(book, goal, count=1000)
        lookup = compile_lookup(goal)
        took = seconds(lambda p=patients, f=lookup: [f(one) for one in p]) / len(patients)
        lines.append(Line(f"settled verdict, {goal}", took * 1e6, "µs", 5))

    def whole() -> object:
        return assess(record).as_dict()

    took = seconds(whole, inner=20)
    lines.append(Line("assess: all decisions, reasons, cards", took * 1e3, "ms", 2))
    took = seconds(lambda: next_question(record), inner=20)
    lines.append(Line("next_question, phase and timing", took * 1e3, "ms", 1))
    return lines


def _import_time() -> Line:
    runs = [
        float(
            subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, check=True).stdout
        )
        for _ in range(5)
    ]
    return Line("import hbv_engine", sorted(runs)[2], "s", 0.3)


def _million() -> list[Line]:
    book = load_book()
    frame = cohort(book, size=COHORT)
    encoded = encode_columns(book, frame)
    goals = [g for g in book.goals if book.tables[g].policy != "collect"]

    def walk() -> None:
        for goal in goals:
            _walk(book, goal, encoded, COHORT)

    return [
        Line(f"{COHORT:,} patients, {len(goals)} decisions", seconds(walk, rounds=3), "s", 2),
        Line(
            "… turning the columns into codes (loading)",
            seconds(lambda: encode_columns(book, frame), rounds=1),
            "s",
        ),
    ]


def _against_zen() -> list[Line]:
    book = load_book()
    lines = []
    for goal in ("phase", "interferon_response"):
        patients = complete_inputs(book, goal, count=200)
        lookup = compile_lookup(goal)
        engine, prepare = to_zen(book, goal)
        prepared = [prepare(p) for p in patients]
        for ours, theirs in itertools.islice(zip(patients, prepared, strict=True), 50):
            if lookup(ours) != engine.evaluate(theirs)["result"]["outcome"]:
                raise AssertionError((goal, ours))

        def slow(e: object = engine, p: list[dict[str, object]] = prepared) -> None:
            for one in p:
                e.evaluate(one)  # type: ignore[attr-defined]

        def fast(f: object = lookup, p: list[dict[str, object]] = patients) -> None:
            for one in p:
                f(one)  # type: ignore[operator]

        lines.append(
            Line(f"zen-engine over ours, {goal}", ratio(slow, fast), "×", 20, at_least=True)
        )
    return lines
