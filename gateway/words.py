"""What the website itself says, in both languages; no medical claim stands there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

LANGUAGES: Final = ("en", "zh")
_FILE = Path(__file__).parent / "words.yml"


def words(name: str, language: str) -> str:
    """Return a phrase of the website.

    Raises:
        KeyError: there is none of this name.
    """
    return all_words()[name][language]


def in_language(language: str) -> Mapping[str, str]:
    """Return every phrase in one language, for a template."""
    return {name: sides[language] for name, sides in all_words().items()}


def chosen(wanted: str | None, accepted: str = "") -> str:
    """Return the language that is asked for, else the first that a browser accepts, else English."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in accepted.split(","):
        name = part.partition(";")[0].strip().lower()[:2]
        if name in LANGUAGES:
            return name
    return LANGUAGES[0]


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Return all phrases by name and language."""
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
