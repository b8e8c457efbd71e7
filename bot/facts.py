"""What a message states: the facts of the understanding contract."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

Value = str | float | bool


def is_number(value: Value) -> bool:
    """Tell whether a value is a number: neither a word nor a yes or no."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One stated fact and the characters that state it (``start``, ``end`` of the raw text).

    ``subject`` is absent when it is about the writer. ``when`` is a date as written (ISO, possibly
    only a year or month) or ``past``. ``unit_missing``: a unit matters and none was written.
    ``ambiguous``: a careful person would ask back. ``reference_limit``: the limit printed beside
    the result, never the result. ``index``: an instrument's index (COI, S/CO) behind a
    positive or negative, never a quantity. ``implies``: what a nickname such as 大三阳 stands for.
    ``supposed``: it is only supposed ("what if my ALT were 20?").
    """

    name: str
    value: Value
    start: int
    end: int
    unit: str | None = None
    comparator: str | None = None
    subject: str | None = None
    when: str | None = None
    status: str | None = None
    unit_missing: bool = False
    ambiguous: bool = False
    supposed: bool = False
    reference_limit: float | None = None
    index: float | None = None
    implies: dict[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fact as plain data, without what does not apply."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            key: value for key, value in data.items() if value is not None and value is not False
        } | {"value": self.value}
