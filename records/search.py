"""Finding messages by their words, in English and Chinese."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlite_utils import Database

from records.database import Connected

# Chinese has no spaces: each character is a word, and a search for several is one for the phrase.
_CHINESE: Final = re.compile(r"([\u3400-\u9fff\uf900-\ufaff])")


def add_words(db: Database, key: int, text: str) -> None:
    """Make a message findable."""
    db.execute("insert into message_words(rowid, words) values (?, ?)", [key, _words(text)])


def remove_words(db: Database, key: int, text: str) -> None:
    """Take a message out again; ``text`` is what it was added with."""
    db.execute(
        "insert into message_words(message_words, rowid, words) values ('delete', ?, ?)",
        [key, _words(text)],
    )


def drop_removed(db: Database) -> None:
    """Rewrite the index without the words that were removed; until then it still holds them."""
    db.execute("insert into message_words(message_words) values ('optimize')")


def _words(text: str) -> str:
    return _CHINESE.sub(r" \1 ", text)


class Search(Connected):
    """Finding messages."""

    def search(
        self, words: str, *, person: str | None = None, limit: int = 20
    ) -> list[dict[str, Any]]:
        """Return the messages that hold all the words, the best match first."""
        terms = [f'"{_words(term)}"' for term in words.replace('"', " ").split()]
        if not terms:
            return []
        sql = """
            select messages.* from message_words join messages on key = message_words.rowid
            where message_words match :terms and (:person is null or person = :person)
            order by message_words.rank, at limit :limit
        """
        return list(
            self.db.query(sql, {"terms": " ".join(terms), "person": person, "limit": limit})
        )
