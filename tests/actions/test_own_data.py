"""A person's own data: seen with its days, taken along, forgotten with every answer that told it."""

from __future__ import annotations

import datetime as dt

import pytest

from actions.own_data import (
    ActionExport,
    ActionForget,
    ActionForgetFact,
    ActionTimeline,
    ActionWhatYouKnow,
)
from actions.turn import store
from tests.actions.conversation import ANN, Talk


def test_what_is_known_is_listed_with_its_day(talk: Talk) -> None:
    talk.says("ALT 86 U/L").says("what do you know?").does(ActionWhatYouKnow())

    day = dt.datetime.now().astimezone().date()
    assert f"ALT: 86 U/L ({day})" in talk.text


def test_what_is_denied_is_listed_together(talk: Talk) -> None:
    talk.answers("liver_findings", "fluid in the belly (ascites)")
    talk.form = False
    talk.says("what do you know?").does(ActionWhatYouKnow())

    assert "fluid in the belly (ascites): yes" in talk.text
    assert "not: a new nodule in the liver, liver cancer" in talk.text


def test_nothing_is_known_of_somebody_new(talk: Talk) -> None:
    talk.says("what do you know?").does(ActionWhatYouKnow())

    assert talk.responses == ["nothing_known"]


def test_one_fact_is_forgotten_and_the_others_stay(talk: Talk) -> None:
    talk.says("ALT 86 U/L, HBeAg positive")
    talk.says("forget my ALT", "forget_fact").does(ActionForgetFact())

    assert talk.responses == ["forgotten"]
    assert talk.known == {"hbeag": "positive"}
    assert "86" not in store().messages(ANN)[0]["text"]


def test_a_forgotten_fact_takes_the_answer_with_it(talk: Talk) -> None:
    """The answer to the question held the fact too."""
    talk.answers("urgent_screen", "fever and belly pain")
    talk.form = False
    talk.says("forget the fever", "forget_fact").does(ActionForgetFact())

    kept = store().observations(ANN, history=True)
    assert "fever" not in talk.known
    assert talk.known["belly_pain"] is True
    assert not [o for o in kept if o.kind == "answer"]


def test_what_is_not_there_cannot_be_forgotten(talk: Talk) -> None:
    talk.says("forget my ALT", "forget_fact").does(ActionForgetFact())

    assert talk.responses == ["nothing_to_forget"]


def test_everything_is_erased_and_so_are_the_slots(talk: Talk) -> None:
    talk.says("ALT 86 U/L")
    events = talk.says("erase everything").does(ActionForget())

    assert not store().knows(ANN)
    assert "reset_slots" in [event["event"] for event in events]


def test_the_export_holds_what_was_told(talk: Talk) -> None:
    talk.says("ALT 86 U/L").says("export my data", "export_data").does(ActionExport())

    [message] = talk.messages
    assert [o["name"] for o in message["custom"]["export"]["observations"]] == ["alt"]


@pytest.mark.parametrize("text", ["show my HBsAg over time", "看看我表面抗原的变化"])
def test_the_values_over_time_are_in_the_order_of_their_days(talk: Talk, text: str) -> None:
    talk.says("HBsAg 1100 IU/mL on 2026-06-01").says("HBsAg 9000 IU/mL on 2026-01-01")
    talk.says(text, "ask_timeline").does(ActionTimeline())

    [message] = talk.messages
    assert [p["value"] for p in message["custom"]["timeline"]["points"]] == [9000, 1100]
