"""JSON with the place of every object in the text."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import math
from decimal import Decimal
from typing import Any

from bot.report.errors import MalformedError

_ACCEPTED = "FHIR R4 as JSON: an Observation, a DiagnosticReport or a Bundle"


class Places(json.JSONDecoder):
    """Decodes a text once and remembers where each object stands."""

    def __init__(self) -> None:
        super().__init__(
            parse_float=_number,
            parse_constant=_refuse,
            object_pairs_hook=_without_repeats,
        )
        self.spans: dict[int, tuple[int, int]] = {}
        self.kept: list[Any] = []
        self.parse_object = self._object
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def read(self, text: str) -> Any:
        """Return the decoded text.

        Raises:
            MalformedError: not sound JSON, or nested too deeply.
        """
        try:
            return self.decode(text)
        except RecursionError as error:
            raise _malformed("nested too deeply") from error
        except (ValueError, ArithmeticError) as error:
            place = getattr(error, "pos", None)
            where = f"character {place}" if place is not None else type(error).__name__
            raise _malformed(where) from error

    def span(self, item: dict[str, Any]) -> tuple[int, int]:
        """Return where an object of the decoded text begins and ends."""
        return self.spans[id(item)]

    def _object(self, at: tuple[str, int], *rest: Any) -> tuple[Any, int]:
        found, end = json.decoder.JSONObject(at, *rest)  # type: ignore[attr-defined]
        self.spans[id(found)] = (at[1] - 1, end)
        self.kept.append(found)
        return found, end


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not math.isfinite(float(value)):
        raise ValueError("a number that is not finite")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key given twice")
    return found


def _malformed(value: str) -> MalformedError:
    return MalformedError(
        "This is not sound JSON.",
        value=value,
        accepted=_ACCEPTED,
        remedy="Export the file again, or paste the printed report as text.",
    )
