"""Values as people type them, in both scripts."""

from __future__ import annotations

import datetime as dt

import pytest

from hbv_engine.cli.layout import wrap
from hbv_engine.cli.typed import Quantity, plain, read_quantity, take_date
from hbv_engine.cli.units import SPELLINGS
from hbv_engine.errors import DateError, WrongTypeError
from hbv_engine.facts import catalogue


def read(analyte: str, text: str) -> Quantity:
    return read_quantity(text, tuple(catalogue().analytes[analyte].units or ()), limits=True)


@pytest.mark.parametrize(
    ("analyte", "text", "value", "unit"),
    [
        ("alt", "86 U/L", 86, "U/L"),
        ("alt", "86u/l", 86, "U/L"),
        ("alt", "８６ Ｕ／Ｌ", 86, "U/L"),
        ("alt", "86单位/升", 86, "U/L"),
        ("hbv_dna", "2.3e7 IU/mL", 2.3e7, "IU/mL"),
        ("hbv_dna", "2.3x10^7 iu/ml", 2.3e7, "IU/mL"),
        ("hbv_dna", "2.3×10⁷ IU/mL", 2.3e7, "IU/mL"),
        ("hbv_dna", "２．３×10⁷ IU／mL", 2.3e7, "IU/mL"),
        ("hbv_dna", "2.3乘10的7次方 IU/mL", 2.3e7, "IU/mL"),
        ("hbv_dna", "10的7次方 copies/ml", 1e7, "copies/mL"),
        ("hbv_dna", "230万国际单位/毫升", 2.3e6, "IU/mL"),
        ("hbv_dna", "23,000,000 IU/mL", 2.3e7, "IU/mL"),
        ("hbv_dna", "5.0E+05 IU/mL", 5e5, "IU/mL"),
        ("hbv_dna", "7.2 log IU/mL", 7.2, "log10 IU/mL"),
        ("hbv_dna", "log10 copies/mL 5.3", 5.3, "log10 copies/mL"),
        ("hbsag_quant", "250 COI", 250, "COI"),
        ("hbsag_quant", "2026.5 IU/mL", 2026.5, "IU/mL"),
        ("platelets", "165x10^9/L", 165, "10*9/L"),
        ("platelets", "165×10⁹/L", 165, "10*9/L"),
        ("platelets", "165 K/uL", 165, "10*3/uL"),
        ("platelets", "16.5万/μL", 16.5, "10*4/uL"),
        ("platelets", "165,000/mm3", 165000, "/mm3"),
        ("bilirubin", "15 µmol/L", 15, "umol/L"),
        ("inr", "1.0", 1.0, None),
        ("liver_stiffness", "1.5 m/s", 1.5, "m/s"),
        ("alt", "86", 86, None),
        ("alt", "86↑", 86, None),
        ("hbv_dna", "5000 copies", 5000, "copies"),
    ],
)
def test_a_number_and_its_unit(analyte: str, text: str, value: float, unit: str | None) -> None:
    found = read(analyte, text)
    assert found.value == pytest.approx(value)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("<20 IU/mL", "<"),
        ("＜２０ IU/mL", "<"),
        ("below 20 IU/mL", "<"),
        ("低于20 IU/mL", "<"),
        ("≤20 IU/mL", "<="),
        ("> 170000000 IU/mL", ">"),
        ("大于1.7E8 IU/mL", ">"),
        ("about 20 IU/mL", "~"),
        ("20 IU/mL", "="),
    ],
)
def test_the_comparator_that_was_printed(text: str, comparator: str) -> None:
    assert read("hbv_dna", text).comparator == comparator


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("62 U/L (upper limit 40)", None, 40),
        ("62 U/L (ULN 40 U/L)", None, 40),
        ("62 U/L, limit 40", None, 40),
        ("62 U/L (9-50)", 9, 50),
        ("62 U/L 参考范围 9～50", 9, 50),
        ("62 U/L（上限40）", None, 40),
        ("62 U/L", None, None),
    ],
)
def test_the_limit_printed_beside_a_result(
    text: str, low: float | None, high: float | None
) -> None:
    found = read("alt", text)
    assert (found.value, found.low, found.high) == (62, low, high)


@pytest.mark.parametrize("text", ["62 U/L 2026-05-01", "62 U/L on 2026/5/1", "2026年5月1日 62 U/L"])
def test_the_day_beside_a_result(text: str) -> None:
    found = read("alt", text)
    assert (found.value, found.date) == (62, dt.date(2026, 5, 1))


@pytest.mark.parametrize("text", ["", "high", "1-4 U/L", "86 and 90 U/L", "2,3 U/L", "1,23,456"])
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(WrongTypeError):
        read("alt", text)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DateError):
        read("alt", "62 U/L 2026-02-30")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05", dt.date(2026, 5, 1)),
        ("2026年5月", dt.date(2026, 5, 1)),
        ("２０２６-05-17", dt.date(2026, 5, 17)),
        ("May", None),
    ],
)
def test_a_month_counts_from_its_first_day(text: str, day: dt.date | None) -> None:
    assert take_date(plain(text), months=True)[1] == day


def test_every_declared_unit_can_be_typed() -> None:
    facts = catalogue()
    declared = {unit for a in facts.analytes.values() for unit in a.units or {}} - {"1"}
    assert declared <= set(SPELLINGS)
    for unit in declared:
        assert read_quantity(f"5 {unit}", (unit,)).unit == unit


def test_chinese_text_breaks_anywhere_but_not_before_a_full_stop() -> None:
    lines = wrap("请按时复查：您的结果符合免疫耐受期的表现，谢谢。", 20)
    assert all(line[0] not in "，。：" for line in lines)
    assert "".join(lines) == "请按时复查：您的结果符合免疫耐受期的表现，谢谢。"


def test_english_words_stay_whole() -> None:
    assert wrap("Keep your check-ups: your results fit", 20) == [
        "Keep your check-ups:",
        "your results fit",
    ]
