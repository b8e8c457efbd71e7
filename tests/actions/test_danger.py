"""Self-harm has its own words, the writer's and somebody else's; other danger has others."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answer import ActionAnswer
from actions.ask import ActionAskHistoryFormAnswer
from actions.danger import ActionEmergency
from actions.someone_else import ActionSomeoneElse
from tests.actions.conversation import Talk

HARM = "thoughts of harming yourself or of not wanting to live"
VOICES = "hearing or seeing things that others do not, or feeling driven and not yourself at all"


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        (HARM, ["crisis"]),
        (VOICES, ["emergency"]),
        (f"{HARM} and {VOICES}", ["crisis", "emergency"]),
    ],
)
def test_what_is_ticked_in_the_list_takes_its_own_path(
    talk: Talk, ticked: str, said: list[str]
) -> None:
    talk.slots["goal"] = "interferon_side_effects"
    talk.answers("crisis_screen", ticked).does(ActionAskHistoryFormAnswer())

    assert talk.responses == said
    assert talk.slots["interrupted"] is True
    assert talk.slots["question"] is None


@pytest.mark.parametrize(
    "text",
    [
        "my friend with hepatitis B says she wants to die",
        "my brother wants to kill himself",
        "我朋友有乙肝，她说不想活了",
        "我老公说想自杀",
    ],
)
@pytest.mark.parametrize("action", [ActionSomeoneElse, ActionEmergency])
def test_somebody_elses_crisis_is_met_with_what_to_do_for_them(
    talk: Talk, text: str, action: type
) -> None:
    talk.says(text).does(action())

    assert talk.responses == ["crisis_other"]
    assert "suicidal_thoughts" not in talk.known


def test_somebody_elses_crisis_is_met_whatever_the_intent(talk: Talk) -> None:
    talk.says("my friend says she wants to die").does(ActionAnswer())

    assert talk.responses[0] == "crisis_other"


def test_the_own_crisis_comes_first(talk: Talk) -> None:
    talk.says("my friend wants to die. I want to die too, I want to kill myself", "crisis")
    talk.does(ActionEmergency())

    assert talk.responses[0] == "crisis"


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("my ALT is 1200", ["RED-12a"]),  # a flare in the unit that every laboratory prints
        ("谷丙转氨酶1200", ["RED-12a"]),
        ("my ALT is 60", []),  # in U/L it is none
        ("my HBV DNA is 2000000", []),
    ],
)
def test_a_number_without_a_unit_warns_if_every_unit_would(
    talk: Talk, text: str, rules: list[str]
) -> None:
    talk.says(text).does(ActionAnswer())

    assert talk.known == {}
    assert [m["custom"]["card"]["rules"][0] for m in talk.messages if _is_alert(m)] == rules
    assert "without_unit" in talk.responses


def _is_alert(message: dict[str, Any]) -> bool:
    return bool((message.get("custom") or {}).get("card", {}).get("decision") == "urgency")


def test_what_was_told_first_is_recalled_in_one_line_by_later_answers(talk: Talk) -> None:
    talk.says("I vomited blood").does(ActionEmergency())
    assert sum(map(_is_alert, talk.messages)) == 1

    talk.says("which phase am I in?", "ask_phase").does(ActionAnswer())

    assert not any(map(_is_alert, talk.messages))
    assert talk.responses[0] == "reminder"
    assert "vomiting blood" in talk.messages[0]["text"]


@pytest.mark.parametrize(
    "text",
    ["my dad has cirrhosis and his belly is suddenly swollen", "我爸肝硬化，最近肚子越来越大"],
)
@pytest.mark.parametrize("action", [ActionSomeoneElse, ActionAnswer])
def test_somebody_elses_urgent_sign_is_not_passed_over(talk: Talk, text: str, action: type) -> None:
    talk.says(text).does(action())

    assert "about_other" in talk.responses
    assert [m["custom"]["card"]["outcome"] for m in talk.messages if _is_alert(m)] == ["same_day"]
    assert "new_belly_swelling" not in talk.known


def test_a_denied_sign_of_somebody_else_is_none(talk: Talk) -> None:
    talk.says("my dad has cirrhosis but no swollen belly").does(ActionSomeoneElse())

    assert "about_other" not in talk.responses
    assert not any(map(_is_alert, talk.messages))
