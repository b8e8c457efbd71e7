"""An enzyme that is named by its kind only is asked back, and never lost."""

from __future__ import annotations

import pytest

from actions.answer import ActionAnswer
from tests.actions.conversation import Talk


@pytest.mark.parametrize(
    ("text", "name", "enzyme", "value", "unit"),
    [
        ("my transaminases are 86 U/L", "that is ALT", "alt", 86, "U/L"),
        ("转氨酶86 U/L", "谷丙", "alt", 86, "U/L"),
        ("转氨酶86 U/L", "是谷草转氨酶（AST）", "ast", 86, "U/L"),
    ],
)
def test_which_enzyme_it_is_is_asked_and_then_used(  # noqa: PLR0917
    talk: Talk, text: str, name: str, enzyme: str, value: float, unit: str
) -> None:
    talk.says(text).does(ActionAnswer())
    assert "which_enzyme" in talk.responses
    assert talk.known == {}

    talk.says(name)

    assert talk.known == {enzyme: value}
    (kept,) = talk.recorded
    assert (kept.unit, kept.raw) == (unit, name)


def test_a_very_high_enzyme_warns_before_it_is_named(talk: Talk) -> None:
    talk.says("转氨酶1200 U/L").does(ActionAnswer())

    assert talk.messages[0]["custom"]["card"]["rules"] == ["RED-12a"]


def test_nothing_is_asked_where_the_name_is_told_too(talk: Talk) -> None:
    talk.says("ALT 86 U/L, AST 50 U/L").does(ActionAnswer())

    assert "which_enzyme" not in talk.responses


def test_a_name_without_a_waiting_value_states_nothing(talk: Talk) -> None:
    talk.says("that is ALT")

    assert talk.known == {}
