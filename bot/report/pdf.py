"""The text of a PDF, read in a process of its own that may use little memory and little time."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys

from bot.report.errors import (
    MalformedError,
    ReportError,
    TimeLimitError,
    TooLargeError,
    WithoutTextError,
)

MAX_PAGES = 20
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
            [sys.executable, "-m", "bot.report.pdf"],
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


def _extract(data: bytes) -> dict[str, str]:
    """Return the text, or why there is none. Runs in the child process."""
    from pypdf import PdfReader  # noqa: PLC0415 - only the child needs it
    from pypdf.errors import LimitReachedError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        if len(reader.pages) > MAX_PAGES:
            return {"error": f"pages: {len(reader.pages)}"}
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except (LimitReachedError, MemoryError):
        return {"error": "large"}
    except (PyPdfError, RecursionError):
        return {"error": "broken"}
    except Exception as error:  # noqa: BLE001 - a broken PDF breaks its reader in any way
        return {"error": f"broken ({type(error).__name__})"}
    return {"text": "\n".join(pages)}


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    json.dump(_extract(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    _main()
