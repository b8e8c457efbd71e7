"""Reading ``name=value`` as a change of a record."""

from __future__ import annotations

import re
from typing import Any

from hbv_engine.cli.failures import UsageError
from hbv_engine.cli.replies import SYNONYMS
from hbv_engine.cli.typed import plain, read_quantity, take_date
from hbv_engine.errors import WrongTypeError
from hbv_engine.facts import Analyte, Item, catalogue, unknown_name

_WHEN = re.compile(r"@\s*(?:week\s*(?P<week>\d+(?:\.\d+)?)|(?P<day>[\d-]+))\s*$", re.IGNORECASE)


def read_changes(texts: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the change in the shape of a record, and the units that were taken for granted.

    Raises:
        UsageError: a text is not ``name=value``.
        UnknownNameError: there is no such fact.
        RecordError: the value cannot be read.
    """
    change: dict[str, Any] = {}
    taken: dict[str, str] = {}
    facts = catalogue()
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise UsageError(
                f"{text[:60]!r} is not a change.",
                value=text,
                accepted='name=value, such as hbsag_quant=900 or "alt=86 U/L"',
                remedy="Put quotes around a value with a space.",
            )
        if name in facts.analytes:
            found = _observation(facts.analytes[name], value, taken)
            change.setdefault("observations", []).append(found)
        elif name in facts.history or name in facts.symptoms:
            group = "history" if name in facts.history else "symptoms"
            item = (facts.history | facts.symptoms)[name]
            change.setdefault(group, {})[name] = _item(item, value)
        elif name == "age":
            change["age"] = read_quantity(value, ("a",)).value
        elif name == "sex":
            change["sex"] = _word(value, ("female", "male"))
        else:
            unknown_name("fact", name, [*facts.analytes, *facts.history, *facts.symptoms])
    return change, taken


def _observation(analyte: Analyte, text: str, taken: dict[str, str]) -> dict[str, Any]:
    """Return a result; the unit is the analyte's own if none was typed, and that is noted."""
    when = _WHEN.search(text)
    value = text[: when.start()].strip() if when else text
    found: dict[str, Any] = {"analyte": analyte.name, "raw": text}
    if when and when["week"]:
        found["interferon_week"] = float(when["week"])
    elif when:
        found["date"] = str(take_date(when["day"])[1] or when["day"])
    word = _word(value, analyte.values)
    if word in analyte.values or (analyte.unit is None and not re.search(r"\d", value)):
        return {**found, "value": word}
    told = read_quantity(value, tuple(analyte.units or ()), limits=True)
    unit = told.unit
    if unit is None and analyte.unit is not None:
        unit = analyte.unit
        if unit != "1":
            taken[analyte.name] = unit
    found |= {"value": told.value, "comparator": told.comparator, "unit": unit}
    if told.high is not None:
        found["reference_high"] = told.high
    return found


def _item(item: Item, text: str) -> Any:
    if item.yes_no:
        word = _word(text, ("yes", "no"))
        return {"yes": True, "no": False}.get(word, word)
    if item.is_number:
        return read_quantity(text, (item.unit,) if item.unit else ()).value
    if item.date:
        _, day = take_date(plain(text), months=True)
        if day is None:
            raise WrongTypeError(
                f"{item.name} needs a day.", value=text, accepted="a day such as 2026-05-01"
            )
        return str(day)
    return _word(text, item.values)


def _word(text: str, values: tuple[str, ...]) -> str:
    said = plain(text).lower()
    for value in values:
        if said in {value.lower(), value.replace("_", " ").lower()} | SYNONYMS.get(value, set()):
            return value
    return text
