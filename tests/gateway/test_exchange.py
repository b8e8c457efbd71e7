"""The way of a message: once, in order, and not lost with a process."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from gateway import exchange as exchange_module
from gateway.errors import BadMessageError, UnknownButtonError
from gateway.exchange import Exchange, buttons_of, follow
from records import Store
from tests.gateway.conftest import FakeRasa, question

pytestmark = pytest.mark.anyio
BLOOD = "I am vomiting blood"


async def until(check: Callable[[], object]) -> None:
    for _ in range(500):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def texts(store: Store, person: str, direction: str = "out") -> list[str]:
    found = store.messages_after(person, 0)
    return [m["text"] for m in found if m["direction"] == direction]


async def test_a_message_is_on_the_disk_before_it_is_acknowledged(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    key = exchange.receive(person, "client-1", "ALT 86 U/L")

    assert rasa.heard == []
    assert [(m["key"], m["text"]) for m in store.waiting(person)] == [(key, "ALT 86 U/L")]


async def test_the_same_client_id_again_is_the_same_message(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    first = exchange.receive(person, "client-1", "hello")
    second = exchange.receive(person, "client-1", "hello")
    await exchange.settled(person, 5)
    third = exchange.receive(person, "client-1", "hello")
    await asyncio.sleep(0.05)

    assert first == second == third
    assert rasa.texts == ["hello"]
    assert (texts(store, person, "in"), texts(store, person)) == (["hello"], ["Which?"])


async def test_the_same_client_id_of_another_person_is_another_message(
    exchange: Exchange, store: Store, person: str
) -> None:
    _, other = store.begin("2026-11-20T10:00:00+00:00")

    assert exchange.receive(person, "client-1", "hello") != exchange.receive(
        other, "client-1", "hello"
    )


async def test_messages_of_one_person_are_answered_in_their_order(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.answer = lambda text: [question(f"answer to {text}")]
    rasa.pause = 0.01
    for number in range(8):
        exchange.receive(person, f"client-{number}", f"message {number}")
    await until(lambda: len(texts(store, person)) == 8)

    assert rasa.texts == [f"message {n}" for n in range(8)]
    assert texts(store, person) == [f"answer to message {n}" for n in range(8)]


async def test_a_slow_answer_to_one_does_not_hold_up_another(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    _, other = store.begin("2026-11-20T10:00:00+00:00")
    rasa.hold = asyncio.Event()
    exchange.receive(person, "client-1", "slow")
    await until(lambda: rasa.heard)
    held, rasa.hold = rasa.hold, None
    exchange.receive(other, "client-1", "quick")
    await until(lambda: texts(store, other))

    assert texts(store, person) == []
    held.set()
    await until(lambda: texts(store, person))


async def test_what_waits_is_answered_after_a_restart(
    rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.hold = asyncio.Event()
    killed = Exchange(store, rasa.connect())
    killed.receive(person, "client-1", "hello")
    killed.receive(person, "client-2", "and more")
    await until(lambda: rasa.heard)
    await killed.close()
    rasa.hold = None

    again = Exchange(store, rasa.connect())
    taken_up = again.resume()
    await again.settled(person, 5)

    assert taken_up == 2
    assert rasa.texts == ["hello", "hello", "and more"]
    assert {body["message_id"] for body in rasa.heard[:2]} == {rasa.heard[0]["message_id"]}
    assert texts(store, person) == ["Which?", "Which?"]
    assert store.waiting() == []
    await again.close()


@pytest.mark.parametrize("killed_at", ["first answer", "second answer", "mark"])
async def test_answers_are_there_once_although_the_process_ended_while_they_were_written(
    rasa: FakeRasa, store: Store, person: str, killed_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun and not finished leaves nothing behind; the next process does it whole."""
    rasa.replies = [question("one"), question("two")]
    keep, mark = store.keep_message, store.answered
    out: list[str] = []

    def dying_keep(**given: Any) -> bool:
        if given.get("direction") == "out":
            out.append(given["text"])
            if killed_at == ("first answer", "second answer")[min(len(out), 2) - 1]:
                raise asyncio.CancelledError
        return keep(**given)

    def dying_mark(message_id: str) -> None:
        if killed_at == "mark":
            raise asyncio.CancelledError
        mark(message_id)

    killed = Exchange(store, rasa.connect())
    monkeypatch.setattr(store, "keep_message", dying_keep)
    monkeypatch.setattr(store, "answered", dying_mark)
    killed.receive(person, "client-1", "hello")
    await until(lambda: not killed.is_working(person))
    assert texts(store, person) == []
    monkeypatch.undo()
    await killed.close()

    again = Exchange(store, rasa.connect())
    assert again.resume() == 1
    await again.settled(person, 5)

    assert texts(store, person) == ["one", "two"]
    assert again.resume() == 0
    await again.close()


async def test_a_store_that_fails_for_a_while_leaves_no_message_without_its_answer(
    exchange: Exchange, store: Store, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_module, "_RETRY_SECONDS", 0.01)
    mark, failures = store.answered, iter([True, True, False])

    def failing(message_id: str) -> None:
        if next(failures):
            raise sqlite3.OperationalError
        mark(message_id)

    monkeypatch.setattr(store, "answered", failing)
    exchange.receive(person, "client-1", "hello")
    await until(lambda: not store.waiting())

    assert texts(store, person) == ["Which?"]


@pytest.mark.parametrize("replies", [["no object"], [{"text": "x", "custom": 5}], [[]], "text", 3])
async def test_an_answer_that_cannot_be_read_becomes_the_safe_reply(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str, replies: Any
) -> None:
    rasa.replies = replies
    exchange.receive(person, "client-1", "hello")
    await until(lambda: not store.waiting())

    responses = [m["card"] for m in store.messages_after(person, 0) if m["direction"] == "out"]
    assert len(responses) == 1
    assert '"no_answer"' in responses[0] or '"ungrounded"' in responses[0]


@pytest.mark.parametrize("text", ["", " \n", "/", "／／ /", "a" * 2_001, "half \ud83d"])
async def test_what_is_no_message_is_refused_and_not_kept(
    exchange: Exchange, store: Store, person: str, text: str
) -> None:
    with pytest.raises(BadMessageError):
        exchange.receive(person, "client-1", text)

    assert store.messages(person) == []


async def test_a_button_says_what_it_stands_for(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.replies = [question("Which?", "yes", "no")]
    exchange.receive(person, "client-1", "hello")
    await exchange.settled(person, 5)
    shown = [b for m in store.messages(person) for b in buttons_of(m)]

    exchange.press(person, "client-2", shown[1]["id"])
    await exchange.settled(person, 5)

    assert rasa.texts[-1] == "payload of no"


async def test_a_button_of_another_conversation_is_refused(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.replies = [question("Which?", "yes")]
    exchange.receive(person, "client-1", "hello")
    await exchange.settled(person, 5)
    button = next(b["id"] for m in store.messages(person) for b in buttons_of(m))
    _, other = store.begin("2026-11-20T10:00:00+00:00")

    for stranger, pressed in ((other, button), (person, "payload of yes"), (person, "ü")):
        with pytest.raises(UnknownButtonError):
            exchange.press(stranger, "client-2", pressed)


async def test_danger_gets_first_aid_at_once_and_while_rasa_is_down(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.hold = asyncio.Event()
    exchange.receive(person, "client-1", BLOOD)
    await until(lambda: texts(store, person))
    first = texts(store, person)
    rasa.hold.set()
    rasa.down = True
    exchange.receive(person, "client-2", BLOOD)
    await until(lambda: not store.waiting())

    assert len(first) == 1
    assert "emergency" in first[0]
    assert texts(store, person).count(first[0]) == 2


async def test_danger_does_not_wait_for_what_was_written_before(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.hold = asyncio.Event()
    exchange.receive(person, "client-1", "hello")
    await until(lambda: rasa.heard)

    exchange.receive(person, "client-2", BLOOD)
    said = texts(store, person)
    rasa.hold.set()
    await until(lambda: not store.waiting())

    assert len(said) == 1
    assert "emergency" in said[0]
    assert texts(store, person) == [*said, "Which?", "Which?"]


async def test_a_fault_of_first_aid_does_not_cost_the_acknowledgement(
    exchange: Exchange, store: Store, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(exchange_module, "first_aid", breaks)
    exchange.receive(person, "client-1", BLOOD)
    await until(lambda: not store.waiting())

    assert texts(store, person, "in") == [BLOOD]
    assert "emergency" in texts(store, person)[0]


async def test_erasing_stops_the_work_and_leaves_nothing(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.hold = asyncio.Event()
    exchange.receive(person, "client-1", "hello")
    await until(lambda: rasa.heard)

    await exchange.erase(person)
    rasa.hold.set()
    await asyncio.sleep(0.05)

    assert not store.knows(person)
    assert store.messages(person) == []
    assert rasa.forgot == [person]


async def test_who_follows_gets_each_message_once_and_ends_with_the_erasure(
    exchange: Exchange, rasa: FakeRasa, store: Store, person: str
) -> None:
    rasa.answer = lambda text: [question(f"answer to {text}")]
    seen: list[int] = []

    async def listen() -> None:
        async for rows in follow(exchange, person, 0, 0.05):
            seen.extend(row["key"] for row in rows or ())

    listening = asyncio.create_task(listen())
    for number in range(20):
        exchange.receive(person, f"client-{number}", f"message {number}")
        await asyncio.sleep(0.002)
    await until(lambda: not store.waiting())
    await until(lambda: len(seen) == 40)
    kept = [m["key"] for m in store.messages_after(person, 0)]
    await exchange.erase(person)
    await asyncio.wait_for(listening, 2)

    assert seen == kept == sorted(set(seen))
