"""What goes wrong at the command line, and how it is told: a code, the value, what to do.

::

    EngineError
      CommandError       something about the command itself, not about a person
        FileError        a file that is not there, too large, or cannot be written
        UsageError       an option or an argument that the command does not have
"""

from __future__ import annotations

import json
import sys

from hbv_engine.cli.words import COLON, WORDS, word
from hbv_engine.errors import EngineError, RulebookError

BAD_INPUT = 2
FINDINGS = 1
FAULT = 70
INTERRUPTED = 130


class CommandError(EngineError):
    """Something about the command itself, not about a person."""

    code = "usage"


class FileError(CommandError):
    """A file that is not there, is too large, or cannot be written."""

    code = "file_error"


class UsageError(CommandError):
    """An option or an argument that the command does not have."""

    code = "usage"


def exit_code(error: EngineError) -> int:
    """Return the exit code of an error: 2 for bad input, 1 if the rulebook itself is wrong."""
    return FINDINGS if isinstance(error, RulebookError) else BAD_INPUT


def report(error: EngineError, *, language: str = "en", as_json: bool = False) -> None:
    """Print an error to standard error, as one JSON object or in plain lines."""
    data = error.as_dict()
    if as_json:
        sys.stderr.write(json.dumps({"error": data}, ensure_ascii=False) + "\n")
        return
    sys.stderr.write("\n".join(plain_lines(error, language)) + "\n")


def plain_lines(error: EngineError, language: str) -> list[str]:
    """Return an error as lines that a person reads; empty parts are left out."""
    data = error.as_dict()
    kind = word(f"error.{data['code']}", language) if f"error.{data['code']}" in WORDS else ""
    head = f"{word('error', language)} [{data['code']}]"
    colon = COLON[language]
    if language == "zh" and kind:
        head += f"{colon}{kind}"
    lines = [f"{head}{colon}{clean(str(data['message']))}"]
    return lines + [
        f"  {word(part, language)}{colon}{clean(str(data[part]))}"
        for part in ("value", "accepted", "remedy")
        if data[part] not in {None, ""}
    ]


def clean(text: str) -> str:
    """Return a text without control characters, so that input cannot drive the terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
