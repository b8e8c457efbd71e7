"""The interferon course: its week, its doses, and the results that belong to a week."""

from __future__ import annotations

from hbv_engine.axes import Level
from hbv_engine.derive.base import (
    MISSING,
    Known,
    Parameters,
    evidence_of,
    join_levels,
    known,
    levels_of,
    said,
    stated,
)
from hbv_engine.intervals import Interval
from hbv_engine.model import Observation
from hbv_engine.timeline import DAYS_A_WEEK, Evidence, Timeline


def interferon_week(line: Timeline, parameters: Parameters) -> Known:
    """The week of interferon treatment today; a finished course counts with its full length."""
    starts = line.running_starts
    if len(starts) > 1:
        weeks = Interval(line.weeks_since(starts[-1]), line.weeks_since(starts[0]))
        return Known(
            Level(weeks), tuple(Evidence("interferon", "taking", s) for s in starts), "conflict"
        )
    week = line.treatment_week
    if week is None:
        done = [t for t in line.courses("interferon") if t.start and t.stop]
        if not done or not done[-1].start or not done[-1].stop:
            return MISSING
        week = (done[-1].stop - done[-1].start).days / DAYS_A_WEEK
    item = line.history("interferon_week")
    evidence = (
        said("interferon_week", item)
        if item
        else Evidence("interferon_week", round(week, 1), unit="wk")
    )
    return known(Level(Interval(week, week)), evidence)


def hbeag_at_start(line: Timeline, parameters: Parameters) -> Known:
    """HBeAg at the start of interferon, stated or measured around that day."""
    if line.history("hbeag_at_start"):
        return stated(line, "hbeag_at_start")
    week = line.treatment_week
    if week is None:
        return MISSING
    before = parameters["baseline_before_weeks"]
    after = parameters["baseline_after_weeks"]
    for o in line.by_analyte.get("hbeag", ()):
        at = _week_of(line, o, week)
        if o.reading.status and at is not None and -before <= at <= after:
            return known(frozenset([o.reading.status]), evidence_of(o))
    return MISSING


def _week_of(line: Timeline, o: Observation, week_now: float) -> float | None:
    if o.interferon_week is not None:
        return float(o.interferon_week)
    return week_now - line.weeks_since(line.day(o))


def _in_week24(line: Timeline, parameters: Parameters, *analytes: str) -> list[Observation]:
    week = line.treatment_week
    found = [o for name in analytes for o in line.by_analyte.get(name, ())]
    first, last = parameters["week24_from"], parameters["week24_to"]
    chosen = []
    for o in found:
        at = o.interferon_week if week is None else _week_of(line, o, week)
        if at is not None and first <= at <= last:
            chosen.append((abs(at - parameters["week24"]), o))
    nearest = min((distance for distance, _ in chosen), default=None)
    return [o for distance, o in chosen if distance == nearest]


def hbsag_week24(line: Timeline, parameters: Parameters) -> Known:
    """The HBsAg quantity measured within the declared window around week 24."""
    found = _in_week24(line, parameters, "hbsag_quant")
    levels = levels_of(found)
    return join_levels(levels) if levels else MISSING


def hbsag_week24_kind(line: Timeline, parameters: Parameters) -> Known:
    """Whether the HBsAg result around week 24 is a quantity in IU/mL."""
    if _in_week24(line, parameters, "hbsag_quant"):
        return known(frozenset(["quantity"]))
    words = [o for o in _in_week24(line, parameters, "hbsag") if o.unit in {"COI", "S/CO"}]
    if words:
        return known(frozenset(["not_a_quantity"]), *map(evidence_of, words))
    return MISSING


def doses_missed(line: Timeline, parameters: Parameters) -> Known:
    """Interferon injections missed in this course."""
    for t in line.courses("interferon"):
        if line.is_running(t) and t.doses_missed is not None:
            missed = float(t.doses_missed)
            return known(
                Level(Interval(missed, missed)),
                Evidence("interferon_doses_missed", missed, t.start, unit="doses"),
            )
    return stated(line, "interferon_doses_missed")


def dose_reduced(line: Timeline, parameters: Parameters) -> Known:
    """Whether the interferon dose is below the usual one."""
    for t in line.courses("interferon"):
        if line.is_running(t) and t.dose is not None and t.drug == "peginterferon_alfa_2a":
            usual = parameters["peginterferon_alfa_2a_dose"]
            word = "yes" if t.dose < usual else "no"
            return known(
                frozenset([word]), Evidence(t.drug, float(t.dose), t.start, unit=t.dose_unit)
            )
    return stated(line, "interferon_dose_reduced")
