"""A backup is whole, a bad one is refused before anything changes, erasures outlive a restore."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from records import RecordsError, Store
from records.backup import back_up, restore
from records.errors import DatabaseError, NewerDatabaseError
from tests.records.telling import AT, alt, at, bytes_of, tell

ACTOR = "operator:eve"


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "live" / "hbv.sqlite"


@pytest.fixture
def backup(tmp_path: Path, live: Path) -> Path:
    """A backup of a store that knows ann and bob."""
    store = Store(live)
    tell(store, "m1", "zanzibar, ALT 86", alt(86))
    tell(store, "m2", "stays", person="bob")
    back_up(store.db, tmp_path / "backup.sqlite", actor=ACTOR)
    store.close()
    return tmp_path / "backup.sqlite"


def _write_until_told(path: Path, stop: str) -> None:
    store, number = Store(path), 0
    while not Path(stop).exists():
        number += 1
        store.keep_message(person="ann", message_id=f"m{number}", text="x" * 500, at=AT)


def test_a_backup_of_a_running_store_is_one_moment_of_it(tmp_path: Path) -> None:
    path, stop = tmp_path / "hbv.sqlite", tmp_path / "stop"
    context = multiprocessing.get_context("spawn")
    writer = context.Process(target=_write_until_told, args=(path, str(stop)))
    writer.start()
    store = Store(path)
    try:
        while len(store.messages("ann")) < 20:
            pass
        back_up(store.db, tmp_path / "copy.sqlite", actor=ACTOR)
    finally:
        stop.touch()
        writer.join()
    copy = Store(tmp_path / "copy.sqlite")

    ids = [m["id"] for m in copy.messages("ann")]
    assert writer.exitcode == 0
    assert len(ids) >= 20
    assert ids == [f"m{n + 1}" for n in range(len(ids))]
    assert len(copy.search("x" * 500, limit=10_000)) == len(ids)


def test_a_backup_is_one_private_file(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert sorted(p.name for p in backup.parent.iterdir()) == ["backup.sqlite", "live"]


def test_a_backup_cannot_overwrite_the_store(live: Path) -> None:
    store = Store(live)
    with pytest.raises(DatabaseError):
        back_up(store.db, live, actor=ACTOR)
    store.check_writable()


def test_restoring_brings_back_what_was_and_keeps_what_is(backup: Path, live: Path) -> None:
    store = Store(live)
    tell(store, "m3", "later", when=at("2026-11-21"))
    store.close()
    before = backup.read_bytes()

    done = restore(backup, live, actor=ACTOR)

    assert backup.read_bytes() == before
    assert [m["id"] for m in Store(live).messages("ann")] == ["m1"]
    assert done.kept_aside is not None
    assert [m["id"] for m in Store(done.kept_aside).messages("ann")] == ["m1", "m3"]


def test_restoring_works_while_others_have_the_store_open(backup: Path, live: Path) -> None:
    running = Store(live)
    tell(running, "m3", "later")

    restore(backup, live, actor=ACTOR)

    assert [m["id"] for m in running.messages("ann")] == ["m1"]
    tell(running, "m4", "goes on")
    assert [m["id"] for m in Store(live).messages("ann")] == ["m1", "m4"]
    assert [m["id"] for m in running.search("zanzibar")] == ["m1"]


def test_restoring_to_a_new_place_works(backup: Path, tmp_path: Path) -> None:
    done = restore(backup, tmp_path / "elsewhere" / "hbv.sqlite", actor=ACTOR)

    assert (done.kept_aside, done.erased_again) == (None, 0)
    assert Store(tmp_path / "elsewhere" / "hbv.sqlite").knows("bob")


def test_who_was_erased_after_the_backup_is_erased_from_it_again(backup: Path, live: Path) -> None:
    store = Store(live)
    store.erase("ann")
    lines = store.audit()
    store.close()

    done = restore(backup, live, actor=ACTOR)

    restored = Store(live)
    assert done.erased_again == 1
    assert not restored.knows("ann")
    assert restored.knows("bob")
    assert b"zanzibar" not in bytes_of(live.parent)
    kept = [(line["action"], line["subject"]) for line in restored.audit()]
    assert kept[:-1] == [(line["action"], line["subject"]) for line in lines]
    assert kept[-1] == ("database_restored", None)


def test_who_came_back_before_the_backup_is_not_erased(tmp_path: Path, live: Path) -> None:
    store = Store(live)
    tell(store, "m1", "old")
    store.erase("ann")
    tell(store, "m2", "new")
    back_up(store.db, tmp_path / "backup.sqlite", actor=ACTOR)

    done = restore(tmp_path / "backup.sqlite", live, actor=ACTOR)

    assert done.erased_again == 0
    assert [m["id"] for m in Store(live).messages("ann")] == ["m2"]


def test_a_damaged_store_is_replaced_and_moved_aside(backup: Path, live: Path) -> None:
    live.write_bytes(b"this is no database" * 500)

    done = restore(backup, live, actor=ACTOR)

    assert done.kept_aside is not None
    assert done.kept_aside.read_bytes().startswith(b"this is no")
    assert Store(live).knows("ann")


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 4] = b"\xff" * 4096 * 3
    path.write_bytes(bytes(data))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _another(path: Path) -> None:
    path.unlink()
    db = sqlite3.connect(path)
    db.execute("create table holidays (day text)")
    db.close()


def _orphan(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("delete from people where id = 'ann'")
    db.commit()
    db.close()


def _newer(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('hbv', 'z', '')"
    )
    db.commit()
    db.close()


@pytest.mark.parametrize("spoil", [Path.unlink, _cut, _scramble, _empty, _another, _orphan, _newer])
def test_a_bad_backup_changes_nothing(
    backup: Path, live: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(backup)
    before = {path.name: path.read_bytes() for path in live.parent.iterdir()}

    with pytest.raises(NewerDatabaseError if spoil is _newer else DatabaseError):
        restore(backup, live, actor=ACTOR)

    assert {path.name: path.read_bytes() for path in live.parent.iterdir()} == before


def test_a_store_of_a_newer_version_is_not_opened(live: Path) -> None:
    Store(live).close()
    _newer(live)

    with pytest.raises(NewerDatabaseError) as refused:
        Store(live)
    assert isinstance(refused.value, RecordsError)
