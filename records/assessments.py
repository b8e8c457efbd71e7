"""What the engine answered: on which facts, with which rulebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from records.database import Connected, writing
from records.people import must_know


class Assessments(Connected):
    """Keeping and reading assessments."""

    def keep_assessment(
        self,
        *,
        person: str,
        message_id: str | None,
        at: str,
        rulebook: Mapping[str, str],
        record: Mapping[str, Any],
        decisions: Mapping[str, Any],
    ) -> None:
        """Write down what the engine decided, on which facts, with which rulebook.

        Raises:
            UnknownPersonError: the person is not, or no longer, here.
        """
        with writing(self.db) as db:
            must_know(db, person)
            db.table("assessments").insert(
                {
                    "person": person,
                    "message": message_id,
                    "at": at,
                    "rulebook_version": rulebook["version"],
                    "rulebook_sha256": rulebook["sha256"],
                    "record": json.dumps(record, ensure_ascii=False),
                    "decisions": json.dumps(decisions, ensure_ascii=False),
                }
            )

    def assessments(self, person: str) -> list[dict[str, Any]]:
        """Return the assessments of a person, oldest first; record and decisions as JSON text."""
        return list(
            self.db.query("select * from assessments where person = ? order by id", [person])
        )
