"""The compiled check of an action's answer agrees with Rasa's own."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.schema_once import check_answer

ACTION = RemoteAction("action_answer", None)
EVENT = {"event": "slot", "name": "goal", "value": "phase"}


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [EVENT], "responses": [{"text": "…", "custom": {"card": {"rules": []}}}]},
        {},
    ],
)
def test_an_answer_in_the_right_form_is_accepted_by_both(answer: dict[str, Any]) -> None:
    assert check_answer(ACTION, answer)
    assert ACTION._validate_action_result(answer)


@pytest.mark.parametrize(
    "answer",
    [{"events": [{"name": "goal"}], "responses": []}, {"events": {}}, {"responses": ["text"]}],
)
def test_any_other_answer_is_refused_by_both(answer: dict[str, Any]) -> None:
    for check in (
        lambda: check_answer(ACTION, answer),
        lambda: ACTION._validate_action_result(answer),
    ):
        with pytest.raises(ValidationError):
            check()
