"""The errors of the engine.

Every error carries a ``code`` for machines, the offending ``value``, what is ``accepted``
and a ``remedy``: what to do next. The text of an error is part of the public interface.

::

    EngineError
      RecordError            what was told about a person cannot be used
        UnknownNameError     an analyte, drug, history item or symptom that is not declared
        WrongTypeError       text where a number belongs, and the like
        ImpossibleValueError outside the possible range of the quantity
        UnitError            a unit that is missing, unknown or cannot be converted
        DateError            a date in the future, or one before birth
        ContradictionError   two statements that cannot both hold, such as two sexes
        InputFormatError     not JSON, empty, too large, a key given twice
      RulebookError          the rulebook itself is wrong; never the person's fault
"""

from __future__ import annotations

from typing import Any


class EngineError(Exception):
    """Base of all errors that the engine raises on purpose.

    Example::

        try:
            record = read_record(text)
        except EngineError as error:
            print(error.code, error.remedy)
    """

    code = "engine_error"

    def __init__(
        self, message: str, *, value: object = None, accepted: str = "", remedy: str = ""
    ) -> None:
        self.message = message
        self.value = value
        self.accepted = accepted
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.message]
        if self.accepted:
            parts.append(f"Accepted: {self.accepted}.")
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain data for JSON output."""
        return {
            "code": self.code,
            "message": self.message,
            "value": _short(self.value),
            "accepted": self.accepted,
            "remedy": self.remedy,
        }


class RecordError(EngineError):
    """What was told about a person cannot be used."""

    code = "record_error"


class UnknownNameError(RecordError):
    """A name that the rulebook does not declare."""

    code = "unknown_name"


class WrongTypeError(RecordError):
    """A value of the wrong kind, such as text where a number belongs."""

    code = "wrong_type"


class ImpossibleValueError(RecordError):
    """A value outside the possible range of its quantity."""

    code = "impossible_value"


class UnitError(RecordError):
    """A unit that is missing, unknown, or not convertible to the quantity's unit."""

    code = "unit_error"


class DateError(RecordError):
    """A date that cannot be right, such as one in the future."""

    code = "date_error"


class ContradictionError(RecordError):
    """Two statements about the person that cannot both hold."""

    code = "contradiction"


class InputFormatError(RecordError):
    """Input that is not readable at all: empty, too large, or not JSON."""

    code = "input_format"


class RulebookError(EngineError):
    """The rulebook is wrong: the message names the file, the table and the row."""

    code = "rulebook_error"


def _short(value: object, limit: int = 120) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
