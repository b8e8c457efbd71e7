"""HBV DNA: not detected or a quantity, its highest possible value, its course."""

from __future__ import annotations

import math

from hbv_engine.axes import Level
from hbv_engine.derive.base import (
    MISSING,
    Known,
    Parameters,
    absent,
    evidence_of,
    join_levels,
    known,
    stated,
)
from hbv_engine.intervals import Interval
from hbv_engine.model import Observation
from hbv_engine.timeline import Timeline


def _dna_possible(o: Observation) -> Level:
    reading = o.reading
    if reading.detected is False:
        return Level(None, not_detected=True)
    positive = Interval(0, math.inf, low_open=True)
    if reading.level is None:
        return Level(positive)
    if reading.detected is None:
        return Level(Interval(0, reading.level.high, True, reading.level.high_open), True)
    return Level(reading.level)


def _join_dna(found: list[Observation]) -> Known:
    levels = [_dna_possible(o) for o in found]
    intervals = [lv.interval for lv in levels if lv.interval]
    joined = intervals[0] if intervals else None
    for other in intervals[1:]:
        joined = joined.hull(other) if joined else other
    result = Level(joined, any(lv.not_detected for lv in levels))
    issue = "conflict" if any(lv != result for lv in levels) else _assay_issue(found)
    return Known(result, tuple(map(evidence_of, found)), issue)


def _assay_issue(found: list[Observation]) -> str | None:
    unnamed = any(o.assay is None and "copies" in (o.unit or "") for o in found)
    return "assay_unknown" if unnamed else None


def dna_level(line: Timeline, parameters: Parameters) -> Known:
    """HBV DNA now: not detected, or a quantity; "below the limit" leaves both possible."""
    found = line.current("hbv_dna")
    return _join_dna(found) if found else absent(line, "hbv_dna")


def dna_highest(line: Timeline, parameters: Parameters) -> Known:
    """The highest HBV DNA that the result allows; "not detected" reaches up to the limit."""
    found = line.current("hbv_dna")
    levels: list[tuple[Interval, Observation]] = []
    issue = _assay_issue(found)
    for o in found:
        reading = o.reading
        if reading.level is not None:
            levels.append((reading.level, o))
        elif reading.detected is False:
            widest = parameters["dna_limit_unknown"]
            levels.append((Interval(0, widest), o))
            issue = "limit_unknown"
    if not levels:
        return absent(line, "hbv_dna")
    joined = join_levels(levels)
    return Known(joined.possible, joined.evidence, joined.issue or issue)


def dna_earlier(line: Timeline, parameters: Parameters) -> Known:
    """Whether an earlier HBV DNA result was not detected."""
    for o in line.earlier("hbv_dna"):
        if o.reading.detected is False:
            return known(frozenset(["negative"]), evidence_of(o))
    return stated(line, "dna_earlier")


def dna_rise(line: Timeline, parameters: Parameters) -> Known:
    """How far HBV DNA has risen above its lowest earlier value, in powers of ten."""
    now, before = line.current("hbv_dna"), line.earlier("hbv_dna")
    if not now or not before:
        return MISSING
    highest = dna_highest(line, parameters).possible
    lowest = min(_upper(o, parameters) for o in before)
    if not isinstance(highest, Level) or highest.interval is None or lowest <= 0:
        return MISSING
    if math.isinf(lowest):
        return MISSING
    top, bottom = highest.interval.high, highest.interval.low
    rise = Interval(_log(bottom / lowest), _log(top / lowest))
    return known(Level(rise), evidence_of(now[0]), evidence_of(before[0]))


def _log(ratio: float) -> float:
    return math.log10(ratio) if ratio > 0 else -math.inf


def _upper(o: Observation, parameters: Parameters) -> float:
    found = o.reading.level
    return found.high if found else parameters["dna_limit_unknown"]
