"""Age, sex, pregnancy, and results that the printed range of a report decides."""

from __future__ import annotations

from hbv_engine.axes import Level
from hbv_engine.derive.base import MISSING, Known, Parameters, evidence_of, known, stated
from hbv_engine.facts import catalogue
from hbv_engine.intervals import Interval
from hbv_engine.timeline import Evidence, Timeline


def pregnant(line: Timeline, parameters: Parameters) -> Known:
    """Pregnancy; a man is not pregnant and is not asked."""
    return _not_for_men(line, "pregnant")


def planning_pregnancy(line: Timeline, parameters: Parameters) -> Known:
    """A pregnancy planned soon; a man is not asked."""
    return _not_for_men(line, "planning_pregnancy")


def _not_for_men(line: Timeline, name: str) -> Known:
    """No for a man, without asking; if it was stated all the same, one of the two is wrong."""
    told = stated(line, name)
    if line.record.sex != "male":
        return told
    man = Evidence("sex", "male")
    if told.possible == frozenset(["yes"]):
        return Known(frozenset(["yes", "no"]), (*told.evidence, man), "conflict")
    return known(frozenset(["no"]), man)


def _out_of_reference(line: Timeline, analyte: str) -> str | None:
    for o in line.current(analyte):
        span = o.reading.level
        if span is None or not span.is_point or o.reference_high is None:
            continue
        factor = (catalogue().analytes[analyte].units or {})[str(o.unit)]
        low = float(o.reference_low or 0) * factor
        return "no" if low <= span.low <= float(o.reference_high) * factor else "yes"
    return None


def afp_raised(line: Timeline, parameters: Parameters) -> Known:
    """AFP above the limit printed on the report, or said to be raised."""
    word = _out_of_reference(line, "afp")
    if word:
        return known(frozenset([word]), *map(evidence_of, line.current("afp")))
    return stated(line, "afp_rising")


def tsh_out_of_range(line: Timeline, parameters: Parameters) -> Known:
    """TSH outside the range printed on the report, or said to be so."""
    word = _out_of_reference(line, "tsh")
    if word:
        return known(frozenset([word]), *map(evidence_of, line.current("tsh")))
    return stated(line, "tsh_abnormal")


def age(line: Timeline, parameters: Parameters) -> Known:
    """Age in years."""
    years = line.record.age
    if years is None:
        return MISSING
    return known(
        Level(Interval(float(years), float(years))), Evidence("age", float(years), unit="a")
    )


def sex(line: Timeline, parameters: Parameters) -> Known:
    """Sex, as recorded."""
    if line.record.sex is None:
        return MISSING
    return known(frozenset([line.record.sex]), Evidence("sex", line.record.sex, None))
