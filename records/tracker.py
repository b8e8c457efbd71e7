"""Rasa's own memory of conversations, if it is kept in an SQLite file.

``HBV_TRACKER_DB`` names the file. Rasa has no call that deletes a conversation, and its events hold
the raw text, so they are erased here. Call it when no turn of that person is being worked on: at
the end of a turn Rasa writes down again what it still remembers.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from records.database import scrub, writing


def tracker_path() -> Path | None:
    """Return the file that ``HBV_TRACKER_DB`` names, if it exists."""
    name = os.environ.get("HBV_TRACKER_DB")
    return Path(name) if name and Path(name).is_file() else None


def tracker_events(person: str) -> list[dict[str, Any]]:
    """Return the events that Rasa keeps of a conversation, oldest first."""
    path = tracker_path()
    if path is None:
        return []
    with closing(_open(path)) as db:
        if not db.table("events").exists():
            return []
        rows = db.query("select data from events where sender_id = ? order by id", [person])
        return [json.loads(row["data"]) for row in rows]


def erase_tracker(person: str) -> tuple[int, bool]:
    """Erase the events of a person; return how many they were, and whether no byte is left."""
    path = tracker_path()
    if path is None:
        return 0, True
    with closing(_open(path)) as db:
        if not db.table("events").exists():
            return 0, True
        try:
            with writing(db):
                erased = db.execute("delete from events where sender_id = ?", [person]).rowcount
        except sqlite3.OperationalError:
            return 0, False
        return erased, scrub(db)


def _open(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=10)
    connection.execute("pragma secure_delete=on").fetchall()
    return Database(connection)
