"""How long a message may be: long enough for a story, and for a pasted laboratory report."""

from __future__ import annotations

from typing import Final

from bot.report import looks_like_report

LONGEST_MESSAGE: Final = 2_000
LONGEST_REPORT: Final = 20_000


def fits(text: str) -> bool:
    """Tell whether a text is short enough; only a report may be longer than a message."""
    if len(text) <= LONGEST_MESSAGE:
        return True
    return len(text) <= LONGEST_REPORT and looks_like_report(text)
