"""What the actions say beside the cards, in the language of the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml


class Speaker(Protocol):
    """What messages are handed to: Rasa's dispatcher. Who only needs the words needs no Rasa."""

    def utter_message(
        self, text: str | None = None, *, buttons: Any = ..., json_message: Any = ...
    ) -> None:
        """Say a message."""


def say(name: str, language: str, **values: object) -> str:
    """Return a phrase of ``phrases.yml`` with its placeholders filled."""
    return _phrases()[name][language].format(**values)


def utter(
    dispatcher: Speaker,
    name: str,
    language: str,
    *,
    buttons: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
    **values: object,
) -> None:
    """Say a phrase as a message of its own; its id, and ``data``, go with it under ``custom``."""
    dispatcher.utter_message(
        text=say(name, language, **values),
        buttons=[{"title": words, "payload": words} for words in buttons],
        json_message={"response": name, **(data or {})},
    )


@cache
def _phrases() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
