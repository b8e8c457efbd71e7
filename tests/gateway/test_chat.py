"""The chat for scripts, over HTTP: beginning, sending, following, erasing, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway import chat
from tests.gateway.conftest import FakeRasa, begin, client_of, question, send, settled

pytestmark = pytest.mark.anyio
REPORT = "ALT   86   U/L   7-56   H\nAST   45   U/L   10-40   H\nHBV DNA   2.3x10^7   IU/mL\n"


async def transcript(client: httpx.AsyncClient, header: dict[str, str]) -> list[dict[str, Any]]:
    reply = await client.get("/chat/messages", headers=header)
    return list(reply.json()["messages"])


async def test_a_conversation_begins_with_a_token_in_a_cookie_that_no_script_reads(
    client: httpx.AsyncClient,
) -> None:
    reply = await client.post("/chat/conversations", json={})

    cookie = reply.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert reply.json() == {"token": None}
    assert name == "__Host-hbv"
    flags = {part.strip().lower() for part in rest.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


async def test_the_cookie_leads_back_into_the_conversation(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    await client.post("/chat/conversations", json={})
    sent = await send(client, {}, "hello")
    await settled(app)

    shown = await transcript(client, {})
    assert sent.status_code == 202
    assert [(m["from"], m["text"]) for m in shown] == [("person", "hello"), ("assistant", "Which?")]
    assert shown[0]["seq"] == sent.json()["seq"]


async def test_a_page_of_another_website_keeps_its_token_itself(client: httpx.AsyncClient) -> None:
    reply = await client.post("/chat/conversations", json={"in_header": True})

    assert len(reply.json()["token"]) >= 40
    assert "set-cookie" not in reply.headers


async def test_only_what_came_later_is_returned(app: FastAPI, client: httpx.AsyncClient) -> None:
    header = await begin(client)
    await send(client, header, "one", "client-1")
    await settled(app)
    last = (await transcript(client, header))[-1]["seq"]
    await send(client, header, "two", "client-2")
    await settled(app)

    later = await client.get("/chat/messages", params={"after": last}, headers=header)

    assert [m["text"] for m in later.json()["messages"]] == ["two", "Which?"]


@pytest.mark.parametrize("after", ["-1", "x", "1e3", str(2**63), "9" * 40])
async def test_a_number_that_is_none_is_refused(client: httpx.AsyncClient, after: str) -> None:
    header = await begin(client)

    reply = await client.get("/chat/messages", params={"after": after}, headers=header)

    assert reply.status_code == 422


async def test_a_button_is_pressed_by_its_id(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.replies = [question("Which?", "yes", "no")]
    header = await begin(client)
    await send(client, header, "hello")
    await settled(app)
    button = (await transcript(client, header))[-1]["buttons"][0]["id"]
    rasa.replies = [question("Good")]

    reply = await client.post(
        "/chat/messages", json={"client_id": "client-2", "button": button}, headers=header
    )
    await settled(app)

    assert reply.status_code == 202
    assert rasa.texts == ["hello", "payload of yes"]


async def test_erasing_leaves_nothing_and_the_token_leads_nowhere(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    header = await begin(client)
    await send(client, header, "hello")
    await settled(app)

    erased = await client.delete("/chat", headers=header)
    after = await client.get("/chat/messages", headers=header)

    assert (erased.status_code, after.status_code) == (204, 401)
    assert len(rasa.forgot) == 1
    assert app.state.exchange.store.db.table("messages").count == 0


async def test_somebody_gets_everything_that_is_held(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    header = await begin(client)
    await send(client, header, "ALT 86 U/L")
    await settled(app)

    reply = await client.get("/chat/export", headers=header)

    assert reply.headers["content-disposition"].startswith("attachment")
    assert "ALT 86 U/L" in [m["text"] for m in reply.json()["messages"]]


async def upload(
    client: httpx.AsyncClient, header: dict[str, str], data: bytes, name: str = "report.txt"
) -> httpx.Response:
    return await client.post("/chat/reports", files={"file": (name, data)}, headers=header)


async def test_the_values_of_a_report_are_offered_and_none_is_used(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    header = await begin(client)

    reply = await upload(client, header, REPORT.encode())
    shown = await transcript(client, header)

    assert (reply.status_code, reply.json()) == (202, {"values": 3})
    assert [b["title"] for b in shown[-1]["buttons"]] == [
        "ALT 86 U/L",
        "AST 45 U/L",
        "HBV DNA 2.3×10⁷ IU/mL",
    ]
    assert rasa.heard == []
    assert app.state.exchange.store.db.table("observations").count == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff" * 500, b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken", b"hello"],
    ids=["empty", "bytes", "pdf", "png", "text"],
)
async def test_a_file_that_cannot_be_read_is_answered_in_words(
    client: httpx.AsyncClient, data: bytes
) -> None:
    header = await begin(client)

    reply = await upload(client, header, data)
    shown = await transcript(client, header)

    assert (reply.status_code, reply.json()) == (202, {"values": 0})
    assert len(shown) == 1
    assert shown[0]["buttons"] == []


async def test_a_file_name_goes_nowhere(client: httpx.AsyncClient) -> None:
    header = await begin(client)

    reply = await upload(client, header, REPORT.encode(), "../../etc/passwd\r\nX-Evil: 1")

    assert reply.status_code == 202
    assert "passwd" not in json.dumps(await transcript(client, header))
    assert "x-evil" not in reply.headers


@asynccontextmanager
async def following(
    address: str, header: dict[str, str], last: str | None = None
) -> AsyncIterator[AsyncIterator[tuple[str, str, dict[str, Any]]]]:
    """Follow a conversation over a real connection: kind, id and data of each event."""
    headers: list[tuple[str, str | bytes]] = [*header.items()]
    if last is not None:
        headers.append(("Last-Event-ID", last.encode()))
    async with (
        httpx.AsyncClient(base_url=address, timeout=10) as browser,
        browser.stream("GET", "/chat/events", headers=headers) as reply,
    ):
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        yield _events(reply)


async def _events(reply: httpx.Response) -> AsyncIterator[tuple[str, str, dict[str, Any]]]:
    event: dict[str, str] = {}
    async for line in reply.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            event[name] = value.strip()
        elif "data" in event:
            yield event.get("event", ""), event.get("id", ""), json.loads(event["data"])
            event = {}


async def messages(
    events: AsyncIterator[tuple[str, str, dict[str, Any]]], count: int
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    async for kind, id, data in events:
        if kind == "message":
            found.append((id, data["text"]))
        if len(found) == count:
            break
    return found


async def test_a_stream_goes_on_where_it_broke_off_without_loss_or_repeat(
    address: str, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.answer = lambda text: [question(f"answer to {text}")]
    header = await begin(client)
    for number in range(3):
        await send(client, header, f"early {number}", f"client-{number}")
    async with following(address, header) as events:
        before = await messages(events, 4)
    for number in range(3, 6):
        await send(client, header, f"late {number}", f"client-{number}")

    async with following(address, header, before[-1][0]) as events:
        after = await messages(events, 8)

    kept = await client.get("/chat/messages", headers=header)
    assert [(str(m["seq"]), m["text"]) for m in kept.json()["messages"]] == before + after


@pytest.mark.parametrize("last", ["", "x", "²", "-5", "1.5"])
async def test_an_id_that_is_none_begins_at_the_start(
    app: FastAPI, address: str, client: httpx.AsyncClient, last: str
) -> None:
    header = await begin(client)
    await send(client, header, "hello")
    await settled(app)

    async with following(address, header, last) as events:
        found = await messages(events, 2)

    assert [text for _, text in found] == ["hello", "Which?"]


async def test_an_id_of_the_far_future_waits_for_it_quietly(
    app: FastAPI, address: str, client: httpx.AsyncClient
) -> None:
    header = await begin(client)
    await send(client, header, "hello")
    await settled(app)

    async with following(address, header, "9" * 30) as events:
        kind, _, data = await anext(events)

    assert (kind, data) == ("status", {"working": False})


async def test_two_tabs_see_the_same(address: str, client: httpx.AsyncClient) -> None:
    header = await begin(client)

    async with following(address, header) as one, following(address, header) as two:
        await send(client, header, "hello")
        seen = await asyncio.gather(messages(one, 2), messages(two, 2))

    assert seen[0] == seen[1]


async def test_a_stream_ends_when_everything_is_erased(
    address: str, client: httpx.AsyncClient
) -> None:
    header = await begin(client)
    async with following(address, header) as events:
        await anext(events)
        await client.delete("/chat", headers=header)
        rest = [kind async for kind, _, _ in events]

    assert rest[-1] == "erased"


async def test_a_quiet_stream_says_now_and_then_that_it_lives(
    address: str, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "_PING_SECONDS", 0.05)
    header = await begin(client)

    async with following(address, header) as events:
        kinds = [(await anext(events))[0] for _ in range(3)]

    assert kinds == ["status"] * 3


async def test_the_page_without_script_shows_the_answer(client: httpx.AsyncClient) -> None:
    form = {"text": "hello", "client_id": "client-1"}

    posted = await client.post("/chat", data=form)
    page = await client.get("/chat", headers={"Accept": "text/html"})

    assert posted.status_code == 303
    assert posted.headers["location"] == "/chat#end"
    assert "Which?" in page.text
    assert "hello" in page.text


async def test_what_somebody_wrote_is_text_on_the_page(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"text": "<script>alert(1)</script>", "client_id": "client-1"})

    page = await client.get("/chat")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


async def test_a_browser_without_a_conversation_sees_an_empty_one(app: FastAPI) -> None:
    async with client_of(app) as stranger:
        page = await stranger.get("/chat")

    assert page.status_code == 200
    assert app.state.exchange.store.db.table("people").count == 0
