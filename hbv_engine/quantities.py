"""From what a laboratory printed to what can be compared: units, comparators, detection limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from hbv_engine.errors import ImpossibleValueError, UnitError, WrongTypeError
from hbv_engine.facts import Analyte
from hbv_engine.intervals import Interval

LARGEST = 1e15
LOG_UNITS = {"log10 IU/mL": "IU/mL", "log10 copies/mL": "copies/mL"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A result made comparable.

    ``level`` is in the analyte's own unit; ``detected`` is None when the report does not say
    whether anything was found below its limit; ``warnings`` are codes with a short text.
    """

    status: str | None = None
    level: Interval | None = None
    detected: bool | None = None
    warnings: tuple[tuple[str, str], ...] = ()


def read_result(
    analyte: Analyte,
    *,
    value: float | str,
    comparator: str,
    unit: str | None,
    lloq: float | None,
    assay: str | None,
) -> Reading:
    """Return the comparable reading of one result.

    Raises:
        WrongTypeError: the value is text that the analyte does not accept.
        UnitError: the unit is missing, unknown, or cannot be converted.
        ImpossibleValueError: the value is outside the possible range.
    """
    if isinstance(value, str):
        return _read_word(analyte, value, unit=unit, lloq=lloq, assay=assay)
    if (
        abs(value) > LARGEST
        or not math.isfinite(value)
        or _less_than_nothing(comparator, value, unit)
    ):
        low, high = analyte.possible or (0, LARGEST)
        raise ImpossibleValueError(
            f"{analyte.name} cannot be {comparator} {str(value)[:20]}.",
            value=value,
            accepted=f"{low:g} to {high:g} {analyte.unit or ''}".strip(),
            remedy="Check the number and its unit on the report.",
        )
    if unit in {"COI", "S/CO"} and analyte.index_positive_from is not None:
        return Reading(status="positive" if value >= analyte.index_positive_from else "negative")
    if analyte.unit is None:
        raise WrongTypeError(
            f"{analyte.name} is not a number.",
            value=value,
            accepted=" or ".join(analyte.values),
            remedy="Give the printed word, not the index.",
        )
    level, warnings = _to_unit(analyte, comparator, value, unit, assay)
    return Reading(
        level=level,
        detected=_detected(comparator, value),
        warnings=_check(analyte, level, warnings),
    )


def _less_than_nothing(comparator: str, value: float, unit: str | None) -> bool:
    return comparator == "<" and value <= 0 and unit not in LOG_UNITS


def _read_word(
    analyte: Analyte, word: str, *, unit: str | None, lloq: float | None, assay: str | None
) -> Reading:
    if word not in analyte.values:
        accepted = " or ".join(analyte.values) or f"a number in {analyte.unit}"
        raise WrongTypeError(
            f"{analyte.name} cannot be {word[:60]!r}.",
            value=word,
            accepted=accepted,
            remedy="Give the result as printed.",
        )
    if word == "not_detected" and analyte.unit is not None:
        limit = None
        if lloq is not None:
            limit, _ = _to_unit(analyte, "<", lloq, unit or analyte.unit, assay)
        return Reading(status=word, level=limit, detected=False)
    detected = True if word == "detected" else None
    return Reading(status=word, detected=detected)


def _detected(comparator: str, value: float) -> bool | None:
    if comparator in {"<", "<="} or (comparator == ">=" and value == 0):
        return None
    return value > 0 or comparator == ">"


def _to_unit(
    analyte: Analyte, comparator: str, value: float, unit: str | None, assay: str | None
) -> tuple[Interval, tuple[tuple[str, str], ...]]:
    if unit is None and analyte.unitless:
        unit = "1"
    factor: Any = (analyte.units or {}).get(unit or "")
    if factor is None:
        raise _unit_error(analyte, value, unit)
    if factor == "log10":
        if value > 20:  # noqa: PLR2004 - more than 10^20 of anything is a plain number, mislabelled
            raise ImpossibleValueError(
                f"{analyte.name} of {value} {unit} is not possible.",
                value=value,
                accepted="an exponent such as 5.3",
                remedy="Check whether the value is a plain number, not a power of ten.",
            )
        base = LOG_UNITS[str(unit)]
        return _to_unit(analyte, comparator, 10.0**value, base, assay)
    span = Interval.from_comparator(comparator, value)
    if not isinstance(factor, tuple | list):
        return span.scaled(float(factor)), ()
    if assay is None:
        text = (
            f"copies/mL from an unnamed assay: kept as {span.low * factor[0]:.3g} to "
            f"{span.high * factor[1]:.3g} {analyte.unit}"
        )
        return span.scaled(*factor), (("assay_unknown", text),)
    copies = (analyte.assays or {}).get(assay)
    if copies is None:
        raise UnitError(
            f"The assay {assay!r} is not known.",
            value=assay,
            accepted=", ".join(analyte.assays or {}),
            remedy="Leave the assay out if it is not one of these.",
        )
    return span.scaled(1 / copies), ()


def _unit_error(analyte: Analyte, value: float, unit: str | None) -> UnitError:
    reason = (analyte.refuse or {}).get(unit or "")
    if unit is None:
        message = f"{analyte.name} {value} has no unit."
    elif reason:
        message = f"{analyte.name} in {unit} cannot be used as a quantity. {reason}"
    else:
        message = f"{analyte.name} is not measured in {unit[:40]!r}."
    return UnitError(
        message,
        value=unit if unit is not None else value,
        accepted=", ".join(analyte.units or {}),
        remedy="Look at the unit printed beside the value and give it as printed.",
    )


def _check(
    analyte: Analyte, level: Interval, warnings: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    ends = [end for end in (level.low, level.high) if math.isfinite(end)]
    low, high = analyte.possible or (-math.inf, math.inf)
    for end in ends:
        if not low <= end <= high:
            raise ImpossibleValueError(
                f"{analyte.name} of {end:g} {analyte.unit} is not possible.",
                value=end,
                accepted=f"{low:g} to {high:g} {analyte.unit}",
                remedy="Check the number and its unit on the report.",
            )
    low, high = analyte.plausible or (-math.inf, math.inf)
    if level.is_point and not low <= level.low <= high:
        text = (
            f"{analyte.name} of {level.low:g} {analyte.unit} is unusual "
            f"(usual: {low:g} to {high:g}); please check it"
        )
        return (*warnings, ("unusual_value", text))
    return warnings
