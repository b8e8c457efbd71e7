"""What the actions say beside the cards, in the language of the person."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


def say(name: str, language: str, **values: object) -> str:
    """Return a phrase of ``phrases.yml`` with its placeholders filled."""
    return _phrases()[name][language].format(**values)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
