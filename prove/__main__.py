"""``python -m prove``: run the slow proof, print its table, end with an error if anything is unproved."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

from hbv_engine.book import load_book
from prove import report
from prove.fuzz import Outcome, fuzz
from prove.mutation import Score, scores

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "proof.md"
INTRODUCTION = """\
# Proof of the tables

Written by `python -m prove --write`. Every cell, outcome, row and order of every decision table was made
wrong in turn. A wrong table counts as noticed when it no longer loads, or when a boundary case (just below,
at, just above every threshold, every word, not detected) gets another answer from the engine than the naive
reader gives on the right text. What nothing notices must mean the same, shown exactly over the cells of both.
"""


def main() -> int:
    """Run the proof; return 1 if anything is unproved."""
    options = _options()
    book = load_book()
    names = options.table or list(book.tables)
    start = time.perf_counter()
    found = _mutation(names, options.processes)
    outcome = _fuzz(options.fuzz, options.processes)
    text = _text(found, outcome)
    _say(f"\n{text}\nDone in {time.perf_counter() - start:.0f} s.")
    if options.write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(f"{INTRODUCTION}\nRulebook {book.version}.\n\n{text}", encoding="utf-8")
        _say(f"Written to {PAGE.relative_to(PAGE.parents[2])}.")
    return int(bool(outcome.crashes) or any(score.survived for score in found))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/reference/proof.md")
    parser.add_argument("--table", action="append", help="only this table (may be repeated)")
    parser.add_argument("--fuzz", type=int, default=20_000, help="how many damaged records")
    parser.add_argument("--processes", type=int, default=min(2, multiprocessing.cpu_count()))
    return parser.parse_args()


def _mutation(names: list[str], processes: int) -> list[Score]:
    found = []
    for score in scores(names, processes=processes):
        found.append(score)
        _say("  ".join(f"{part:>12}" for part in report.mutation_row(score)))
    return sorted(found, key=lambda score: names.index(score.table))


def _fuzz(tries: int, processes: int) -> Outcome:
    whole = Outcome()
    jobs = [(tries // processes, seed) for seed in range(processes)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for part in pool.starmap(fuzz, jobs):
            whole.tried += part.tried
            whole.accepted += part.accepted
            whole.refused += part.refused
            for name, (count, shown) in part.crashes.items():
                whole.crashes[name] = (whole.crashes.get(name, (0, ""))[0] + count, shown)
    return whole


def _text(found: list[Score], outcome: Outcome) -> str:
    rows = [*map(report.mutation_row, found), report.mutation_sum(found)]
    kinds = report.markdown(
        ("change", "noticed", "same meaning", "unproved"), list(report.by_kind(found))
    )
    parts = [
        "## Wrong tables",
        report.markdown(report.MUTATION_HEADER, rows),
        f"Noticed of those with another meaning: {report.killed_share(found):.2%}.",
        kinds,
        "Why the others mean the same:",
        "\n".join(f"- {line}" for line in report.reasons(found)) or "- there are none",
        "## Damaged input",
        report.markdown(report.FUZZ_HEADER, [report.fuzz_row(outcome)]),
        "Refused: " + ", ".join(f"{c} {n:,}" for c, n in sorted(outcome.refused.items())) + ".",
    ]
    unproved = [
        f"- {m.place} {m.kind}: {m.what}: {why}" for score in found for m, why in score.survived
    ]
    crashes = [f"- {name}, {n} times: `{shown}`" for name, (n, shown) in outcome.crashes.items()]
    if unproved or crashes:
        parts += ["## Unproved", "\n".join([*unproved, *crashes])]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
