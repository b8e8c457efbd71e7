"""What a check reports, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hbv_engine.facts import RULEBOOK

ERROR = "error"
NOTE = "note"
Patient = dict[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the rulebook (``error``) or worth a look (``note``).

    ``place`` is ``file:line``. ``example`` is a patient who shows it, as input → value; None means that
    the input does not matter for it.
    """

    kind: str
    severity: str
    place: str
    message: str
    example: Patient = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data for JSON output."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "place": self.place,
            "message": self.message,
            "example": self.example,
        }


@lru_cache(maxsize=16)
def _lines(file: str) -> tuple[str, ...]:
    path = RULEBOOK / file
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.exists() else ()


def key_place(file: str, key: str) -> str:
    """Return the place of a key in a YAML file of the rulebook; its first line if it is not there."""
    pattern = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*:")
    numbers = (n for n, line in enumerate(_lines(file), 1) if pattern.match(line))
    return f"{file}:{next(numbers, 1)}"
