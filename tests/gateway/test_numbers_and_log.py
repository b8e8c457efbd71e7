"""The log and the metrics tell ids, kinds and durations; never a word that somebody wrote."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import logging.config
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import generate_latest

from gateway import exchange as exchange_module
from gateway import log, metrics
from gateway.cds_hooks import ID
from gateway.log import Discreet
from scripts.stack import Addresses
from tests.gateway.conftest import FakeRasa, begin, question, send, settled
from tests.gateway.test_cds_hooks import PATIENT, bundle, call

pytestmark = pytest.mark.anyio
NAME = "Zhangsanfeng"
PHONE = "13912345678"
WORDS = f"my name is {NAME}, {PHONE}, ALT 86 U/L"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that any logger says, as the gateway writes it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet())
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("root", *log.config()["loggers"])}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name, own in log.config()["loggers"].items():
        logging.getLogger(name).setLevel(own["level"])
    yield text
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def must_be_discreet(text: str) -> None:
    for word in (NAME, PHONE, "ALT 86", WORDS[:10]):
        assert word not in text
    assert WORDS.encode().hex() not in text


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def everything(written: io.StringIO) -> str:
    return written.getvalue() + generate_latest(metrics.REGISTRY).decode()


async def test_a_message_leaves_its_id_and_its_seconds(
    app: FastAPI, client: httpx.AsyncClient, written: io.StringIO
) -> None:
    header = await begin(client)
    await send(client, header, WORDS)
    await settled(app)

    assert "was answered after" in written.getvalue()
    assert header["Authorization"].partition(" ")[2] not in written.getvalue()
    must_be_discreet(everything(written))


async def test_a_failing_path_tells_no_more(
    app: FastAPI,
    client: httpx.AsyncClient,
    rasa: FakeRasa,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange_module, "_RETRY_SECONDS", 0.01)
    header, store = await begin(client), app.state.exchange.store

    rasa.down = True
    await send(client, header, WORDS, "client-1")
    await settled(app)
    rasa.down = False

    rasa.replies = [question(WORDS) | {"custom": {"response": WORDS}}]
    await send(client, header, WORDS, "client-2")
    await settled(app)

    rasa.answer = lambda text: [{"text": text, "custom": text}]
    await send(client, header, WORDS, "client-3")
    await settled(app)
    rasa.answer = None

    def breaks(text: str) -> None:
        raise ValueError(text)

    with monkeypatch.context() as patch:
        patch.setattr(exchange_module, "first_aid", breaks)
        await send(client, header, WORDS, "client-4")
        await settled(app)

    failures = iter([True, False])
    mark = store.answered

    def fails_once(message_id: str) -> None:
        if next(failures):
            raise sqlite3.OperationalError(WORDS)
        mark(message_id)

    with monkeypatch.context() as patch:
        patch.setattr(store, "answered", fails_once)
        await send(client, header, WORDS, "client-5")
        await settled(app)

    with monkeypatch.context() as patch:
        patch.setattr(app.state.exchange, "receive", lambda *_: breaks(WORDS))
        failed = await send(client, header, WORDS, "client-6")
        patch.setattr(store, "person_of", lambda _: breaks(WORDS))
        lost = await client.get("/chat/messages", headers=header)

    assert (failed.status_code, lost.status_code) == (500, 500)
    log_text = written.getvalue()
    assert log_text.count("could not be worked on") == 2
    assert "ValueError" in log_text
    assert "OperationalError" in log_text
    must_be_discreet(everything(written))
    must_be_discreet(failed.text + lost.text)


async def test_bad_requests_leave_no_trace_of_what_they_held(
    client: httpx.AsyncClient, written: io.StringIO
) -> None:
    header = await begin(client)
    await client.post("/chat/messages", json={"text": WORDS, NAME: WORDS}, headers=header)
    await client.post("/chat/messages", content=WORDS, headers=header)
    await client.post("/chat/reports", files={"file": (WORDS, WORDS.encode())}, headers=header)
    await client.post("/chat", data={"text": WORDS + "x" * 20_000})
    await client.get(f"/chat/{NAME}", params={"q": WORDS})
    await client.post("/api/assess", json={"record": {"as_of": WORDS, "raw": WORDS}})
    await client.post(
        "/api/answer",
        json={"record": {"as_of": "2026-11-20"}, "question": WORDS[:70], "value": WORDS},
    )
    patient = {**PATIENT, "name": [{"text": NAME}], "telecom": [{"value": PHONE}]}
    note = {"resourceType": "Condition", "code": {"text": WORDS}}
    sent = {
        "patient": patient,
        "results": bundle({"resourceType": "Observation", "note": WORDS}),
        "conditions": bundle(note),
    }
    await client.post(f"/cds-services/{ID}", json=call(sent))
    feedback = {
        "card": NAME,
        "outcome": "overridden",
        "outcomeTimestamp": "x",
        "overrideReason": {"userComment": WORDS},
    }
    await client.post(f"/cds-services/{ID}/feedback", json={"feedback": [feedback]})

    must_be_discreet(everything(written))


def fault() -> tuple[Any, Any, Any]:
    import sys  # noqa: PLC0415

    try:
        try:
            {}[WORDS]
        except KeyError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        return sys.exc_info()


def test_a_fault_is_told_by_its_kind_and_place() -> None:
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "x", 1, "Exception", (), fault())
    record.exc_text = WORDS  # as another handler may have left it

    text = Discreet().format(record)

    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "test_numbers_and_log.py" in text
    must_be_discreet(text)


def test_what_asyncio_prints_of_a_task_is_left_out() -> None:
    message = f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{WORDS}')>"
    record = logging.LogRecord("asyncio", logging.ERROR, "x", 1, message, (), fault())

    text = Discreet().format(record)

    assert "never retrieved" in text
    must_be_discreet(text)


def test_the_logs_of_requests_are_off() -> None:
    loggers = log.config()["loggers"]

    assert {"httpx", "httpcore", "uvicorn.access"} <= set(loggers)
    assert all(settings["level"] == "WARNING" for settings in loggers.values())


async def test_what_happens_is_counted(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    names = ("messages_in", "answers_out", "held_back", "emergency_replies", "fallbacks")
    before = {name: value(f"hbv_{name}_total") for name in names}
    turns = value("hbv_turn_seconds_count")
    header = await begin(client)
    await send(client, header, "hello", "client-1")
    await send(client, header, "hello", "client-1")
    await settled(app)
    rasa.replies = [{"text": "Take two tablets."}]
    await send(client, header, "hello", "client-2")
    await settled(app)
    rasa.down = True
    await send(client, header, "I am vomiting blood", "client-3")
    await settled(app)

    after = {name: value(f"hbv_{name}_total") - before[name] for name in names}
    assert after == {
        "messages_in": 3,
        "answers_out": 4,
        "held_back": 1,
        "emergency_replies": 1,
        "fallbacks": 1,
    }
    assert value("hbv_turn_seconds_count") - turns == 3


async def test_what_waits_and_who_listens_is_shown(
    app: FastAPI, client: httpx.AsyncClient, address: str, rasa: FakeRasa
) -> None:
    rasa.hold = asyncio.Event()
    header = await begin(client)
    await send(client, header, "hello")
    waiting, quiet = value("hbv_messages_waiting"), value("hbv_listeners")
    async with (
        httpx.AsyncClient(base_url=address) as browser,
        browser.stream("GET", "/chat/events", headers=header) as reply,
    ):
        await anext(reply.aiter_bytes())
        listening = value("hbv_listeners")
    rasa.hold.set()
    await settled(app)

    assert (waiting, value("hbv_messages_waiting")) == (1, 0)
    assert listening - quiet == 1
    for _ in range(200):
        if value("hbv_listeners") == quiet:
            break
        await asyncio.sleep(0.02)
    assert value("hbv_listeners") == quiet


def test_no_label_can_hold_a_person() -> None:
    labels = {
        (family.name, label)
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        for label in sample.labels
    }

    assert labels <= {("hbv_turn_seconds", "le"), ("hbv_card_feedback", "outcome")}


def test_the_numbers_are_read_on_loopback_and_a_taken_port_stops_nothing(
    written: io.StringIO,
) -> None:
    port = Addresses.free().metrics_port

    assert not metrics.serve(0)
    assert metrics.serve(port)
    assert not metrics.serve(port)
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as reply:
        assert b"hbv_messages_in_total" in reply.read()
    assert str(port) in written.getvalue()
    assert json.dumps(log.config(), default=str)
