"""Telling the store something in one line, as the tests of this folder do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from records import Observation, Store

AT = "2026-11-20T10:00:00+00:00"


def at(day: str, time: str = "10:00") -> str:
    return f"{day}T{time}:00+00:00"


def alt(value: float, **more: Any) -> Observation:
    raw = f"ALT {value}"
    return Observation(
        **{"kind": "analyte", "name": "alt", "value": value, "unit": "U/L", "raw": raw} | more
    )


def tell(
    store: Store, message: str, text: str, *facts: Observation, person: str = "ann", when: str = AT
) -> list[Observation]:
    """Keep a message and note what it states; a fact without a place gets that of its words."""
    store.keep_message(person=person, message_id=message, text=text, at=when)
    placed = [_placed(fact, text) for fact in facts]
    return store.note(placed, person=person, message_id=message, at=when)


def answer(store: Store, message: str, text: str, *, person: str = "ann", **more: Any) -> bool:
    return store.keep_message(
        person=person, message_id=message, text=text, direction="out", **{"at": AT} | more
    )


def _placed(fact: Observation, text: str) -> Observation:
    start = text.find(fact.raw)
    if fact.end or start < 0:
        return fact
    return fact.model_copy(update={"start": start, "end": start + len(fact.raw)})


def bytes_of(folder: Path) -> bytes:
    """Return the bytes of every file, also of the log and the index of the log."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
