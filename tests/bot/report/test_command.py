"""The command that shows what is read of a report."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from bot.report.__main__ import main
from tests.bot.report.support import EXAMPLES


def test_the_rows_are_shown_as_a_table() -> None:
    done = CliRunner().invoke(main, [str(EXAMPLES / "oru_loinc.hl7")])

    assert done.exit_code == 0
    assert "hbsag_quant" in done.output
    assert "kept aside (status): 777-3^Platelets" in done.output


def test_the_rows_are_printed_as_json() -> None:
    done = CliRunner().invoke(main, [str(EXAMPLES / "zh_columns.txt"), "--json"])

    assert json.loads(done.output)["rows"][0]["analyte"] == "hbsag_quant"


def test_an_error_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "junk"
    path.write_bytes(b"\x00\x01")

    done = CliRunner().invoke(main, [str(path), "--json"])

    assert done.exit_code == 2
    assert json.loads(done.output)["code"] == "unknown_format"
