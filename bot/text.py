"""The raw text of a message: its language, and a folded form of the same length."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from opencc import OpenCC

Language = Literal["en", "zh"]

_CJK = re.compile(r"[\u3400-\u9fff]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Full-width commas and full stops separate clauses, so they must not become part of a number.
_KEPT = {ord("，"), ord("；"), ord("！"), ord("？"), ord("（"), ord("）")}
_SAME_LENGTH = {
    **{code: target for code, target in _FULL_WIDTH.items() if code not in _KEPT},
    ord("μ"): ord("u"),
    ord("µ"): ord("u"),
    ord("α"): ord("a"),
    ord("–"): ord("-"),
    ord("−"): ord("-"),
    ord("—"): ord("-"),
    ord("’"): ord("'"),
    ord("\u00a0"): ord(" "),
    ord("\u3000"): ord(" "),
}


def fold(text: str) -> str:
    """Return ``text`` in lower case, full-width forms and traditional characters folded.

    Every offset stays valid.
    """
    folded = "".join(map(_folded, text.translate(_SAME_LENGTH)))
    assert len(folded) == len(text)  # noqa: S101 - every span of the library rests on this
    return folded


@cache
def _folded(char: str) -> str:
    """Return one character in lower case, a Chinese one in its simplified form, as one character."""
    other = _simplified().convert(char) if _CJK.match(char) else char.lower()
    return other if len(other) == 1 else char


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def language_of(text: str, *, otherwise: Language = "en") -> Language:
    """Return the language of a message; ``otherwise`` if it holds no letters at all.

    Example:
        >>> language_of("谷丙转氨酶 86"), language_of("ALT 86"), language_of("86", otherwise="zh")
        ('zh', 'en', 'zh')
    """
    if _CJK.search(text):
        return "zh"
    words = re.findall(r"[a-z]{2,}", fold(text))
    return "en" if words else otherwise
