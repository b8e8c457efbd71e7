"""The guard at the door: what is refused, what is written down, that there is an answer."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from bot.channel import (
    GuardedRestInput,
    RefusedMessageError,
    _checked,
    without_command,
)
from records import Store


class Rasa:
    """Stands for Rasa: answers with ``replies`` and, if ``notes``, marks the message as read."""

    def __init__(self, store: Store, replies: list[str], *, notes: bool = True) -> None:
        self.store, self.replies, self.notes = store, replies, notes
        self.heard: list[str] = []

    async def __call__(self, message: Any) -> None:
        self.heard.append(message.text)
        if self.notes:
            self.store.note([], person=message.sender_id, message_id=message.message_id, at="now")
        for reply in self.replies:
            await message.output_channel.send_text_message(message.sender_id, reply)


async def _answer(rasa: Rasa, text: str) -> list[dict[str, Any]]:
    return await GuardedRestInput(rasa.store).answer("ann", text, rasa)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"sender": "ann", "message": ""}, "empty_message"),
        ({"sender": "ann", "message": "  \n"}, "empty_message"),
        ({"sender": "ann", "message": "/"}, "empty_message"),
        ({"sender": "ann", "message": 5}, "empty_message"),
        ({"sender": "ann"}, "empty_message"),
        ({"sender": "ann", "message": "x" * 2001}, "too_long"),
        ({"message": "hello"}, "no_sender"),
        ({"sender": " ", "message": "hello"}, "no_sender"),
        ({"sender": "a" * 129, "message": "hello"}, "no_sender"),
        (["hello"], "no_sender"),
        (None, "no_sender"),
    ],
)
def test_what_is_no_message_is_refused_before_rasa(body: Any, code: str) -> None:
    with pytest.raises(RefusedMessageError) as refused:
        _checked(body)

    assert refused.value.code == code


def test_a_slash_is_text_and_keeps_every_offset() -> None:
    assert without_command("/restart") == "／restart"
    assert without_command("ALT 86") == "ALT 86"


@pytest.mark.anyio
async def test_the_raw_message_is_stored_before_rasa_hears_it(store: Store) -> None:
    rasa = Rasa(store, ["hello"])

    answers = await _answer(rasa, "/greet")

    assert rasa.heard == ["／greet"]
    assert [(m["direction"], m["text"]) for m in store.messages("ann")] == [
        ("in", "/greet"),
        ("out", "hello"),
    ]
    assert [a["text"] for a in answers] == ["hello"]


@pytest.mark.anyio
async def test_silence_becomes_a_fixed_answer_that_names_red_flags(store: Store) -> None:
    answers = await _answer(Rasa(store, []), "hello")

    assert "vomiting blood" in answers[0]["text"]
    assert "急救电话" in (await _answer(Rasa(store, []), "你好"))[0]["text"]


@pytest.mark.anyio
async def test_an_answer_without_a_note_is_not_passed_on(store: Store) -> None:
    """Without the action server Rasa still greets, but the facts of the message would be lost."""
    answers = await _answer(Rasa(store, ["Hello!"], notes=False), "hello, ALT 86")

    assert [a["text"] for a in answers] != ["Hello!"]
    assert store.messages("ann")[0]["text"] == "hello, ALT 86"


@pytest.mark.anyio
async def test_an_exception_becomes_the_fixed_answer_and_its_text_is_not_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: Any) -> None:
        raise RuntimeError("boom")

    answers = await GuardedRestInput(store).answer("ann", "my secret", broken)

    assert "saved" in answers[0]["text"]
    assert "my secret" not in caplog.text


@pytest.mark.anyio
async def test_a_message_that_cannot_be_stored_is_not_worked_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: Any) -> None:
        raise sqlite3.OperationalError("disk full")

    rasa = Rasa(store, ["hello"])
    monkeypatch.setattr(store, "keep_message", fails)

    answers = await _answer(rasa, "hello")

    assert "could not save" in answers[0]["text"]
    assert rasa.heard == []


@pytest.mark.anyio
async def test_an_export_is_given_and_not_stored_again(store: Store) -> None:
    async def exports(message: Any) -> None:
        store.note([], person="ann", message_id=message.message_id, at="now")
        custom = {"response": "exported", "export": {"messages": ["all of them"]}}
        reply = {"text": "here", "custom": custom}
        await message.output_channel.send_response("ann", reply)

    [answer] = await GuardedRestInput(store).answer("ann", "export my data", exports)

    assert answer["custom"]["export"] == {"messages": ["all of them"]}
    kept = store.messages("ann")[-1]["card"]
    assert "exported" in kept
    assert "all of them" not in kept
