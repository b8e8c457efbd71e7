"""What the program makes of each message: the very command ``python -m bot.understand``, timed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from bot.model import ROOT, quiet
from evaluation.messages import Message


@dataclass(frozen=True)
class Pair:
    """A labelled message and what was understood of it, in how many milliseconds."""

    message: Message
    got: dict[str, Any]
    milliseconds: float = 0.0


def understood(messages: Iterable[Message]) -> list[Pair]:
    """Return each message with what the command answers to it, one line in, one line out.

    Raises:
        RuntimeError: the command ended before it had answered.
    """
    command = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot.understand"],
        cwd=ROOT,
        env=quiet(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert command.stdin  # noqa: S101 - for mypy: both are pipes
    assert command.stdout  # noqa: S101
    with command:
        _answer(command.stdin, command.stdout, {"id": "warm", "text": "ALT 40"})
        pairs = []
        for message in messages:
            start = time.perf_counter()
            got = _answer(command.stdin, command.stdout, {"id": message.id, "text": message.text})
            pairs.append(Pair(message, got, (time.perf_counter() - start) * 1000))
    return pairs


def _answer(stdin: IO[str], stdout: IO[str], item: dict[str, str]) -> dict[str, Any]:
    stdin.write(json.dumps(item, ensure_ascii=False) + "\n")
    stdin.flush()
    line = stdout.readline()
    if not line:
        raise RuntimeError(f"bot.understand ended; to see why, give it this line: {item}")
    answer: dict[str, Any] = json.loads(line)
    return answer
