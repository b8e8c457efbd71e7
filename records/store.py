"""The store as one object: every verb of it is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from records.assessments import Assessments
from records.consent import Consents
from records.database import open_database, writing
from records.dialogue import Dialogues
from records.erasure import Erasure
from records.export import Export
from records.facts import Facts
from records.messages import Messages
from records.moments import now
from records.search import Search
from records.tokens import Tokens

__all__ = ["Store", "now"]


class Store(Messages, Facts, Assessments, Consents, Dialogues, Erasure, Export, Search, Tokens):
    """All that is known about people, in one SQLite file.

    Args:
        path: the database file, or ``:memory:``.

    Example:
        >>> store = Store(":memory:")
        >>> store.keep_message(person="p1", message_id="m1", text="ALT 86", at="2026-11-20")
        True
        >>> store.state_of("m1")
        'unread'
    """

    def __init__(self, path: str | Path) -> None:
        self.db = open_database(path)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of the verbs in a block: all of them happen or none."""
        with writing(self.db):
            yield

    def check_writable(self) -> None:
        """Take and give back the write lock.

        Raises:
            sqlite3.Error: the file cannot be written.
        """
        with writing(self.db):
            pass
