"""An export holds every word that is held on a person, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest

from records import Store
from records.errors import UnknownPersonError
from records.export import PARTS
from tests.records.telling import AT, alt, answer, tell


@pytest.fixture
def told(store: Store) -> Store:
    tell(store, "m1", "ALT 86", alt(86, details={"assay": "x"}))
    tell(store, "m2", "no, ALT 58", alt(58))
    answer(store, "a2", "I noted ALT 58", card={"rules": ["PHASE-2"]})
    store.keep_assessment(
        person="ann",
        message_id="m2",
        at=AT,
        rulebook={"version": "1", "sha256": "abc"},
        record={"as_of": "2026-11-20"},
        decisions={"phase": "open"},
    )
    store.give_consent(person="ann", what="storage", version="1", at=AT)
    tell(store, "b1", "not-hers", person="bob")
    return store


def test_an_export_holds_everything(told: Store) -> None:
    data = told.export("ann")

    assert data["format"] == "hbv-export/1"
    assert data["person"] == {"id": "ann", "since": AT, "language": None, "place": None}
    assert {part: len(data[part]) for part in PARTS} == {
        "conversations": 1,
        "messages": 3,
        "observations": 2,
        "assessments": 1,
        "tokens": 0,
        "consents": 1,
    }
    assert [o["superseded_by"] for o in data["observations"]] == [2, None]
    assert data["messages"][2]["card"] == {"rules": ["PHASE-2"]}
    assert data["observations"][0]["details"] == {"assay": "x"}
    assert data["assessments"][0]["decisions"] == {"phase": "open"}
    assert [line["action"] for line in data["audit"]] == ["consent_given", "record_exported"]
    assert "not-hers" not in json.dumps(data)


def test_an_export_opens_no_conversation(store: Store) -> None:
    token, person = store.begin(AT)

    data = store.export(person)

    assert data["tokens"] == [{"since": AT}]
    assert token not in json.dumps(data)


def test_no_table_about_people_is_left_out(told: Store) -> None:
    about = {
        table.name
        for table in told.db.tables
        if any(column.name == "person" for column in table.columns)
    }
    assert about == set(PARTS)


def test_an_export_of_nobody_is_refused(store: Store) -> None:
    with pytest.raises(UnknownPersonError):
        store.export("nobody")
