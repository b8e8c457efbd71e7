"""Killing servers in turn, each back before the next, for the proofs that talk on meanwhile."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.stack import Stack

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: its number, the server, and how long it took until everything was ready again.

    ``seconds`` is None where the next kill comes while this server still starts; ``problem`` is set
    where it did not run or did not come back, and is the last of its row.
    """

    number: int
    of: int
    server: str
    seconds: float | None = None
    problem: str | None = None


def kill_in_turn(
    stack: Stack,
    servers: Sequence[str],
    *,
    kills: int,
    choose: random.Random,
    pause: tuple[float, float],
    early: float = 0.0,
) -> Iterator[Kill]:
    """Kill each server so often, in an order and at moments that ``choose`` draws.

    Args:
        stack: running processes.
        servers: their names.
        kills: how often each is killed.
        choose: draws the order and the moments.
        pause: the shortest and the longest pause before a kill, in seconds.
        early: the share of kills after which the next comes while the server still starts.
    """
    victims = [*servers] * kills
    choose.shuffle(victims)
    for number, name in enumerate(victims, 1):
        time.sleep(choose.uniform(*pause))
        victim = stack.pid(name)
        if victim is None:
            yield Kill(
                number, len(victims), name, problem=f"{name} did not run before kill {number}"
            )
            return
        os.kill(victim, signal.SIGKILL)
        began = time.monotonic()
        waits = choose.random() >= early or number == len(victims)
        if not _is_back(stack, name, victim, ready=waits):
            problem = f"{name} did not come back after kill {number}"
            yield Kill(number, len(victims), name, problem=problem)
            return
        took = time.monotonic() - began
        yield Kill(number, len(victims), name, seconds=took if waits else None)


def _is_back(stack: Stack, name: str, victim: int, *, ready: bool) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if stack.pid(name) not in {None, victim} and not (ready and stack.addresses.problems):
            return True
        time.sleep(0.05)
    return False
