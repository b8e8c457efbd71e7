"""What strangers try: other people's conversations, odd bodies, foreign pages, noise."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway import pages
from gateway.app import LARGEST_BODY, create_app
from gateway.settings import Settings
from tests.gateway.conftest import SITE, FakeRasa, begin, client_of, question, send, settled

pytestmark = pytest.mark.anyio
EVIL = "https://evil.test"
# Names that only the program itself has.
_INTERNAL = re.compile(
    r"Traceback|File \"|\.py\b|sqlite|pydantic|starlette|fastapi|gateway\.|records\.|/tmp/|[A-Za-z]Error\b"
)
HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "strict-transport-security",
}


async def test_another_conversation_cannot_be_read_or_written_or_erased(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.replies = [question("Which?", "yes")]
    mine, theirs = await begin(client), await begin(client)
    await send(client, mine, "my secret")
    await settled(app)
    store = app.state.exchange.store
    row = store.db.query("select * from messages where direction = 'out'").__next__()
    shown = (await client.get("/chat/messages", headers=mine)).json()["messages"]

    for known in (row["person"], row["id"], str(row["key"]), "", "x" * 43):
        guess = {"Authorization": f"Bearer {known}"}
        assert (await client.get("/chat/messages", headers=guess)).status_code == 401
        assert (await client.get("/chat/events", headers=guess)).status_code == 401
        assert (await client.get("/chat/export", headers=guess)).status_code == 401
        assert (await client.delete("/chat", headers=guess)).status_code == 401
        assert (await send(client, guess, "hello")).status_code == 401
    read = await client.get("/chat/messages", params={"after": 0}, headers=theirs)
    button = {"client_id": "client-9", "button": shown[-1]["buttons"][0]["id"]}
    pressed = await client.post("/chat/messages", json=button, headers=theirs)

    assert read.json() == {"messages": []}
    assert pressed.status_code == 404
    assert store.knows(row["person"])


async def test_the_same_client_id_does_not_lead_to_the_message_of_another(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    mine, theirs = await begin(client), await begin(client)
    first = await send(client, mine, "my secret", "client-same")
    second = await send(client, theirs, "hello", "client-same")
    await settled(app)

    shown = await client.get("/chat/messages", headers=theirs)
    assert first.json()["seq"] != second.json()["seq"]
    assert "my secret" not in shown.text


async def test_a_person_named_in_the_body_is_refused(client: httpx.AsyncClient) -> None:
    header = await begin(client)
    body = {"client_id": "client-1", "text": "hello", "person": "x", "sender": "x"}

    assert (await client.post("/chat/messages", json=body, headers=header)).status_code == 422


@pytest.mark.parametrize("text", ["/restart", '/inform{"alt": 1}', "  /greet", "／greet"])
async def test_a_slash_is_text(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa, text: str
) -> None:
    """The channel of Rasa makes it harmless (tests/bot/test_channel.py); here it stays as written."""
    header = await begin(client)
    await send(client, header, text)
    await settled(app)

    assert rasa.texts == [text.strip()]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\x00\xff\xfe" * 40, "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 20_000, "application/json"),
        (b"null", "application/json"),
        (b"[]", "application/json"),
        (b'{"client_id": "client-1", "text": 5}', "application/json"),
        (b'{"client_id": "client-1"}', "application/json"),
        (b'{"client_id": "client-1", "text": "a", "button": "b"}', "application/json"),
        (b'{"client_id": "client-1", "button": "\\ud800"}', "application/json"),
        (b'{"client_id": "client-1", "text": "\\ud800"}', "application/json"),
        (
            b'{"client_id": "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000", "text": "a"}',
            "application/json",
        ),
        (b'{"client_id": "client-1", "text": "a"}', "text/plain"),
        (b'{"client_id": "client-1", "text": "a"}', "multipart/form-data"),
        (b'{"client_id": "client-1", "text": "a"}', "application/x-www-form-urlencoded"),
        (b"1" * 5_000, "application/json"),
        (b"NaN", "application/json"),
    ],
    ids=lambda part: part[:24].decode("ascii", "replace") if isinstance(part, bytes) else part,
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/conversations", "/api/assess"])
async def test_an_odd_body_is_refused_in_few_words(
    client: httpx.AsyncClient, path: str, body: bytes, kind: str
) -> None:
    header = await begin(client)

    reply = await client.post(path, content=body, headers={**header, "Content-Type": kind})

    assert reply.status_code in {400, 413, 415, 422}, reply.text
    assert not _INTERNAL.search(reply.text)
    assert set(reply.json()) >= {"accepted", "remedy"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nabc\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--x--\r\n',
        b"\xff" * 1_000,
    ],
    ids=range(6),
)
async def test_an_odd_upload_is_refused_in_few_words(
    client: httpx.AsyncClient, body: bytes
) -> None:
    header = await begin(client)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    reply = await client.post("/chat/reports", content=body, headers={**header, **kind})

    assert reply.status_code in {400, 422}
    assert not _INTERNAL.search(reply.text)


async def test_a_form_with_an_odd_body_is_refused(client: httpx.AsyncClient) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    reply = await client.post("/chat", content=b"--x\r\n\xff\xff", headers=kind)

    assert reply.status_code in {400, 422}


@pytest.mark.parametrize("path", ["/chat", "/chat/messages", "/api/assess", "/cds-services/x"])
async def test_a_body_that_is_too_large_is_refused_unread(
    client: httpx.AsyncClient, path: str
) -> None:
    header = {"Content-Type": "application/json"}
    reply = await client.post(path, content=b" " * (LARGEST_BODY + 1), headers=header)

    assert reply.status_code == 413


async def raw(address: str, request: bytes, *, patience: float = 1) -> bytes:
    """Send bytes as they are; return what comes back until it ends or is quiet for so many seconds."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    found = b""
    try:
        while part := await asyncio.wait_for(reader.read(65_536), patience):
            found += part
    except asyncio.TimeoutError:
        pass
    writer.close()
    return found


@pytest.mark.parametrize(
    "lines",
    [
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"Content-Length: 99999999999\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: \xb2\r\n\r\n",
        b"\r\n",
    ],
)
async def test_a_body_without_an_honest_length_is_refused(address: str, lines: bytes) -> None:
    head = b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

    reply = await raw(address, head + lines)

    assert reply.split(b" ", 2)[1] in {b"400", b"413"}, reply[:200]


async def test_a_browser_may_erase_without_giving_a_length(
    address: str, client: httpx.AsyncClient
) -> None:
    header = await begin(client)
    token = header["Authorization"].encode()

    reply = await raw(
        address,
        b"DELETE /chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
        + token
        + b"\r\n\r\n",
    )

    assert reply.startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("origin", [EVIL, "null", "http://clinic.test", f"{SITE}.evil.test", ""])
@pytest.mark.parametrize("path", ["/chat", "/chat/messages", "/chat/erase", "/chat/conversations"])
async def test_a_foreign_page_cannot_write(
    app: FastAPI, client: httpx.AsyncClient, origin: str, path: str
) -> None:
    await client.post("/chat/conversations", json={})
    sent = await client.post(path, data={"text": "hello"}, headers={"Origin": origin})
    erased = await client.delete("/chat", headers={"Origin": origin})

    assert (sent.status_code, erased.status_code) == (403, 403)
    assert "access-control-allow-origin" not in sent.headers
    assert app.state.exchange.store.db.table("messages").count == 0
    assert app.state.exchange.store.db.table("people").count == 1


async def test_a_form_that_a_foreign_page_sends_without_its_name_is_refused(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    """Login CSRF: nobody else may begin, or write into, a conversation in this browser."""
    sent = await client.post(
        "/chat", data={"text": "hello"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert sent.status_code == 403
    assert "set-cookie" not in sent.headers
    assert app.state.exchange.store.db.table("people").count == 0


async def test_our_own_page_writes_with_its_own_name(client: httpx.AsyncClient) -> None:
    headers = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}

    assert (await client.post("/chat", data={"text": "hello"}, headers=headers)).status_code == 303


async def test_a_website_on_the_list_may_embed_the_chat_and_gets_no_cookie_rights(
    client: httpx.AsyncClient,
) -> None:
    origin = {"Origin": "https://other.test"}
    asked = await client.options(
        "/chat/messages", headers={**origin, "Access-Control-Request-Method": "POST"}
    )
    begun = await client.post("/chat/conversations", json={"in_header": True}, headers=origin)

    assert asked.headers["access-control-allow-origin"] == "https://other.test"
    assert "access-control-allow-credentials" not in asked.headers
    assert begun.status_code == 201
    assert "Origin" in begun.headers["vary"]


async def test_a_foreign_page_gets_no_permission_to_read(client: httpx.AsyncClient) -> None:
    for path in ("/chat/messages", "/api/topics", "/cds-services"):
        reply = await client.get(path, headers={"Origin": EVIL})

        assert "access-control-allow-origin" not in reply.headers


ANYWHERE = [
    ("GET", "/"),
    ("GET", "/chat"),
    ("GET", "/rulebook"),
    ("GET", "/openapi.json"),
    ("GET", "/livez"),
    ("GET", "/static/site.css"),
    ("GET", "/static/none.css"),
    ("GET", "/none"),
    ("GET", "/api/topics"),
    ("GET", "/api/topics/none"),
    ("GET", "/chat/messages"),
    ("PUT", "/chat/messages"),
    ("DELETE", "/"),
    ("POST", "/chat/messages"),
    ("POST", "/chat/conversations"),
    ("POST", "/api/assess"),
    ("POST", "/cds-services/none"),
    ("OPTIONS", "/chat"),
]


@pytest.mark.parametrize(("verb", "path"), ANYWHERE)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_every_response_has_every_header(
    client: httpx.AsyncClient, verb: str, path: str, accept: str
) -> None:
    headers = {"Accept": accept, "Content-Length": "0"}
    for more in ({}, {"Origin": EVIL}):
        reply = await client.request(verb, path, headers={**headers, **more})

        assert set(reply.headers) >= HEADERS, reply.status_code
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "server" not in reply.headers
        if not path.startswith("/static/"):
            assert reply.headers["cache-control"] == "no-store"


async def test_pages_hold_no_script_or_style_of_their_own(client: httpx.AsyncClient) -> None:
    for path in ("/", "/chat", "/chat/erase", "/none"):
        page = (await client.get(path, headers={"Accept": "text/html"})).text

        assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=|javascript:", page), path


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_a_fault_of_ours_tells_nothing(
    app: FastAPI, client: httpx.AsyncClient, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("secret of gateway.chat: Mr Secretname")

    header = await begin(client)
    monkeypatch.setattr(app.state.exchange, "receive", fails)
    reply = await client.post(
        "/chat/messages",
        json={"client_id": "client-1", "text": "hello"},
        headers={**header, "Accept": accept},
    )

    assert reply.status_code == 500
    assert set(reply.headers) >= HEADERS
    assert "ecret" not in reply.text
    assert not _INTERNAL.search(reply.text.replace("hbv-chat", ""))


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/../../records/store.py",
        "/static/....//app.py",
        "/static/",
        "/static",
    ],
)
async def test_only_files_of_the_folder_are_given(address: str, path: str) -> None:
    request = b"GET " + path.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = await raw(address, request, patience=30)  # it closes when it has answered

    status, _, rest = reply.partition(b"\r\n")
    assert status.split(b" ")[1] in {b"404", b"400", b"405", b"307"}, reply[:300]
    assert b"import" not in rest
    assert b"root:" not in rest


@pytest.mark.parametrize("value", ["zh\r\nX-Evil: 1", "en%0d%0aX-Evil:%201", "zh;path=/x", "<b>"])
async def test_a_header_cannot_be_injected(client: httpx.AsyncClient, value: str) -> None:
    for path in ("/", "/chat", "/chat/erase"):
        reply = await client.get(path, params={"lang": value})

        assert "x-evil" not in reply.headers
        assert "<b>" not in reply.text
        assert "set-cookie" not in reply.headers


async def test_the_cookie_of_the_language_is_kept_from_scripts(client: httpx.AsyncClient) -> None:
    cookie = (await client.get("/chat?lang=zh")).headers["set-cookie"].lower()

    assert cookie.startswith("hbv-language=zh")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie


@pytest.fixture
async def strict(settings: Settings, rasa: FakeRasa) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that allows three of everything in a minute."""
    few = dataclasses.replace(settings, per_minute=3, new_per_minute=3, api_per_minute=3)
    made = create_app(few, rasa=rasa.connect())
    async with made.router.lifespan_context(made), client_of(made) as client:
        yield client


async def test_more_messages_than_allowed_are_refused_and_not_kept(
    strict: httpx.AsyncClient,
) -> None:
    header = await begin(strict)
    codes = [(await send(strict, header, "hello", f"client-{n}")).status_code for n in range(5)]
    other = await begin(strict)

    assert codes == [202, 202, 202, 429, 429]
    assert (await send(strict, other, "hello")).status_code == 202


async def test_more_conversations_than_allowed_are_refused(strict: httpx.AsyncClient) -> None:
    codes = [(await strict.post("/chat/conversations", json={})).status_code for _ in range(5)]
    async with client_of(strict._transport.app) as fresh:  # type: ignore[attr-defined]
        by_form = await fresh.post("/chat", data={"text": "hello"})

    assert codes == [201, 201, 201, 429, 429]
    assert by_form.status_code == 429


async def test_the_rules_core_answers_so_often_and_no_more(strict: httpx.AsyncClient) -> None:
    codes = [(await strict.get("/api/topics")).status_code for _ in range(4)]
    hooks = await strict.get("/cds-services")

    assert codes == [200, 200, 200, 429]
    assert hooks.status_code == 429


async def test_the_same_message_again_is_no_new_one_at_the_limit(
    strict: httpx.AsyncClient,
) -> None:
    """Sending again after a break is what the client should do."""
    header = await begin(strict)
    seqs = [(await send(strict, header, "hello", "client-1")).json()["seq"] for _ in range(3)]

    assert len(set(seqs)) == 1


async def test_the_form_waits_for_its_answer_and_not_for_ever(
    app: FastAPI, client: httpx.AsyncClient, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PATIENCE_SECONDS", 0.05)
    rasa.hold = asyncio.Event()

    posted = await client.post("/chat", data={"text": "hello"})

    assert posted.status_code == 303
    rasa.hold.set()
    await settled(app)
