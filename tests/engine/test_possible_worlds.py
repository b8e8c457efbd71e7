"""With unknown facts an answer is settled exactly if every completion agrees: brute force, no diagram.

A patient is a set of possible cells for every input of a decision. The completions are all combinations
of one value from each set; the naive reader decides every one of them. What the engine calls possible
must be the set of these outcomes, and what it calls relevant must be the inputs that can change one.
Covered: every table that decides, with patients so partial that up to 1,000 completions are counted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from math import prod

import pytest

from hbv_engine.axes import Axis, ChoiceAxis, Level, LevelAxis, Possible, cells_of
from hbv_engine.book import Book, load_book
from hbv_engine.check.patients import CellSituation
from hbv_engine.derive import Known
from hbv_engine.intervals import Interval
from hbv_engine.questions import next_question
from hbv_engine.situation import diagram_of
from tests.engine import naive
from tests.engine.naive import NaiveBook, Value

TABLES = tuple(load_book().tables)
DECIDING = tuple(name for name in TABLES if load_book().tables[name].policy != "collect")
COMPLETIONS = 1_000
PATIENTS = 12


class Partial(CellSituation):
    """A patient of whom each input is confined to a set of cells."""

    def __init__(self, book: Book, possible: dict[str, Possible]) -> None:
        super().__init__(book, {})
        self.possible = possible

    def known(self, name: str) -> Known:
        found = self.possible.get(name)
        return Known(found, issue=None if found is not None else "missing")


def partial_patient(book: Book, name: str, choose: random.Random) -> dict[str, Possible]:
    """Some inputs known, some narrowed to an interval or to a few words, some unknown."""
    found: dict[str, Possible] = {}
    room = COMPLETIONS
    inputs = list(diagram_of(book, name).inputs)
    for column in choose.sample(inputs, len(inputs)):
        axis = book.axes[column]
        wide = choose.randint(1, axis.size) if room >= axis.size else 1
        found[column] = _of_size(axis, wide, choose)
        room //= _size(axis, found[column])
    return found


def _of_size(axis: Axis, size: int, choose: random.Random) -> Possible:
    if size == axis.size:
        return None
    if isinstance(axis, ChoiceAxis):
        return frozenset(choose.sample(axis.values, size))
    first = choose.randint(0, axis.size - size)
    return _level(axis, first, first + size - 1)


def _level(axis: LevelAxis, first: int, last: int) -> Level:
    """The values from one cell to another; the ends lie on a threshold or inside the gap."""
    absent = first == 0 and axis.not_detected
    low, high = axis.example(max(first, int(axis.not_detected))), axis.example(last)
    interval = None if isinstance(high, str) else Interval(float(low), float(high))
    return Level(interval, not_detected=absent)


def _size(axis: Axis, possible: Possible) -> int:
    return len(cells_of(axis.mask(possible)))


def outcomes_of(
    book: Book, reader: NaiveBook, name: str, possible: dict[str, Possible]
) -> dict[tuple[Value, ...], str]:
    """The outcome of every completion, by brute force."""
    inputs = diagram_of(book, name).inputs
    values = [
        [book.axes[c].example(cell) for cell in cells_of(book.axes[c].mask(possible[c]))]
        for c in inputs
    ]
    assert prod(map(len, values)) <= COMPLETIONS
    return {
        world: naive.verdict(reader, name, dict(zip(inputs, world, strict=True)))[0]
        for world in product(*values)
    }


def that_matter(inputs: tuple[str, ...], worlds: dict[tuple[Value, ...], str]) -> set[str]:
    """The inputs in which two worlds with different outcomes differ, and in nothing else."""
    found = set()
    for position, name in enumerate(inputs):
        grouped: dict[tuple[Value, ...], set[str]] = {}
        for world, outcome in worlds.items():
            rest = (*world[:position], *world[position + 1 :])
            grouped.setdefault(rest, set()).add(outcome)
        if any(len(outcomes) > 1 for outcomes in grouped.values()):
            found.add(name)
    return found


def patients(book: Book, name: str, seed: int) -> Iterator[dict[str, Possible]]:
    choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    for _ in range(PATIENTS):
        yield partial_patient(book, name, choose)


@pytest.mark.parametrize("name", DECIDING)
def test_possible_and_relevant_are_exact(name: str, book: Book, reader: NaiveBook) -> None:
    for possible in patients(book, name, seed=1):
        worlds = outcomes_of(book, reader, name, possible)
        seen = Partial(book, possible)
        assert set(seen.outcomes(name)) == set(worlds.values())
        assert set(seen.relevant(name)) == that_matter(diagram_of(book, name).inputs, worlds)


@pytest.mark.parametrize("name", DECIDING)
def test_what_decides_whether_an_outcome_is_one_of_several_is_exact(
    name: str, book: Book, reader: NaiveBook
) -> None:
    choose = random.Random(4)  # noqa: S311 - a fixed seed, no secret
    names = diagram_of(book, name).leaves
    for possible in patients(book, name, seed=4):
        among = choose.getrandbits(len(names))
        chosen = {leaf for i, leaf in enumerate(names) if among >> i & 1}
        worlds = {
            world: str(outcome in chosen)
            for world, outcome in outcomes_of(book, reader, name, possible).items()
        }
        relevant = Partial(book, possible).relevant_among(name, among)
        assert set(relevant) == that_matter(diagram_of(book, name).inputs, worlds)


@pytest.mark.parametrize("name", DECIDING)
def test_a_question_is_asked_only_if_two_of_its_answers_can_end_differently(
    name: str, book: Book, reader: NaiveBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for possible in patients(book, name, seed=2):
        worlds = outcomes_of(book, reader, name, possible)
        seen = Partial(book, possible)
        monkeypatch.setattr("hbv_engine.questions.Situation", lambda *_, seen=seen: seen)
        question = next_question(seen.record, name, book=book)
        unknown = {column for column, known in possible.items() if known is None}
        matter = that_matter(diagram_of(book, name).inputs, worlds)
        if question is None:
            assert not matter & unknown
        else:
            assert set(question.inputs) <= matter


@pytest.mark.parametrize("name", DECIDING)
def test_knowing_more_never_widens_what_is_possible(name: str, book: Book) -> None:
    choose = random.Random(3)  # noqa: S311 - a fixed seed, no secret
    for possible in patients(book, name, seed=3):
        before = set(Partial(book, possible).outcomes(name))
        for column, known in possible.items():
            axis = book.axes[column]
            cell = choose.choice(cells_of(axis.mask(known)))
            one = (
                frozenset([axis.values[cell]])
                if isinstance(axis, ChoiceAxis)
                else _level(axis, cell, cell)
            )
            assert set(Partial(book, possible | {column: one}).outcomes(name)) <= before
