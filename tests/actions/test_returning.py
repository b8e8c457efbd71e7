"""What was told grows old: results as of the day they were told, symptoms within days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.consent import ActionConsent, ActionGreet
from actions.evidence import record_of
from actions.returning import show_what_is_used
from actions.turn import Turn, store, today
from hbv_engine import assess
from records import Observation
from tests.actions.conversation import ANN, Talk
from tests.scenario_runner import move_back

TODAY = dt.date(2026, 11, 20)


def _told(days_ago: int, kind: Any, name: str, value: Any, **more: Any) -> Observation:
    at = f"{TODAY - dt.timedelta(days=days_ago)}T12:00:00+00:00"
    return Observation(kind=kind, name=name, value=value, raw="…", told_at=at, **more)


def _record(days_ago: int, kind: Any, name: str, value: Any, **more: Any) -> Any:
    return record_of([_told(days_ago, kind, name, value, **more)], TODAY)


def _knows(days_ago: int, kind: Any, name: str, value: Any) -> bool:
    record = _record(days_ago, kind, name, value)
    return name in {**record.history, **record.symptoms}


@pytest.mark.parametrize(
    ("days", "kind", "name", "value", "holds"),
    [
        (3, "symptom", "fever", True, True),
        (4, "symptom", "fever", True, False),
        (4, "symptom", "vomiting_blood", False, False),
        (4, "history", "exposure_of_others", True, False),
        (4, "history", "pregnant", False, True),
        (300, "history", "cirrhosis", "none", True),
        (400, "history", "cirrhosis", "none", False),
        (400, "history", "cirrhosis", "decompensated", True),
        (400, "history", "pregnant", True, False),
        (4000, "history", "liver_cancer", True, True),
        (4000, "history", "liver_cancer", False, False),
        (4000, "history", "hbsag_earlier", "positive", True),
    ],
)
def test_what_was_told_holds_for_its_time(
    days: int, kind: str, name: str, value: Any, *, holds: bool
) -> None:
    assert _knows(days, kind, name, value) is holds


@pytest.mark.parametrize(("days", "current"), [(0, True), (360, True), (370, False)])
def test_an_undated_result_is_of_the_day_it_was_told_at_the_latest(
    days: int, *, current: bool
) -> None:
    record = _record(days, "analyte", "hbeag", "positive")

    phase = assess(record).decisions["phase"]
    assert ("hbeag" not in {m.input for m in phase.missing}) is current
    assert record.observations[0].date is None


def test_the_week_of_treatment_goes_on() -> None:
    record = _record(14, "history", "interferon_week", 22)

    assert str(record.history["interferon_week"].date) == "2026-11-06"


def test_an_old_answer_is_asked_again() -> None:
    assert _record(400, "answer", "hbeag", "unknown").asked == ()
    assert _record(4, "answer", "red_flag_screen", []).asked == ()
    assert _record(4, "answer", "hbeag", "unknown").asked == ("hbeag",)


def test_somebody_who_greets_again_is_shown_the_facts_with_their_day(talk: Talk) -> None:
    talk.says("ALT 86 U/L")
    move_back(store(), ANN, 10)
    talk.says("hello", "greet").does(ActionGreet())

    day = today() - dt.timedelta(days=10)
    assert "still_right" in talk.responses
    assert f"86 U/L ({day})" in talk.text


def test_a_yes_confirms_history_and_leaves_the_day_of_a_result(talk: Talk) -> None:
    talk.says("ALT 86 U/L, I am not pregnant, I have fever")
    move_back(store(), ANN, 10)
    talk.says("hello", "greet").does(ActionGreet())
    talk.slots["consent"] = "open"
    talk.says("yes").does(ActionConsent())

    record = record_of(store().observations(ANN), today())
    assert talk.responses == ["facts_confirmed"]
    assert record.observations[0].told == today() - dt.timedelta(days=10)
    assert "fever" not in record.symptoms


def test_a_no_asks_what_has_changed(talk: Talk) -> None:
    talk.says("ALT 86 U/L")
    move_back(store(), ANN, 10)
    talk.says("hello", "greet").does(ActionGreet())
    talk.says("no").does(ActionConsent())

    assert talk.responses == ["facts_changed"]


@pytest.mark.parametrize(("days", "shown"), [(10, ["from_before"]), (0, [])])
def test_another_message_of_another_day_shows_what_is_used(
    talk: Talk, days: int, shown: list[str]
) -> None:
    talk.says("ALT 86 U/L")
    move_back(store(), ANN, days)
    for expected in (shown, []):
        talk.says("should I be treated?", "ask_start_treatment")
        dispatcher = CollectingDispatcher()
        show_what_is_used(dispatcher, Turn.of(talk.tracker))
        said = [m["custom"]["response"] for m in dispatcher.messages]
        assert said == expected
