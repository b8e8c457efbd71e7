"""What a person has told, as it stands today: the rows of the store beside the engine's record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.evidence import holds, record_of, told_on
from actions.judging import judged
from hbv_engine import Record, assess, load_book
from hbv_engine.facts import catalogue
from hbv_engine.model import Observation as Result
from hbv_engine.results import Assessment
from hbv_engine.timeline import Timeline
from records import Observation, Store


@dataclass(frozen=True, slots=True)
class Course:
    """A medicine with its first and last day, as far as they were told; ``stop`` None: it is taken."""

    drug: str
    start: dt.date | None
    stop: dt.date | None
    stopped: bool
    dose: str | None = None

    def label(self, language: str) -> str:
        """Return the name of the medicine."""
        return catalogue().drugs[self.drug].label[language]


class Told:
    """What holds about a person on a day: nothing superseded, nothing about somebody else."""

    def __init__(self, observations: Sequence[Observation], as_of: dt.date) -> None:
        self.as_of = as_of
        self.observations = [o for o in observations if _own(o)]

    @classmethod
    def of(cls, store: Store, person: str, as_of: dt.date) -> Told:
        """Return what a person has told."""
        return cls(store.observations(person), as_of)

    @cached_property
    def record(self) -> Record:
        """The engine's record."""
        return record_of(self.observations, self.as_of)

    @cached_property
    def assessment(self) -> Assessment:
        """What the engine says, with what no unit would take away."""
        return judged(self.observations, self.as_of)

    @cached_property
    def guessed(self) -> frozenset[str]:
        """The rules of alerts that rest on a number whose unit, or name, was not told."""
        sure = {alert.rule for alert in assess(self.record).alerts}
        return frozenset(a.rule for a in self.assessment.alerts if a.rule not in sure)

    @cached_property
    def timeline(self) -> Timeline:
        """The engine's time line, which knows on what day a result counts."""
        return Timeline.of(self.record, fresh_months=load_book().numbers["fresh_months"])

    @property
    def facts(self) -> list[Observation]:
        """What is used: results, history, signs, medicines. What an answer told is one of these too."""
        used = [o for o in self.observations if o.status == "current"]
        return [o for o in used if o.kind not in {"mention", "answer"}]

    @property
    def unused(self) -> list[Observation]:
        """What was told and decides nothing: unclear, without its unit, refused, or no place for it."""
        return [o for o in self.observations if o.status != "current" or o.kind == "mention"]

    def holds(self, o: Observation) -> bool:
        """Tell whether a fact still speaks about today."""
        return holds(o, self.as_of)

    def told_on(self, o: Observation) -> dt.date | None:
        """Return the day on which a fact was told."""
        return told_on(o, self.as_of)

    def result_of(self, o: Observation) -> Result | None:
        """Return the engine's reading of a result, with details that were told later."""
        key = (o.name, o.value, o.comparator or "=", o.unit, o.date, o.interferon_week)
        return self._results.get(key)

    @cached_property
    def _results(self) -> dict[tuple[object, ...], Result]:
        return {
            (r.analyte, r.value, r.comparator, r.unit, r.date and str(r.date), r.interferon_week): r
            for r in self.record.observations
        }

    @property
    def courses(self) -> list[Course]:
        """The medicines in the order of their start.

        A last day that was told apart ends the course of the same medicine that was told as running.
        """
        found: list[Course] = []
        for t in self.timeline.treatments:
            dose = f"{t.dose:g} {t.dose_unit or ''}".strip() if t.dose is not None else None
            found.append(Course(t.drug, t.start, t.stop, t.stop is not None, dose))
        for end in [c for c in found if c.stopped and c.start is None]:
            begun = [
                c
                for c in found
                if c.drug == end.drug and not c.stopped and (c.start is None or c.start <= end.stop)  # type: ignore[operator]
            ]
            if begun:
                found.remove(end)
                found[found.index(begun[-1])] = Course(
                    end.drug, begun[-1].start, end.stop, stopped=True, dose=begun[-1].dose
                )
        return found


def _own(o: Observation) -> bool:
    return o.status != "other_person" and not o.subject and o.superseded_by is None
