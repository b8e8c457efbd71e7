"""A stored message as it is shown: the same data for the widget, the page without script, the tests."""

from __future__ import annotations

import json
from typing import Any

from bot.text import language_of
from gateway.exchange import buttons_of
from gateway.words import words

# The parts of a card that open on demand, in their order.
_SECTIONS = ("because", "would_change", "missing", "beside")
_URGENT = ("emergency_now", "same_day")
_LEVELS = {"info": "information", "warning": "soon", "critical": "urgent"}


def view(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return a message as it is shown; None for one that shows nothing."""
    custom = json.loads(row["card"]) if row["card"] else {}
    card = custom.get("card")
    if not row["text"] and not card:
        return None
    if not row["text"] and row["direction"] == "out":
        return None  # the data of a decision that is still open
    language = (card or {}).get("language") or language_of(row["text"])
    shown: dict[str, Any] = {
        "seq": row["key"],
        "from": "person" if row["direction"] == "in" else "assistant",
        "at": row["at"],
        "lang": language,
        "kind": "text",
        "text": row["text"],
        "buttons": [{"id": b["id"], "title": b["title"]} for b in buttons_of(row)],
        "choose": _choose(custom),
    }
    if card and card.get("summary"):
        shown |= {"kind": "card", "card": _card(card, language)}
    elif "question" in custom:
        shown |= {"kind": "question", "question": custom["question"]["id"]}
    elif custom.get("response") in {"emergency", "crisis"}:
        shown |= {
            "kind": "alert",
            "level": "emergency_now",
            "heading": words("level_emergency_now", language),
        }
    return shown


def _choose(custom: dict[str, Any]) -> str:
    """Return how the buttons are used.

    ``one`` of them; each value of a report by itself (``each``); or ``ticks``: all that apply are sent
    together, for what is left out is recorded as absent. The last button then means none of them.
    """
    if custom.get("response") == "upload_read":
        return "each"
    return "ticks" if custom.get("question", {}).get("kind") == "screen" else "one"


def _card(card: dict[str, Any], language: str) -> dict[str, Any]:
    """Return what is shown of a card; why, and what would change it, open on demand."""
    urgent = card.get("decision") == "urgency" and card.get("outcome") in _URGENT
    level = (
        str(card["outcome"]) if urgent else _LEVELS.get(str(card.get("indicator")), "information")
    )
    sections = [
        {"title": words(name, language), "items": list(card[name])}
        for name in _SECTIONS
        if card.get(name)
    ]
    rules, sources = list(card.get("rules") or []), list(card.get("sources") or [])
    if rules or sources:
        items = (
            [*sources, words("rules", language).format(rules=", ".join(rules))]
            if rules
            else sources
        )
        sections.append({"title": words("sources", language), "items": items})
    return {
        "decision": card.get("decision"),
        "outcome": card.get("outcome"),
        "status": card.get("status"),
        "level": level,
        "heading": words(f"level_{level}", language),
        "summary": card["summary"],
        "detail": card.get("detail") or "",
        "points": list(card.get("points") or []),
        "note": card.get("note") or "",
        "sections": sections,
        "rules": rules,
    }
