"""The word lists of this package as patterns: longest first, letters never go on before or after."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent
CJK = "\u3400-\u9fff"


@cache
def load(name: str) -> dict[str, Any]:
    """Return a list of this package: ``names``, ``words`` or ``codes``."""
    return dict(yaml.safe_load((_HERE / f"{name}.yml").read_text(encoding="utf-8")))


def spelled(word: str) -> str:
    """Return a pattern for a word, with a hyphen, a space, a comma or nothing where it has a gap."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", word) if part]
    pattern = r",?[\s-]?".join(parts)
    before = "(?<![a-z0-9])" if re.match(r"[a-z0-9]", word) else ""
    after = "(?![a-z])" if re.search(r"[a-z]$", word) else ""
    return f"{before}{pattern}{after}"


def one_of(words: list[str]) -> re.Pattern[str]:
    """Return a pattern that matches the longest of some words."""
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(spelled(word) for word in longest))


@cache
def listed(name: str, *, whole: bool = False) -> re.Pattern[str]:
    """Return the pattern of an entry of ``words.yml``; ``whole``: no Chinese goes on after it."""
    pattern = one_of([str(word) for word in load("words")[name]])
    return re.compile(f"(?:{pattern.pattern})(?![{CJK}])") if whole else pattern


@cache
def grouped(name: str, entry: str) -> re.Pattern[str]:
    """Return the pattern of one entry of a group of ``words.yml``."""
    return one_of([str(word) for word in load("words")[name][entry]])
