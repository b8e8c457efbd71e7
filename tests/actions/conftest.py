"""A conversation of its own for a test, with a store in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.turn import store
from tests.actions.conversation import Talk


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """A person who writes for the first time."""
    monkeypatch.setenv("HBV_DATABASE", ":memory:")
    store.cache_clear()
    yield Talk()
    store().close()
    store.cache_clear()
