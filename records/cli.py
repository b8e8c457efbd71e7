"""The command ``hbv records``, also called ``hbv-records``: for whoever runs the assistant.

Exit codes: 0 done · 1 ``check`` found something, or an erasure was declined or left bytes behind ·
2 bad input, or the store cannot be used.
"""

from __future__ import annotations

import getpass
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from hbv_engine import cli as hbv_command
from hbv_engine.cli.failures import FINDINGS, UsageError
from hbv_engine.cli.files import replacing
from hbv_engine.cli.options import json_option
from records import listing
from records.audit import write_line
from records.backup import back_up, restore
from records.database import problems_of, scrub, unusable, writing
from records.errors import DatabaseError, UnknownPersonError
from records.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(function: Command) -> Command:
    """Add ``--database``."""
    return click.option(
        "--database",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="HBV_DATABASE",
        default=Path("var/hbv.sqlite"),
        show_default=True,
        help="The database file; HBV_DATABASE names it too.",
    )(function)


@click.group(
    context_settings={"help_option_names": hbv_command.HELP, "max_content_width": 100},
    epilog="""\b
Example:
  hbv records list
  hbv records backup var/backups/monday.sqlite
Exit codes: 0 done, 1 something was found or is left to do, 2 bad input.""",
)
def records() -> None:
    """Look after the records: list, show, export, erase, back up, restore, check.

    People are known by pseudonyms only. Who looked, exported or erased is written to an audit that
    only grows. Nothing leaves this machine.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run ``hbv-records`` and leave with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(hbv_command.run(given, group=records, name="hbv-records"))


@contextmanager
def _opened(database: Path) -> Iterator[Store]:
    """Give the store that is there; never make a new one."""
    if not database.is_file():
        raise DatabaseError(
            f"There is no database {str(database)!r}.",
            accepted="the file that the assistant writes to",
            remedy="Start the assistant once, or name the file with --database or HBV_DATABASE.",
        )
    store = None
    try:
        store = Store(database)
        yield store
    except sqlite3.Error as error:
        raise unusable(error) from None
    finally:
        if store:
            store.close()


def _operator() -> str:
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"


def _tell(data: dict[str, Any], text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


@records.command(
    "list",
    epilog="""\b
Example:
  hbv records list
  hbv records list --json""",
)
@database_option
@json_option
def list_people(database: Path, *, as_json: bool) -> None:
    """List everybody in the store, who wrote last first."""
    with _opened(database) as store:
        people = listing.people(store)
    if as_json:
        _tell({"people": people}, "", as_json=True)
    else:
        listing.show_people(people)


@records.command(
    epilog="""\b
Example:
  hbv records show 3f0c5a
  hbv records show 3f0c5a --history --json""",
)
@click.argument("person")
@click.option("--history", is_flag=True, help="Also what was superseded.")
@database_option
@json_option
def show(person: str, database: Path, *, history: bool, as_json: bool) -> None:
    """Show what is known of a person: each fact with its words, dates and status.

    Also when the person was here, and what they agreed to. Looking is written to the audit.
    """
    with _opened(database) as store:
        if not store.knows(person):
            raise UnknownPersonError
        with writing(store.db) as db:
            write_line(db, "record_shown", actor=_operator(), person=person)
        summary = listing.summary(store, person, history=history)
    if as_json:
        _tell(summary, "", as_json=True)
    else:
        listing.show_person(summary)


@records.command(
    epilog="""\b
Example:
  hbv records export 3f0c5a -o record.json
  hbv records export 3f0c5a | less""",
)
@click.argument("person")
@click.option("-o", "--output", metavar="FILE", type=Path, help="Write to this file.")
@database_option
@json_option
def export(person: str, output: Path | None, database: Path, *, as_json: bool) -> None:
    """Write everything held on a person as one JSON document.

    Only the owner can read the file. Without -o it goes to standard output. With --json and -o:
    what was written, as JSON.
    """
    with _opened(database) as store:
        data = store.export(person, actor=_operator())
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    with replacing(output) as temporary:
        temporary.write_text(text, encoding="utf-8")
    done = {"person": person, "file": str(output), "messages": len(data["messages"])}
    _tell(done, f"Written to {output}. It holds health data: hand it over safely.", as_json=as_json)


@records.command(
    epilog="""\b
Example:
  hbv records erase 3f0c5a
  hbv records erase 3f0c5a --yes""",
)
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
@json_option
def erase(person: str, database: Path, *, yes: bool, as_json: bool) -> int:
    """Erase everything about a person, so that no byte is left in the files.

    Messages, facts, answers, consent, the search index, and Rasa's memory where HBV_TRACKER_DB
    names its file. Backups keep what they hold: `restore` erases it again. A running Rasa forgets
    what it holds in memory when it is restarted.
    """
    if as_json and not yes:
        raise UsageError("With --json nobody can be asked.", remedy="Add --yes to erase.")
    with _opened(database) as store:
        if not store.knows(person):
            raise UnknownPersonError
        if not yes and not click.confirm(f"Erase everything about {person}? It cannot be undone"):
            click.echo("Nothing was erased.")
            return FINDINGS
        done = store.erase(person, actor=_operator())
    text = f"Erased: {done.rows} rows."
    if not done.scrubbed:
        text += "\nAnother process was reading, so bytes may be left. Run `hbv records check` next."
    _tell({"rows": done.rows, "scrubbed": done.scrubbed}, text, as_json=as_json)
    return 0 if done.scrubbed else FINDINGS


@records.command(
    epilog="""\b
Example:
  hbv records backup var/backups/monday.sqlite""",
)
@click.argument("file", type=Path)
@database_option
@json_option
def backup(file: Path, database: Path, *, as_json: bool) -> None:
    """Write a consistent copy of the whole store, also while the assistant runs."""
    with _opened(database) as store:
        back_up(store.db, file, actor=_operator())
    size = file.stat().st_size
    _tell(
        {"file": str(file), "bytes": size}, f"Written to {file} ({size:,} bytes).", as_json=as_json
    )


@records.command(
    "restore",
    epilog="""\b
Example:
  hbv records restore var/backups/monday.sqlite""",
)
@click.argument("file", type=Path)
@database_option
@json_option
def restore_backup(file: Path, database: Path, *, as_json: bool) -> None:
    """Put a backup in the place of the store; the present store is kept beside it.

    The backup is examined first: sound, and not from a newer version. Who was erased since it was
    taken is erased again. Single facts that were forgotten since come back.
    """
    try:
        done = restore(file, database, actor=_operator())
    except sqlite3.Error as error:
        raise unusable(error) from None
    aside = str(done.kept_aside) if done.kept_aside else None
    text = f"Restored to {database}; {done.erased_again} people erased again."
    if aside:
        text += f"\nThe records before are in {aside}. Delete it when all is well."
    _tell({"kept_aside": aside, "erased_again": done.erased_again}, text, as_json=as_json)


@records.command(
    epilog="""\b
Example:
  hbv records check
  hbv records check --json""",
)
@database_option
@json_option
def check(database: Path, *, as_json: bool) -> int:
    """Check that the file is sound and its tables are current.

    It also removes the bytes that an earlier erasure had to leave because somebody was reading.
    """
    with _opened(database) as store:
        problems = problems_of(store.db)
        if not problems and not scrub(store.db):
            problems = ["another process is reading, so erased bytes may be left; try again later"]
        people = store.db.table("people").count
    _tell(
        {"sound": not problems, "problems": problems, "people": people},
        "\n".join(problems) or f"Sound and current; {people} people.",
        as_json=as_json,
    )
    return FINDINGS if problems else 0
