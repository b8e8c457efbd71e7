"""Rasa's REST channel with a guard at the door.

The stock channel passes on anything: an empty text is classified as "yes", a text that begins with
a slash is a command to Rasa, a missing sender shares one conversation with everybody, and when an
action fails the answer is an empty list. Here a message is checked, written down, and only then
given to Rasa; and there is always an answer.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sqlite3
import uuid
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import memory, schema_once
from bot.dictionary import read_words
from bot.limits import LONGEST_MESSAGE, fits
from bot.text import language_of
from records import Store
from records.store import now

LONGEST_SENDER = 128
PATIENCE_SECONDS = 30.0
_MESSAGE_ID = re.compile(r"[0-9A-Za-z_-]{16,64}")
# After these replies Rasa must not remember the words of the person either.
_FORGETTING = {"forgotten", "consent_refused"}
# Given to the person and not kept: it would hold all earlier ones.
_NOT_KEPT = {"export"}
logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
Check = Callable[[dict[str, Any]], "str | None"]


class RefusedMessageError(Exception):
    """A message that is not passed on; ``code`` for machines, ``remedy`` for people."""

    def __init__(self, code: str, remedy: str) -> None:
        self.code, self.remedy = code, remedy
        super().__init__(f"{code}: {remedy}")


class GuardedRestInput(RestInput):
    """``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …}``: a list of messages.

    ``GET /webhooks/rest/`` is ready (200) only when the store can be written and the model
    understands a greeting; an untrained model loads without complaint.

    ``check`` says why a message may not leave, or None; ``credentials.yml`` names the function.
    """

    def __init__(self, store: Store | None = None, check: Check | None = None) -> None:
        self._opened = store
        self._check = check
        self._recalled: set[str] = set()

    @property
    def store(self) -> Store:
        """The store, opened when it is first needed."""
        if self._opened is None:
            self._opened = Store(os.environ.get("HBV_DATABASE", "var/hbv.sqlite"))
        return self._opened

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GuardedRestInput:
        return cls(check=_named((credentials or {}).get("check")))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        schema_once.install()
        webhook = Blueprint("guarded_rest_webhook", __name__)

        @webhook.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            return await self._ready(request)

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = _checked(request.json)
                message_id = _given_id(request.json)
            except RefusedMessageError as refused:
                return response.json({"error": refused.code, "remedy": refused.remedy}, status=400)
            agent = request.app.ctx.agent
            await self._recall(sender, agent)
            answers = await self.answer(sender, text, on_new_message, message_id=message_id)
            await self._remember(sender, agent, answers)
            return response.json(answers)

        @webhook.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            """Empty Rasa's memory of somebody who was erased elsewhere."""
            sender = str((request.json or {}).get("sender") or "")
            if self._was_erased(sender):
                await memory.forget(sender, request.app.ctx.agent)
            return response.json({"forgotten": self._was_erased(sender)})

        return webhook

    async def answer(
        self, sender: str, text: str, on_new_message: Handler, *, message_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Write a message down, let Rasa work on it, and return what to show; never nothing.

        Whoever gives a ``message_id`` has written the message down already and keeps the answers.
        """
        keeps = message_id is None
        message_id = message_id or uuid.uuid4().hex
        try:
            self.store.keep_message(person=sender, message_id=message_id, text=text, at=now())
        except sqlite3.Error:
            logger.exception("A message could not be stored.")
            return [_fixed("not_saved", sender, text)]
        messages = await self._ask_rasa(sender, text, message_id, on_new_message)
        state = self.store.state_of(message_id)
        if not messages or state == "unread":
            # Without the action server Rasa still greets, but nothing of the message was noted.
            messages = [_fixed("no_answer", sender, text)]
        if keeps and state != "absent":
            self._keep_answers(sender, messages)
        return messages

    async def _recall(self, sender: str, agent: Agent) -> None:
        """Give Rasa back where a conversation stood, with the first message after a restart."""
        if sender in self._recalled:
            return
        self._recalled.add(sender)
        try:
            if place := self.store.place(sender):
                await memory.recall(sender, agent, place)
        except sqlite3.Error:
            logger.exception("Where a conversation stood could not be read.")

    async def _remember(self, sender: str, agent: Agent, answers: list[dict[str, Any]]) -> None:
        """Write down where the conversation stands, or empty Rasa's memory if it was erased."""
        if self._was_erased(sender):
            await memory.forget(sender, agent)
            return
        if _FORGETTING & {(m.get("custom") or {}).get("response") for m in answers}:
            await memory.forget_words(sender, agent)
        try:
            self.store.keep_place(sender, await memory.place_of(sender, agent))
        except sqlite3.Error:
            logger.exception("Where a conversation stands could not be stored.")

    async def _ask_rasa(
        self, sender: str, text: str, message_id: str, on_new_message: Handler
    ) -> list[dict[str, Any]]:
        collector = WholeMessages()
        message = UserMessage(
            without_command(text),
            collector,
            sender,
            input_channel=self.name(),
            message_id=message_id,
            metadata={"message_id": message_id},
        )
        try:
            await asyncio.wait_for(on_new_message(message), PATIENCE_SECONDS)
        except Exception:
            # The text of a message must not reach the log.
            logger.exception("Rasa failed on message %s.", message_id)
            return []
        return [self._passed(sent, sender, text) for sent in collector.messages]

    def _passed(self, message: dict[str, Any], sender: str, text: str) -> dict[str, Any]:
        """Return a message if it may leave, else the fixed reply that stands in its place."""
        problem = self._check(message) if self._check else None
        if problem is None:
            return message
        logger.error("A message was held back: %s.", problem)
        return _fixed("ungrounded", sender, text)

    def _keep_answers(self, sender: str, messages: list[dict[str, Any]]) -> None:
        try:
            for message in messages:
                self.store.keep_message(
                    person=sender,
                    message_id=uuid.uuid4().hex,
                    text=message.get("text") or "",
                    card=_kept(message.get("custom")),
                    at=now(),
                    direction="out",
                )
        except sqlite3.Error:
            logger.exception("An answer could not be stored.")

    def _was_erased(self, sender: str) -> bool:
        try:
            return not self.store.knows(sender)
        except sqlite3.Error:
            return False

    async def _ready(self, request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        parsed = await agent.parse_message("hello") if agent and agent.is_ready() else {}
        problems = []
        if parsed.get("intent", {}).get("name") != "greet":
            problems.append("the model does not understand a greeting")
        try:
            self.store.check_writable()
        except sqlite3.Error as error:
            problems.append(f"the store cannot be written: {error}")
        return response.json(
            {"ready": not problems, "problems": problems}, status=503 if problems else 200
        )


class WholeMessages(CollectingOutputChannel):
    """Collects each message whole: text, buttons and data together, and which response it is.

    The stock channel cuts a text at its blank lines and sends its data as another message.
    """

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one message."""
        custom = dict(message.get("custom") or {})
        if name := message.get("utter_action"):
            custom.setdefault("response", name)
        parts = {"text": message.get("text"), "buttons": message.get("buttons"), "custom": custom}
        shown = {key: value for key, value in parts.items() if value}
        if shown:
            self.messages.append({"recipient_id": recipient_id, **shown})


def without_command(text: str) -> str:
    """Return the text with a leading slash made harmless; its length does not change.

    Rasa takes ``/intent{...}`` from anybody as an order. A full-width slash reads the same.
    """
    return "／" + text[1:] if text.startswith("/") else text


def _named(path: str | None) -> Check | None:
    """Return the function that ``module.name`` names; the channel itself knows no decisions."""
    if not path:
        return None
    module, _, name = path.rpartition(".")
    check: Check = getattr(import_module(module), name)
    return check


def _kept(custom: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what of the data of a message is written down."""
    return custom and {key: value for key, value in custom.items() if key not in _NOT_KEPT}


def _checked(body: Any) -> tuple[str, str]:
    sender = body.get("sender") if isinstance(body, dict) else None
    if not isinstance(sender, str) or not 0 < len(sender.strip()) <= LONGEST_SENDER:
        raise RefusedMessageError(
            "no_sender", f"Give a sender of 1 to {LONGEST_SENDER} characters."
        )
    text = body.get("message")
    if not isinstance(text, str) or not text.strip(" \t\r\n/／"):
        raise RefusedMessageError("empty_message", "Write at least one word or number.")
    if not fits(text):
        raise RefusedMessageError(
            "too_long", f"Send at most {LONGEST_MESSAGE} characters at a time."
        )
    return sender.strip(), text.strip()


def _given_id(body: dict[str, Any]) -> str | None:
    given = body.get("message_id")
    if given is not None and not (isinstance(given, str) and _MESSAGE_ID.fullmatch(given)):
        raise RefusedMessageError(
            "message_id", "Give 16 to 64 letters and digits, or leave it out."
        )
    return given


def _fixed(name: str, sender: str, text: str) -> dict[str, Any]:
    words = read_words("fixed_replies")[name][language_of(text)]
    return {"recipient_id": sender, "text": words, "custom": {"response": name}}
