"""What a person agreed to: which text, in which version, when, and until when."""

from __future__ import annotations

from typing import Any

from records.audit import write_line
from records.database import Connected, writing
from records.people import must_know


class Consents(Connected):
    """Keeping and reading consent."""

    def give_consent(
        self, *, person: str, what: str, version: str, at: str, actor: str = "person"
    ) -> bool:
        """Write down a consent; False if the same version is in force already.

        A consent to another version of the same thing ends where the new one begins.

        Raises:
            UnknownPersonError: nothing about the person is here; keep the message first.
        """
        with writing(self.db) as db:
            must_know(db, person)
            if self.has_consent(person, what, version=version):
                return False
            self._end(person, what, at)
            row = {"person": person, "what": what, "version": version, "given_at": at}
            db.table("consents").insert(row)
            write_line(db, "consent_given", actor=actor, person=person)
        return True

    def keep_notice(self, person: str) -> None:
        """Write down that a person was told what is kept, before anything was asked.

        Raises:
            UnknownPersonError: nothing about the person is here; keep the message first.
        """
        with writing(self.db) as db:
            must_know(db, person)
            write_line(db, "notice_given", actor="assistant", person=person)

    def withdraw_consent(self, *, person: str, what: str, at: str, actor: str = "person") -> bool:
        """End a consent; False if none was in force. What was done before stays lawful and kept."""
        with writing(self.db) as db:
            ended = self._end(person, what, at)
            if ended:
                write_line(db, "consent_withdrawn", actor=actor, person=person)
        return bool(ended)

    def object(
        self, *, person: str, what: str, version: str, at: str, actor: str = "person"
    ) -> None:
        """Write down that a person does not consent, so that it is known after a restart too.

        A consent in force ends; without one, the objection is a consent that ends as it begins.

        Raises:
            UnknownPersonError: nothing about the person is here; keep the message first.
        """
        if self.withdraw_consent(person=person, what=what, at=at, actor=actor):
            return
        with writing(self.db) as db:
            must_know(db, person)
            row = {"person": person, "what": what, "version": version}
            db.table("consents").insert({**row, "given_at": at, "withdrawn_at": at})
            write_line(db, "consent_refused", actor=actor, person=person)

    def has_objected(self, person: str, what: str) -> bool:
        """Tell whether the last word of a person on something was that they do not consent."""
        last = [row for row in self.consents(person) if row["what"] == what][-1:]
        return bool(last) and last[0]["withdrawn_at"] is not None

    def has_consent(self, person: str, what: str, *, version: str | None = None) -> bool:
        """Tell whether a consent is in force, to any version or to the one given."""
        where = (
            "person = ? and what = ? and version = coalesce(?, version) and withdrawn_at is null"
        )
        return bool(self.db.table("consents").count_where(where, [person, what, version]))

    def consents(self, person: str) -> list[dict[str, Any]]:
        """Return what a person agreed to and withdrew, oldest first."""
        return list(self.db.table("consents").rows_where("person = ?", [person], order_by="id"))

    def _end(self, person: str, what: str, at: str) -> int:
        return self.db.execute(
            "update consents set withdrawn_at = ?"
            " where person = ? and what = ? and withdrawn_at is null",
            [at, person, what],
        ).rowcount
