"""The cases beside the rulebook, written for a clinician to read: the engine answers as they expect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_engine import assess
from hbv_engine.book import Book
from hbv_engine.facts import RULEBOOK

FILES = sorted((RULEBOOK / "cases").glob("*.yml"))
KEYS = {"status", "outcome", "possible", "rules"}


def cases() -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path, case) for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


CASES = cases()


def test_there_are_at_least_sixty_and_each_has_its_own_id() -> None:
    ids = [case["id"] for _, case in CASES]
    assert len(ids) >= 60
    assert len(set(ids)) == len(ids)


def test_every_decision_has_cases(book: Book) -> None:
    expected = {goal for _, case in CASES for goal in case["expect"]}
    assert set(book.goals) <= expected


@pytest.mark.parametrize(("path", "case"), CASES, ids=[case["id"] for _, case in CASES])
def test_a_case_comes_out_as_it_is_written(path: Path, case: dict[str, Any], book: Book) -> None:
    assert {"id", "title", "note", "record", "expect"} <= set(case), path.name
    found = assess(case["record"], book=book)
    for goal, expected in case["expect"].items():
        assert set(expected) <= KEYS
        decision = found.decisions[goal]
        if "status" in expected:
            assert decision.status == expected["status"], decision.possible
        if "outcome" in expected:
            assert decision.outcome == expected["outcome"], decision.possible
        if "possible" in expected:
            assert set(decision.possible) == set(expected["possible"])
        if "rules" in expected:
            assert set(expected["rules"]) <= set(decision.rules)
