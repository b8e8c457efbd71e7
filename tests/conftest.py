"""What several test folders need: the running processes, and a person who talks to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from records import Store
from scripts.stack import Addresses, Stack, post


@dataclass
class Person:
    """Somebody who talks to the running assistant; ``name`` is the sender."""

    url: str
    name: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex[:12]}")

    def says(self, text: str) -> Answer:
        """Send one message and return the answer to it."""
        return Answer(post(self.url, {"sender": self.name, "message": text}))


@dataclass(frozen=True)
class Answer:
    """What came back on one message."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(m["text"] for m in self.messages if "text" in m)

    @property
    def buttons(self) -> list[str]:
        return [b["title"] for m in self.messages for b in m.get("buttons") or ()]

    @property
    def cards(self) -> dict[str, dict[str, Any]]:
        return {card["decision"]: card for card in self._data("card")}

    @property
    def question(self) -> str:
        """The id of the question that is asked, or nothing."""
        return next((question["id"] for question in self._data("question")), "")

    def _data(self, kind: str) -> list[dict[str, Any]]:
        return [m["custom"][kind] for m in self.messages if kind in m.get("custom", {})]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The two processes on free ports, with a database of their own."""
    running = Stack(Addresses.free(), tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def person(stack: Stack) -> Person:
    return Person(stack.addresses.chat)


@pytest.fixture
def kept(stack: Stack) -> Iterator[Store]:
    """The store of the running processes."""
    store = Store(stack.database)
    yield store
    store.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    opened = Store(tmp_path / "hbv.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def keep(store: Store) -> Callable[[str, str, str], None]:
    """Write down a message: ``keep(person, message_id, text)``."""

    def write(person: str, message_id: str, text: str) -> None:
        store.keep_message(person=person, message_id=message_id, text=text, at="2026-11-20T10:00")

    return write
