"""The errors of reading a report.

Every error carries a ``code`` for machines, the offending ``value``, what is ``accepted`` and a
``remedy``: what to do next. A value is a size or a kind, never the content of the report.

::

    ReportError
      TooLargeError          more bytes, characters, pages or pixels than are read
      UnknownFormatError     neither text nor a format that is read
      MalformedError         begins like HL7, FHIR, a PDF or a picture and is not a sound one
      WithoutTextError       a PDF of pictures, a picture without letters
      ToolMissingError       the program that reads photos is not installed
      TimeLimitError         reading took too long and was stopped
"""

from __future__ import annotations

from typing import Any


class ReportError(Exception):
    """Base of all errors of this package.

    Example::

        try:
            report = read(data, today=today)
        except ReportError as error:
            print(error.code, error.remedy)
    """

    code = "report_error"

    def __init__(self, message: str, *, value: str, accepted: str, remedy: str) -> None:
        self.message = message
        self.value = value
        self.accepted = accepted
        self.remedy = remedy
        super().__init__(f"{message} Accepted: {accepted}. {remedy}")

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain data for JSON output."""
        return {
            "code": self.code,
            "message": self.message,
            "value": self.value,
            "accepted": self.accepted,
            "remedy": self.remedy,
        }


class TooLargeError(ReportError):
    """More than is read: bytes, characters, pages or pixels."""

    code = "too_large"


class UnknownFormatError(ReportError):
    """Neither text nor a format that is read."""

    code = "unknown_format"


class MalformedError(ReportError):
    """A format that is read, but this one is broken."""

    code = "malformed"


class WithoutTextError(ReportError):
    """Nothing in it can be read as letters."""

    code = "without_text"


class ToolMissingError(ReportError):
    """The program that reads photos is not installed."""

    code = "tool_missing"


class TimeLimitError(ReportError):
    """Reading took too long and was stopped."""

    code = "time_limit"
