"""Whatever comes in: no crash, every value from the text, no unit that was not printed."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.labs import unit_at
from bot.report import Report, ReportError, looks_like_report, read
from bot.text import fold
from tests.bot.report.support import FILES, TODAY

NAMES = [
    "HBsAg",
    "乙肝e抗体(Anti-HBe)",
    "抗-HBc",
    "HBV-DNA定量",
    "ALT",
    "谷草转氨酶",
    "PLT",
    "直接胆红素",
]
VALUES = [
    "62",
    ">250.00",
    "<20",
    "5.00E+02",
    "2.3×10⁷",
    "1,115",
    "阳性(+)",
    "Non-reactive",
    "6O",
    "-",
]
UNITS = ["", "U/L", "IU/mL", "COI", "S/CO", "10^9/L", "mmol/L", "copies/mL"]
LIMITS = ["", "9-50", "<0.05", ">1.00", "阴性", "参考值：0-40", "125～350"]
FLAGS = ["", "↑", "H", "L", "*"]
LINE = st.tuples(*(st.sampled_from(part) for part in (NAMES, VALUES, UNITS, LIMITS, FLAGS)))
PIECES = st.sampled_from(
    [*NAMES, *VALUES, *UNITS, *LIMITS, *FLAGS, "\n", "|", "\t", "采样日期：2026-05-01"]
)
EXAMPLES = [path.read_text(encoding="utf-8") for path in FILES]


def _holds(report: Report, text: str) -> None:
    for row in report.rows:
        assert text[row.value_start : row.value_end] == row.printed
        if row.unit is not None and row.source in {"text", "table"}:
            folded = fold(row.raw)
            assert row.unit in {unit_at(folded, at)[0] for at in range(len(folded))}
        if not isinstance(row.value, str):
            assert re.search(r"\d", row.printed)


@settings(deadline=None)
@given(st.lists(LINE, min_size=1, max_size=6), st.sampled_from(["   ", "\t", " | ", " "]))
def test_rows_in_any_layout_keep_to_what_is_printed(lines: list[tuple[str, ...]], gap: str) -> None:
    text = "\n".join(gap.join(line) for line in lines)

    _holds(read(text, today=TODAY), text)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_pieces_of_reports_in_any_order_keep_to_what_is_printed(text: str) -> None:
    _holds(read(text, today=TODAY), text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    looks_like_report(text)
    try:
        report = read(text, today=TODAY)
    except ReportError:
        return
    _holds(report, text)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data, today=TODAY)
    except ReportError:
        return


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_a_damaged_example_is_read_or_refused(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    with_what = data.draw(st.text(max_size=5))
    damaged = text[:start] + with_what + text[start + length :]
    try:
        report = read(damaged, today=TODAY)
    except ReportError:
        return
    _holds(report, damaged)
