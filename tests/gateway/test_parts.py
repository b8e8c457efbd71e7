"""Small parts: what is shown of a message, how much is allowed, what the environment sets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.errors import TooManyError
from gateway.limits import _MOST_KEPT, Rate
from gateway.settings import Settings
from gateway.views import view
from gateway.words import all_words, chosen


def row(text: str = "hello", direction: str = "out", **custom: Any) -> dict[str, Any]:
    return {
        "key": 7,
        "id": "secret-id",
        "person": "secret-person",
        "text": text,
        "direction": direction,
        "at": "2026-11-20T10:00:00+00:00",
        "card": json.dumps(custom) if custom else None,
    }


def test_a_shown_message_holds_neither_person_nor_payload() -> None:
    shown = view(row(buttons=[{"id": "b1", "title": "yes", "payload": "secret-payload"}]))

    assert shown is not None
    assert shown["buttons"] == [{"id": "b1", "title": "yes"}]
    assert "secret" not in json.dumps(shown)


def test_an_emergency_is_shown_as_an_alert() -> None:
    shown = view(row("Call 120", response="emergency"))

    assert shown is not None
    assert (shown["kind"], shown["level"]) == ("alert", "emergency_now")


@pytest.mark.parametrize(
    ("card", "level"),
    [
        ({"decision": "urgency", "outcome": "emergency_now"}, "emergency_now"),
        ({"decision": "urgency", "outcome": "same_day"}, "same_day"),
        ({"decision": "phase", "outcome": "x", "indicator": "warning"}, "soon"),
        ({"decision": "phase", "outcome": "x", "indicator": "critical"}, "urgent"),
        ({"decision": "phase", "outcome": "x"}, "information"),
    ],
)
def test_a_card_is_shown_with_its_level(card: dict[str, Any], level: str) -> None:
    shown = view(row(card={**card, "summary": "s", "language": "en", "rules": ["R-1"]}))

    assert shown is not None
    assert (shown["kind"], shown["card"]["level"]) == ("card", level)
    assert shown["card"]["rules"] == ["R-1"]


@pytest.mark.parametrize(
    "empty", [row(""), row("", card={"decision": "phase"}), row("", direction="in")]
)
def test_what_shows_nothing_is_left_out(empty: dict[str, Any]) -> None:
    assert view(empty) is None


def test_a_bucket_is_empty_after_its_number_and_fills_again() -> None:
    time = [0.0]
    rate = Rate(3, clock=lambda: time[0])
    for _ in range(3):
        rate.take("a")
    with pytest.raises(TooManyError):
        rate.take("a")
    rate.take("b")

    time[0] += 20

    rate.take("a")
    with pytest.raises(TooManyError):
        rate.take("a")


def test_refused_takings_do_not_make_the_wait_longer() -> None:
    time = [0.0]
    rate = Rate(1, clock=lambda: time[0])
    rate.take("a")
    for _ in range(100):
        with pytest.raises(TooManyError):
            rate.take("a")

    time[0] += 60

    rate.take("a")


def test_buckets_are_not_kept_without_end() -> None:
    rate = Rate(1, clock=lambda: 0.0)
    for number in range(_MOST_KEPT + 50):
        rate.take(str(number))

    assert len(rate._left) == _MOST_KEPT


def test_the_environment_sets_what_it_names_and_nothing_else() -> None:
    usual = Settings.from_environment({})
    own = Settings.from_environment(
        {
            "HBV_RASA_PORT": "6005",
            "HBV_GATEWAY_PORT": "6080",
            "HBV_METRICS_PORT": "0",
            "HBV_ORIGINS": "https://a.example https://b.example",
            "HBV_PUBLIC": "https://c.example/",
        }
    )

    assert (usual.host, usual.port, usual.origins) == ("127.0.0.1", 8080, frozenset())
    assert own.rasa == "http://127.0.0.1:6005/webhooks/rest/webhook"
    assert (own.port, own.metrics_port, own.public) == (6080, 0, "https://c.example")
    assert own.origins == {"https://a.example", "https://b.example"}


def test_a_port_that_is_no_number_is_told() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Settings.from_environment({"HBV_GATEWAY_PORT": "http"})


def test_every_phrase_stands_in_both_languages() -> None:
    for name, sides in all_words().items():
        assert set(sides) == {"en", "zh"}, name
        assert bool(sides["en"]) == bool(sides["zh"]), name


@pytest.mark.parametrize(
    ("wanted", "accepted", "language"),
    [
        ("zh", "en", "zh"),
        (None, "zh-CN,en;q=0.5", "zh"),
        ("fr", "fr,zh;q=0.2", "zh"),
        (None, "", "en"),
    ],
)
def test_the_language_is_the_chosen_or_the_first_accepted(
    wanted: str | None, accepted: str, language: str
) -> None:
    assert chosen(wanted, accepted) == language
