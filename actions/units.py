"""Units that nobody wrote and that only one unit can be: decided here, never in the understanding."""

from __future__ import annotations

from typing import Any

_COUNT = "10*9/L"
# Where a blood count can only be one in 10^9/L: 20 platelets per litre are not of this world.
_ONE_READING = {"platelets": (1.0, 1000.0), "neutrophils": (0.1, 20.0)}
_CELSIUS, _FAHRENHEIT = (34.0, 43.0), (95.0, 109.0)


def completed(fact: dict[str, Any]) -> dict[str, Any]:
    """Return a fact with its unit, if none was told and only one gives a value that can be.

    Example:
        >>> completed({"name": "platelets", "value": 20, "unit_missing": True})["unit"]
        '10*9/L'
        >>> completed({"name": "temperature", "value": 101, "unit_missing": True})["value"]
        38.3
    """
    name, value = fact["name"], fact["value"]
    if fact.get("unit") or isinstance(value, str | bool):
        return fact
    if name in _ONE_READING and _within(value, _ONE_READING[name]):
        return {**fact, "unit": _COUNT, "unit_missing": False}
    if name == "temperature" and _within(value, _CELSIUS):
        return {**fact, "unit": "Cel", "unit_missing": False}
    if name == "temperature" and _within(value, _FAHRENHEIT):
        celsius = round((value - 32) * 5 / 9, 1)
        return {**fact, "value": celsius, "unit": "Cel", "unit_missing": False}
    return fact


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
