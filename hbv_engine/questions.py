"""The next question: only what can still change the answer, and first what a person knows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hbv_engine.axes import cells_of
from hbv_engine.book import Book, load_book
from hbv_engine.diagram import Restricted
from hbv_engine.facts import Text
from hbv_engine.model import Record
from hbv_engine.situation import Situation, diagram_of

DEFAULT_GOALS = ("phase", "antiviral_timing")
UNKNOWN_COST = 5


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can still change an answer.

    ``kind``: ``choice``, ``number``, ``yes_no``, ``screen`` (all that apply), ``date``.
    ``options`` are ids with their labels. ``serves`` are the decisions it can change, ``inputs``
    what it tells; ``stop`` is true when every answer to it ends the questions.
    """

    id: str
    text: Text
    why: Text
    kind: str
    options: tuple[tuple[str, Text], ...]
    unit: str | None
    units: tuple[str, ...]
    facts: tuple[str, ...]
    inputs: tuple[str, ...]
    serves: tuple[str, ...]
    cost: int
    stop: bool


@dataclass(slots=True)
class _Candidate:
    inputs: dict[str, None]
    serves: dict[str, None]
    gain: float = 0.0
    stop: bool = True


def next_question(
    record: Record, goal: str | Iterable[str] | None = None, *, book: Book | None = None
) -> Question | None:
    """Return the question that tells most for its cost; None when no answer can change anything.

    Args:
        record: what is known; its ``asked`` questions are left out.
        goal: one decision or several; phase and timing of treatment if not given.
        book: the rulebook; the one in the package if not given.

    Raises:
        KeyError: there is no such decision.
    """
    book = book or load_book()
    seen = Situation(book, record)
    candidates = _candidates(seen, _goals(book, goal))
    open_ids = [name for name in candidates if name not in record.asked]
    if not open_ids:
        return None
    order = list(book.questions)

    def key(name: str) -> tuple[float, int, int]:
        cost = _cost(book, name)
        place = order.index(name) if name in order else len(order)
        return (-candidates[name].gain / cost, cost, place)

    best = min(open_ids, key=key)
    chosen = candidates[best]
    alone = len(open_ids) == 1
    return build_question(book, best, tuple(chosen.inputs), tuple(chosen.serves), stop=alone)


def _goals(book: Book, goal: str | Iterable[str] | None) -> tuple[str, ...]:
    if goal is None:
        goals = tuple(g for g in DEFAULT_GOALS if g in book.tables)
    else:
        goals = (goal,) if isinstance(goal, str) else tuple(goal)
    for name in goals:
        if name not in book.tables:
            raise KeyError(name)
    return goals


def _cost(book: Book, name: str) -> int:
    return int(book.questions.get(name, {}).get("cost", UNKNOWN_COST))


def _candidates(seen: Situation, goals: tuple[str, ...]) -> dict[str, _Candidate]:
    """Return the questions that can change a goal, with what each would tell."""
    found: dict[str, _Candidate] = {}
    for goal in goals:
        for name, gain in _inputs_of(seen, goal):
            question = seen.question_for(name)
            if question is None:
                continue
            candidate = found.setdefault(question, _Candidate({}, {}))
            candidate.inputs[name] = None
            candidate.serves[goal] = None
            candidate.gain += gain
    return found


def _inputs_of(seen: Situation, goal: str) -> list[tuple[str, float]]:
    if seen.book.tables[goal].policy == "collect":
        from hbv_engine.schedule import open_inputs  # noqa: PLC0415 - schedule imports cards

        return [(name, 0.1) for name in open_inputs(seen, seen.book.tables[goal])]
    diagram = diagram_of(seen.book, goal)
    left = seen.restricted(goal)
    before = left.outcomes.bit_count()
    return [
        (diagram.inputs[level], _gain(left, level, seen.mask(diagram.inputs[level]), before))
        for level in left.levels
    ]


def _gain(left: Restricted, level: int, mask: int, before: int) -> float:
    """Return the bits by which an answer narrows the outcomes, over the answers that differ."""
    after = {left.outcomes_when(level, cell) for cell in cells_of(mask)}
    mean = sum(math.log2(outcomes.bit_count()) for outcomes in after) / len(after)
    return max(math.log2(before) - mean, 0.0)


def build_question(
    book: Book, name: str, inputs: tuple[str, ...], serves: tuple[str, ...], *, stop: bool = False
) -> Question:
    """Return a question by its id, as declared in ``questions.yml``.

    Raises:
        KeyError: the question is not declared.
    """
    spec = book.questions[name]
    return Question(
        id=name,
        text=spec["text"],
        why=spec["why"],
        kind=spec["kind"],
        options=tuple((str(o["id"]), o["label"]) for o in spec.get("options", ())),
        unit=spec.get("unit"),
        units=tuple(spec.get("units", ())),
        facts=tuple(spec.get("facts", (name,))),
        inputs=inputs,
        serves=serves,
        cost=_cost(book, name),
        stop=stop,
    )
