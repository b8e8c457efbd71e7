"""``python -m evaluation``: score the understanding on labelled messages and print tables."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.model import ensure_model
from evaluation.messages import LANGUAGES, load_messages
from evaluation.scores import Score
from evaluation.tables import errors, report
from evaluation.understood import understood

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "evaluation.md"
HEAD = """\
# Evaluation: messages like those of real people

Written by `python -m evaluation --write`. The messages of `evaluation/messages/` were written as patients,
relatives and clinicians write, and labelled by hand, without the training examples and the lexicon, except the
words for danger, which had been seen: the danger found may look better than it is. Each is understood by
`python -m bot.understand`, the code of the chat.

A fact is right if its name, value, unit, comparator and person are, and of a drug its status (taken,
proposed, asked about, stopped). A unit that nobody wrote counts even where only one is usual. *Labelled* is how
many there are, *found* how many the program says. The first intent is what is asked first; a history that is
told counts only where nothing is asked. Danger counts if it is there now, neither denied nor over. Rejected is
what was taken for out of scope, or not understood at all.
The times are those of the machine that wrote this page.

"""


def main() -> int:
    """Understand all messages, print the tables, and what else was asked for."""
    options = _options()
    ensure_model()
    scores = scores_of(options.language or list(LANGUAGES))
    text = report(scores)
    sys.stdout.write(f"{text}\n")
    if options.errors:
        sys.stdout.writelines(f"{line}\n" for score in scores for line in errors(score))
    if options.write:
        PAGE.write_text(HEAD + text, encoding="utf-8")
        sys.stdout.write(f"Written to {PAGE.relative_to(PAGE.parents[2])}.\n")
    return 0


def scores_of(languages: list[str]) -> list[Score]:
    """Return the score of each language, every message understood once."""
    pairs = understood(load_messages(languages))
    return [
        Score(language, [pair for pair in pairs if pair.message.language == language])
        for language in languages
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write docs/reference/{PAGE.name}")
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only this language")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
