"""Why, why not, what would need to change: from the facts that are known, with the rules."""

from __future__ import annotations

from typing import Any

import pytest

from actions.reasons import ActionWhatWouldChange, ActionWhyAnswer, ActionWhyNot
from tests.actions.conversation import Talk

TOLD = "34, female, HBeAg positive, HBV DNA 2.3x10^7 IU/mL, ALT 86 U/L"
ANSWERS = {"hbsag": "yes, six months or longer", "antiviral_now": "no hepatitis B medicine"}
EXCLUDED = "alcohol, medicines, fatty liver and other causes were all checked and excluded"


@pytest.fixture
def told(talk: Talk) -> Talk:
    """Somebody in immune clearance who asked for the phase."""
    talk.says(TOLD)
    for question, text in (ANSWERS | {"alt_cause": EXCLUDED}).items():
        talk.answers(question, text)
    talk.slots["goal"] = "phase"
    return talk


def _said(talk: Talk, name: str) -> dict[str, Any]:
    return next(m["custom"] for m in talk.messages if name in (m.get("custom") or {}))


def test_why_names_the_facts_and_the_rules(told: Talk) -> None:
    told.says("why?").does(ActionWhyAnswer())

    assert "PHASE-2" in _said(told, "why")["why"]["rules"]
    assert "86 U/L" in told.text


def test_what_would_change_names_another_outcome(told: Talk) -> None:
    told.says("what would need to change?").does(ActionWhatWouldChange())

    outcomes = [change["outcome"] for change in _said(told, "changes")["changes"]]
    assert outcomes
    assert all("immune_clearance" not in outcome for outcome in outcomes)


def test_why_not_names_the_rule_and_where_it_fails(told: Talk) -> None:
    told.says("why not immune tolerance?").does(ActionWhyNot())

    assert _said(told, "why_not")["why_not"]["rules"] == ["PHASE-1"]
    assert "PHASE-1" in told.text


def test_why_not_without_a_name_gives_the_reasons(told: Talk) -> None:
    told.says("why not something else?").does(ActionWhyNot())

    assert "PHASE-2" in _said(told, "why")["why"]["rules"]


@pytest.mark.parametrize("action", [ActionWhyAnswer, ActionWhatWouldChange, ActionWhyNot])
def test_without_a_fact_there_is_nothing_to_explain(talk: Talk, action: Any) -> None:
    talk.says("why?").does(action())

    assert talk.responses == ["utter_nothing_asked"]
