"""The log: ids and durations, the kind and place of a fault, never what somebody wrote.

The message of an exception can hold the text it failed on, so only its type and its place are told.
"""

from __future__ import annotations

import copy
import logging
import traceback
from typing import Any

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class Discreet(logging.Formatter):
    """Writes a fault as its type and the lines it passed; says nothing that it holds."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of asyncio's own only its first, for the others print what they hold."""
        told = copy.copy(record)
        told.exc_text = None  # another formatter may have left the whole trace there
        if record.name == "asyncio":
            told.msg, told.args = record.getMessage().partition("\n")[0], None
        return super().format(told)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        """Return the types and places of a fault and of those that caused it."""
        fault: BaseException | None = ei[1]
        lines = []
        while fault is not None:
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(fault.__traceback__)
            ]
            lines.append(type(fault).__name__)
            fault = fault.__cause__ or fault.__context__
        return "\n".join(lines)


def config(level: str = "INFO") -> dict[str, Any]:
    """Return the set-up of all logs, also of the web server, for ``logging.config.dictConfig``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"discreet": {"()": "gateway.log.Discreet"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            # These tell addresses and headers of each request.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "multipart": {"level": "WARNING"},
            "python_multipart": {"level": "WARNING"},
            "uvicorn.access": {"level": "WARNING"},
        },
    }
