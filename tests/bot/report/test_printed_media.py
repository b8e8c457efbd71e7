"""The same report as a PDF and as a photo."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.report import read
from tests.bot.report.making import pdf_of, photo_of
from tests.bot.report.support import EXAMPLES, TODAY, expected_of, shown

PRINTED = ["zh_columns.txt", "en_columns.txt"]


def _rows(name: str) -> list[dict[str, object]]:
    return list(expected_of(EXAMPLES / name)["rows"])


@pytest.mark.parametrize("name", PRINTED)
def test_a_pdf_says_what_its_text_says_and_waits_to_be_confirmed(name: str) -> None:
    report = read(pdf_of((EXAMPLES / name).read_text(encoding="utf-8")), today=TODAY)

    assert report.source == "pdf"
    assert shown(report)["rows"] == [{**row, "to_confirm": True} for row in _rows(name)]
    assert all(row.to_confirm for row in report.unknown_rows)


@pytest.mark.parametrize(("name", "at_least"), [("zh_columns.txt", 5), ("en_columns.txt", 7)])
@pytest.mark.parametrize("angle", [0.0, 1.0])
def test_a_photo_says_nothing_that_the_paper_does_not_say(
    name: str, at_least: int, angle: float
) -> None:
    report = read(photo_of((EXAMPLES / name).read_text(encoding="utf-8"), angle=angle), today=TODAY)
    printed = {(row["analyte"], row["value"], row.get("unit")) for row in _rows(name)}

    read_rows = {(row.analyte, row.value, row.unit) for row in report.rows}

    assert report.source == "photo"
    assert read_rows <= printed
    assert len(read_rows) >= at_least
    assert all(row.to_confirm for row in (*report.rows, *report.unknown_rows))


def test_a_badly_legible_value_is_kept_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.report.photo.SURE", 101.0)
    text = Path(EXAMPLES / "en_columns.txt").read_text(encoding="utf-8")

    report = read(photo_of(text, angle=0), today=TODAY)

    assert report.rows == ()
    assert "confidence" in {row.why for row in report.unknown_rows}
