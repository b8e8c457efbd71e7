"""Whole conversations with the running processes, as ``scenarios/*.yml`` tells them.

A scenario marked ``pending`` says what is not built yet. It must fail: one that passes fails the
test, so that the mark goes when the behaviour comes.
"""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from hbv_engine import load_book
from records import Store
from scripts.stack import Stack
from tests.scenario_model import Expectation, Scenario, load
from tests.scenario_runner import Conversation, ScenarioError, response_ids, rule_ids

SCENARIOS = load()
AT_A_TIME = 4


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, stack: Stack) -> dict[str, str]:
    """What went wrong in each of the chosen conversations, some of which are held at a time."""
    chosen = [
        cast("Scenario", item.callspec.params["scenario"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_conversation"
    ]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        went = list(pool.map(lambda scenario: _hold(scenario, stack), chosen))
    return dict(zip((scenario.id for scenario in chosen), went, strict=True))


def _hold(scenario: Scenario, stack: Stack) -> str:
    store = Store(stack.database)
    person = f"scenario-{scenario.id}-{uuid.uuid4().hex[:8]}"
    try:
        Conversation(scenario, stack.addresses.chat, store, person).run()
    except ScenarioError as error:
        return str(error)
    finally:
        store.close()
    return ""


@pytest.mark.scenario
@pytest.mark.server
@pytest.mark.xdist_group("server")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_conversation(scenario: Scenario, outcomes: dict[str, str]) -> None:
    problem = outcomes[scenario.id]
    if problem and scenario.pending:
        pytest.xfail(f"pending: {scenario.pending}")
    if problem:
        pytest.fail(problem, pytrace=False)
    if scenario.pending:
        pytest.fail(f"it passes: remove its mark `pending: {scenario.pending}`", pytrace=False)


def test_there_are_enough_conversations_in_both_languages() -> None:
    count = Counter(scenario.language for scenario in SCENARIOS)

    assert count.total() >= 80
    assert min(count["en"], count["zh"]) >= 0.4 * count.total()


def test_scenario_ids_are_unique() -> None:
    assert [n for n, times in Counter(s.id for s in SCENARIOS).items() if times > 1] == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_scenario_names_only_what_exists(scenario: Scenario) -> None:
    """Rules, outcomes and questions are those of the rulebook; fixed texts exist once built."""
    book = load_book()
    for expect in _expectations(scenario):
        assert expect.cards.keys() <= book.tables.keys() | {"definition"}
        for decision, card in expect.cards.items():
            if decision == "definition":
                assert card.outcome in {None, *book.definitions}
                continue
            assert set(card.rules) <= rule_ids()
            if decision != "monitoring":  # a calendar has no column of outcomes
                named = {card.outcome, *(card.possible or ())} - {None}
                assert named <= set(book.tables[decision].outcome_names)
        assert set(expect.questions or ()) <= book.questions.keys() | {"unit"}
        for response in expect.responses if not scenario.pending else ():
            assert set(response.split("|")) & response_ids(), response
    for question in scenario.answers:
        assert question.rpartition(":")[2] in book.questions.keys() | {"unit"}, question


def _expectations(scenario: Scenario) -> list[Expectation]:
    return [scenario.at_end, *(turn.expect for turn in scenario.turns)]
