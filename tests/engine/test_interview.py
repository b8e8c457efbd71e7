"""The questions: every one is answerable, tells what it is asked for, is asked once, and they end."""

from __future__ import annotations

import random
from typing import Any

import pytest

from hbv_engine import answer, next_question, read_record
from hbv_engine.book import Book, load_book
from hbv_engine.errors import RecordError
from hbv_engine.model import Record
from hbv_engine.situation import Situation
from tests.engine.interview import answers

AS_OF = "2026-11-20"
GOALS: list[Any] = [*load_book().goals, None, load_book().goals]
QUESTIONS = tuple(name for name, spec in load_book().questions.items() if "text" in spec)
INPUTS = tuple(name for name in load_book().axes if name not in load_book().tables)
FOUNDATION = {
    "sex": "male",
    "observations": [
        {"analyte": "alt", "value": 300, "unit": "U/L", "date": "2026-11-01"},
        {"analyte": "alt", "value": 30, "unit": "U/L", "date": "2026-01-01"},
        {"analyte": "hbv_dna", "value": 5000, "unit": "IU/mL", "date": "2026-11-01"},
        {"analyte": "hbv_dna", "value": 50, "unit": "IU/mL", "date": "2026-01-01"},
        {"analyte": "platelets", "value": 150, "unit": "10*9/L", "date": "2026-11-01"},
        {"analyte": "ast", "value": 80, "unit": "U/L", "date": "2026-11-01"},
    ],
}
"""What an input may need besides the answer to its own question."""


def empty(**facts: Any) -> Record:
    return read_record({"as_of": AS_OF, **facts})


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_of_a_question_can_be_recorded(question: str, book: Book) -> None:
    for value in answers(book, question):
        record = answer(empty(), question, value, book=book)
        assert isinstance(record, Record)
        if value == "unknown":
            assert question in record.asked


@pytest.mark.parametrize("name", INPUTS)
def test_the_question_for_an_input_tells_it(name: str, book: Book) -> None:
    question = book.question_for(name)
    for start in (empty(), empty(**FOUNDATION)):
        for value in answers(book, question):
            record = answer(start, question, value, book=book)
            if value != "unknown" and Situation(book, record).known(name).issue is None:
                return
    pytest.fail(f"no answer to {question} makes {name} known")


def interview(book: Book, goal: Any, seed: int) -> list[str]:
    """The questions of one conversation in which a person answers by chance."""
    choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    record, asked = empty(), []
    while (question := next_question(record, goal, book=book)) is not None:
        assert question.id not in asked, f"{question.id} is asked twice: {record!r}"
        asked.append(question.id)
        record = answer(record, question.id, choose.choice(answers(book, question.id)), book=book)
    return asked


@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_the_questions_always_end_and_none_comes_twice(goal: Any, book: Book) -> None:
    for seed in range(60):
        assert len(interview(book, goal, seed)) <= len(QUESTIONS)


@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_whoever_knows_nothing_is_asked_each_question_once_at_most(goal: Any, book: Book) -> None:
    record, asked = empty(), 0
    while (question := next_question(record, goal, book=book)) is not None:
        record = answer(record, question.id, "unknown", book=book)
        asked += 1
    assert asked <= len(QUESTIONS)


@pytest.mark.parametrize("goal", load_book().goals)
def test_a_question_names_inputs_that_are_still_open(goal: str, book: Book) -> None:
    choose = random.Random(5)  # noqa: S311 - a fixed seed, no secret
    for _ in range(20):
        record = empty()
        while (question := next_question(record, goal, book=book)) is not None:
            seen = Situation(book, record)
            assert question.inputs
            assert goal in question.serves
            assert all(seen.known(name).issue for name in question.inputs)
            value = choose.choice(answers(book, question.id))
            record = answer(record, question.id, value, book=book)


DECIDING = [goal for goal in load_book().goals if load_book().tables[goal].policy != "collect"]


@pytest.mark.parametrize("goal", DECIDING)
def test_no_question_is_asked_all_of_whose_answers_lead_to_the_same(goal: str, book: Book) -> None:
    """On whole records, not on cells: two inputs that rest on one fact must not keep a question alive.

    Two answers differ if the outcomes that are left differ, or the way from the other facts to them.
    """
    choose = random.Random(13)  # noqa: S311 - a fixed seed, no secret
    for _ in range(15):
        record = empty()
        while (question := next_question(record, goal, book=book)) is not None:
            told = [value for value in answers(book, question.id) if value != "unknown"]
            after = [answer(record, question.id, value, book=book) for value in told]
            left = [Situation(book, each).restricted(goal) for each in after]
            ends = {repr((one.outcomes, one.root, one.nodes)) for one in left}
            assert len(Situation(book, record).outcomes(goal)) > 1
            assert len(ends) > 1, (question.id, record)
            record = choose.choice([*after, answer(record, question.id, "unknown", book=book)])


def test_an_answer_that_is_no_option_is_refused_with_the_options(book: Book) -> None:
    with pytest.raises(RecordError) as caught:
        answer(empty(), "hbeag", "maybe", book=book)
    assert caught.value.code == "wrong_type"
    assert "positive" in caught.value.accepted


def test_a_number_without_its_unit_is_refused_as_an_answer(book: Book) -> None:
    with pytest.raises(RecordError) as caught:
        answer(empty(), "hbsag_quant", 1500, book=book)
    assert "IU/mL" in caught.value.accepted
