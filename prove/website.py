"""Killed servers behind the website: browsers talk on while each process is killed at random moments.

What was acknowledged is in the store, once and in order, with its answers once; every stream goes on
without loss or repeat.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.talkers import Kept, Talker, compare
from prove.killing import kill_in_turn
from records import Store
from records.database import problems_of
from scripts.stack import Stack

SERVERS = ("gateway", "rasa", "actions")
# Without Rasa an answer is there at once, and asks to wait.
_PAUSE_SECONDS = 1.0
HEADER = ("server", "kills", "slowest restart")
SUM_HEADER = ("messages", "lost", "stored twice", "not answered", "out of order", "safe replies")


@dataclass
class Outcome:
    """What was done and what came of it; ``problems`` must be empty."""

    kills: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    breaks: int = 0
    problems: list[str] = field(default_factory=list)


def prove_website(
    stack: Stack,
    *,
    kills: int,
    people: int = 8,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Kill each process ``kills`` times under browsers that talk, and compare the store.

    Args:
        stack: running processes that allow as many messages as come; they run when this returns.
        kills: how often each process is killed.
        people: how many talk at a time.
        seed: of the order and the moments.
        say: is given a line of progress after every kill.
    """
    outcome = Outcome()
    talkers = asyncio.run(_talk(stack, people, lambda: _kill_all(stack, outcome, kills, seed, say)))
    store = Store(stack.database)
    try:
        outcome.kept = compare(store, talkers)
        outcome.problems += [*outcome.kept.problems, *problems_of(store.db)]
    finally:
        store.close()
    outcome.breaks = sum(talker.breaks for talker in talkers)
    return outcome


async def _talk(stack: Stack, people: int, kill_all: Callable[[], None]) -> list[Talker]:
    """Let people talk until every process was killed so often and is back."""
    talkers = [Talker(number, pause=_PAUSE_SECONDS) for number in range(people)]
    ended = asyncio.Event()

    async def one(talker: Talker) -> None:
        while not ended.is_set():
            until = time.monotonic() + 5
            await talker.talk(stack.addresses.website, until)

    talking = [asyncio.create_task(one(talker)) for talker in talkers]
    try:
        await asyncio.to_thread(kill_all)
    finally:
        ended.set()
        await asyncio.gather(*talking)
    return talkers


def _kill_all(
    stack: Stack, outcome: Outcome, kills: int, seed: int, say: Callable[[str], None]
) -> None:
    choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    for kill in kill_in_turn(stack, SERVERS, kills=kills, choose=choose, pause=(1.0, 4.0)):
        if kill.problem or kill.seconds is None:
            outcome.problems.append(kill.problem or f"{kill.server} was not waited for")
            return
        outcome.kills[kill.server] += 1
        outcome.slowest[kill.server] = max(kill.seconds, outcome.slowest.get(kill.server, 0.0))
        say(f"kill {kill.number:3} of {kill.of}: {kill.server:8} back after {kill.seconds:.1f} s")


def rows(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return the lines of the table of the processes."""
    return [
        (name, f"{outcome.kills[name]:,}", f"{outcome.slowest.get(name, 0):.1f} s")
        for name in SERVERS
    ]


def sums(outcome: Outcome) -> tuple[str, ...]:
    """Return the line of the table of the messages."""
    kept = outcome.kept
    counts = (
        kept.messages,
        kept.lost,
        kept.twice,
        kept.unanswered,
        kept.out_of_order,
        kept.safe_replies,
    )
    return tuple(f"{count:,}" for count in counts)
