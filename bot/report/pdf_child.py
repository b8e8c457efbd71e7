"""The child process that opens a PDF: standard input to JSON, within the limits it is given.

It imports nothing of this project, so that it starts fast, and it is never imported.
"""

from __future__ import annotations

import io
import json
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError


def extract(data: bytes, most_pages: int) -> dict[str, str]:
    """Return the text with its columns, or why there is none."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        if len(reader.pages) > most_pages:
            return {"error": f"pages: {len(reader.pages)}"}
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except (LimitReachedError, MemoryError):
        return {"error": "large"}
    except (PyPdfError, RecursionError):
        return {"error": "broken"}
    except Exception as error:  # noqa: BLE001 - a broken PDF breaks its reader in any way
        return {"error": f"broken ({type(error).__name__})"}
    return {"text": "\n".join(pages)}


def main() -> None:
    """Read standard input; the limits are pages, seconds and bytes of memory."""
    pages, seconds, memory = (int(word) for word in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    json.dump(extract(sys.stdin.buffer.read(), pages), sys.stdout)


if __name__ == "__main__":
    main()
