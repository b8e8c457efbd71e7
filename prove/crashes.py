"""Killed servers: people talk on while Rasa and the action server are killed at random moments.

Nothing that was acknowledged may be lost, no fact may be there that nobody told, none may be there
by half, and the conversation must go on. People send a message again when it was not answered, as
the assistant asks them to.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prove.killing import PATIENCE_SECONDS, kill_in_turn
from records import Observation, Store
from records.database import problems_of
from scripts.stack import Stack, post

SERVERS = ("actions", "rasa")
HEADER = ("server", "kills", "restarts", "slowest restart")
_COUNTS = ("sent", "acknowledged", "stored", "lost", "twice", "facts", "wrong", "silent")
SUM_HEADER = (*_COUNTS[:4], "stored twice", "facts", "facts wrong", "not answered")
# The share of kills that come while a server still starts.
_EARLY = 0.2
_TELLER_PATIENCE_SECONDS = 600.0  # longer than several kills in a row of a server that still starts
_UNANSWERED = {"no_answer", "not_saved"}
# What is told, and the facts that it states; each number of it is told only once.
_TEMPLATES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("ALT {0} U/L", (("alt", "U/L"),)),
    ("谷丙转氨酶{0} U/L", (("alt", "U/L"),)),
    ("no, the ALT was {0} U/L", (("alt", "U/L"),)),
    ("my HBV DNA is {0} IU/mL", (("hbv_dna", "IU/mL"),)),
    ("HBV DNA {0} IU/mL, ALT {1} U/L", (("hbv_dna", "IU/mL"), ("alt", "U/L"))),
    ("表面抗原定量{0} IU/mL，谷丙转氨酶{1} U/L", (("hbsag_quant", "IU/mL"), ("alt", "U/L"))),
    (
        "HBsAg {0} IU/mL, ALT {1} U/L, HBV DNA {2} IU/mL",
        (("hbsag_quant", "IU/mL"), ("alt", "U/L"), ("hbv_dna", "IU/mL")),
    ),
    ("hello", ()),
    ("which phase am I in?", ()),
    ("why?", ()),
    ("thanks", ()),
)

Fact = tuple[str, float, str]


@dataclass
class Outcome:
    """What was done and what came of it; ``problems`` must be empty."""

    kills: Counter[str] = field(default_factory=Counter)
    restarts: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    twice: int = 0
    facts: int = 0
    wrong: int = 0
    silent: int = 0
    problems: list[str] = field(default_factory=list)


class Teller(threading.Thread):
    """Somebody who tells values without a pause, until ``stop`` is set."""

    def __init__(self, url: str, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.name = f"crash-{uuid.uuid4().hex[:12]}"
        self.attempts: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self.expected: dict[str, frozenset[Fact]] = {}
        self.problems: list[str] = []
        self.answered = 0
        self._url, self._stop_telling = url, stop
        self._choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
        self._numbers = iter(self._choose.sample(range(100, 900), 800))

    def run(self) -> None:
        while not self._stop_telling.is_set():
            self.tell(*self._next())
        self.tell("what do you know about me?", frozenset())

    def _next(self) -> tuple[str, frozenset[Fact]]:
        template, facts = self._choose.choice(_TEMPLATES)
        numbers = [next(self._numbers, 0) for _ in facts]
        if not all(numbers):
            self._numbers = iter(self._choose.sample(range(1000, 9000), 8000))
            return self._next()
        stated = zip(facts, numbers, strict=True)
        return template.format(*numbers), frozenset((n, v, unit) for (n, unit), v in stated)

    def tell(self, text: str, facts: frozenset[Fact]) -> None:
        """Send a message until it is answered."""
        self.expected[text] = facts
        began = time.monotonic()
        while time.monotonic() - began < _TELLER_PATIENCE_SECONDS:
            self.attempts[text] += 1
            try:
                answer = post(self._url, {"sender": self.name, "message": text})
            except OSError:
                time.sleep(0.2)
                continue
            if self._is_answered(text, answer):
                self.answered += 1
                return
            time.sleep(0.2)
        self.problems.append(f"nobody answered {text!r} for {_TELLER_PATIENCE_SECONDS:.0f} s")

    def _is_answered(self, text: str, answer: Any) -> bool:
        if not isinstance(answer, list) or not answer:
            self.problems.append(f"{text!r} was answered with {answer!r}")
            return True
        responses = {(message.get("custom") or {}).get("response") for message in answer}
        self.acknowledged[text] += "not_saved" not in responses
        return not responses & _UNANSWERED


def prove_crashes(
    stack: Stack,
    *,
    kills: int,
    people: int = 3,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Kill each server ``kills`` times under people who talk, and compare the store with what they told.

    Args:
        stack: running processes; they run again when this returns.
        kills: how often each server is killed.
        people: how many talk at a time.
        seed: of the order and the moments.
        say: is given a line of progress after every kill.
    """
    outcome, stop = Outcome(), threading.Event()
    tellers = [Teller(stack.addresses.chat, stop, seed + number) for number in range(people)]
    for teller in tellers:
        teller.start()
    try:
        choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
        _kill_all(stack, tellers, outcome, kills=kills, choose=choose, say=say)
    finally:
        stop.set()
        for teller in tellers:
            teller.join(PATIENCE_SECONDS)
    store = Store(stack.database)
    try:
        for teller in tellers:
            _compare(store, teller, outcome)
        outcome.problems += problems_of(store.db)
    finally:
        store.close()
    return outcome


def _kill_all(
    stack: Stack,
    tellers: list[Teller],
    outcome: Outcome,
    *,
    kills: int,
    choose: random.Random,
    say: Callable[[str], None],
) -> None:
    found = kill_in_turn(stack, SERVERS, kills=kills, choose=choose, pause=(0.5, 3.0), early=_EARLY)
    for kill in found:
        if kill.problem:
            outcome.problems.append(kill.problem)
            return
        outcome.kills[kill.server] += 1
        outcome.restarts[kill.server] += 1
        how = "starting"
        if kill.seconds is not None:
            outcome.problems += _silent(tellers)
            slowest = outcome.slowest.get(kill.server, 0.0)
            outcome.slowest[kill.server] = max(kill.seconds, slowest)
            how = f"back after {kill.seconds:.1f} s"
        say(f"kill {kill.number:3} of {kill.of}: {kill.server:8} {how}")


def _silent(tellers: list[Teller]) -> list[str]:
    """Wait until everybody is answered again; return who is not."""
    before = [teller.answered for teller in tellers]
    until = time.monotonic() + PATIENCE_SECONDS
    while any(t.answered == n for t, n in zip(tellers, before, strict=True)):
        if time.monotonic() > until:
            left = zip(tellers, before, strict=True)
            return [f"{teller.name} is not answered" for teller, n in left if teller.answered == n]
        time.sleep(0.05)
    return []


def _compare(store: Store, teller: Teller, outcome: Outcome) -> None:
    """Compare what one person told with what is stored of it."""
    told = [m for m in store.messages(teller.name) if m["direction"] == "in"]
    stored = Counter(m["text"] for m in told)
    outcome.problems += teller.problems
    outcome.silent += len(teller.problems)
    outcome.sent += teller.attempts.total()
    outcome.acknowledged += teller.acknowledged.total()
    outcome.stored += stored.total()
    lost, twice = teller.acknowledged - stored, stored - teller.attempts
    outcome.lost += lost.total()
    outcome.twice += twice.total()
    outcome.problems += [f"acknowledged and not stored: {text!r}" for text in lost]
    outcome.problems += [f"stored more often than sent: {text!r}" for text in twice]
    noted = store.observations(teller.name, history=True)
    outcome.facts += len(noted)
    wrong = [*_wrong(told, noted, teller.expected), *_not_current(told, noted, teller.expected)]
    outcome.wrong += len(wrong)
    outcome.problems += wrong


def _wrong(
    told: list[dict[str, Any]], noted: list[Observation], expected: dict[str, frozenset[Fact]]
) -> Iterator[str]:
    """Yield the messages whose facts are not all of those that they state, or none while unread."""
    for message in told:
        own = [o for o in noted if o.message == message["id"]]
        facts = {(o.name, o.value, o.unit) for o in own}
        should = expected[message["text"]] if message["read_at"] else frozenset()
        if facts != should or any(message["text"][o.start : o.end] != o.raw for o in own):
            state = "read" if message["read_at"] else "unread"
            yield f"{message['text']!r}, {state}, has the facts {sorted(facts, key=str)}"
    strays = {o.message for o in noted} - {message["id"] for message in told}
    yield from (f"facts of a message that is not stored: {stray}" for stray in strays)


def _not_current(
    told: list[dict[str, Any]], noted: list[Observation], expected: dict[str, frozenset[Fact]]
) -> Iterator[str]:
    """Yield the facts of which not exactly the value told last is current."""
    last = {
        name: value
        for message in sorted(told, key=lambda m: m["key"])
        if message["read_at"]
        for name, value, _ in expected[message["text"]]
    }
    current: dict[str, list[Any]] = {}
    for o in noted:
        if o.superseded_by is None:
            current.setdefault(o.name, []).append(o.value)
    if current != {name: [value] for name, value in last.items()}:
        yield f"current are {current}, told last were {last}"


def rows(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return the lines of the table of the servers."""
    return [
        (
            name,
            f"{outcome.kills[name]:,}",
            f"{outcome.restarts[name]:,}",
            f"{outcome.slowest.get(name, 0):.1f} s",
        )
        for name in SERVERS
    ]


def sums(outcome: Outcome) -> tuple[str, ...]:
    """Return the line of the table of the messages."""
    return tuple(f"{getattr(outcome, name):,}" for name in _COUNTS)
