"""The check at the boundary: no message without a source may leave.

A message is a fixed response, named by its id and worded as written, or it carries a card whose
rules exist in the rulebook with the hash that it ran with, or it asks a question of the rulebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hbv_engine import load_book

_ROOT = Path(__file__).parent.parent
_HOLE = re.compile(r"\{[^{}]*\}")


def ungrounded(message: dict[str, Any]) -> str | None:
    """Return why a message may not leave; None if it may."""
    custom = message.get("custom") or {}
    if "card" in custom:
        return next(_problems_of_card(custom["card"]), None)
    if name := custom.get("response"):
        return _problem_of_response(str(name), message.get("text") or "")
    if question := custom.get("question"):
        return _unknown("question", [question["id"].rpartition(":")[2]], load_book().questions)
    if "why_asked" in custom:
        return _unknown("question", [custom["why_asked"]], load_book().questions)
    return "it names neither a card, a response nor a question"


def _problems_of_card(card: dict[str, Any]) -> Iterator[str]:
    if card.get("status") == "defined":
        yield from _problems_of_definition(card)
    if card.get("rulebook") != load_book().sha256:
        yield "its card ran with another rulebook"
    if problem := _unknown("rule", card.get("rules") or (), rule_ids()):
        yield problem
    if not card.get("rules") and card.get("status") in {None, "settled"}:
        yield "its card is settled and names no rule"


def _problems_of_definition(card: dict[str, Any]) -> Iterator[str]:
    definition = load_book().definitions.get(str(card.get("outcome")))
    if definition is None or card.get("summary") != definition.text.get(str(card.get("language"))):
        yield "its words are not those of a definition of the rulebook"


def _problem_of_response(name: str, text: str) -> str | None:
    if problem := _unknown("response", [name], _wordings()):
        return problem
    if any(pattern.fullmatch(text) for pattern in _wordings()[name]):
        return None
    return f"its words are not those of the response {name}"


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> str | None:
    missing = [name for name in names if name not in set(known)]
    return f"unknown {what}: {', '.join(missing)}" if missing else None


@cache
def rule_ids() -> frozenset[str]:
    """Return the ids of all rows of the rulebook."""
    return frozenset(row.id for table in load_book().tables.values() for row in table.rows)


@cache
def _wordings() -> dict[str, list[re.Pattern[str]]]:
    """Return the wordings of every fixed response, the placeholders left open."""
    texts: dict[str, list[str]] = {}
    for name, variations in _read("domain.yml")["responses"].items():
        texts[name] = [variation["text"] for variation in variations]
    for path in ("actions/phrases.yml", "bot/fixed_replies.yml"):
        for name, sides in _read(path).items():
            texts.setdefault(name, []).extend(sides.values())
    return {name: [_pattern(text) for text in several] for name, several in texts.items()}


def _read(path: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_ROOT / path).read_text(encoding="utf-8")))


def _pattern(text: str) -> re.Pattern[str]:
    parts = map(re.escape, _HOLE.split(text))
    return re.compile(".*".join(parts) + r"(?:\n.*)?", re.DOTALL)
