"""Where the conversation with a person stands: which question is open, what was asked for.

Rasa keeps this in its own memory, which ends with its process. It is kept here too, as ids without
a word of the person, so that the conversation goes on after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from records.database import Connected, writing


class Dialogues(Connected):
    """Keeping and reading where a conversation stands."""

    def keep_place(self, person: str, place: Mapping[str, Any]) -> bool:
        """Remember where the conversation stands; False if nothing changed or nobody is known."""
        text = json.dumps(dict(place), ensure_ascii=False, sort_keys=True)
        known = list(self.db.query("select place from people where id = ?", [person]))
        if not known or known[0]["place"] == text:
            return False
        with writing(self.db) as db:
            db.execute("update people set place = ? where id = ?", [text, person])
        return True

    def place(self, person: str) -> dict[str, Any] | None:
        """Return where the conversation stood last; None if that is not known."""
        rows = list(self.db.query("select place from people where id = ?", [person]))
        return json.loads(rows[0]["place"]) if rows and rows[0]["place"] else None
