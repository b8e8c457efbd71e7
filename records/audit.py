"""Who did what and when: lines that only grow, and that hold no content."""

from __future__ import annotations

from typing import Any, Literal

from sqlite_utils import Database

from records.database import Connected
from records.moments import now
from records.people import digest

Action = Literal[
    "notice_given",
    "consent_given",
    "consent_withdrawn",
    "consent_refused",
    "fact_forgotten",
    "person_erased",
    "record_exported",
    "record_shown",
    "database_backed_up",
    "database_restored",
]


def write_line(db: Database, action: Action, *, actor: str, person: str | None = None) -> None:
    """Add a line; call it inside the transaction of what it tells about."""
    subject = digest(person) if person is not None else None
    line = {"at": now(), "actor": actor, "action": action, "subject": subject}
    db.table("audit").insert(line)


class Audit(Connected):
    """Reading the audit."""

    def audit(self, person: str | None = None) -> list[dict[str, Any]]:
        """Return all lines, or those about one person, also one who was erased; oldest first."""
        where, values = ("subject = ?", [digest(person)]) if person is not None else (None, None)
        return list(self.db.table("audit").rows_where(where, values, order_by="id"))
