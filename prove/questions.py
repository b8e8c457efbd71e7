"""How many questions a person is asked from knowing nothing to an answer.

Every case beside the rulebook is interviewed: the record begins empty, and each question of the
engine is answered with what the case's own record holds of it, or with "I don't know". Each
question must still matter at the moment when it is asked, and the end must be the answer that the
whole record gets.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from hbv_engine import Question, Record, answer, assess, next_question, read_record
from hbv_engine.answers import NOT_KNOWN
from hbv_engine.book import Book, load_book
from hbv_engine.facts import RULEBOOK
from hbv_engine.situation import Situation

HEADER = ("decision", "cases", "settled", "median", "p90", "most")
Ask = Callable[[Record, Question], None]


@dataclass(frozen=True, slots=True)
class Interview:
    """The questions that led a case to its answer; ``same`` if the whole record gets that answer."""

    case: str
    goal: str
    asked: tuple[str, ...]
    settled: bool
    same: bool


def cases() -> Iterator[tuple[str, str, Record]]:
    """Yield the id, the decision and the record of every case beside the rulebook."""
    for path in sorted((RULEBOOK / "cases").glob("*.yml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            for goal in case["expect"]:
                yield case["id"], goal, read_record(case["record"])


def interviews(ask: Ask = lambda _, __: None, *, book: Book | None = None) -> list[Interview]:
    """Interview every case; ``ask`` sees each question with the record at that moment."""
    book = book or load_book()
    return [interview(case, goal, whole, ask, book) for case, goal, whole in cases()]


def interview(case: str, goal: str, whole: Record, ask: Ask, book: Book) -> Interview:
    """Ask until no question can change the answer to one decision."""
    record, asked = read_record({"as_of": str(whole.as_of)}), []
    while (question := next_question(record, goal, book=book)) is not None:
        ask(record, question)
        asked.append(question.id)
        record = told(record, whole, question, book)
    end = assess(record, book=book).decisions[goal]
    there = assess(whole, book=book).decisions[goal]
    same = (end.status, end.outcome, end.possible) == (there.status, there.outcome, there.possible)
    return Interview(case, goal, tuple(asked), end.status == "settled", same)


def told(record: Record, whole: Record, question: Question, book: Book) -> Record:
    """Return a record with what the whole record holds of a question; the rest of it stays unknown.

    That is what the question asks for, and else whatever makes it known: a man who is asked about
    pregnancy says that he is a man.
    """
    data = record.model_dump(mode="json")
    known = _pieces(record)
    pieces = [piece for piece in _pieces(whole) if piece not in known]
    for piece in pieces:
        if piece.fact in question.facts:
            data = _with(data, piece)
    pieces = [piece for piece in pieces if piece.fact not in question.facts]
    there = Situation(book, whole)
    for name in question.inputs:
        data = _explained(data, pieces, name, there)
    if data == record.model_dump(mode="json"):
        return answer(record, question.id, NOT_KNOWN, book=book)
    return read_record({**data, "asked": [*record.asked, question.id]})


def _explained(
    data: dict[str, Any], pieces: list[_Piece], name: str, there: Situation
) -> dict[str, Any]:
    """Return a record with the pieces that are needed for an input to be known as in the whole."""
    goal = there.known(name).possible
    now = Situation(there.book, read_record(data)).known(name).possible
    for piece in pieces:
        if now == goal:
            break
        more = _with(data, piece)
        after = Situation(there.book, read_record(more)).known(name).possible
        if after != now:
            data, now = more, after
    return data


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing that a record holds: where it stands, which fact it is about, and the thing."""

    group: str
    fact: str
    thing: Any


def _pieces(record: Record) -> list[_Piece]:
    data = record.model_dump(mode="json", exclude_none=True)
    found = [_Piece(key, key, data[key]) for key in ("sex", "age") if key in data]
    for group in ("history", "symptoms"):
        found += [_Piece(group, fact, stated) for fact, stated in data[group].items()]
    found += [_Piece("observations", each["analyte"], each) for each in data["observations"]]
    if data["treatments"]:  # whoever names one medicine names all
        found.append(_Piece("treatments", "antiviral_now", data["treatments"]))
    return found


def _with(data: dict[str, Any], piece: _Piece) -> dict[str, Any]:
    """Return a record's data with one piece more."""
    if piece.group in {"history", "symptoms"}:
        more: Any = {**data[piece.group], piece.fact: piece.thing}
    elif piece.group == "observations":
        more = [*data["observations"], piece.thing]
    else:
        more = piece.thing
    return read_record({**data, piece.group: more}).model_dump(mode="json")


def counts(held: list[Interview], goal: str) -> list[int]:
    """Return how many questions the cases of a decision took that end in a settled answer."""
    return sorted(len(one.asked) for one in held if one.goal == goal and one.settled)


def row(held: list[Interview], goal: str) -> tuple[str, ...]:
    """Return one line of the table."""
    own = counts(held, goal)
    p90 = own[math.ceil(0.9 * len(own)) - 1]
    whole = sum(one.goal == goal for one in held)
    return (goal, f"{whole}", f"{len(own)}", f"{statistics.median(own):g}", f"{p90}", f"{own[-1]}")
