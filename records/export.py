"""Everything that is held on a person, as one JSON document that the person can keep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlite_utils import Database

from records.audit import Audit, write_line
from records.database import writing
from records.moments import now
from records.people import must_know
from records.tracker import tracker_events

FORMAT: Final = "hbv-export/1"
_JSON_COLUMNS: Final = ("card", "value", "details", "record", "decisions", "place")
# What stands in each part, oldest first; the key of another table's row is named after it.
PARTS: Final = {
    "conversations": "when they began and when the last message of each was written",
    "messages": "every message in and out, raw, with the card that was shown",
    "observations": "every fact with its words, dates and status, also the superseded ones",
    "assessments": "what the engine answered, on which facts, with which rulebook",
    "tokens": "when a browser was let into the conversation; the token itself is kept nowhere",
    "consents": "what was agreed to, in which version, and when it was withdrawn",
}


class Export(Audit):
    """Giving a person what is theirs."""

    def export(self, person: str, *, actor: str = "person") -> dict[str, Any]:
        """Return everything held on a person, as it is at one moment; the audit remembers it.

        Raises:
            UnknownPersonError: nothing about the person is here.
        """
        with writing(self.db) as db:
            must_know(db, person)
            write_line(db, "record_exported", actor=actor, person=person)
            parts = {part: _rows(db, part, person) for part in PARTS}
            about = next(iter(list(db.table("people").rows_where("id = ?", [person]))))
            lines = [_without(line, "subject") for line in self.audit(person)]
        return {
            "format": FORMAT,
            "exported_at": now(),
            "person": _read_json(about),
            **parts,
            "audit": lines,
            "tracker_events": tracker_events(person),
        }


def _rows(db: Database, table: str, person: str) -> list[dict[str, Any]]:
    rows = db.table(table).rows_where("person = ?", [person], order_by="rowid")
    return [_read_json(_without(_without(row, "person"), "digest")) for row in rows]


def _without(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def _read_json(row: dict[str, Any], columns: Iterable[str] = _JSON_COLUMNS) -> dict[str, Any]:
    for column in columns:
        if row.get(column) is not None:
            row[column] = json.loads(row[column])
    return row
