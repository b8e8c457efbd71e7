"""Nothing leaves without a source: fixed responses as worded, cards of this rulebook, its questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.grounding import ungrounded
from actions.phrases import _phrases, say
from actions.telling import card_of
from hbv_engine import assess, load_book

ROOT = Path(__file__).parent.parent.parent
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]


def _card(**changed: Any) -> dict[str, Any]:
    decision = assess({"as_of": "2026-11-20", "age": 34}).decisions["phase"]
    return {"custom": {"card": card_of(decision, "en") | changed}}


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_every_response_of_the_domain_passes(name: str) -> None:
    for variation in RESPONSES[name]:
        assert ungrounded({"text": variation["text"], "custom": {"response": name}}) is None


@pytest.mark.parametrize("name", sorted(_phrases()))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_phrase_passes_with_its_places_filled(name: str, language: str) -> None:
    places = dict.fromkeys(re.findall(r"\{(\w+)\}", _phrases()[name][language]), "x")

    text = say(name, language, **places)

    assert ungrounded({"text": text, "custom": {"response": name}}) is None


def test_a_card_of_the_rulebook_passes() -> None:
    assert ungrounded(_card()) is None


def test_a_question_of_the_rulebook_passes() -> None:
    for name in load_book().questions:
        assert ungrounded({"text": "?", "custom": {"question": {"id": name}}}) is None


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"text": "You should take entecavir."}, "neither"),
        ({"text": "Take it.", "custom": {}}, "neither"),
        ({"text": "Take it.", "custom": {"response": "utter_invented"}}, "unknown response"),
        ({"text": "Take it.", "custom": {"response": "utter_thanks"}}, "not those"),
        ({"text": "?", "custom": {"question": {"id": "shoe_size"}}}, "unknown question"),
        (_card(rules=["PHASE-99"]), "unknown rule"),
        (_card(rulebook="0" * 64), "another rulebook"),
        (_card(rules=[], status="settled"), "names no rule"),
    ],
)
def test_anything_else_is_held_back(message: dict[str, Any], reason: str) -> None:
    assert reason in (ungrounded(message) or "")
