"""Forgetting: the whole person, so that no byte is left in any file of the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from records.audit import write_line
from records.database import Connected, scrub, writing
from records.forgetting import forget_names
from records.people import knows
from records.search import drop_removed, remove_words
from records.tracker import erase_tracker

_TABLES: Final = (
    "assessments",
    "observations",
    "messages",
    "conversations",
    "consents",
    "tokens",
    "people",
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        rows: how many rows were deleted or emptied; 0 if nothing was there.
        scrubbed: False if another process was reading, so that bytes may be left in the
            write-ahead log until the last process closes the file or ``hbv records check`` runs.
    """

    rows: int
    scrubbed: bool


class Erasure(Connected):
    """Forgetting one fact or everything."""

    def erase(self, person: str, *, actor: str = "person") -> Erased:
        """Delete everything about a person, in Rasa's memory too if ``HBV_TRACKER_DB`` names it.

        The audit keeps that it was done, under a digest of the id.
        """
        with writing(self.db) as db:
            rows = delete_person(db, person)
            if rows:
                write_line(db, "person_erased", actor=actor, person=person)
        events, tracker_scrubbed = erase_tracker(person)
        scrubbed = scrub(self.db) if rows else True
        return Erased(rows + events, scrubbed and tracker_scrubbed)

    def forget(self, person: str, names: Collection[str], *, actor: str = "person") -> Erased:
        """Erase facts by their names, and whatever repeats them.

        Gone are all their values, also superseded ones; their words in the messages of the person
        (each letter becomes █, so that other facts keep their place); and, because they may say
        the same again, the assessments and the answers of the assistant since it was first told,
        where the conversation stood, and Rasa's memory if ``HBV_TRACKER_DB`` names it.
        """
        with writing(self.db) as db:
            rows = forget_names(db, person, names)
            if rows:
                db.execute("update people set place = null where id = ?", [person])
                write_line(db, "fact_forgotten", actor=actor, person=person)
        if not rows:
            return Erased(0, scrubbed=True)
        events, tracker_scrubbed = erase_tracker(person)
        return Erased(rows + events, scrub(self.db) and tracker_scrubbed)


def delete_person(db: Database, person: str) -> int:
    """Delete all rows about a person inside the caller's transaction; return how many."""
    if not knows(db, person):
        return 0
    for row in list(db.query("select key, text from messages where person = ?", [person])):
        remove_words(db, row["key"], row["text"])
    drop_removed(db)
    erased = 0
    for table in _TABLES:
        column = "id" if table == "people" else "person"
        # The chain of superseded facts is cut first: a row may refer to any other.
        if table == "observations":
            db.execute("update observations set superseded_by = null where person = ?", [person])
        erased += db.execute(f"delete from {table} where {column} = ?", [person]).rowcount  # noqa: S608
    return erased
