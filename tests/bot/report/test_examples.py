"""Made-up reports in the layouts that hospitals print, and what must be read of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.report import looks_like_report, read
from bot.report.reader import text_of
from tests.bot.report.support import FILES, TODAY, expected_of, shown

NAMES = (
    "王小明",
    "孙某",
    "李华",
    "赵敏",
    "DOE",
    "JANE",
    "SMITH",
    "Doe",
    "Jane",
    "Smith",
    "00448812",
)
NAMES += ("00214563", "8800123456", "1990")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_of_an_example_is_read_or_kept_aside(path: Path) -> None:
    report = read(path.read_bytes(), today=TODAY)

    assert shown(report) == expected_of(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_example_is_recognised_as_a_report(path: Path) -> None:
    assert looks_like_report(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_value_stands_in_the_text_where_the_row_says(path: Path) -> None:
    data = path.read_bytes()
    text = text_of(data)

    for row in read(data, today=TODAY).rows:
        assert text[row.value_start : row.value_end] == row.printed
        assert row.printed
        assert row.start <= row.value_start <= row.value_end <= row.end
        if row.source not in {"fhir", "hl7"}:
            assert text[row.start : row.end] == row.raw


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nobody_is_named_in_what_is_kept(path: Path) -> None:
    kept = str(read(path.read_bytes(), today=TODAY).as_dict())

    assert not [name for name in NAMES if name in kept]


@pytest.mark.parametrize(
    "sentence",
    [
        "My ALT is 86 and my HBV DNA is 2000 IU/mL, what now?",
        "34, female, e antigen positive, HBV DNA 2.3x10^7 IU/mL, ALT 86 U/L, should I be treated?",
        "34岁，女，大三阳，HBV DNA 2.3×10的7次方 IU/mL，谷丙转氨酶86，需要治疗吗？",
        "ALT 86 U/L",
        "我昨天去了医院\n医生说谷丙转氨酶86\n我该怎么办",
        "",
        "{not a report}",
    ],
)
def test_a_sentence_is_not_a_report(sentence: str) -> None:
    assert not looks_like_report(sentence)


def test_a_row_is_a_fact_of_the_understanding() -> None:
    row = read("采样日期 2026-05-01\n谷丙转氨酶 62 U/L 9-50 ↑", today=TODAY).rows[0]

    assert row.as_fact() == {
        "name": "alt",
        "value": 62,
        "start": 16,
        "end": 35,
        "unit": "U/L",
        "comparator": "=",
        "when": "2026-05-01",
        "reference_limit": 50,
    }
