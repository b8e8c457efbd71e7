"""Servers that are killed come back, and nothing told is lost, invented or there by half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench import talkers
from bench.load import GENEROUS
from bot.model import ROOT
from gateway.exchange import _message_id
from prove.crashes import Outcome, Teller, _compare, prove_crashes
from prove.website import prove_website
from records import Observation, Store
from scripts.stack import Addresses, Stack
from tests.conftest import Person

AT = "2026-11-20T10:00"
TEXT = "HBV DNA 200 IU/mL, ALT 86 U/L"
KILLS = 3


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_nothing_is_lost_or_invented_when_the_servers_are_killed(stack: Stack) -> None:
    outcome = prove_crashes(stack, kills=KILLS)

    assert outcome.problems == []
    assert outcome.kills == outcome.restarts == {"actions": KILLS, "rasa": KILLS}
    assert outcome.acknowledged > 20
    assert outcome.facts > 10


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_the_open_question_and_the_language_outlive_rasa(stack: Stack, person: Person) -> None:
    person.says("请说中文")
    asked = person.says("谷丙转氨酶86 U/L").question

    before = stack.pid("rasa")
    os.kill(int(before or 0), signal.SIGKILL)
    _wait_for(lambda: stack.pid("rasa") != before and not stack.addresses.problems)
    answer = person.says("6 months or more, yes")

    assert asked == "hbsag"
    assert answer.question not in {"", asked}
    assert not answer.text.isascii()


def _wait_for(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 180
    while not ready():
        assert time.monotonic() < end, "the servers did not come back"
        time.sleep(0.5)


@pytest.fixture
def teller() -> Teller:
    """Somebody who told one message of two facts once, and was answered."""
    told = Teller("", threading.Event(), seed=1)
    told.expected[TEXT] = frozenset({("hbv_dna", 200, "IU/mL"), ("alt", 86, "U/L")})
    told.attempts[TEXT] = told.acknowledged[TEXT] = 1
    return told


def stated(name: str, value: float, unit: str, raw: str) -> Observation:
    start = TEXT.index(raw)
    place = {"start": start, "end": start + len(raw)}
    return Observation(kind="analyte", name=name, value=value, unit=unit, raw=raw, **place)


DNA = stated("hbv_dna", 200, "IU/mL", "HBV DNA 200 IU/mL")
ALT = stated("alt", 86, "U/L", "ALT 86 U/L")


def compared(
    store: Store, teller: Teller, *noted: Observation, times: int = 1, read: bool = True
) -> Outcome:
    for number in range(times):
        store.keep_message(person=teller.name, message_id=f"m{number}", text=TEXT, at=AT)
    if read:
        store.note(noted, person=teller.name, message_id="m0", at=AT)
    outcome = Outcome()
    _compare(store, teller, outcome)
    return outcome


def test_a_sound_store_has_no_problem(store: Store, teller: Teller) -> None:
    outcome = compared(store, teller, DNA, ALT)

    assert outcome.problems == []
    assert (outcome.sent, outcome.acknowledged, outcome.stored, outcome.facts) == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("noted", "count"),
    [
        ([DNA], 2),  # by half: the message is wrong, and so is what is current
        ([DNA, ALT.model_copy(update={"value": 87})], 2),
        ([DNA, ALT, stated("hbsag_quant", 200, "IU/mL", "200 IU/mL")], 2),
        ([DNA, ALT.model_copy(update={"raw": "ALT 68 U/L"})], 1),
        ([], 2),
    ],
)
def test_half_changed_and_invented_facts_are_seen(
    store: Store, teller: Teller, noted: list[Observation], count: int
) -> None:
    assert compared(store, teller, *noted).wrong == count


def test_a_message_that_was_acknowledged_and_is_not_stored_is_seen(
    store: Store, teller: Teller
) -> None:
    outcome = compared(store, teller, times=0, read=False)

    assert (outcome.lost, outcome.stored) == (1, 0)
    assert outcome.problems


def test_a_message_stored_more_often_than_sent_is_seen(store: Store, teller: Teller) -> None:
    assert compared(store, teller, DNA, ALT, times=2).twice == 1


def keep(pid_file: Path, code: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scripts.keep", str(pid_file), sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def eventually(check: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not check():
        assert time.monotonic() < until
        time.sleep(0.05)


def pid_in(file: Path) -> int:
    return int(file.read_text() or 0) if file.exists() else 0


def test_a_killed_server_is_started_again_and_ends_with_its_keeper(tmp_path: Path) -> None:
    file = tmp_path / "server.pid"
    keeper = keep(file, "import time; time.sleep(300)")
    eventually(lambda: pid_in(file))
    first = pid_in(file)

    os.kill(first, signal.SIGKILL)
    eventually(lambda: pid_in(file) not in {0, first})
    second = pid_in(file)
    keeper.terminate()

    assert keeper.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert not file.exists()


def test_a_server_that_cannot_start_is_not_started_for_ever(tmp_path: Path) -> None:
    assert keep(tmp_path / "server.pid", "raise SystemExit(3)").wait(20) == 3


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_the_website_loses_nothing_when_its_processes_are_killed(tmp_path: Path) -> None:
    stack = Stack(Addresses.free(), tmp_path, GENEROUS)
    stack.start()
    try:
        outcome = prove_website(stack, kills=1, people=4)
    finally:
        stack.stop()

    assert outcome.problems == []
    assert outcome.kills == {"gateway": 1, "rasa": 1, "actions": 1}
    assert outcome.kept.messages > 10
    assert outcome.breaks > 0


@pytest.mark.parametrize("fault", ["lost", "twice", "unanswered", "order"])
def test_what_the_browsers_were_acknowledged_is_held_against_the_store(
    store: Store, fault: str
) -> None:
    token, person = store.begin(AT)
    talker = talkers.Talker(0, sent=["client-0", "client-1"], token=token)
    ids = [_message_id(person, client_id) for client_id in talker.sent]
    keep = partial(store.keep_message, person=person, text="x", at=AT)
    for message_id in ids[: 1 if fault == "lost" else 2]:
        keep(message_id=message_id)
    if fault == "twice":
        keep(message_id="z" * 40)
    answers = [_message_id(message_id, "answer-0") for message_id in ids]
    for answer in reversed(answers) if fault == "order" else answers:
        if fault != "unanswered" or answer == answers[0]:
            keep(message_id=answer, direction="out")

    kept = talkers.compare(store, [talker])

    assert kept.problems
    assert (kept.lost == 1) == (fault == "lost")
    assert (kept.twice == 1) == (fault == "twice")
    assert (kept.unanswered == 1) == (fault == "unanswered")
    assert kept.out_of_order > 0 or fault == "unanswered"
