"""One row at a time: what it says, what is ambiguous, what is kept aside."""

from __future__ import annotations

import pytest

from bot.report import Report, read
from tests.bot.report.support import TODAY, short


def of(line: str) -> Report:
    return read(line, today=TODAY)


@pytest.mark.parametrize(
    ("line", "analyte", "value", "comparator", "unit"),
    [
        ("ALT 62 U/L 9-50", "alt", 62, "=", "U/L"),
        ("ALT62U/L", "alt", 62, "=", "U/L"),
        ("ALT 1,115 U/L", "alt", 1115, "=", "U/L"),
        ("SGPT: 62 IU/L (0-40)", "alt", 62, "=", "IU/L"),
        ("谷丙转氨酶测定（速率法） 62↑ U/L 9～50", "alt", 62, "=", "U/L"),
        ("HBV-DNA <1.00E+02 IU/mL <1.00E+02", "hbv_dna", 100, "<", "IU/mL"),
        ("HBV-DNA 2.3×10⁷ copies/mL", "hbv_dna", 23_000_000, "=", "copies/mL"),
        ("HBV DNA 4.07 log10 IU/mL", "hbv_dna", 4.07, "=", "log10 IU/mL"),
        ("HBV DNA ≥1.7E8 IU/mL", "hbv_dna", 170_000_000, ">=", "IU/mL"),
        ("HBsAg 2012.5 IU/mL 0-0.05", "hbsag_quant", 2012.5, "=", "IU/mL"),
        ("anti-HBs >1000.00 mIU/mL 0-10", "anti_hbs_quant", 1000, ">", "mIU/mL"),
        ("PLT 165×10^9/L 125-350", "platelets", 165, "=", "10*9/L"),
        ("PLT 165 10⁹/L 125-350", "platelets", 165, "=", "10*9/L"),
        ("INR 1.1 0.9-1.2", "inr", 1.1, "=", None),
        ("HBeAg 0.12 S/CO", "hbeag", 0.12, "=", "S/CO"),
        ("总胆红素 14.2 μmol/L 参考值：0-23", "bilirubin", 14.2, "=", "umol/L"),
    ],
)
def test_a_number_is_read_with_its_sign_and_unit(
    line: str, analyte: str, value: float, comparator: str, unit: str | None
) -> None:
    (row,) = of(line).rows

    assert (row.analyte, row.value, row.comparator, row.unit) == (analyte, value, comparator, unit)
    assert not row.ambiguous


@pytest.mark.parametrize(
    ("line", "analyte", "value"),
    [
        ("HBsAg Positive", "hbsag", "positive"),
        ("Hep B Core Ab, Tot   Positive   Negative", "anti_hbc", "positive"),
        ("Hepatitis B Surface Ag   NEGATIVE   NEGATIVE", "hbsag", "negative"),
        ("HBsAg Non-reactive", "hbsag", "negative"),
        ("乙肝表面抗原 弱阳性", "hbsag", "positive"),
        ("乙肝表面抗原 阴性(-) 阴性", "hbsag", "negative"),
        ("乙肝表面抗原 阳性(+) 阴性", "hbsag", "positive"),
        ("乙肝e抗体 0.03 S/CO >1.00 阳性(反向)", "anti_hbe", "positive"),
        ("乙肝e抗体 1.92 S/CO >1.00", "anti_hbe", "negative"),
        ("乙肝e抗体 0.03 S/CO >1.00", "anti_hbe", "positive"),
        ("乙肝核心抗体 0.008 COI >1.0", "anti_hbc", "positive"),
        ("乙肝核心抗体 9.87 S/CO <1.00", "anti_hbc", "positive"),
        ("HBsAg 0.12 ng/mL 0-0.5", "hbsag", "negative"),
        ("HBsAg 1.9 ng/mL 0-0.5", "hbsag", "positive"),
        ("HBV DNA Target not detected", "hbv_dna", "negative"),
        ("HBV-DNA 未检出", "hbv_dna", "negative"),
        ("HBV-DNA 低于检测下限", "hbv_dna", "negative"),
    ],
)
def test_a_word_or_the_rows_own_reference_decides(line: str, analyte: str, value: str) -> None:
    (row,) = of(line).rows

    assert (row.analyte, row.value, row.ambiguous) == (analyte, value, False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("乙肝e抗体 0.03 S/CO", "no_reference"),
        ("乙肝e抗体 0.03 S/CO <1.00", "no_reference"),
        ("乙肝核心抗体 2.4 COI <1.0", "no_reference"),
        ("乙肝表面抗原 5200 COI 阴性", "word_and_number"),
        ("乙肝表面抗原 5200 COI <1.0 阴性", "word_and_number"),
        ("乙肝e抗体 0.03 S/CO >1.00 阴性", "word_and_number"),
        ("HBV DNA 20000 IU/mL 阴性", "word_and_number"),
        ("HBsAg 1725.33", "unit_missing"),
        ("HBV DNA 1.117*106 IU/mL", "exponent"),
        ("ALT 62 58 U/L", "columns"),
        ("ALT 62 U/L 9-80 H", "flag"),
        ("HBsAg   -", "bare_minus"),
    ],
)
def test_what_a_careful_person_would_ask_back_is_ambiguous(line: str, why: str) -> None:
    rows = of(line).rows

    assert [row.why for row in rows if row.ambiguous] == [why]


@pytest.mark.parametrize(
    "line",
    [
        "乙肝表面抗原 5200 COI 阴性",
        "HBV DNA 20000 IU/mL 阴性",
        "HBV DNA <20 IU/mL Not detected",
        "乙肝e抗体 0.03 S/CO",
    ],
)
def test_a_word_that_may_be_the_reference_is_never_a_negative_result(line: str) -> None:
    assert "negative" not in {row.value for row in of(line).rows}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("直接胆红素 5.1 umol/L 0-6.8", "test"),
        ("前白蛋白 210 mg/L 180-350", "test"),
        ("Bilirubin, direct 0.3 mg/dL 0-0.3", "test"),
        ("Urine albumin 12 mg/L 0-20", "test"),
        ("平均血小板体积 9.1 fL 7-11", "test"),
        ("EBV DNA 1200 IU/mL <400", "test"),
        ("AST/ALT 0.8 U/L 0-1", "name"),
        ("谷丙转氨酶(AST) 70 U/L 9-50", "name"),
        ("中性粒细胞 65 % 40-75", "unit"),
        ("ALT 62 mmol/L 9-50", "unit"),
        ("ALT 62 U/mL 9-50", "unit"),
        ("ALT 6O U/L 9-50", "value"),
        ("ALT 86,5 U/L 9-50", "value"),
        ("ALT 溶血 U/L 9-50", "word"),
        ("乙肝e抗原 1.02 S/CO 灰区", "word"),
        ("HBsAg ±", "word"),
        ("HBV DNA 低于定量下限", "word"),
    ],
)
def test_what_cannot_be_read_is_kept_aside_and_never_guessed(line: str, why: str) -> None:
    report = of(line)

    assert report.rows == ()
    assert [row.why for row in report.unknown_rows] == [why]


def test_a_quantity_and_the_word_beside_it_are_two_facts() -> None:
    quantity, word = of("HBsAg 1362.45 IU/mL 0-0.05 阳性").rows

    assert (quantity.analyte, quantity.value) == ("hbsag_quant", 1362.45)
    assert (word.analyte, word.value) == ("hbsag", "positive")


def test_a_limit_beside_not_detected_is_kept_as_the_limit_of_the_assay() -> None:
    (row,) = of("HBV-DNA 未检出 <20 IU/mL").rows

    assert (row.value, row.limit, row.unit) == ("negative", 20, "IU/mL")


def test_a_value_without_a_unit_has_none() -> None:
    (row,) = of("HBV-DNA 20000").rows

    assert (row.unit, row.unit_missing) == (None, True)


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("采样日期：2026-05-01 报告日期：2026-05-02", "2026-05-01"),
        ("Reported: 02-May-2026  Collected: 01-May-2026", "2026-05-01"),
        ("报告日期 2026年5月2日", "2026-05-02"),
        ("Collected: 25/05/2026", "2026-05-25"),
        ("Collected: 04/05/2026", None),
        ("采样日期：2027-05-01", None),
        ("出生日期：1990-03-12", None),
        ("DOB: 1990-03-12  Printed: 2026-05-02", None),
        ("2026-05-01 肝功能", "2026-05-01"),
        ("采样日期：2026-02-31", None),
    ],
)
def test_the_day_of_collection_counts_and_no_day_is_guessed(head: str, date: str | None) -> None:
    (row,) = of(f"{head}\n谷丙转氨酶 62 U/L 9-50").rows

    assert row.date == date


def test_two_panels_keep_their_own_days() -> None:
    report = of("采样日期：2026-01-05\nALT 120 U/L 9-50\n采样日期：2026-05-01\nALT 38 U/L 9-50")

    assert [(row.value, row.date) for row in report.rows] == [
        (120, "2026-01-05"),
        (38, "2026-05-01"),
    ]


def test_a_row_keeps_its_own_date_as_far_as_it_is_written() -> None:
    report = of("2024年 ALT 120 U/L\n2025年3月 ALT 60 U/L\n2026-05-01 ALT 40 U/L")

    assert [(row.value, row.date) for row in report.rows] == [
        (120, "2024"),
        (60, "2025-03"),
        (40, "2026-05-01"),
    ]


def test_a_table_with_a_column_for_each_test_is_kept_aside() -> None:
    report = of("日期 | ALT | AST | HBV-DNA\n2026-05-01 | 62 | 40 | 2.3E5")

    assert report.rows == ()
    assert [row.why for row in report.unknown_rows] == ["columns"]


def test_a_logarithm_beside_a_number_says_the_same_again() -> None:
    (row,) = of("HBV DNA PCR Quant: 1,250,000 IU/mL (6.10 log)").rows

    assert (row.value, row.unit, row.ambiguous) == (1_250_000, "IU/mL", False)


def test_an_earlier_result_is_not_the_result() -> None:
    report = of("项目 上次结果 结果 单位\nALT 120 38 U/L\nAST 66 U/L")

    assert [(short(row)["value"], row.why) for row in report.rows] == [(38, None), (66, "columns")]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("这是我妈妈的化验单，帮我看看\nALT 62 U/L", "mother"),
        ("My husband's results:\nALT 62 U/L", "husband"),
        ("我的化验单\nALT 62 U/L", None),
        ("患者信息\nALT 62 U/L", None),
    ],
)
def test_a_report_may_be_somebody_elses(text: str, subject: str | None) -> None:
    assert [row.subject for row in of(text).rows] == [subject]
