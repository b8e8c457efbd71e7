"""The values of one test over time, and what they say in one sentence: numbers only, no promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from actions.readback import value_of
from gateway.told import Told
from gateway.words import words
from hbv_engine import load_book
from hbv_engine.facts import catalogue
from hbv_engine.intervals import Interval
from hbv_engine.quantities import LOG_UNITS
from hbv_engine.timeline import DAYS_A_MONTH
from hbv_engine.wording import number_text, parameter_text, phrase, quantity_text
from records import Observation

Mark = Literal["exact", "below", "above", "off_scale", "none"]
Day = Literal["dated", "week", "told"]
TESTS: Final = ("hbsag_quant", "hbv_dna", "alt")
LOGARITHMIC: Final = frozenset({"hbsag_quant", "hbv_dna"})
# Results in words stand in the table of the quantity.
_WORDS: Final = {"hbsag_quant": "hbsag"}
# The rules' own thresholds; where two sources print the same number, one line.
_LINES: Final = {"hbsag_quant": ("week24_hbsag", "stop_hbsag")}
# The limits that the rule for a raised ALT reads it by when the report prints none.
_LIMITS: Final = {
    "limit_who": {"male": "uln_who_2024_men", "female": "uln_who_2024_women"},
    "limit_china_lab": {"male": "uln_china_lab_men", "female": "uln_china_lab_women"},
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value: as it was told, the day it counts on, and where it lies in the unit of the test.

    ``mark`` says how it is drawn: ``below`` and ``above`` at their limit, ``off_scale`` beneath the
    axis (nothing found, and nobody knows the limit), ``none`` in the table only. ``at`` is the number
    it is drawn at.
    """

    fact: Observation
    day: dt.date
    day_from: Day
    mark: Mark
    at: float | None
    level: Interval | None
    limit: str = ""
    index: str = ""

    def text(self, language: str) -> str:
        """Return the value with comparator and unit, its limit of detection, its index."""
        text = value_of(self.fact, language)
        if self.limit:
            return words("trend_with_limit", language).format(value=text, limit=self.limit)
        unit = catalogue().analytes[self.fact.name].unit
        if self.mark in {"exact", "below", "above"} and self.fact.unit not in {None, unit}:
            same = quantity_text(load_book(), float(f"{self.at:.4g}"), unit, language)
            sign = self.fact.comparator or "="
            return words("trend_same_as", language).format(value=text, same=f"{sign} {same}")
        return f"{text} ({self.index})" if self.index else text


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold; ``parameter`` is its id in the rulebook, None for the person's own limit."""

    at: float
    parameter: str | None
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """The values of a test, oldest first, and the thresholds they are held against."""

    test: str
    unit: str
    values: tuple[Value, ...]
    lines: tuple[Line, ...]
    as_of: dt.date

    @property
    def drawn(self) -> tuple[Value, ...]:
        """The values that have a place in the picture."""
        return tuple(v for v in self.values if v.mark != "none")

    @property
    def has_picture(self) -> bool:
        """True when values of two days can be drawn; one value shows no trend."""
        return len({v.day for v in self.drawn}) > 1

    def label(self, language: str) -> str:
        """Return the name of the test."""
        return catalogue().label(self.test)[language]

    def amount(self, number: float, language: str) -> str:
        """Return a number in the unit of the test."""
        return quantity_text(load_book(), number, self.unit, language)


def all_series(told: Told) -> list[Series]:
    """Return the series of the tests that have values."""
    return [s for test in TESTS if (s := series_of(told, test)).values]


def series_of(told: Told, test: str) -> Series:
    """Return the values of one test."""
    names = {test, _WORDS.get(test, test)}
    facts = [o for o in told.facts if o.kind == "analyte" and o.name in names]
    if not any(o.name == test or _index(o) for o in facts):
        facts = []
    once = {(v.day, v.text("en")): v for v in (_value(told, o, test) for o in facts)}
    values = tuple(sorted(once.values(), key=lambda v: (v.day, v.fact.id or 0)))
    lines = tuple(_lines(told, test, values))
    return Series(test, str(catalogue().analytes[test].unit), values, lines, told.as_of)


def _value(told: Told, o: Observation, test: str) -> Value:
    day, day_from = _day(told, o)
    result = told.result_of(o)
    level = result.reading.level if result and o.name == test and _is_exact(test, o.unit) else None
    limit = ""
    if result and isinstance(o.value, str) and result.lloq is not None:
        limit = f"{number_text(float(result.lloq))} {o.unit or catalogue().analytes[test].unit}"
    mark, at = _place(o, test, level)
    if mark == "off_scale" and level is None:
        widest = load_book().numbers["dna_limit_unknown"]
        level = Interval(0.0, widest, high_open=True)
    return Value(o, day, day_from, mark, at, level, limit, _index(o))


def _place(o: Observation, test: str, level: Interval | None) -> tuple[Mark, float | None]:
    """Return how a value is drawn, and at what number."""
    if level is None:
        return ("off_scale" if o.value == "not_detected" else "none"), None
    if level.high == float("inf"):
        mark: Mark = "above"
        at = level.low
    else:
        mark, at = ("exact" if level.is_point else "below"), level.high
    if test in LOGARITHMIC and at <= 0:
        return "off_scale", None
    return mark, at


def _is_exact(test: str, unit: str | None) -> bool:
    """Tell whether a unit turns into that of the test by one known factor."""
    analyte = catalogue().analytes[test]
    factor = (analyte.units or {}).get(unit or str(analyte.unit))
    if factor == "log10":
        return LOG_UNITS.get(str(unit)) == analyte.unit
    return isinstance(factor, int | float)


def _day(told: Told, o: Observation) -> tuple[dt.date, Day]:
    if o.date:
        return dt.date.fromisoformat(o.date), "dated"
    result = told.result_of(o)
    if result and o.interferon_week is not None and told.timeline.treatment_week is not None:
        return told.timeline.day(result), "week"
    return told.told_on(o) or told.as_of, "told"


def _index(o: Observation) -> str:
    """Return the index of an instrument that a word was read from, such as "5.3 COI"."""
    note = o.note or ""
    return note.removeprefix("index: ") if note.startswith("index: ") else ""


def _lines(told: Told, test: str, values: Sequence[Value]) -> list[Line]:
    numbers = load_book().numbers
    if test in _LINES:
        return [Line(numbers[name], name, _in_both("limit_rule")) for name in _LINES[test]]
    if test == "alt":
        return _own_limit(told, values) or _usual_limits(told.record.sex)
    limits = {v.level.high for v in values if v.mark == "below" and v.level is not None}
    return [Line(limit, None, _in_both("limit_detection")) for limit in limits if len(limits) == 1]


def _own_limit(told: Told, values: Sequence[Value]) -> list[Line]:
    """Return the upper limit printed on the latest report that has one."""
    for value in reversed(values):
        result = told.result_of(value.fact)
        if result and result.reference_high is not None and _is_exact("alt", result.unit):
            factor = (catalogue().analytes["alt"].units or {})[str(result.unit)]
            return [Line(float(result.reference_high) * factor, None, _in_both("limit_own"))]
    return []


def _usual_limits(sex: str | None) -> list[Line]:
    """Return the lowest and the highest limit in use, of the sex if it is known."""
    numbers = load_book().numbers
    lines = []
    for name, choose in (("limit_who", min), ("limit_china_lab", max)):
        sexes = [sex] if sex else list(_LIMITS[name])
        which = choose(sexes, key=lambda s, name=name: numbers[_LIMITS[name][s]])  # type: ignore[misc]
        parameter = _LIMITS[name][which]
        both = {
            language: words(f"trend_{name}", language).format(sex=words(f"trend_{which}", language))
            for language in ("en", "zh")
        }
        lines.append(Line(numbers[parameter], parameter, both))
    return lines


def _in_both(name: str) -> dict[str, str]:
    return {language: words(f"trend_{name}", language) for language in ("en", "zh")}


def sentence(series: Series, language: str) -> str:
    """Return what the values say: from where to where, in between, and on which side of the lines."""
    known = [v for v in series.values if v.level is not None]
    if not known:
        return _say("trend_no_quantity", language, label=series.label(language))
    first, last = known[0], known[-1]
    for end in (first, last):
        same_day = [v for v in known if v.day == end.day]
        if len({(v.level, v.mark) for v in same_day}) > 1:
            values = phrase(load_book(), "join.and", language).join(
                v.text(language) for v in same_day
            )
            label = series.label(language)
            return _say("trend_disagree", language, label=label, day=end.day, values=values)
    parts = [_course(series, first, last, language)]
    parts += _between(known, first, last, language)
    parts += [
        text for text in (_side(series, last, language), _age(series, last, language)) if text
    ]
    return (" " if language == "en" else "").join(parts)


def _course(series: Series, first: Value, last: Value, language: str) -> str:
    if first.day == last.day:
        key = "trend_one"
    elif first.level and first.level == last.level and first.level.is_point:
        key = "trend_same"
    elif _lower(last.level, first.level):
        key = "trend_fell"
    elif _lower(first.level, last.level):
        key = "trend_rose"
    else:
        key = "trend_unclear"
    return _say(
        key,
        language,
        label=series.label(language),
        first=first.text(language),
        last=last.text(language),
        start=first.day,
        end=last.day,
    )


def _lower(one: Interval | None, other: Interval | None) -> bool:
    """Tell whether every value of one lies below every value of the other."""
    if one is None or other is None:
        return False
    touching = one.high == other.low and (one.high_open or other.low_open)
    return one.high < other.low or touching


def _between(known: Sequence[Value], first: Value, last: Value, language: str) -> list[str]:
    """Say what lay outside both ends, so that a peak or a relapse is never left out."""
    ends = [v.level for v in (first, last)]
    inner = [v for v in known if v.day not in {first.day, last.day}]
    found = []
    for key, sign in (("trend_peak", -1), ("trend_dip", 1)):
        beyond = [
            v
            for v in inner
            if all(_lower(e, v.level) if sign < 0 else _lower(v.level, e) for e in ends)
        ]
        if beyond:
            most = min(beyond, key=lambda v, sign=sign: sign * (v.at or 0.0))  # type: ignore[misc]
            found.append(_say(key, language, value=most.text(language), day=most.day))
    return found


def _side(series: Series, last: Value, language: str) -> str:
    """Say on which side of each line the last value lies."""
    if last.level is None or series.test not in {*_LINES, "alt"}:
        return ""
    said = []
    for line in series.lines:
        at = Interval(line.at, line.at)
        if _lower(last.level, at):
            key = "trend_below"
        elif _lower(at, last.level):
            key = "trend_above"
        else:
            key = "trend_exactly" if last.level.is_point else "trend_either_side"
        name = line.names[language] if series.test == "alt" else ""
        limit = series.amount(line.at, language)
        if name:
            limit = _say("trend_named", language, limit=limit, name=name)
        said.append(_say(key, language, limit=limit))
    return _say("trend_last", language, sides=words("trend_and", language).join(said))


def _age(series: Series, last: Value, language: str) -> str:
    book = load_book()
    if (series.as_of - last.day).days <= book.numbers["fresh_months"] * DAYS_A_MONTH:
        return ""
    return _say("trend_old", language, months=parameter_text(book, "fresh_months", language))


def _say(key: str, language: str, **values: object) -> str:
    return words(key, language).format(**values)
