"""A turn of the conversation, start-up, memory and training: ours beside the bot of ``rasa init``.

Both run at the same time on the same Rasa in the same environment, and are measured in turn, so
that noise of the machine hits both alike.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.bots import Ours, Peer
from bench.timing import Line

CONVERSATIONS = 40
AT_A_TIME = 20
ROUNDS = 3
STARTS = 2
Bot = Ours | Peer


def run() -> list[Line]:
    """Return all lines of the dialogue's benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = Ours(Path(folder) / "ours"), Peer(Path(folder) / "peer")
        _say("making the bot of `rasa init` …")
        peer.make()
        lines = _training(ours, peer)
        try:
            lines += _starts(ours, peer)
            lines += _turns(ours, peer)
            lines += _memory(ours, peer)
        finally:
            ours.stop()
            peer.stop()
    return lines


def _say(text: str) -> None:
    print(f"dialogue: {text}", file=sys.stderr, flush=True)


def _training(ours: Ours, peer: Peer) -> list[Line]:
    took = {}
    for bot in (peer, ours):
        _say(f"training {bot.name} …")
        began = time.perf_counter()
        bot.train()
        took[bot.name] = time.perf_counter() - began
    return _pair("training", took[ours.name], took[peer.name], "s")


def _starts(ours: Ours, peer: Peer) -> list[Line]:
    """Start both several times; they run when this returns."""
    took: dict[str, list[float]] = {ours.name: [], peer.name: []}
    for number in range(STARTS):
        for bot in (ours, peer):
            bot.stop()
        for bot in (ours, peer):
            _say(f"starting {bot.name}, {number + 1} of {STARTS} …")
            began = time.perf_counter()
            bot.start()
            took[bot.name].append(time.perf_counter() - began)
    middle = {name: statistics.median(each) for name, each in took.items()}
    return _pair(
        "start-up until a message is answered", middle[ours.name], middle[peer.name], "s", 1
    )


def _turns(ours: Ours, peer: Peer) -> list[Line]:
    lines = []
    kinds = (
        ("turn with a fixed response", ours.plain, peer.plain, None),
        ("turn with the engine / a trivial action", ours.acting, peer.acting, 0.5),
    )
    for what, own, other, aim in kinds:
        for at_a_time in (1, AT_A_TIME):
            _say(f"{what}, {at_a_time} at a time …")
            mine, theirs = _measure((ours, own), (peer, other), at_a_time)
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                label = f"{what}, {at_a_time} at a time, {name}"
                limit = aim if name == "p50" else None
                lines += _pair(label, _quantile(mine, share), _quantile(theirs, share), "ms", limit)
    return lines


def _measure(
    one: tuple[Bot, tuple[str, ...]], two: tuple[Bot, tuple[str, ...]], at_a_time: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each turn of both, held in turn conversation by conversation."""
    took: tuple[list[float], list[float]] = ([], [])
    rounds = CONVERSATIONS if at_a_time == 1 else ROUNDS
    with ThreadPoolExecutor(at_a_time) as pool:
        for number in range(rounds + 1):
            for found, (bot, texts) in zip(took, (one, two), strict=True):
                held = list(pool.map(_converse, [bot] * at_a_time, [texts] * at_a_time))
                if number:  # the first round only warms up
                    found += [each for turns in held for each in turns]
    return took


def _converse(bot: Bot, texts: tuple[str, ...]) -> list[float]:
    sender, took = f"bench-{uuid.uuid4().hex[:12]}", []
    for text in texts:
        began = time.perf_counter()
        answers = bot.say(sender, text)
        took.append((time.perf_counter() - began) * 1e3)
        if not answers or "no_answer" in str(answers):
            _say(f"{bot.name} did not answer {text!r}")
            took[-1] = math.inf
    return took


def _memory(ours: Ours, peer: Peer) -> list[Line]:
    mine, theirs = _resident(ours), _resident(peer)
    lines = []
    for name, what in (("rasa", "memory of Rasa"), ("actions", "memory of the action server")):
        lines += _pair(what, mine[name], theirs[name], "MB")
    total = sum(mine.values()), sum(theirs.values())
    return [*lines, *_pair("memory of both", *total, "MB", 1)]


def _resident(bot: Bot) -> dict[str, float]:
    """Return the resident memory of each process in megabytes."""
    found = {}
    for name, pid in bot.pids().items():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        size = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
        found[name] = int(size) / 1024
    return found


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _pair(what: str, mine: float, theirs: float, unit: str, aim: float | None = None) -> list[Line]:
    return [
        Line(f"{what}, ours", mine, unit),
        Line(f"{what}, rasa init", theirs, unit),
        Line(f"{what}, ours / rasa init", mine / theirs, "×", aim),
    ]
