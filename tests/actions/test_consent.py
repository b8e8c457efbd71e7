"""Consent: asked once, kept in the store, and an objection leaves no fact behind."""

from __future__ import annotations

import pytest

from actions.consent import ActionConsent, ActionGreet, consent_of
from actions.turn import store
from tests.actions.conversation import ANN, Talk


def test_somebody_new_is_asked_once(talk: Talk) -> None:
    talk.says("hello", "greet").does(ActionGreet())
    assert talk.responses == ["utter_ask_consent"]

    talk.says("hello", "greet").does(ActionGreet())
    assert talk.responses == []


def test_a_yes_is_written_down(talk: Talk) -> None:
    talk.says("hello", "greet").does(ActionGreet())
    talk.says("yes").does(ActionConsent())

    assert talk.responses == ["consent_given"]
    assert consent_of(talk.tracker) == "given"


@pytest.mark.parametrize("text", ["don't keep it, my ALT is 86 U/L", "不要保存，谷丙转氨酶86 U/L"])
def test_who_objects_leaves_no_fact_and_no_word_of_it(talk: Talk, text: str) -> None:
    talk.says("HBeAg positive")
    talk.says(text, "disagree").does(ActionConsent())

    assert talk.responses == ["consent_refused"]
    assert talk.known == {}
    assert all("86" not in m["text"] for m in store().messages(ANN))


def test_what_is_told_after_an_objection_is_not_kept(talk: Talk) -> None:
    talk.says("don't keep it", "disagree").does(ActionConsent())
    talk.says("my ALT is 86 U/L")

    assert talk.known == {}


def test_an_objection_outlives_the_memory_of_the_conversation(talk: Talk) -> None:
    talk.says("don't keep it", "disagree").does(ActionConsent())
    talk.slots = {}
    talk.says("my ALT is 86 U/L")

    assert consent_of(talk.tracker) == "refused"
    assert talk.known == {}


def test_who_changes_their_mind_is_remembered_again(talk: Talk) -> None:
    talk.says("don't keep it", "disagree").does(ActionConsent())
    talk.says("I agree", "agree").does(ActionConsent())
    talk.says("my ALT is 86 U/L")

    assert talk.known == {"alt": 86}


def test_a_yes_to_nothing_agrees_to_nothing(talk: Talk) -> None:
    talk.says("yes").does(ActionConsent())

    assert talk.responses == ["utter_nothing_asked"]
    assert not store().has_consent(ANN, "keep what is told")
