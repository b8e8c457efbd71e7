"""Every case beside the rulebook, from an empty record: each question matters, and few are needed."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from typing import Any

import pytest

from hbv_engine import Question, Record, answer, assess, next_question, read_record
from hbv_engine.book import Book, load_book
from hbv_engine.situation import Situation
from prove.questions import Interview, cases, interview, interviews
from tests.engine.interview import answers

# Measured. A median may fall; one that rises means that people are asked more than before.
MEDIAN_OF_QUESTIONS = {
    "antiviral_timing": 7,
    "interferon_response": 7,
    "interferon_side_effects": 12,
    "interferon_stop": 9,
    "interferon_suitability": 8,
    "interferon_switch": 9,
    "missed_dose": 2,
    "monitoring": 10,
    "panel": 5,
    "phase": 5,
    "urgency": 13,
}
# The day of the last test of each kind is not asked for, so that nothing can be called overdue.
NEED_MORE_THAN_IS_ASKED = {"monitoring-tablets-overdue", "monitoring-cirrhosis-ultrasound"}
COMPLETIONS = 100


class Watcher:
    """Looks at each question at the moment when it is asked."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.asked = 0
        self.idle: list[tuple[str, Record]] = []

    def __call__(self, record: Record, question: Question) -> None:
        self.asked += 1
        if not matters(record, question, self.book):
            self.idle.append((question.id, record))


def matters(record: Record, question: Question, book: Book) -> bool:
    """Two answers to a question can lead to different ends, for a decision that it serves."""
    for goal in question.serves:
        if book.tables[goal].policy != "collect":
            if differ(lefts(record, question, goal, book)):
                return True
        elif any(
            differ(calendars(later, question, goal, book))
            for later in (record, *completions(record, question, goal, book))
        ):
            return True
    return False


def differ(ends: Iterator[str]) -> bool:
    first = next(ends, None)
    return any(end != first for end in ends)


def told_answers(question: Question, book: Book) -> list[Any]:
    return [value for value in answers(book, question.id) if value != "unknown"]


def lefts(record: Record, question: Question, goal: str, book: Book) -> Iterator[str]:
    """What is left of a decision after each answer: the outcomes, and the way to them."""
    for value in told_answers(question, book):
        left = Situation(book, answer(record, question.id, value, book=book)).restricted(goal)
        yield repr((left.outcomes, left.root, left.nodes))


def calendars(record: Record, question: Question, goal: str, book: Book) -> Iterator[str]:
    """What a calendar says after each answer."""
    for value in told_answers(question, book):
        found = assess(answer(record, question.id, value, book=book), book=book)
        yield repr(found.as_dict()["decisions"][goal])


def completions(record: Record, question: Question, goal: str, book: Book) -> Iterator[Record]:
    """The same person with all the other questions answered, by chance, in several ways.

    Also those that were answered with "I don't know": unknown is not settled.
    """
    choose = random.Random(7)  # noqa: S311 - a fixed seed, no secret
    for _ in range(COMPLETIONS):
        later = record.model_copy(update={"asked": (question.id,)})
        while (other := next_question(later, goal, book=book)) is not None:
            value = choose.choice(told_answers(other, book))
            later = answer(later, other.id, value, book=book)
        yield later


@pytest.fixture(scope="module")
def watcher(book: Book) -> Watcher:
    return Watcher(book)


@pytest.fixture(scope="module")
def held(watcher: Watcher, book: Book) -> list[Interview]:
    """The interviews of all cases, watched."""
    return interviews(watcher, book=book)


def test_every_question_could_change_the_answer_when_it_was_asked(
    held: list[Interview], watcher: Watcher
) -> None:
    assert watcher.idle == []
    assert watcher.asked == sum(len(one.asked) for one in held) > 1000


def test_the_questions_lead_to_the_answer_of_the_whole_record(held: list[Interview]) -> None:
    assert {one.case for one in held if not one.same} == NEED_MORE_THAN_IS_ASKED


@pytest.mark.parametrize("goal", load_book().goals)
def test_the_median_of_questions_does_not_rise(goal: str, held: list[Interview]) -> None:
    own = [len(one.asked) for one in held if one.goal == goal and one.settled]

    assert statistics.median(own) <= MEDIAN_OF_QUESTIONS[goal]


def test_nobody_is_asked_a_question_twice(held: list[Interview]) -> None:
    assert [one for one in held if len(set(one.asked)) < len(one.asked)] == []


def test_a_question_that_cannot_matter_is_seen(book: Book) -> None:
    """What serves interferon is asked of somebody in whom the phase is wanted."""
    case, goal, whole = next(each for each in cases() if each[1] == "phase")
    first: list[Question] = []
    interview(case, goal, whole, lambda _, question: first.append(question), book)
    record = read_record({"as_of": str(whole.as_of)})

    assert matters(record, first[0], book)
    assert not matters(record, planted(first[0], "interferon_days_late"), book)


def planted(question: Question, name: str) -> Question:
    changes: dict[str, Any] = {"id": name}
    fields = {key: getattr(question, key) for key in Question.__slots__}
    return Question(**{**fields, **changes})
