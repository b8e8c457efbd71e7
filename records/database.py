"""Opening the database file, and the one way to write to it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from records.errors import DatabaseError, NewerDatabaseError
from records.schema import migrations

_BUSY_MILLISECONDS = 10_000
_OPEN_TRIES = 20
_PRIVATE = 0o600


class Connected:
    """What every part of the store works on: an open database."""

    db: Database


def open_database(path: str | Path) -> Database:
    """Return the database at ``path``, created and migrated as needed.

    Commits are flushed to the disk before they count (``synchronous=FULL``): what was acknowledged
    survives a power cut. Only its owner can read a new file.

    Raises:
        NewerDatabaseError: the file was written by a newer version.
    """
    if str(path) == ":memory:":
        db = Database(memory=True)
    else:
        _create_private(Path(path))
        db = Database(path)
    try:
        _configure(db)
        check_known(db)
        if migrations.pending(db):
            with writing(db):
                migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def _create_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE))


def _configure(db: Database) -> None:
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "synchronous=full",
        "foreign_keys=on",
        "secure_delete=on",
    ):
        db.conn.execute(f"pragma {pragma}").fetchall()
    # SQLite does not wait for others while it changes the journal of a file that is just created.
    tries_left = _OPEN_TRIES
    while not _write_ahead(db, last_try=not tries_left):
        tries_left -= 1
        time.sleep(0.05)


def _write_ahead(db: Database, *, last_try: bool) -> bool:
    try:
        db.conn.execute("pragma journal_mode=wal").fetchall()
    except sqlite3.OperationalError:
        if last_try:
            raise
        return False
    return True


def check_known(db: Database) -> None:
    """Raise NewerDatabaseError if the file holds a migration that this version does not know."""
    known = [m.name for m in migrations._migrations]  # noqa: SLF001 - there is no public list
    if {m.name for m in migrations.applied(db)} - {*known}:
        raise NewerDatabaseError(
            "The database has tables that this version does not know.",
            accepted=f"a database with no migration beyond {known[-1]!r}",
            remedy="Use the version that wrote it, or another file. It was not changed.",
        )


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """Hold the write lock for a block of reads and writes; all of it happens or none of it.

    ``Database.atomic`` begins as a reader, and SQLite refuses at once to turn a reader into a
    writer while another process writes. So the lock is taken first, and ``atomic`` nests in it.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield db
        return
    db.conn.execute("begin immediate")
    try:
        with db.atomic():
            yield db
        db.commit()
    except BaseException:
        db.rollback()
        raise


def scrub(db: Database) -> bool:
    """Rewrite the file without what was deleted, and empty the write-ahead log.

    ``secure_delete`` overwrites deleted rows, but not the copies that SQLite leaves behind when it
    moves rows between pages. False if another process reads and the log could not be emptied yet;
    it is emptied when the last process closes the file, or by the next scrub.
    """
    try:
        db.conn.execute("vacuum")
        busy, _, _ = db.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


def problems_of(db: Database) -> list[str]:
    """Return what is wrong with an open database; empty if it is sound and current."""
    try:
        found = [row[0] for row in db.conn.execute("pragma integrity_check")]
        found = [] if found == ["ok"] else found[:5]
        if db.conn.execute("pragma foreign_key_check").fetchone():
            found.append("a row refers to one that is not there")
        if not db.table("_sqlite_migrations").exists():
            return [*found, "it is not a database of this program"]
        found += [f"the migration {m.name!r} is missing" for m in migrations.pending(db)]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found


def unusable(error: sqlite3.Error) -> DatabaseError:
    """Return the error that tells what SQLite refused."""
    return DatabaseError(
        f"The database cannot be used: {error}.",
        accepted="a readable and writable database of this program",
        remedy="Run `hbv records check`; restore a backup if it is damaged.",
    )
