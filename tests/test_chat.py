"""The terminal chat: choices by number or word, empty lines, no answer, leaving."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from scripts.chat import Conversation, show, talk


class Recorder(BaseHTTPRequestHandler):
    """Answers every message with two buttons and remembers what was sent."""

    sent: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.sent.append(body)
        buttons = [{"title": "Yes", "payload": "yes"}, {"title": "Not at all", "payload": "no"}]
        answer = json.dumps([{"text": "Do you smoke?", "buttons": buttons}]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def assistant() -> Iterator[tuple[str, list[str]]]:
    """A webhook and the list of the messages that it received."""
    handler = type("Handler", (Recorder,), {"sent": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/webhooks/rest/webhook", handler.sent
    server.shutdown()
    server.server_close()


def _typed(monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))


def test_a_choice_is_taken_by_number_or_by_word(
    assistant: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sent = assistant
    _typed(monkeypatch, "2\nyes\n3\n")

    talk(Conversation(url, "ann"))

    assert [m["message"] for m in sent] == ["hello", "no", "yes", "3"]
    assert {m["sender"] for m in sent} == {"ann"}


def test_an_empty_line_is_not_sent_and_the_end_of_input_leaves(
    assistant: tuple[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, sent = assistant
    _typed(monkeypatch, "\n   \n")

    talk(Conversation(url, "ann"))

    assert [m["message"] for m in sent] == ["hello"]
    assert "Please write something" in capsys.readouterr().out


def test_choices_are_shown_with_their_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    show([{"text": "Do you smoke?", "buttons": [{"title": "Yes"}, {"title": "No"}]}])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == ["Do you smoke?", "1  Yes", "2  No"]


def test_no_answer_becomes_a_fixed_message_that_names_red_flags(
    assistant: tuple[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def greet_then_fail(_: str, message: dict[str, str]) -> list[dict[str, str]]:
        if message["message"] != "hello":
            raise OSError
        return [{"text": "Hello."}]

    monkeypatch.setattr("scripts.chat.post", greet_then_fail)
    _typed(monkeypatch, "I feel bad\n")

    talk(Conversation(assistant[0], "ann"))

    out = capsys.readouterr().out
    assert "vomiting blood" in out
    assert "急救电话" in out
