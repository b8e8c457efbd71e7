"""The record as a time line: which results are current, which are old, which disagree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from hbv_engine.model import Observation, Record, Stated, Treatment

DAYS_A_MONTH = 30.4375
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of the record that a value rests on.

    ``limit`` is the range of upper limits of normal that a result was held against: one number
    twice if the report printed it.
    """

    name: str
    value: float | str
    date: dt.date | None = None
    raw: str | None = None
    comparator: str = "="
    unit: str | None = None
    limit: tuple[float, float] | None = None


@dataclass(slots=True)
class Timeline:
    """The observations of a record by analyte, newest first.

    Undated ones count as of the day they were told, the latest that they can be of; else of today.
    """

    record: Record
    fresh_days: float
    by_analyte: dict[str, list[Observation]] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record, *, fresh_months: float) -> Timeline:
        """Return the time line of a record; results older than ``fresh_months`` are not current."""
        grouped: dict[str, list[Observation]] = defaultdict(list)
        for observation in record.observations:
            grouped[observation.analyte].append(observation)
        line = cls(record, fresh_months * DAYS_A_MONTH, dict(grouped))
        for found in grouped.values():
            found.sort(key=line._place, reverse=True)
        return line

    def _place(self, observation: Observation) -> tuple[Any, ...]:
        """Return the sort key of an observation; of one day it tells every two apart."""
        told = (observation.unit, observation.date, observation.interferon_week, observation.raw)
        value = (str(observation.value), observation.comparator)
        return self.day(observation), *value, *map(str, told)

    def day(self, observation: Observation) -> dt.date:
        """Return the day an observation counts for: its own, that of its week, when it was told."""
        if observation.date is not None:
            return observation.date
        week = self.treatment_week
        if observation.interferon_week is None or week is None:
            return observation.told or self.record.as_of
        weeks_ago = week - float(observation.interferon_week)
        return self.record.as_of - dt.timedelta(days=weeks_ago * DAYS_A_WEEK)

    @property
    def running_starts(self) -> list[dt.date]:
        """The first days of the running interferon courses, earliest first."""
        courses = self.courses("interferon")
        return sorted({t.start for t in courses if t.start and self.is_running(t)})

    @property
    def treatment_week(self) -> float | None:
        """The week of the running interferon course today, from its start or as it was told."""
        starts = self.running_starts
        if starts:
            return self.weeks_since(starts[-1])
        item = self.history("interferon_week")
        if item is None:
            return None
        passed = self.weeks_since(item.date) if item.date else 0.0
        return float(item.value) + passed

    def _is_placed(self, observation: Observation) -> bool:
        """False when only a week of treatment is told of it, and not which week is now."""
        by_week = observation.date is None and observation.interferon_week is not None
        return not by_week or self.treatment_week is not None

    def is_current(self, observation: Observation) -> bool:
        """True when the observation is recent enough to speak about today."""
        if not self._is_placed(observation):
            return False
        return (self.record.as_of - self.day(observation)).days <= self.fresh_days

    def current(self, *analytes: str) -> list[Observation]:
        """Return the newest day's observations of any of the analytes, if that day is current."""
        found = [o for name in analytes for o in self.by_analyte.get(name, ())]
        found = [o for o in found if self._is_placed(o)]
        if not found:
            return []
        newest = max(self.day(o) for o in found)
        return [o for o in found if self.day(o) == newest and self.is_current(o)]

    def has_only_old(self, *analytes: str) -> bool:
        """True when there are results, but none that is still current."""
        found = [o for name in analytes for o in self.by_analyte.get(name, ())]
        return bool(found) and not any(self.is_current(o) for o in found)

    def earlier(self, analyte: str) -> list[Observation]:
        """Return the observations of an analyte from before its newest day."""
        found = self.by_analyte.get(analyte, [])
        if not found:
            return []
        newest = self.day(found[0])
        return [o for o in found if self.day(o) < newest]

    def history(self, name: str) -> Stated | None:
        """Return a history item, if it was stated."""
        return self.record.history.get(name)

    def courses(self, kind: str) -> list[Treatment]:
        """Return the treatments of one kind, ``interferon`` or ``nuc``, in the order of their start."""
        return [t for t in self.treatments if t.kind == kind]

    @property
    def treatments(self) -> list[Treatment]:
        """The treatments in the order of their start, those without one first."""
        return sorted(self.record.treatments, key=lambda t: (str(t.start or ""), t.drug))

    def is_running(self, treatment: Treatment) -> bool:
        """True when the treatment is being taken on the day of the record."""
        return treatment.stop is None or treatment.stop > self.record.as_of

    def weeks_since(self, day: dt.date) -> float:
        """Return the weeks from a day to the day of the record."""
        return (self.record.as_of - day).days / DAYS_A_WEEK
