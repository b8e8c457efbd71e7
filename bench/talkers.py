"""Browsers that talk to the running website: send, follow the stream, send again after a break.

Each knows what it was acknowledged, so that the store can be held against it afterwards.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.exchange import _message_id
from records import Store

TEXTS = (
    "ALT {0} U/L",
    "HBV DNA {0} IU/mL",
    "hello",
    "谷丙转氨酶{0} U/L",
    "which phase am I in?",
    "what is HBeAg?",
    "skip",
    "does it spread by kissing?",
    "thanks",
)
_BURST_EVERY, _BURST = 4, 3
_PAUSE_SECONDS = 0.2
_PATIENCE_SECONDS = 180.0


@dataclass
class Talker:
    """One browser in one conversation.

    Attributes:
        number: tells it from the others; what it says depends on it.
        pause: seconds between an answer and the next message.
        sent: the client ids of its messages in their order; each was acknowledged.
        acknowledged: milliseconds from sending to the acknowledgement, of each.
        answered: milliseconds from sending to the last answer, of messages sent alone.
        problems: what was not as promised.
    """

    number: int
    pause: float = 0.0
    sent: list[str] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    breaks: int = 0
    token: str = ""
    _last_own: int = 0
    _last_seen: int = 0
    _last_answer: int = 0
    _quiet: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, address: str, until: float, *, messages: int = 10_000) -> None:
        """Talk until a moment of the monotonic clock, then wait for the last answer."""
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as browser:
            if self.token:
                browser.headers["Authorization"] = f"Bearer {self.token}"
            else:
                await self._begin(browser)
            following = asyncio.create_task(self._follow(browser))
            turn = 0
            while time.monotonic() < until and len(self.sent) < messages:
                turn += 1
                alone = turn % _BURST_EVERY != 0
                began = time.monotonic()
                for _ in range(1 if alone else _BURST):
                    await self._send(browser)
                if await self._is_answered() and alone:
                    self.answered.append((time.monotonic() - began) * 1e3)
                await asyncio.sleep(self.pause)
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _begin(self, browser: httpx.AsyncClient) -> None:
        reply = await self._post(browser, "/chat/conversations", {"in_header": True})
        self.token = str(reply["token"])
        browser.headers["Authorization"] = f"Bearer {self.token}"

    async def _send(self, browser: httpx.AsyncClient) -> None:
        count = len(self.sent)
        text = TEXTS[(self.number + count) % len(TEXTS)].format(100 + self.number * 7 + count)
        client_id = f"client-{count}-{uuid.uuid4().hex[:8]}"
        self._quiet.clear()
        began = time.monotonic()
        body = {"client_id": client_id, "text": text}
        reply = await self._post(browser, "/chat/messages", body)
        self.acknowledged.append((time.monotonic() - began) * 1e3)
        self.sent.append(client_id)
        if reply["seq"] <= self._last_own:
            self.problems.append(f"number {reply['seq']} came after {self._last_own}")
        self._last_own = int(reply["seq"])

    async def _post(
        self, browser: httpx.AsyncClient, path: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        """Send until it is acknowledged: the same id again is the same message."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                reply = await browser.post(path, json=body)
                if reply.is_success:
                    return dict(reply.json())
            self.breaks += 1
            await asyncio.sleep(_PAUSE_SECONDS)
        raise TimeoutError(f"{path} was not acknowledged")

    async def _is_answered(self) -> bool:
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._last_answer > self._last_own and self._quiet.is_set():
                return True
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), 1)
            if not self._last_answer > self._last_own:
                self._quiet.clear()
        self.problems.append(f"message {self._last_own} was not answered")
        return False

    async def _follow(self, browser: httpx.AsyncClient) -> None:
        """Follow the stream; after a break go on behind the last message that was seen."""
        while True:
            headers = {"Last-Event-ID": str(self._last_seen)}
            with suppress(httpx.TransportError):
                async with browser.stream(
                    "GET", "/chat/events", headers=headers, timeout=60
                ) as reply:
                    async for kind, data in _events(reply):
                        self._see(kind, data)
            self.breaks += 1
            await asyncio.sleep(_PAUSE_SECONDS)

    def _see(self, kind: str, data: dict[str, Any]) -> None:
        if kind == "status":
            self._quiet.clear() if data["working"] else self._quiet.set()
        elif kind == "message":
            if data["seq"] <= self._last_seen:
                self.problems.append(f"message {data['seq']} came twice or out of order")
            self._last_seen = int(data["seq"])
            if data["from"] == "assistant":
                self._last_answer = self._last_seen


async def _events(reply: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    event: dict[str, str] = {}
    async for line in reply.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            event[name] = value.strip()
        elif "data" in event:
            yield event.get("event", ""), json.loads(event["data"])
            event = {}


async def talk(
    address: str, *, conversations: int, seconds: float, messages: int = 10_000
) -> list[Talker]:
    """Hold conversations at a time and return those who held them."""
    talkers = [Talker(number) for number in range(conversations)]
    until = time.monotonic() + seconds
    await asyncio.gather(*(t.talk(address, until, messages=messages) for t in talkers))
    return talkers


@dataclass
class Kept:
    """What the store holds of what was acknowledged."""

    messages: int = 0
    lost: int = 0
    twice: int = 0
    unanswered: int = 0
    out_of_order: int = 0
    safe_replies: int = 0
    problems: list[str] = field(default_factory=list)


def compare(store: Store, talkers: Sequence[Talker]) -> Kept:
    """Hold the store against what was acknowledged: each message once, in order, with its answers."""
    kept = Kept()
    for talker in talkers:
        person = store.person_of(talker.token) or ""
        rows = store.messages_after(person, 0)
        keys = {row["id"]: row["key"] for row in rows}
        own = [row["id"] for row in rows if row["direction"] == "in"]
        expected = [_message_id(person, client_id) for client_id in talker.sent]
        kept.messages += len(expected)
        kept.lost += len({*expected} - {*own})
        kept.twice += len(own) - len({*own}) + len({*own} - {*expected})
        kept.out_of_order += own != expected
        kept.out_of_order += not _in_order([_answers(one, keys) for one in expected])
        kept.unanswered += sum(not _answers(one, keys) for one in expected)
        kept.safe_replies += sum('"no_answer"' in (row["card"] or "") for row in rows)
        kept.problems += talker.problems
    kept.unanswered += len(store.waiting())
    counts = {name: getattr(kept, name) for name in ("lost", "twice", "unanswered", "out_of_order")}
    kept.problems += [f"{count} {name}" for name, count in counts.items() if count]
    return kept


def _answers(message_id: str, keys: dict[str, int]) -> list[int]:
    found: list[int] = []
    while (key := keys.get(_message_id(message_id, f"answer-{len(found)}"))) is not None:
        found.append(key)
    return found


def _in_order(answers: list[list[int]]) -> bool:
    flat = [key for each in answers for key in each]
    return flat == sorted(flat)
