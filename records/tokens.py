"""What lets a browser back into its conversation: a random token, of which only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets

from records.database import Connected, writing
from records.moments import moment
from records.people import new_person

_BYTES = 32


class Tokens(Connected):
    """Beginning conversations and finding them again."""

    def begin(self, at: str) -> tuple[str, str]:
        """Return a new token and the new person it stands for.

        Raises:
            MomentError: ``at`` is not in ISO form.
        """
        moment(at)
        token, person = secrets.token_urlsafe(_BYTES), new_person()
        with writing(self.db) as db:
            db.table("people").insert({"id": person, "since": at})
            db.table("tokens").insert({"digest": _digest(token), "person": person, "since": at})
        return token, person

    def person_of(self, token: str) -> str | None:
        """Return whom a token stands for; None if nobody, also after an erasure."""
        found = self.db.query("select person from tokens where digest = ?", [_digest(token)])
        return next((str(row["person"]) for row in list(found)), None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
