"""What is known of a person: noted, confirmed, corrected, and as a time line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from records.database import Connected, writing
from records.errors import UnknownMessageError, UnknownObservationError
from records.observations import Observation

DAYS_A_WEEK: Final = 7
# A value that cannot be used yet replaces only another such value: the good one stays. A value
# without a date is of the day it was told at the latest, and so replaces one dated that day.
_SUPERSEDE = """
    update observations set superseded_by = :key
    where person = :person and name = :name and kind = :kind
      and interferon_week is :interferon_week
      and (date is :date or coalesce(date, substr(at, 1, 10)) = coalesce(:date, substr(:at, 1, 10)))
      and (status in ('unit_missing', 'ambiguous') or status = 'current' and :status = 'current')
      and subject is null and superseded_by is null and message <> :message and id <> :key
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A fact on the time line; ``week`` is the week of treatment, if that can be told."""

    fact: Observation
    week: float | None


class Facts(Connected):
    """Noting and reading what messages state."""

    def note(
        self, observations: Iterable[Observation], *, person: str, message_id: str, at: str
    ) -> list[Observation]:
        """Write down what a message stated, mark it as read, and return what is new.

        A current value supersedes the current value of the same name and day that an earlier
        message gave; one without a date also supersedes another without one. Values of the same
        message never supersede each other: if they differ, the engine reports the contradiction.
        Doing this twice for one message changes nothing.

        Raises:
            UnknownMessageError: the message is not here.
        """
        noted = []
        with writing(self.db) as db:
            for observation in observations:
                row = _row(observation, person, message_id, at)
                if _noted_before(db, row) is not None:
                    continue
                _check_message(db, person, message_id)
                new = _insert(db, row)
                noted.append(new)
                if row["status"] not in {"other_person", "unused"}:
                    db.execute(_SUPERSEDE, {**row, "key": new.id})
            _mark_read(db, message_id, at)
        return noted

    def correct(
        self, old: int, observation: Observation, *, person: str, message_id: str, at: str
    ) -> Observation:
        """Put one observation in the place of another, whatever its name, date or status.

        For "that was last year" and "that was my mother's". The old one stays, superseded.

        ``old`` is the id of what was wrong; if it was superseded already, the end of its chain is
        replaced. The words and their place in ``observation`` are those of the new message.

        Raises:
            UnknownObservationError: the person has no such observation.
            UnknownMessageError: the message that corrects is not here.
        """
        with writing(self.db) as db:
            row = _row(observation, person, message_id, at)
            before = _noted_before(db, row)
            if before is not None:
                return before
            _check_message(db, person, message_id)
            last = _end_of_chain(db, old, person)
            new = _insert(db, row)
            db.execute("update observations set superseded_by = ? where id = ?", [new.id, last])
            _mark_read(db, message_id, at)
        return new

    def outrank(self, old: Iterable[int], new: int, *, person: str) -> int:
        """Mark observations as superseded by a later one of another name; return how many.

        For what the later one makes untrue without being a value of the same fact: "I have
        cirrhosis" after "no cirrhosis", "I stopped entecavir".
        """
        done = 0
        with writing(self.db) as db:
            for key in old:
                done += db.execute(
                    "update observations set superseded_by = :new where id = :key and id <> :new"
                    " and person = :person and superseded_by is null",
                    {"new": new, "key": key, "person": person},
                ).rowcount
        return done

    def confirm(self, ids: Iterable[int], *, person: str, at: str) -> int:
        """Remember that the person said these were understood rightly; return how many are new."""
        confirmed = 0
        with writing(self.db) as db:
            for key in ids:
                confirmed += db.execute(
                    "update observations set confirmed_at = ?"
                    " where id = ? and person = ? and confirmed_at is null",
                    [at, key, person],
                ).rowcount
        return confirmed

    def observations(self, person: str, *, history: bool = False) -> list[Observation]:
        """Return what holds about a person; with ``history`` also what was superseded."""
        sql = "select * from observations where person = ?"
        sql += "" if history else " and superseded_by is null"
        return [Observation.from_row(row) for row in self.db.query(sql + " order by id", [person])]

    def facts(self, person: str) -> list[Observation]:
        """Return what is known of a person and counts: each with its words and its dates."""
        return [o for o in self.observations(person) if o.status == "current"]

    def timeline(
        self, person: str, name: str, *, treatment_start: dt.date | None = None
    ) -> list[Point]:
        """Return the values of one fact in the order of their days; those without a day come last.

        A value told with its week of treatment has that week; of others it is counted from
        ``treatment_start``.
        """
        told = [o for o in self.facts(person) if o.name == name]
        points = [Point(o, _week(o, treatment_start)) for o in told]
        return sorted(points, key=lambda point: _day(point, treatment_start))


def _week(fact: Observation, start: dt.date | None) -> float | None:
    if fact.interferon_week is not None:
        return fact.interferon_week
    if fact.date is None or start is None:
        return None
    return (dt.date.fromisoformat(fact.date) - start).days / DAYS_A_WEEK


def _day(point: Point, start: dt.date | None) -> tuple[bool, str, float, str]:
    """Return the sort key of a point: its day, or the day of its week, or when it was told."""
    date, week = point.fact.date, point.week
    if date is None and week is not None and start is not None:
        date = str(start + dt.timedelta(days=week * DAYS_A_WEEK))
    undated = date is None and week is None
    return undated, date or "", week or 0.0, point.fact.told_at or ""


def _row(observation: Observation, person: str, message_id: str, at: str) -> dict[str, Any]:
    return {**observation.to_row(), "person": person, "message": message_id, "at": at}


def _noted_before(db: Database, row: dict[str, Any]) -> Observation | None:
    same = db.query(
        "select * from observations where message = :message and kind = :kind"
        " and name = :name and start = :start and value = :value and person = :person",
        row,
    )
    return next((Observation.from_row(found) for found in list(same)), None)


def _insert(db: Database, row: dict[str, Any]) -> Observation:
    key = db.table("observations").insert(row).last_pk
    return Observation.from_row({**row, "id": int(str(key))})


def _check_message(db: Database, person: str, message_id: str) -> None:
    if not db.table("messages").count_where("id = ? and person = ?", [message_id, person]):
        raise UnknownMessageError


def _mark_read(db: Database, message_id: str, at: str) -> None:
    db.execute("update messages set read_at = coalesce(read_at, ?) where id = ?", [at, message_id])


def _end_of_chain(db: Database, key: int, person: str) -> int:
    following = """
        with recursive chain(id, next) as (
            select id, superseded_by from observations where id = ? and person = ?
            union
            select o.id, o.superseded_by from observations o join chain on o.id = chain.next
        )
        select id from chain where next is null
    """
    for row in list(db.query(following, [key, person])):
        return int(row["id"])
    raise UnknownObservationError
