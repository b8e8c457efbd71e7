"""Self-harm has its own words, the writer's and somebody else's; other danger has others."""

from __future__ import annotations

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
