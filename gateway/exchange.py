"""The way of a message: stored, acknowledged, answered in order, stored again, shown to every tab.

A message is on the disk before it is acknowledged. Its answers are worked out one message of a
conversation at a time, and also after a restart: what still waits is taken up again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from bot.limits import LONGEST_MESSAGE, fits
from gateway import metrics
from gateway.errors import BadMessageError, UnknownButtonError
from gateway.gate import CRISIS, EMERGENCY, Message, first_aid, fixed
from gateway.rasa import Rasa
from records import Store
from records.store import now

logger = logging.getLogger(__name__)
_BUTTON_BYTES = 9
_FIRST_AID = {EMERGENCY, CRISIS}
_RETRY_SECONDS = 2.0


class Exchange:
    """Takes messages in, has them answered, and says when there is news."""

    def __init__(self, store: Store, rasa: Rasa) -> None:
        self.store, self.rasa = store, rasa
        self._work: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}

    def receive(self, person: str, client_id: str, text: str) -> int:
        """Write a message down and have it answered; return its number in the conversation.

        The same ``client_id`` again is the same message: it is not written or answered twice.

        Raises:
            BadMessageError: there is no text, or too much.
            sqlite3.Error: it could not be written; nothing was acknowledged.
        """
        text = text.strip()
        if not text.strip("/／ \t\r\n") or not _is_text(text):
            raise BadMessageError(
                "text of at least one letter or digit", "Write a word or a number."
            )
        if not fits(text):
            accepted = f"at most {LONGEST_MESSAGE:,} characters, more only for a laboratory report"
            raise BadMessageError(accepted, "Send it in parts.")
        message_id = _message_id(person, client_id)
        new = self.store.keep_message(
            person=person, message_id=message_id, text=text, at=now(), waits=True
        )
        metrics.MESSAGES_IN.inc(new)
        self._count()
        key = self.store.key_of(message_id)
        if key is None:
            raise sqlite3.OperationalError
        if new:
            with suppress(Exception):  # it is tried again in its turn; the message is safe
                self._say_first_aid(person, message_id, text)
        self._tell(person)
        self._take_up(person)
        return key

    def press(self, person: str, client_id: str, button: str) -> int:
        """Receive what a button stands for.

        Raises:
            UnknownButtonError: no message of this conversation showed it.
        """
        for message in reversed(self.store.messages(person)):
            for offered in buttons_of(message):
                if offered["id"] == button:
                    return self.receive(person, client_id, str(offered["payload"]))
        raise UnknownButtonError("a button of this conversation", "Write your answer instead.")

    def offer(self, person: str, message: Message) -> None:
        """Show a message that answers none, such as the values of a report."""
        self._show(person, secrets.token_hex(8), [message], "offer")

    def resume(self) -> int:
        """Take up what was acknowledged before a restart and still waits; return how many."""
        waiting = self.store.waiting()
        for person in {str(message["person"]) for message in waiting}:
            self._take_up(person)
        self._count()
        return len(waiting)

    def is_working(self, person: str) -> bool:
        """Tell whether an answer is being worked out."""
        return person in self._work

    def news(self, person: str) -> asyncio.Event:
        """Return what is set at the next news; take it before you look at what is there."""
        return self._news.setdefault(person, asyncio.Event())

    async def settled(self, person: str, seconds: float) -> None:
        """Wait until nothing is being worked out, or for so long: for pages without script."""
        if task := self._work.get(person):
            await asyncio.wait({task}, timeout=seconds)

    async def erase(self, person: str) -> None:
        """Erase everything about a person, here and in Rasa's memory."""
        if task := self._work.pop(person, None):
            task.cancel()
        self.store.erase(person)
        self._count()
        await self.rasa.forget(person)
        self._tell(person)

    async def close(self) -> None:
        """Stop working; what waits is taken up at the next start."""
        for task in self._work.values():
            task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)
        await self.rasa.close()

    def _take_up(self, person: str) -> None:
        if person not in self._work:
            self._work[person] = asyncio.create_task(self._answer_all(person))

    async def _answer_all(self, person: str) -> None:
        try:
            while waiting := await self._waiting(person):
                await self._answer(waiting[0])
        finally:
            self._work.pop(person, None)
            self._tell(person)

    async def _waiting(self, person: str) -> list[dict[str, Any]]:
        """Return what waits; while the store cannot be read, try again."""
        while True:
            with suppress(sqlite3.Error):
                return self.store.waiting(person)
            logger.error("The store cannot be read; it is tried again.")
            await asyncio.sleep(_RETRY_SECONDS)

    async def _answer(self, message: dict[str, Any]) -> None:
        """Have a message answered; whatever fails, it does not stay without an answer."""
        began, message_id = time.monotonic(), str(message["id"])
        try:
            await self._work_out(message)
        except sqlite3.Error:
            logger.exception("The answer to message %s could not be written.", message_id)
            await asyncio.sleep(_RETRY_SECONDS)
            return
        except Exception:
            logger.exception("Message %s could not be worked on.", message_id)
            metrics.FALLBACKS.inc()
            self._finish(message, [fixed("no_answer", str(message["text"]))])
        took = time.monotonic() - began
        metrics.TURN_SECONDS.observe(took)
        logger.info("Message %s was answered after %.2f s.", message_id, took)

    async def _work_out(self, message: dict[str, Any]) -> None:
        person, text = str(message["person"]), str(message["text"])
        aid = self._say_first_aid(person, str(message["id"]), text)
        answers = await self.rasa.answer(person, str(message["id"]), text)
        if aid is not None:
            # The same words were just said.
            answers = [
                a
                for a in answers
                if _response(a) not in _FIRST_AID or _response(a) != _response(aid)
            ]
        self._finish(message, answers)

    def _say_first_aid(self, person: str, message_id: str, text: str) -> Message | None:
        """Say at once what to do if a message names a danger, also while earlier ones still wait."""
        aid = first_aid(text)
        if aid is not None:
            metrics.EMERGENCIES.inc(self._show(person, message_id, [aid], "aid"))
        return aid

    def _finish(self, message: dict[str, Any], answers: list[Message]) -> None:
        """Write all answers and that the message has them: both, or neither."""
        person, message_id = str(message["person"]), str(message["id"])
        with self.store.together():
            self._keep(person, message_id, answers, "answer")
            self.store.answered(message_id)
        self._count()
        self._tell(person)

    def _show(self, person: str, message_id: str, messages: list[Message], kind: str) -> int:
        written = self._keep(person, message_id, messages, kind)
        self._tell(person)
        return written

    def _count(self) -> None:
        metrics.WAITING.set(len(self.store.waiting()))

    def _keep(self, person: str, message_id: str, messages: list[Message], kind: str) -> int:
        """Write answers down, each under an id of its own place; return how many were not there."""
        written = 0
        for place, message in enumerate(messages):
            card = dict(message.get("custom") or {})
            card.pop("export", None)
            buttons = message.get("buttons") or ()
            card["buttons"] = [
                {
                    "id": secrets.token_urlsafe(_BUTTON_BYTES),
                    "title": b["title"],
                    "payload": b["payload"],
                }
                for b in buttons
            ]
            new = self.store.keep_message(
                person=person,
                message_id=_message_id(message_id, f"{kind}-{place}"),
                text=message.get("text") or "",
                card=card,
                at=now(),
                direction="out",
            )
            written += new
        metrics.ANSWERS_OUT.inc(written)
        return written

    def _tell(self, person: str) -> None:
        event = self._news.pop(person, None)
        if event is not None:
            event.set()


async def follow(exchange: Exchange, person: str, after: int, seconds: float) -> AsyncIterator[Any]:
    """Yield the messages of a conversation after one, for ever: those there, then each new one.

    Yields None when nothing was new for so long, and ends when the person was erased.
    """
    while exchange.store.knows(person):
        news = exchange.news(person)
        found = exchange.store.messages_after(person, after)
        if found:
            after = int(found[-1]["key"])
        yield found or None
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(news.wait(), seconds)


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons that a stored message showed."""
    card = json.loads(message["card"]) if message["card"] else {}
    return list(card.get("buttons") or [])


def _message_id(person: str, client_id: str) -> str:
    return hashlib.sha256(f"{person}\n{client_id}".encode()).hexdigest()[:40]


def _is_text(text: str) -> bool:
    """Tell whether a text can be written down; JSON lets half of a character through."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _response(message: Message) -> str | None:
    return (message.get("custom") or {}).get("response")
