"""What the engine answers: plain, frozen objects that turn into JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hbv_engine.facts import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition that a fired rule rests on, and the words it was read from."""

    rule: str
    input: str
    condition: str
    value: str
    date: dt.date | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that can still change the answer.

    ``issue`` is why it is not known: ``missing``; ``stale`` (only old results); ``conflict``
    (results of one day disagree); ``limit_unknown``, ``sex_unknown``, ``assay_unknown`` (known once
    that is told); ``imprecise`` (the result allows both sides of a threshold, and no answer can
    mend it: then ``question`` is None).
    """

    input: str
    label: Text
    question: str | None
    issue: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one or more inputs that leads to another outcome.

    ``cells`` are the cells of the inputs' axes that the change moves to, ``then`` their words.
    ``distance`` orders changes: 1 for another choice, for a quantity the factor to the threshold
    as an absolute natural logarithm.
    """

    inputs: tuple[str, ...]
    now: tuple[str, ...]
    cells: tuple[int, ...]
    then: tuple[str, ...]
    outcome: tuple[str, ...]
    distance: float


@dataclass(frozen=True, slots=True)
class Due:
    """One check of the calendar."""

    rule: str
    what: str
    label: Text
    last: dt.date | None
    due: dt.date | None
    state: str
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A card in one language for one reader."""

    language: str
    audience: str
    summary: str
    detail: str
    indicator: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    would_change: tuple[str, ...]
    points: tuple[str, ...]
    beside: tuple[str, ...]
    note: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    rulebook: str


@dataclass(frozen=True, slots=True)
class Card:
    """An answer in the shape of a CDS Hooks card; the same facts for every reader and language."""

    decision: str
    outcome: str | None
    indicator: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    rulebook: str
    face: Callable[[Card, str, str], RenderedCard]

    def render(self, language: str = "en", audience: str = "patient") -> RenderedCard:
        """Return the card for a reader (``patient`` or ``nurse``) in ``en`` or ``zh``."""
        return self.face(self, language, audience)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one question.

    ``status``: ``settled``; ``open`` (it depends on ``missing``); ``silent`` (the source text says
    nothing about this); ``not_applicable``. ``possible`` are the outcomes that are still possible.
    """

    decision: str
    status: str
    outcome: str | None
    possible: tuple[str, ...]
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    because: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    would_change_if: tuple[Change, ...]
    card: Card
    calendar: tuple[Due, ...] = ()

    def as_dict(self, language: str = "en", audience: str = "patient") -> dict[str, Any]:
        """Return the contract's JSON data, with the card for one reader in one language."""
        slots = (slot for slot in Decision.__slots__ if slot != "card")
        plain = {slot: _plain(getattr(self, slot)) for slot in slots}
        plain["card"] = _plain(self.card.render(language, audience))
        return plain


@dataclass(frozen=True, slots=True)
class Alert:
    """A red flag that the record meets."""

    rule: str
    level: str
    texts: dict[str, Text]
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the rulebook says about one record on one day."""

    as_of: dt.date
    rulebook: dict[str, str]
    alerts: tuple[Alert, ...]
    decisions: dict[str, Decision]
    conflicts: tuple[Missing, ...] = ()
    warnings: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def as_dict(self, language: str = "en", audience: str = "patient") -> dict[str, Any]:
        """Return the contract's JSON data, with cards for one reader in one language."""
        data: dict[str, Any] = {
            "as_of": str(self.as_of),
            "rulebook": self.rulebook,
            "alerts": _plain(self.alerts),
            "conflicts": _plain(self.conflicts),
            "warnings": [{"code": code, "message": text} for code, text in self.warnings],
            "decisions": {},
        }
        for name, decision in self.decisions.items():
            data["decisions"][name] = decision.as_dict(language, audience)
        return data


def _plain(value: Any) -> Any:
    """Return tuples and frozen objects as lists and mappings that JSON knows."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is tuple:
        return [item if type(item) in _ATOMS else _plain(item) for item in value]
    if kind is dict:
        return value
    if kind is dt.date:
        return str(value)
    plain = {}
    for slot in kind.__slots__:
        part = getattr(value, slot)
        plain[slot] = part if type(part) in _ATOMS else _plain(part)
    return plain


_ATOMS = frozenset({str, int, float, bool, type(None)})
