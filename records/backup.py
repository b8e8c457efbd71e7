"""Copies of the whole store: taken while it is in use, and put back after they were examined."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from sqlite_utils import Database

from hbv_engine.cli.files import replacing
from records.audit import write_line
from records.database import check_known, open_database, problems_of, scrub, unusable, writing
from records.erasure import delete_person
from records.errors import DatabaseError
from records.people import digest


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did.

    Attributes:
        kept_aside: where the records are that were replaced; None if there were none.
        erased_again: how many people of the backup had been erased since it was taken.
    """

    kept_aside: Path | None
    erased_again: int


def back_up(db: Database, target: Path, *, actor: str) -> None:
    """Write one consistent copy of an open store to a file of its own, and examine it.

    Others may write meanwhile; the copy is of one moment. The file is the old one or the new one,
    never half, and only its owner can read it.

    Raises:
        FileError: the file cannot be written.
        DatabaseError: the copy is not sound, or the target is the store itself.
    """
    _refuse_same(db, target)
    with writing(db):
        write_line(db, "database_backed_up", actor=actor)
    with replacing(target) as temporary:
        _copy_into_file(db, temporary)
        with closing(sqlite3.connect(temporary)) as copy:
            _must_be_sound(Database(copy), "The copy")


def restore(backup: Path, path: Path, *, actor: str) -> Restored:
    """Put a backup in the place of the store at ``path``, also while it is in use.

    The backup is examined and brought up to date in a copy first, and is never changed itself.
    Whoever was erased from the present store after the backup is erased from it again, and the
    present lines of the audit are kept.

    Raises:
        DatabaseError: the backup is not a sound store; nothing was changed.
        NewerDatabaseError: a newer version wrote the backup; nothing was changed.
    """
    examine(backup)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / "restored.sqlite"
        with _reading(backup) as source:
            _copy_into_file(source, copy)
        with closing(open_database(copy)) as restored:
            erased_again = _catch_up(restored, path, actor)
            scrub(restored)
            kept_aside = _keep_aside(path)
            with closing(_open_target(path)) as target:
                restored.conn.backup(target)
                target.execute("pragma wal_checkpoint(truncate)").fetchall()
    return Restored(kept_aside, erased_again)


def examine(path: Path) -> None:
    """Raise DatabaseError unless the file is a sound store that this version can read."""
    if not path.is_file():
        raise DatabaseError(
            "There is no such backup.", value=str(path), accepted="a file of `hbv records backup`"
        )
    try:
        with _reading(path) as db:
            if not db.table("_sqlite_migrations").exists():
                raise _unsound("The backup", ["it is not a database of this program"])
            check_known(db)
            _must_be_sound(db, "The backup", pending_is_fine=True)
    except sqlite3.Error as error:
        raise unusable(error) from None


@contextmanager
def _reading(path: Path) -> Iterator[Database]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield Database(connection)


def _copy_into_file(source: Database, file: Path) -> None:
    with closing(sqlite3.connect(file)) as target:
        source.conn.backup(target)
        # One file that can be carried away, without a log beside it.
        target.execute("pragma journal_mode=delete").fetchall()


def _must_be_sound(db: Database, what: str, *, pending_is_fine: bool = False) -> None:
    problems = problems_of(db)
    if pending_is_fine:
        problems = [p for p in problems if not p.startswith("the migration")]
    if problems:
        raise _unsound(what, problems)


def _unsound(what: str, problems: list[str]) -> DatabaseError:
    return DatabaseError(
        f"{what} is not sound: {'; '.join(problems)}.",
        accepted="a file of `hbv records backup` that passes every check",
        remedy="Use another one. The store was not changed.",
    )


def _refuse_same(db: Database, target: Path) -> None:
    own = [row[2] for row in db.conn.execute("pragma database_list") if row[2]]
    if target.exists() and any(target.samefile(path) for path in own):
        raise DatabaseError(
            "A backup cannot replace the store itself.", accepted="the path of another file"
        )


def _catch_up(restored: Database, path: Path, actor: str) -> int:
    """Repeat in a copy what must not be undone: erasures, and the lines of the audit."""
    since = _lines_since(restored, path)
    gone = {line["subject"] for line in since if line["action"] == "person_erased"}
    with writing(restored) as db:
        erased = 0
        for row in list(db.query("select id from people")):
            if digest(row["id"]) in gone:
                erased += bool(delete_person(db, row["id"]))
        for line in since:
            db.table("audit").insert({key: line[key] for key in line if key != "id"})
        write_line(db, "database_restored", actor=actor)
    return erased


def _lines_since(restored: Database, path: Path) -> list[dict[str, str]]:
    known = {tuple(row.values())[1:] for row in restored.table("audit").rows}
    if not path.is_file():
        return []
    try:
        with _reading(path) as present:
            return [r for r in present.table("audit").rows if tuple(r.values())[1:] not in known]
    except sqlite3.Error:
        return []


def _keep_aside(path: Path) -> Path | None:
    """Copy the present store beside itself; move it there if it is too damaged to be copied."""
    if not path.is_file() or not path.stat().st_size:
        return None
    moment = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.before-restore-{moment}")
    try:
        with replacing(aside) as temporary, _reading(path) as present:
            _copy_into_file(present, temporary)
    except sqlite3.DatabaseError:
        for end in ("", "-wal", "-shm"):
            file = path.with_name(path.name + end)
            if file.exists():
                file.replace(aside.with_name(aside.name + end))
    return aside


def _open_target(path: Path) -> sqlite3.Connection:
    db = open_database(path)
    if not isinstance(db.conn, sqlite3.Connection):
        raise TypeError
    return db.conn
