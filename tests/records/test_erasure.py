"""What is erased is gone: no row, no word in the database, its log, the index, or Rasa's memory."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from records import Store
from tests.records.telling import AT, alt, answer, bytes_of, tell

SECRETS = ("zanzibar", "黄疸", "424242", "quetzal", "ann-0f3c")
MANY = 60


def fill(store: Store) -> None:
    """Two people write in turn, so that their rows share pages and the pages are split."""
    for number in range(MANY):
        text = f"zanzibar 黄疸 {'x' * (number * 7 % 300)} ALT 424242"
        tell(store, f"a{number}", text, alt(424242, raw="ALT 424242"), person="ann-0f3c")
        tell(store, f"b{number}", f"stays {'y' * (number * 11 % 400)}", person="bob")
        answer(store, f"x{number}", "quetzal", person="ann-0f3c", card={"points": ["quetzal"]})
        store.keep_assessment(
            person="ann-0f3c",
            message_id=f"a{number}",
            at=AT,
            rulebook={"version": "1", "sha256": "abc"},
            record={"raw": "zanzibar"},
            decisions={"value": 424242},
        )
    store.give_consent(person="ann-0f3c", what="quetzal", version="1", at=AT)


def assert_gone(folder: Path, *secrets: str) -> None:
    held = bytes_of(folder)
    assert [word for word in secrets if word.encode() in held] == []


def words_in_index(store: Store) -> set[str]:
    db = sqlite3.connect(store.db.conn.execute("pragma database_list").fetchone()[2])
    db.execute("create virtual table temp.terms using fts5vocab('main', message_words, row)")
    found = {row[0] for row in db.execute("select term from temp.terms")}
    db.close()
    return found


def test_erasing_leaves_no_byte_while_the_store_stays_open(tmp_path: Path) -> None:
    store = Store(tmp_path / "hbv.sqlite")
    fill(store)
    assert {"zanzibar", "黄", "stays"} <= words_in_index(store)

    erased = store.erase("ann-0f3c")

    assert erased.scrubbed
    assert erased.rows == MANY * 4 + 3
    assert_gone(tmp_path, *SECRETS)
    assert "stays" in words_in_index(store)
    assert not words_in_index(store) & {"zanzibar", "黄", "quetzal", "424242"}
    assert len(store.messages("bob")) == MANY
    assert len(store.search("stays", limit=100)) == MANY
    assert not store.knows("ann-0f3c")
    store.close()
    assert_gone(tmp_path, *SECRETS)


def test_no_copy_is_left_that_was_made_when_rows_moved_between_pages(tmp_path: Path) -> None:
    """Overwriting deleted rows is not enough: here it would leave several copies behind."""
    store, chance = Store(tmp_path / "hbv.sqlite"), random.Random(1)  # noqa: S311
    store.db.conn.execute("pragma synchronous=off").fetchall()
    people = [f"p{number}" for number in range(30)]
    for number in range(2000):
        person = chance.choice(people)
        text = f"zanzibar-{person}. " + "y" * int(chance.expovariate(1 / 200))
        fact = alt(number, name=chance.choice("abcdef"), raw=f"zanzibar-{person}.")
        tell(store, f"{chance.getrandbits(128):032x}", text, fact, person=person)
        if number % 400 == 399:
            store.forget(chance.choice(people), ["a"])

    for person in people[:20]:
        store.erase(person)

    assert_gone(tmp_path, *(f"zanzibar-{person}." for person in people[:20]))
    assert f"zanzibar-{people[-1]}.".encode() in bytes_of(tmp_path)


def test_erasing_nobody_is_nothing(store: Store) -> None:
    assert store.erase("nobody").rows == 0
    assert store.audit() == []


def test_whoever_was_erased_can_come_back_as_a_new_person(store: Store) -> None:
    tell(store, "m1", "ALT 86", alt(86))
    store.erase("ann")

    tell(store, "m2", "hello")

    assert [m["id"] for m in store.messages("ann")] == ["m2"]
    assert store.observations("ann", history=True) == []
    assert store.consents("ann") == []


def test_a_key_is_never_given_twice(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    store.erase("ann")
    (new,) = tell(store, "m2", "ALT 86", alt(86), person="bob")

    assert new.id != old.id


def test_a_reader_delays_the_last_bytes_and_this_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "hbv.sqlite")
    store.db.conn.execute("pragma busy_timeout=50").fetchall()
    fill(store)
    reader = sqlite3.connect(tmp_path / "hbv.sqlite", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from messages").fetchone()

    erased = store.erase("ann-0f3c")

    assert not erased.scrubbed
    assert not store.knows("ann-0f3c")
    reader.close()
    store.close()
    assert_gone(tmp_path, *SECRETS)


@pytest.fixture
def tracker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An SQL tracker store of Rasa, with the events of two conversations."""
    path = tmp_path / "rasa.sqlite"
    monkeypatch.setenv("HBV_TRACKER_DB", str(path))
    db = sqlite3.connect(path)
    db.execute(
        "create table events (id integer primary key, sender_id varchar(255) not null,"
        " type_name varchar(255) not null, timestamp float, intent_name varchar(255),"
        " action_name varchar(255), data text)"
    )
    for person, text in (("ann", "zanzibar"), ("bob", "stays")) * MANY:
        row = (person, "user", f'{{"event": "user", "text": "{text}"}}')
        db.execute("insert into events (sender_id, type_name, data) values (?, ?, ?)", row)
    db.commit()
    db.close()
    return path


def test_rasas_memory_is_erased_too(tmp_path: Path, tracker: Path) -> None:
    store = Store(tmp_path / "hbv.sqlite")
    tell(store, "m1", "zanzibar")
    assert len(store.export("ann")["tracker_events"]) == MANY

    erased = store.erase("ann")

    assert erased.scrubbed
    assert_gone(tmp_path, "zanzibar")
    assert tracker.read_bytes().count(b"stays") == MANY


def test_a_tracker_without_events_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    tell(store, "m1", "hello")
    for name in ("empty.sqlite", "nowhere.sqlite"):
        monkeypatch.setenv("HBV_TRACKER_DB", str(tmp_path / name))
        assert store.erase("ann").scrubbed
        tell(store, name, "hello")
