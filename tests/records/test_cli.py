"""``hbv records``: what it prints, what it writes, how it refuses, and how it leaves."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hbv_engine import cli as hbv_command
from records import Store
from records.cli import records
from records.reference import reference
from tests.records.telling import AT, alt, bytes_of, tell

ROOT = Path(__file__).parents[2]
COMMANDS = ("list", "show", "export", "erase", "backup", "restore", "check")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that knows ann and bob, named by the environment."""
    path = tmp_path / "var" / "hbv.sqlite"
    monkeypatch.setenv("HBV_DATABASE", str(path))
    monkeypatch.setenv("COLUMNS", "100")
    store = Store(path)
    tell(store, "m1", "ALT 86", alt(86))
    tell(store, "m2", "no, ALT 58", alt(58))
    store.give_consent(person="ann", what="storage", version="1", at=AT)
    tell(store, "m3", "zanzibar", person="bob")
    store.close()
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command as ``hbv-records`` and return its exit code and what it printed."""
    code = hbv_command.run([str(a) for a in arguments], group=records, name="hbv-records")
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def ask(*arguments: str, answer: str) -> Any:
    return CliRunner().invoke(records, arguments, input=answer, standalone_mode=False)


Capture = pytest.CaptureFixture[str]


@pytest.mark.usefixtures("database")
def test_list_shows_everybody(capsys: Capture) -> None:
    code, text, _ = run(capsys, "list")
    assert code == 0
    assert "ann" in text
    assert "hbv records show" in text

    people = json.loads(run(capsys, "list", "--json")[1])["people"]
    assert [(p["id"], p["messages"], p["facts"]) for p in people] == [("ann", 2, 1), ("bob", 1, 0)]


@pytest.mark.usefixtures("database")
def test_show_tells_each_fact_with_its_words(capsys: Capture) -> None:
    code, text, _ = run(capsys, "show", "ann")
    assert code == 0
    assert "58 U/L" in text
    assert "ALT 58" in text
    assert "ALT 86" not in text
    assert "agreed to storage (1)" in text

    history = json.loads(run(capsys, "show", "ann", "--history", "--json")[1])
    assert [(f["value"], f["superseded_by"]) for f in history["facts"]] == [(86, 2), (58, None)]
    assert history["messages"] == 2


def test_looking_is_written_to_the_audit(database: Path, capsys: Capture) -> None:
    run(capsys, "show", "ann")
    last = Store(database).audit("ann")[-1]
    assert last["action"] == "record_shown"
    assert last["actor"].startswith("operator")


@pytest.mark.usefixtures("database")
def test_export_writes_a_private_file(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "ann.json"
    code, text, _ = run(capsys, "export", "ann", "-o", file)

    assert code == 0
    assert str(file) in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = json.loads(file.read_text(encoding="utf-8"))
    assert [m["text"] for m in data["messages"]] == ["ALT 86", "no, ALT 58"]
    assert json.loads(run(capsys, "export", "ann")[1])["person"]["id"] == "ann"


def test_erase_asks_first(database: Path) -> None:
    declined = ask("erase", "bob", answer="n\n")
    assert declined.return_value == 1
    assert "Nothing was erased" in declined.output
    assert Store(database).knows("bob")

    accepted = ask("erase", "bob", answer="y\n")
    assert accepted.return_value == 0
    assert b"zanzibar" not in bytes_of(database.parent)


@pytest.mark.usefixtures("database")
def test_erase_does_not_ask_with_yes(capsys: Capture) -> None:
    code, text, _ = run(capsys, "erase", "bob", "--yes", "--json")
    assert code == 0
    assert json.loads(text) == {"rows": 3, "scrubbed": True}


def test_erase_as_json_cannot_ask(database: Path, capsys: Capture) -> None:
    code, _, error = run(capsys, "erase", "bob", "--json")
    assert code == 2
    assert "--yes" in json.loads(error)["error"]["remedy"]
    assert Store(database).knows("bob")


def test_erase_tells_what_a_reader_kept_back_and_check_removes_it(
    database: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("records.database._BUSY_MILLISECONDS", 50)
    reader = sqlite3.connect(database, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from messages").fetchone()

    code, text, _ = run(capsys, "erase", "bob", "--yes")
    assert code == 1
    assert "hbv records check" in text
    assert run(capsys, "check")[0] == 1

    reader.execute("commit")
    assert run(capsys, "check")[0] == 0
    assert b"zanzibar" not in bytes_of(database.parent)
    reader.close()


def test_backup_and_restore(database: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "monday.sqlite"
    code, text, _ = run(capsys, "backup", file)
    assert (code, "monday.sqlite" in text) == (0, True)
    run(capsys, "erase", "bob", "--yes")
    tell(Store(database), "m4", "later")

    code, text, _ = run(capsys, "restore", file, "--json")

    done = json.loads(text)
    assert code == 0
    assert done["erased_again"] == 1
    assert Path(done["kept_aside"]).is_file()
    assert [m["id"] for m in Store(database).messages("ann")] == ["m1", "m2"]


@pytest.mark.usefixtures("database")
def test_check_finds_nothing_in_a_sound_store(capsys: Capture) -> None:
    assert run(capsys, "check")[:2] == (0, "Sound and current; 2 people.\n")
    data = json.loads(run(capsys, "check", "--json")[1])
    assert data == {"sound": True, "problems": [], "people": 2}


def test_check_finds_a_row_without_its_person(database: Path, capsys: Capture) -> None:
    db = sqlite3.connect(database)
    db.execute("delete from people where id = 'bob'")
    db.commit()
    db.close()

    code, text, _ = run(capsys, "check")
    assert code == 1
    assert "refers to one that is not there" in text


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("command", ["show", "export", "erase"])
def test_an_unknown_person_is_bad_input(capsys: Capture, command: str) -> None:
    code, out, error = run(capsys, command, "nobody", "--json", *["--yes"] * (command == "erase"))
    assert (code, out) == (2, "")
    assert json.loads(error)["error"]["code"] == "unknown_person"


def test_a_missing_database_is_not_made(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "nowhere.sqlite"
    code, _, error = run(capsys, "list", "--database", path)
    assert code == 2
    assert "--database" in error
    assert not path.exists()


def test_a_file_that_is_no_database_is_bad_input(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "note.txt"
    path.write_text("just a text " * 100)
    for command in ("list", "check"):
        code, _, error = run(capsys, command, "--database", path)
        assert code == 2
        assert "database_error" in error
    assert path.read_text().startswith("just a text")


@pytest.mark.usefixtures("database")
def test_a_bad_backup_is_bad_input(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "bad.sqlite").write_text("just a text " * 100)
    code, _, error = run(capsys, "restore", tmp_path / "bad.sqlite")
    assert code == 2
    assert "database_error" in error


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_help_with_an_example(capsys: Capture, command: str) -> None:
    code, text, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"hbv records {command}" in text


def test_it_is_also_a_command_of_hbv() -> None:
    """The engine does not import the store; it finds the command by its entry point."""
    done = subprocess.run(
        [Path(sys.executable).parent / "hbv", "records", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "export" in done.stdout


def test_the_reference_page_is_current() -> None:
    page = ROOT / "docs" / "reference" / "records-cli.md"
    assert page.read_text(encoding="utf-8") == reference()
