"""Nothing acknowledged is lost: by many writers at once, and by one that is killed."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from records import Observation, Store
from records.database import problems_of
from tests.records.telling import AT, alt, tell

SECONDS = 8.0
KILLS = 5
WRITER = """
import sys, uuid
from records import Observation, Store
store = Store(sys.argv[1])
print("ready", flush=True)
while True:
    key = uuid.uuid4().hex
    store.keep_message(person="ann", message_id=key, text="ALT 86 " + "x" * 300, at="2026-11-20")
    print("kept", key, flush=True)
    fact = Observation(kind="analyte", name="alt", value=86, unit="U/L", raw="ALT 86", end=6)
    store.note([fact], person="ann", message_id=key, at="2026-11-20")
    print("noted", key, flush=True)
"""


def test_a_killed_writer_loses_no_acknowledged_message(tmp_path: Path) -> None:
    path = tmp_path / "hbv.sqlite"
    acknowledged: dict[str, set[str]] = {"kept": set(), "noted": set()}
    kills, until, chance = 0, time.monotonic() + SECONDS, random.Random(1)  # noqa: S311
    # On a busy machine a writer starts slowly: it is killed so often, however long that takes.
    while time.monotonic() < until or kills < KILLS:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.1))
        writer.kill()
        for line in writer.communicate()[0].splitlines():
            words = line.split()
            if len(words) == 2 and len(words[1]) == 32:
                acknowledged[words[0]].add(words[1])
        kills += 1

    store = Store(path)
    messages = {m["id"]: m for m in store.messages("ann")}
    facts = {o.message for o in store.observations("ann", history=True)}
    assert len(acknowledged["kept"]) > kills
    assert acknowledged["kept"] <= messages.keys()
    assert acknowledged["noted"] <= facts
    # What was in the air when the process died is there whole, or not at all.
    assert len(messages) <= len(acknowledged["kept"]) + kills
    assert {m["id"] for m in messages.values() if m["read_at"]} == facts
    assert len(store.search("ALT 86", limit=100_000)) == len(messages)
    assert len(store.facts("ann")) == 1
    assert problems_of(store.db) == []


def _write_many(path: Path, name: str, count: int) -> None:
    store = Store(path)
    for number in range(count):
        tell(store, f"{name}-{number}", f"ALT {number}", alt(number), person=name)
        tell(store, f"all-{name}-{number}", "hello", person="everybody")


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Opening a new file and read-then-write both happen in several processes at the same time."""
    path, each, writing = tmp_path / "hbv.sqlite", 40, 4
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_write_many, args=(path, f"p{n}", each)) for n in range(writing)
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * writing
    store = Store(path)
    for n in range(writing):
        assert len(store.messages(f"p{n}")) == each
        assert [o.value for o in store.observations(f"p{n}")] == [each - 1]
        assert len(store.observations(f"p{n}", history=True)) == each
    assert len(store.messages("everybody")) == each * writing
    assert len(store.visits("everybody")) == 1


def _erase_and_write(path: Path, name: str) -> None:
    store = Store(path)
    for number in range(10):
        tell(store, f"{name}-{number}", "hello", person=name)
        store.erase(name)


def test_erasing_while_others_write_loses_nothing_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "hbv.sqlite"
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=_write_many, args=(path, "p0", 40)),
        context.Process(target=_erase_and_write, args=(path, "q0")),
        context.Process(target=_erase_and_write, args=(path, "q1")),
    ]
    for process in others:
        process.start()
    for process in others:
        process.join()

    assert [process.exitcode for process in others] == [0, 0, 0]
    store = Store(path)
    assert len(store.messages("p0")) == 40
    assert [store.knows(name) for name in ("q0", "q1")] == [False, False]
    assert len(store.search("ALT", limit=1000)) == 40


def test_a_block_that_fails_leaves_nothing_half_done(store: Store) -> None:
    """The second observation cannot be written, so the first is not either."""
    store.keep_message(person="ann", message_id="m1", text="ALT 86", at=AT)
    good = alt(86)
    bad = Observation.model_construct(**{**dict(good), "name": None, "start": 3})

    with pytest.raises(sqlite3.IntegrityError):
        store.note([good, bad], person="ann", message_id="m1", at=AT)

    assert store.observations("ann") == []
    assert store.state_of("m1") == "unread"
    store.check_writable()
