"""The command line as a whole: help, errors, exit codes, and how quickly it starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hbv_engine.cli import COMMANDS, find_command
from hbv_engine.cli.reference import reference
from tests.engine.command import hbv, record

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_help_lists_every_command_with_its_first_sentence() -> None:
    shown = hbv("--help")
    assert shown.code == 0
    for name, sentence in COMMANDS.items():
        assert name in shown.out
        assert sentence in shown.out


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_the_same_in_the_list_and_in_its_own_help(name: str) -> None:
    assert (find_command(name).help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_shows_an_example(name: str) -> None:
    shown = hbv(name, "--help").out
    assert f"hbv {name}" in shown.split("Example:")[1]


@pytest.mark.parametrize("name", ["hbv", *COMMANDS])
def test_the_reference_page_holds_the_help_of_every_command(name: str) -> None:
    title = name if name == "hbv" else f"hbv {name}"
    assert f"## {title}\n" in REFERENCE.read_text(encoding="utf-8")


def test_the_reference_page_is_up_to_date() -> None:
    """If not: python -m hbv_engine.cli.reference > docs/reference/cli.md"""
    assert REFERENCE.read_text(encoding="utf-8") == reference()


def test_help_loads_neither_tables_nor_templates_nor_the_terminal_library() -> None:
    code = (
        "import sys; from hbv_engine.cli import run; run(['--help']);"
        "print([m for m in ('rich', 'polars', 'jinja2', 'markupsafe') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_command_shows_the_help() -> None:
    assert "Commands:" in hbv().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("diagnose",),
        ("assess",),
        ("assess", "--colour"),
        ("assess", "-", "--lang", "fr"),
        ("assess", "-", "--for", "doctor"),
        ("assess", "-", "--as-of", "tomorrow"),
        ("ask", "x.json", "--goal", "happiness"),
        ("explain", "-", "happiness"),
        ("what-if", "-", "no-equals-sign"),
        ("cohort",),
        ("cohort", "in.csv", "-o", "out.xlsx"),
    ],
)
def test_wrong_usage_is_told_with_what_is_accepted_and_code_2(arguments: tuple[str, ...]) -> None:
    done = hbv(*arguments, "--json", stdin=record())
    assert done.code == 2
    assert done.error["code"] == "usage"
    assert done.error["remedy"]
    assert done.out == ""


def test_an_error_in_chinese_names_its_parts_in_chinese() -> None:
    done = hbv("assess", "nowhere.json", "--lang", "zh")
    assert done.err.startswith("错误 [file_error]：文件有问题：")
    assert "怎么办：" in done.err


def test_the_language_can_come_from_the_environment() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from hbv_engine.cli import main; main(['assess', 'nowhere.json'])"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"HBV_LANG": "zh", "PATH": "", "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 2
    assert "错误" in done.stderr


def test_a_fault_of_the_program_is_told_without_a_stack_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hbv_engine.cli.assess.assess_record", fail)
    monkeypatch.delenv("HBV_DEBUG", raising=False)
    done = hbv("assess", "-", stdin=record())
    assert done.code == 70
    assert "Traceback" not in done.err
    assert "internal" in done.err


def test_errors_are_json_when_json_is_asked_for() -> None:
    done = hbv("assess", "-", "--json", stdin="[]")
    assert json.loads(done.err)["error"]["code"] == "input_format"
