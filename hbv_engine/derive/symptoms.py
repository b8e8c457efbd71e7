"""What one symptom says about the details of another."""

from __future__ import annotations

from hbv_engine.axes import Level
from hbv_engine.derive.base import Known, Parameters, stated
from hbv_engine.intervals import Interval
from hbv_engine.timeline import Timeline


def fever_detail(line: Timeline, parameters: Parameters, *, name: str) -> Known:
    """Temperature, hours or onset of a fever; without fever they lie below every limit."""
    told = stated(line, name)
    fever = stated(line, "fever")
    if told.possible is not None or fever.possible != frozenset(["no"]):
        return told
    if name == "temperature":
        limit = parameters["fever_temperature"]
        return Known(Level(Interval(0.0, limit, high_open=True)), fever.evidence, None)
    return Known(Level(Interval(0.0, 0.0)), fever.evidence, None)
