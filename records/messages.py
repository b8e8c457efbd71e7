"""What was written, by the person and by the assistant: raw, and before it is worked on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlite_utils import Database

from records.database import Connected, writing
from records.errors import MessageConflictError
from records.moments import moment
from records.people import check_person_id, knows
from records.search import add_words

Direction = Literal["in", "out"]
SILENCE_ENDS_A_VISIT: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """One conversation: messages with no silence of an hour between them."""

    began_at: str
    last_at: str


class Messages(Connected):
    """Keeping and reading messages."""

    def keep_message(
        self,
        *,
        person: str,
        message_id: str,
        text: str,
        at: str,
        direction: Direction = "in",
        card: Mapping[str, Any] | None = None,
        waits: bool = False,
    ) -> bool:
        """Write down a message as it was received or sent; when it returns, it is on the disk.

        One that ``waits`` is listed by ``waiting`` until ``answered`` is said of it.

        Returns:
            False if nothing was written: the message was written before, or it is an answer to
            somebody who was erased in the meantime.

        Raises:
            PersonIdError: the id could be a phone number or an address.
            MessageConflictError: another person's message has this id.
            MomentError: ``at`` is not in ISO form.
        """
        check_person_id(person)
        moment(at)
        with writing(self.db) as db:
            if direction == "in":
                db.table("people").insert({"id": person, "since": at}, ignore=True)
            elif not knows(db, person):
                return False
            if _is_kept(db, message_id, person):
                return False
            row = {
                "id": message_id,
                "person": person,
                "conversation": _conversation(db, person, at),
                "direction": direction,
                "text": text,
                "card": None if card is None else json.dumps(card, ensure_ascii=False),
                "at": at,
                "waits": 1 if waits else None,
            }
            key = db.table("messages").insert(row).last_pk
            add_words(db, int(str(key)), text)
        return True

    def messages(self, person: str) -> list[dict[str, Any]]:
        """Return what a person and the assistant wrote, oldest first."""
        return list(
            self.db.query("select * from messages where person = ? order by at, key", [person])
        )

    def messages_after(self, person: str, key: int) -> list[dict[str, Any]]:
        """Return what was written after the message with this key, in the order of the keys."""
        sql = "select * from messages where person = ? and key > ? order by key"
        return list(self.db.query(sql, [person, key]))

    def key_of(self, message_id: str) -> int | None:
        """Return the place of a message in the order of all; None if it is not here."""
        found = list(self.db.query("select key from messages where id = ?", [message_id]))
        return int(found[0]["key"]) if found else None

    def waiting(self, person: str | None = None) -> list[dict[str, Any]]:
        """Return the messages that wait for their answer, oldest first."""
        sql = "select * from messages where waits = 1 and person = coalesce(?, person) order by key"
        return list(self.db.query(sql, [person]))

    def answered(self, message_id: str) -> None:
        """Take a message off the list of those that wait."""
        with writing(self.db) as db:
            db.execute("update messages set waits = null where id = ?", [message_id])

    def state_of(self, message_id: str) -> Literal["absent", "unread", "read"]:
        """Return whether a message is here, and whether what it states has been written down."""
        rows = list(self.db.query("select read_at from messages where id = ?", [message_id]))
        if not rows:
            return "absent"
        return "read" if rows[0]["read_at"] else "unread"

    def visits(self, person: str) -> list[Visit]:
        """Return the conversations with a person, oldest first; the last one may still go on."""
        rows = self.db.query(
            "select began_at, last_at from conversations where person = ? order by id", [person]
        )
        return [Visit(**row) for row in rows]

    def last_visit(self, person: str) -> Visit | None:
        """Return the conversation before the present one; None for somebody who is new."""
        before = self.visits(person)[:-1]
        return before[-1] if before else None

    def knows(self, person: str) -> bool:
        """Tell whether anything about a person is here."""
        return knows(self.db, person)

    def set_language(self, person: str, language: str) -> None:
        """Remember the language that a person writes in."""
        with writing(self.db) as db:
            db.execute("update people set language = ? where id = ?", [language, person])

    def language(self, person: str) -> str | None:
        """Return the language a person last wrote in, if any message told."""
        rows = list(self.db.query("select language from people where id = ?", [person]))
        return rows[0]["language"] if rows else None


def _is_kept(db: Database, message_id: str, person: str) -> bool:
    owners = [
        row["person"] for row in db.query("select person from messages where id = ?", [message_id])
    ]
    if owners and owners != [person]:
        raise MessageConflictError
    return bool(owners)


def _conversation(db: Database, person: str, at: str) -> int:
    """Return the conversation that a message belongs to; a new one after a silence."""
    latest = "select id, last_at from conversations where person = ? order by id desc limit 1"
    for row in list(db.query(latest, [person])):
        if moment(at) - moment(row["last_at"]) < SILENCE_ENDS_A_VISIT:
            last = max(at, row["last_at"], key=moment)
            db.execute("update conversations set last_at = ? where id = ?", [last, row["id"]])
            return int(row["id"])
    begun = {"person": person, "began_at": at, "last_at": at}
    return int(str(db.table("conversations").insert(begun).last_pk))
