"""``python -m prove [PART …]``: run the slow proof and print its tables; an error if anything is unproved."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load import GENEROUS
from bot.model import quiet
from hbv_engine.book import load_book
from prove import crashes, questions, understanding, website
from prove.report import markdown
from prove.tables import prove_tables
from scripts.stack import Addresses, Stack

PAGES = Path(__file__).parent.parent / "docs" / "reference"
INTRODUCTIONS = {
    "tables": """\
Every cell, outcome, row and order of every decision table was made wrong in turn. A wrong table counts as
noticed when it no longer loads, or when a boundary case (just below, at, just above every threshold, every word,
not detected) gets another answer from the engine than the naive reader gives on the right text. What nothing
notices must mean the same, shown exactly over the cells of both.
""",
    "questions": """\
Each case beside the rulebook was interviewed from an empty record: every question of the engine was answered
with what the case's own record holds, else with "I don't know". The counts are those of the cases that end in a
settled answer.
""",
    "understanding": """\
Five-fold cross-validation of the intents: each example was understood by the pipeline of `config.yml`, trained on
the others, in both languages at once. Accuracy and F1 are those of the best guess; in use a guess that is not sure
enough is asked back.
""",
    "crashes": """\
Rasa and the action server were killed (SIGKILL) at random moments while people told values in English and Chinese,
and sent a message again when it was not answered. *Lost* was acknowledged and is not in the store, *stored twice*
is there more often than it was sent, *facts wrong* are not exactly those that a message which was read states, and
*not answered* got no answer for ten minutes. After every restart everybody must be answered again.
""",
    "website": """\
The gateway, Rasa and the action server were killed (SIGKILL) at random moments while browsers talked through the
website and sent a message again, under the same id, until it was acknowledged. *Lost* was acknowledged and is not in
the store, *out of order* counts conversations whose messages or answers do not stand in the order they were sent, and
*safe replies* say that the assistant could not answer just then. Every stream of events went on where it broke off.
""",
}


def main() -> int:
    """Run the parts that are asked for; return 1 if anything is unproved."""
    os.environ.update(quiet())
    warnings.simplefilter("ignore")
    options = _options()
    all_sound = True
    for name in options.part or list(PARTS):
        start = time.perf_counter()
        text, sound = PARTS[name](options)
        all_sound = all_sound and sound
        _say(f"\n{text}\n{name}: done in {time.perf_counter() - start:.0f} s.\n")
        if options.write:
            _write(name, text)
    return int(not all_sound)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _write(name: str, text: str) -> None:
    page = PAGES / f"proof-{name}.md"
    head = f"# Proof: {name}\n\nWritten by `python -m prove {name} --write`. {INTRODUCTIONS[name]}"
    page.write_text(f"{head}\nRulebook {load_book().version}.\n\n{text}", encoding="utf-8")
    _say(f"Written to {page.relative_to(PAGES.parents[1])}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument(
        "part",
        nargs="*",
        metavar="PART",
        choices=[*PARTS, []],
        help=f"{', '.join(PARTS)}; all of them if none is named",
    )
    parser.add_argument("--write", action="store_true", help="write docs/reference/proof-PART.md")
    parser.add_argument("--table", action="append", help="only this table (may be repeated)")
    parser.add_argument("--fuzz", type=int, default=20_000, help="how many damaged records")
    parser.add_argument("--kills", type=int, default=50, help="how many servers are killed")
    parser.add_argument("--processes", type=int, default=min(2, multiprocessing.cpu_count()))
    return parser.parse_args()


def _tables(options: argparse.Namespace) -> tuple[str, bool]:
    return prove_tables(options.table or [], options.fuzz, options.processes, _say)


def _questions(_: argparse.Namespace) -> tuple[str, bool]:
    held = questions.interviews()
    rows = [questions.row(held, goal) for goal in load_book().goals]
    sound = all(one.same for one in held if load_book().tables[one.goal].policy != "collect")
    return markdown(questions.HEADER, rows) + "\n", sound


def _understanding(_: argparse.Namespace) -> tuple[str, bool]:
    scores = list(understanding.cross_validate(say=_say).values())
    rows = [understanding.row(score) for score in scores]
    worst = [line for score in scores for line in score.worst()]
    parts = [
        markdown(understanding.HEADER, rows),
        "The intents that are understood worst:",
        markdown(understanding.WORST_HEADER, worst),
    ]
    return "\n\n".join(parts) + "\n", True


def _crashes(options: argparse.Namespace) -> tuple[str, bool]:
    with TemporaryDirectory() as folder:
        stack = Stack(Addresses.free(), Path(folder))
        stack.start()
        try:
            outcome = crashes.prove_crashes(stack, kills=(options.kills + 1) // 2, say=_say)
        finally:
            stack.stop()
    parts = [
        markdown(crashes.HEADER, crashes.rows(outcome)),
        markdown(crashes.SUM_HEADER, [crashes.sums(outcome)]),
        *(f"- {problem}" for problem in outcome.problems),
    ]
    return "\n\n".join(parts) + "\n", not outcome.problems


def _website(options: argparse.Namespace) -> tuple[str, bool]:
    with TemporaryDirectory() as folder:
        stack = Stack(Addresses.free(), Path(folder), GENEROUS)
        stack.start()
        try:
            outcome = website.prove_website(stack, kills=(options.kills + 4) // 5, say=_say)
        finally:
            stack.stop()
    parts = [
        markdown(website.HEADER, website.rows(outcome)),
        markdown(website.SUM_HEADER, [website.sums(outcome)]),
        *(f"- {problem}" for problem in outcome.problems),
    ]
    return "\n\n".join(parts) + "\n", not outcome.problems


Part = Callable[[argparse.Namespace], tuple[str, bool]]
PARTS: dict[str, Part] = {
    "tables": _tables,
    "questions": _questions,
    "understanding": _understanding,
    "crashes": _crashes,
    "website": _website,
}

if __name__ == "__main__":
    sys.exit(main())
