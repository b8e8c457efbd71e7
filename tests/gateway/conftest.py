"""The gateway with a store of its own and nobody behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gateway.app import create_app
from gateway.gate import Message
from gateway.settings import Settings
from records import Store


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
