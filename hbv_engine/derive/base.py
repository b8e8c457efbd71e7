"""What every derivation uses: what is known of an input, how results of one day combine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hbv_engine.axes import Level, Possible
from hbv_engine.facts import catalogue
from hbv_engine.intervals import Interval
from hbv_engine.model import Observation, Stated
from hbv_engine.timeline import Evidence, Timeline

Parameters = dict[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """What the record says about one input.

    ``issue`` is None, or why the value is not simply known: ``missing``; ``stale`` (only old
    results); ``conflict`` (two results of one day disagree); ``limit_unknown``, ``sex_unknown`` or
    ``assay_unknown`` (that one fact would make it precise).
    """

    possible: Possible = None
    evidence: tuple[Evidence, ...] = ()
    issue: str | None = "missing"


MISSING = Known()


def known(possible: Possible, *evidence: Evidence) -> Known:
    """What is known without reservation."""
    return Known(possible, evidence, None)


def evidence_of(o: Observation, limit: tuple[float, float] | None = None) -> Evidence:
    """The piece of evidence that an observation is."""
    return Evidence(o.analyte, o.value, o.date, o.raw, o.comparator, o.unit, limit)


def said(name: str, item: Stated) -> Evidence:
    """The piece of evidence that a stated item is."""
    declared = catalogue().history.get(name) or catalogue().symptoms.get(name)
    value = float(item.value) if declared and declared.is_number else word_of(item)
    return Evidence(name, value, item.date, item.raw, unit=declared.unit if declared else None)


def absent(line: Timeline, *analytes: str) -> Known:
    """Nothing current is known: nothing at all, or only old results."""
    return Known(issue="stale") if line.has_only_old(*analytes) else MISSING


def merge(found: list[tuple[str, Observation]]) -> Known:
    """Combine the words of one day; two that differ are a conflict, and both stay possible."""
    words = frozenset(word for word, _ in found)
    issue = "conflict" if len(words) > 1 else None
    return Known(words, tuple(evidence_of(o) for _, o in found), issue)


def stated(line: Timeline, name: str) -> Known:
    """A history item or symptom, as it was stated."""
    item = line.record.history.get(name) or line.record.symptoms.get(name)
    if item is None:
        return MISSING
    declared = catalogue().history.get(name) or catalogue().symptoms[name]
    if declared.is_number:
        number = float(item.value)
        return known(Level(Interval(number, number)), said(name, item))
    return known(frozenset([word_of(item)]), said(name, item))


def word_of(item: Stated) -> str:
    """The word of a stated value; true and false are ``yes`` and ``no``."""
    if isinstance(item.value, bool):
        return "yes" if item.value else "no"
    return str(item.value)


def status(line: Timeline, analyte: str) -> Known:
    """The word of the current result of an analyte."""
    words = [(o.reading.status, o) for o in line.current(analyte) if o.reading.status]
    return merge(words) if words else absent(line, analyte)


def level(line: Timeline, analyte: str) -> Known:
    """The current quantity of an analyte."""
    found = levels_of(line.current(analyte))
    return join_levels(found) if found else absent(line, analyte)


def join_levels(found: list[tuple[Interval, Observation]]) -> Known:
    """Combine the quantities of one day; if they differ, all between is possible: a conflict."""
    joined = found[0][0]
    for other, _ in found[1:]:
        joined = joined.hull(other)
    disagree = any(interval != joined for interval, _ in found)
    evidence = tuple(evidence_of(o) for _, o in found)
    return Known(Level(joined), evidence, "conflict" if disagree else None)


def levels_of(found: Iterable[Observation]) -> list[tuple[Interval, Observation]]:
    """The observations that are quantities, each with its interval."""
    return [(o.reading.level, o) for o in found if o.reading.level is not None]
