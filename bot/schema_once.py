"""Rasa's check of what the action server answers, with its constant schema compiled once.

Rasa checks the schema itself again on every action call, which takes most of the time of a turn. The
check of the answer stays the same.
"""

from __future__ import annotations

from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)(_SCHEMA)


def check_answer(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Return True for an answer in the form that Rasa asks for.

    Raises:
        ValidationError: it is not.
    """
    for error in _VALIDATOR.iter_errors(result):
        raise ValidationError(f"The answer to {action.name()} is not valid: {error.message}")
    return True


def install() -> None:
    """Let Rasa use the compiled check."""
    RemoteAction._validate_action_result = check_answer  # noqa: SLF001 - Rasa offers no other place
