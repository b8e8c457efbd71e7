"""Consent has a version and an end; the audit only grows and tells no content."""

from __future__ import annotations

import sqlite3

import pytest

from records import Store
from records.errors import UnknownPersonError
from tests.records.telling import AT, alt, at, tell


def consent(store: Store, version: str = "1", when: str = AT) -> bool:
    return store.give_consent(person="ann", what="storage", version=version, at=when)


def test_consent_is_in_force_from_giving_to_withdrawing(store: Store) -> None:
    tell(store, "m1", "yes, I agree")
    assert not store.has_consent("ann", "storage")

    assert consent(store)
    assert store.has_consent("ann", "storage", version="1")
    assert not store.has_consent("ann", "storage", version="2")
    assert not store.has_consent("ann", "research")

    assert store.withdraw_consent(person="ann", what="storage", at=at("2026-11-21"))
    assert not store.has_consent("ann", "storage")
    assert not store.withdraw_consent(person="ann", what="storage", at=at("2026-11-22"))
    (kept,) = store.consents("ann")
    assert (kept["given_at"], kept["withdrawn_at"]) == (AT, at("2026-11-21"))


def test_agreeing_twice_is_one_consent_and_a_new_version_ends_the_old(store: Store) -> None:
    tell(store, "m1", "yes, I agree")

    assert [consent(store), consent(store), consent(store, "2", at("2026-12-01"))] == [
        True,
        False,
        True,
    ]

    assert [(c["version"], c["withdrawn_at"]) for c in store.consents("ann")] == [
        ("1", at("2026-12-01")),
        ("2", None),
    ]


def test_nobody_unknown_can_agree(store: Store) -> None:
    with pytest.raises(UnknownPersonError):
        consent(store)


def test_the_audit_says_who_did_what_and_never_about_what(store: Store) -> None:
    tell(store, "m1", "yes, I agree. ALT 86", alt(86))
    consent(store)
    store.forget("ann", ["alt"], actor="operator:eve")
    store.export("ann")
    store.erase("ann")

    lines = store.audit()
    assert [(line["actor"], line["action"]) for line in lines] == [
        ("person", "consent_given"),
        ("operator:eve", "fact_forgotten"),
        ("person", "record_exported"),
        ("person", "person_erased"),
    ]
    assert not any(word in str(lines) for word in ("alt", "86", "agree", "'ann'"))
    assert store.audit("ann") == lines
    assert store.audit("bob") == []


@pytest.mark.parametrize("change", ["update audit set actor = 'x'", "delete from audit"])
def test_no_line_of_the_audit_can_be_changed(store: Store, change: str) -> None:
    tell(store, "m1", "yes")
    consent(store)

    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        store.db.conn.execute(change)
    store.db.rollback()
    assert len(store.audit()) == 1


def test_an_objection_is_remembered_until_somebody_agrees(store: Store) -> None:
    tell(store, "m1", "don't keep it")
    assert not store.has_objected("ann", "storage")

    store.object(person="ann", what="storage", version="1", at=AT)
    assert store.has_objected("ann", "storage")
    assert not store.has_consent("ann", "storage")

    consent(store, "1", at("2026-11-21"))
    assert not store.has_objected("ann", "storage")

    store.object(person="ann", what="storage", version="1", at=at("2026-11-22"))
    assert store.has_objected("ann", "storage")
    actions = [line["action"] for line in store.audit("ann")]
    assert actions == ["consent_refused", "consent_given", "consent_withdrawn"]
    assert len(store.consents("ann")) == 2
