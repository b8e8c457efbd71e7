"""Which hepatitis B medicine is being taken, since when, and whether tablets were stopped."""

from __future__ import annotations

import datetime as dt

from hbv_engine.axes import Level
from hbv_engine.derive.base import MISSING, Known, Parameters, known, said, stated
from hbv_engine.intervals import Interval
from hbv_engine.timeline import DAYS_A_MONTH, Evidence, Timeline


def antiviral_now(line: Timeline, parameters: Parameters) -> Known:
    """Which kind of hepatitis B medicine is being taken; a list of treatments is complete."""
    told = stated(line, "antiviral_now")
    if not line.record.treatments:
        return told
    running = {t.kind for t in line.record.treatments if line.is_running(t)}
    word = "nuc_and_interferon" if len(running) > 1 else next(iter(running), "none")
    evidence = [
        Evidence(t.drug, "taking" if line.is_running(t) else "stopped", t.start, t.raw)
        for t in line.treatments
    ]
    return _held_against(told, known(frozenset([word]), *evidence))


def _held_against(told: Known, listed: Known) -> Known:
    """What the treatments show; if the person said otherwise, both stay possible."""
    if told.possible in {None, listed.possible}:
        return listed
    both = frozenset({*told.possible, *listed.possible})  # type: ignore[misc]
    return Known(both, (*told.evidence, *listed.evidence), "conflict")


def _among(line: Timeline, parameters: Parameters, kind: str) -> Known:
    now = antiviral_now(line, parameters)
    if not isinstance(now.possible, frozenset):
        return MISSING
    answers = frozenset("yes" if kind in word else "no" for word in now.possible)
    return Known(answers, now.evidence, None if len(answers) == 1 else now.issue)


def on_interferon(line: Timeline, parameters: Parameters) -> Known:
    """Whether interferon is being taken."""
    return _among(line, parameters, "interferon")


def on_nuc(line: Timeline, parameters: Parameters) -> Known:
    """Whether a nucleos(t)ide analogue is being taken."""
    return _among(line, parameters, "nuc")


def on_drug(line: Timeline, parameters: Parameters, *, drug: str) -> Known:
    """Whether one named medicine is being taken."""
    courses = [t for t in line.record.treatments if t.drug == drug]
    if any(line.is_running(t) for t in courses):
        return known(frozenset(["yes"]), Evidence(drug, "taking", courses[0].start))
    if line.history(f"{drug}_now"):
        return stated(line, f"{drug}_now")
    named = [t for t in line.courses("nuc") if line.is_running(t)]
    if named or on_nuc(line, parameters).possible == frozenset(["no"]):
        return known(frozenset(["no"]), *(Evidence(t.drug, "taking", t.start) for t in named))
    return MISSING


def nuc_months(line: Timeline, parameters: Parameters) -> Known:
    """Months on nucleos(t)ide analogues, from the first course or as stated, up to today."""
    courses = [t for t in line.courses("nuc") if t.start]
    if any(line.is_running(t) for t in courses):
        start = min(t.start for t in courses if t.start)
        months = _months_between(start, line.record.as_of)
        evidence = Evidence("nuc_duration_months", round(months, 1), start, unit="mo")
        return known(Level(Interval(months, months)), evidence)
    item = line.history("nuc_duration_months")
    if item is None:
        return MISSING
    passed = _months_between(item.date, line.record.as_of) if item.date else 0.0
    number = float(item.value) + passed
    return known(Level(Interval(number, number)), said("nuc_duration_months", item))


def _months_between(start: dt.date, end: dt.date) -> float:
    """Calendar months, so that one year to the day is exactly 12."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole + (end.day - start.day) / 31


def nuc_stopped(line: Timeline, parameters: Parameters) -> Known:
    """Whether antiviral tablets were stopped or ran out a short time ago."""
    told = stated(line, "nuc_stopped_recently")
    courses = line.courses("nuc")
    if any(line.is_running(t) for t in courses):
        taking = [Evidence(t.drug, "taking", t.start) for t in courses]
        return _held_against(told, known(frozenset(["no"]), *taking))
    window = parameters["nuc_stop_watch_months"] * DAYS_A_MONTH
    for t in courses:
        if t.stop and (line.record.as_of - t.stop).days <= window:
            stopped = Evidence(t.drug, "stopped", t.stop)
            return _held_against(told, known(frozenset(["yes"]), stopped))
    if told.possible is None and on_nuc(line, parameters).possible == frozenset(["yes"]):
        return known(frozenset(["no"]))
    return told
