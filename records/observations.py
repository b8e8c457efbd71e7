"""One stated thing about a person, with where it came from."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["current", "unit_missing", "ambiguous", "refused", "other_person", "unused"]
Kind = Literal["analyte", "history", "symptom", "person", "treatment", "answer", "mention"]
_SET_BY_THE_STORE = {"id", "message", "told_at", "confirmed_at", "superseded_by"}


class Observation(BaseModel):
    """What one message stated: the value, and the words ``start:end`` of the message it came from.

    Attributes:
        kind: which part of the engine's record it belongs to; ``answer`` is an answer to a
            question of the engine, ``mention`` something heard that the engine has no place for.
        status: ``current`` values are evidence. The others are kept but decide nothing:
            ``unit_missing`` until the person says the unit, ``ambiguous`` until they say what was
            meant, ``refused`` when the engine cannot use the value (``note`` says why),
            ``other_person`` when it is not about the writer, ``unused`` when nothing depends on it.
        date: the day of a result; None when nobody said when.
        interferon_week: the week of treatment of a result, if that is how it was told.
        details: further keys of the engine's own observation or treatment, such as ``lloq``,
            ``assay``, ``start``, ``stop``, ``dose``.
        id, message, told_at, confirmed_at, superseded_by: set by the store. ``told_at`` is when it
            was said, ``confirmed_at`` when the person said that it was understood rightly.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    kind: Kind
    name: str
    value: bool | int | float | str | list[str]
    raw: str
    start: int = 0
    end: int = 0
    comparator: str | None = None
    unit: str | None = None
    date: str | None = None
    interferon_week: float | None = None
    reference_high: float | None = None
    details: dict[str, bool | int | float | str | None] = Field(default_factory=dict)
    subject: str | None = None
    status: Status = "current"
    note: str | None = None
    id: int | None = None
    message: str | None = None
    told_at: str | None = None
    confirmed_at: str | None = None
    superseded_by: int | None = None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Observation:
        """Return the observation that a row of the table holds."""
        known = {key: row[key] for key in cls.model_fields if key in row}
        told = {"value": json.loads(row["value"]), "details": json.loads(row["details"] or "{}")}
        return cls(**{**known, **told, "told_at": row["at"]})

    def to_row(self) -> dict[str, Any]:
        """Return the columns of the table, without the keys that the store sets."""
        row = self.model_dump(exclude=_SET_BY_THE_STORE)
        details = json.dumps(self.details, ensure_ascii=False) if self.details else None
        return {**row, "value": json.dumps(self.value, ensure_ascii=False), "details": details}
