"""Rasa behind the gateway: a message in, its answers out; never an exception, never nothing."""

from __future__ import annotations

import asyncio
import logging

import httpx

from gateway import metrics
from gateway.gate import Gate, Message, fixed

logger = logging.getLogger(__name__)
_AT_A_TIME = 4
_SECONDS = 60.0


class Rasa:
    """The guarded webhook of Rasa on loopback.

    Args:
        url: the webhook.
        gate: what every answer must pass.
        client: for the tests.
    """

    def __init__(self, url: str, gate: Gate, client: httpx.AsyncClient | None = None) -> None:
        self._url, self._gate = url, gate
        self._client = client or httpx.AsyncClient(timeout=_SECONDS, trust_env=False)
        self._turns = asyncio.Semaphore(_AT_A_TIME)

    async def answer(self, person: str, message_id: str, text: str) -> list[Message]:
        """Return what to show; the fixed safe reply if Rasa cannot answer."""
        body = {"sender": person, "message": text, "message_id": message_id}
        try:
            async with self._turns:
                reply = await self._client.post(self._url, json=body)
            reply.raise_for_status()
            messages = reply.json()
        except (httpx.HTTPError, ValueError) as error:
            logger.error("Rasa did not answer message %s: %s.", message_id, type(error).__name__)  # noqa: TRY400 - a trace could hold the text
            return _safe_reply(text)
        if not isinstance(messages, list) or not messages:
            return _safe_reply(text)
        if not all(isinstance(message, dict) for message in messages):
            return _safe_reply(text)
        return [self._gate.passed(message, text) for message in messages]

    async def forget(self, person: str) -> None:
        """Empty Rasa's memory of somebody who was erased."""
        try:
            await self._client.post(
                f"{self._url.removesuffix('/webhook')}/forget", json={"sender": person}
            )
        except httpx.HTTPError:
            logger.warning("Rasa could not be told to forget; its memory ends with its process.")

    async def problems(self) -> list[str]:
        """Return why Rasa is not ready; empty if a sentence to it is understood."""
        try:
            reply = await self._client.get(f"{self._url.removesuffix('webhook')}", timeout=5.0)
            return [str(problem) for problem in reply.json().get("problems", [])]
        except (httpx.HTTPError, ValueError):
            return ["Rasa does not answer"]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _safe_reply(text: str) -> list[Message]:
    metrics.FALLBACKS.inc()
    return [fixed("no_answer", text)]
