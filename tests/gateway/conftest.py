"""A gateway in this process, and a stand-in for Rasa that answers what a test says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from actions.grounding import ungrounded
from bot.dictionary import read_words
from gateway.app import create_app
from gateway.exchange import Exchange
from gateway.gate import Gate, Message
from gateway.rasa import Rasa
from gateway.settings import Settings
from records import Store

SITE = "https://clinic.test"
HELLO = {
    "text": read_words("fixed_replies")["no_answer"]["en"],
    "custom": {"response": "no_answer"},
}


def question(text: str, *buttons: str) -> dict[str, Any]:
    """A question as Rasa asks it, with buttons that say what they are called."""
    return {
        "text": text,
        "custom": {"question": {"id": "hbsag"}},
        "buttons": [{"title": b, "payload": f"payload of {b}"} for b in buttons],
    }


@dataclass
class FakeRasa:
    """Stands for Rasa's webhook: hears messages and answers ``replies`` to each."""

    replies: list[Any] = field(default_factory=lambda: [question("Which?")])
    heard: list[dict[str, Any]] = field(default_factory=list)
    forgot: list[str] = field(default_factory=list)
    down: bool = False
    pause: float = 0.0
    hold: asyncio.Event | None = None
    answer: Callable[[str], list[Any]] | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody is there")
        if request.method == "GET":
            return httpx.Response(200, json={"ready": True, "problems": []})
        body = json.loads(request.content)
        if request.url.path.endswith("/forget"):
            self.forgot.append(body["sender"])
            return httpx.Response(200, json={"forgotten": True})
        self.heard.append(body)
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(self.pause)
        replies = self.answer(body["message"]) if self.answer else self.replies
        return httpx.Response(200, json=replies)

    @property
    def texts(self) -> list[str]:
        return [body["message"] for body in self.heard]

    def connect(self) -> Rasa:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Rasa("http://rasa.test/webhooks/rest/webhook", Gate(ungrounded), client)


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Generous limits; the tests of the limits set their own."""
    many = 100_000
    return Settings(
        database=str(tmp_path / "hbv.sqlite"),
        per_minute=many,
        new_per_minute=many,
        api_per_minute=many,
        origins=frozenset({"https://other.test"}),
    )


@pytest.fixture
async def exchange(store: Store, rasa: FakeRasa) -> AsyncIterator[Exchange]:
    made = Exchange(store, rasa.connect())
    yield made
    await made.close()


@pytest.fixture
def person(store: Store) -> str:
    return store.begin("2026-11-20T10:00:00+00:00")[1]


@pytest.fixture
async def app(settings: Settings, rasa: FakeRasa) -> AsyncIterator[FastAPI]:
    """A running application without a network."""
    made = create_app(settings, rasa=rasa.connect())
    async with made.router.lifespan_context(made):
        yield made


def client_of(app: FastAPI, **more: Any) -> httpx.AsyncClient:
    """A browser that knows no cookie yet."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=SITE, **more)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as made:
        yield made


async def begin(client: httpx.AsyncClient) -> dict[str, str]:
    """Begin a conversation; return the header that leads into it."""
    reply = await client.post("/chat/conversations", json={"in_header": True})
    assert reply.status_code == 201
    return {"Authorization": f"Bearer {reply.json()['token']}"}


async def send(
    client: httpx.AsyncClient, header: dict[str, str], text: str, client_id: str = "client-1"
) -> httpx.Response:
    body = {"client_id": client_id, "text": text}
    return await client.post("/chat/messages", json=body, headers=header)


async def settled(app: FastAPI) -> None:
    """Wait until everything that waits has been answered."""
    exchange: Exchange = app.state.exchange
    for _ in range(500):
        if not exchange.store.waiting() and not exchange._work:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("something still waits for its answer")


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The address of the application behind a real web server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        lifespan="off",
        log_config=None,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


class NobodyAnswers:
    """In place of Rasa."""

    async def answer(self, person: str, message_id: str, text: str) -> list[Message]:
        _ = person, text, message_id
        return []

    async def close(self) -> None: ...


@dataclass
class Site:
    """The website, its store, and somebody with a token."""

    client: TestClient
    store: Store
    token: str
    person: str

    def get(self, path: str, **headers: str) -> str:
        """Return a page that this person asks for."""
        answer = self.client.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A website with a person who has told nothing yet."""
    database = str(tmp_path / "hbv.sqlite")
    app = create_app(Settings(database=database), rasa=NobodyAnswers())  # type: ignore[arg-type]
    with TestClient(app) as client:
        store = Store(database)
        token, person = store.begin("2026-11-18T08:00:00+00:00")
        yield Site(client, store, token, person)
        store.close()
