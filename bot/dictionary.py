"""The word lists in ``bot/lexicon``, read once.

The lists are data that a nurse or a translator can read and extend; no word of any language
stands in the code that uses them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")


@cache
def load(name: str) -> dict[str, Any]:
    """Return one list of the lexicon, such as ``load("drugs")``."""
    return read_words(f"lexicon/{name}")


@cache
def read_words(path: str) -> dict[str, Any]:
    """Return a list of words or sentences of this package, such as ``fixed_replies``."""
    return dict(yaml.safe_load((HERE / f"{path}.yml").read_text(encoding="utf-8")))


def words(entry: dict[str, Any]) -> list[str]:
    """Return the words of an entry in both languages, longest first, without repeats.

    People mix the languages ("我的ALT 86"), so a message is always read with both lists.
    """
    found = [str(word) for language in LANGUAGES for word in entry.get(language) or ()]
    return sorted(dict.fromkeys(found), key=len, reverse=True)
