"""The website under load: fifty conversations at a time, all of them held against the store."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bench.dialogue import _quantile
from bench.talkers import Talker, compare, talk
from bench.timing import Line
from records import Store
from scripts.stack import Addresses, Stack

CONVERSATIONS = 50
SECONDS = 60.0
# Everybody comes from one address here.
GENEROUS = {"HBV_MESSAGES_PER_MINUTE": "100000", "HBV_CONVERSATIONS_PER_MINUTE": "100000"}


def run() -> list[Line]:
    """Return all lines of the load."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Addresses.free(), Path(folder), GENEROUS)
        print("load: starting …", file=sys.stderr, flush=True)
        stack.start()
        try:
            began = time.monotonic()
            talkers = asyncio.run(
                talk(stack.addresses.website, conversations=CONVERSATIONS, seconds=SECONDS)
            )
            took = time.monotonic() - began
        finally:
            stack.stop()
        store = Store(stack.database)
        try:
            return lines(store, talkers, took)
        finally:
            store.close()


def lines(store: Store, talkers: list[Talker], took: float) -> list[Line]:
    """Return what was measured, and what the store says of it."""
    kept = compare(store, talkers)
    for problem in kept.problems:
        print(f"load: {problem}", file=sys.stderr, flush=True)
    found = []
    for what, each in (
        ("message written down and acknowledged", [t.acknowledged for t in talkers]),
        ("message answered", [t.answered for t in talkers]),
    ):
        values = [value for one in each for value in one]
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            label = f"{what}, {len(talkers)} conversations at a time, {name}"
            found.append(Line(label, _quantile(values, share), "ms"))
    return [
        *found,
        Line("messages sent", kept.messages, "messages"),
        Line("messages answered a second", kept.messages / took, "1/s"),
        Line("safe replies in place of an answer", kept.safe_replies, "messages", 0),
        Line("acknowledged messages that were lost", kept.lost, "messages", 0),
        Line("messages stored twice", kept.twice, "messages", 0),
        Line("messages without an answer", kept.unanswered, "messages", 0),
        Line("conversations answered out of order", kept.out_of_order, "conversations", 0),
        Line("streams with a loss or a repeat", len(kept.problems), "problems", 0),
    ]
