"""The text of a PDF, read in a process of its own that may use little memory and little time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.report.errors import (
    MalformedError,
    ReportError,
    TimeLimitError,
    TooLargeError,
    WithoutTextError,
)

MAX_PAGES = 20
_CHILD = Path(__file__).with_name("pdf_child.py")
_SECONDS = 20
_MEMORY = 1 << 30
_ACCEPTED = f"a PDF of at most {MAX_PAGES} pages whose text can be selected"
_AS_TEXT = "Paste the results as text, or send a photo of the page."


def pdf_text(data: bytes) -> str:
    """Return the text of a PDF with its columns.

    Raises:
        MalformedError: the PDF is broken or encrypted.
        WithoutTextError: it holds pictures only.
        TooLargeError: it has too many pages, or unpacks to too much.
        TimeLimitError: reading took too long.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), str(MAX_PAGES), str(_SECONDS), str(_MEMORY)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeLimitError(
            "Reading this PDF took too long.",
            value=f"more than {_SECONDS} s",
            accepted=_ACCEPTED,
            remedy=_AS_TEXT,
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {"error": "large"}
    if "error" in answer:
        raise _error(answer["error"])
    text = str(answer["text"])
    if not text.strip():
        raise WithoutTextError(
            "This PDF holds pictures, not text.",
            value="no text on any page",
            accepted=_ACCEPTED,
            remedy=_AS_TEXT,
        )
    return text


def _error(reason: str) -> ReportError:
    if reason.startswith("pages"):
        return TooLargeError(
            "This PDF has too many pages.", value=reason, accepted=_ACCEPTED, remedy=_AS_TEXT
        )
    if reason == "large":
        return TooLargeError(
            "This PDF unpacks to more than is read.",
            value="more than 1 GiB of memory",
            accepted=_ACCEPTED,
            remedy=_AS_TEXT,
        )
    return MalformedError(
        "This PDF cannot be read.", value=reason, accepted=_ACCEPTED, remedy=_AS_TEXT
    )
