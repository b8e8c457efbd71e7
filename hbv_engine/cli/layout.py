"""Lines that fit the terminal, also where the text has no spaces to break at."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

NARROWEST: Final = 8
_WIDE: Final = (
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’]"
)
_PIECE: Final = re.compile(rf"\s+|{_WIDE}|(?:(?!{_WIDE})\S)+")
_NEVER_FIRST: Final = frozenset("，。、；：？！）」』】》”’～,.;:?!)]}")
_NEVER_LAST: Final = frozenset("（「『【《“‘([{")


def wrap(text: str, width: int) -> list[str]:
    """Return a text as lines of at most ``width`` columns.

    Western words stay whole, Chinese breaks anywhere, and no line begins with a closing mark.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _wrap_one(paragraph, max(width, NARROWEST))
    return lines


def _wrap_one(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if cell_len(line) + cell_len(piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while cell_len(line) > width:
            lines.append(line[:width])
            line = line[width:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> list[str]:
    """Return what must stay together: words, single wide characters, marks with their neighbour."""
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        sticks = piece[0] in _NEVER_FIRST or (pieces and pieces[-1][-1] in _NEVER_LAST)
        if pieces and sticks:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def hanging(first: str, text: str, width: int) -> str:
    """Return a text wrapped behind a mark, with its other lines aligned under the first."""
    indent = cell_len(first)
    head, *rest = wrap(text, width - indent)
    return "\n".join([first + head, *(" " * indent + line for line in rest)])


def padded(text: str, width: int) -> str:
    """Return a text filled with spaces up to a number of columns."""
    return text + " " * max(width - cell_len(text), 0)
