"""Numbers as people write them."""

from __future__ import annotations

import pytest

from bot.numbers import chinese_value, find_numbers
from bot.text import fold


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2.3x10^7", 23_000_000),
        ("2.3×10⁷", 23_000_000),
        ("2.3×10的7次方", 23_000_000),
        ("2.3 乘 10 的 7 次方", 23_000_000),
        ("2.3 times 10 to the power of 7", 23_000_000),
        ("2.3E7", 23_000_000),
        ("2.3e+07", 23_000_000),
        ("1.84E07", 18_400_000),
        ("1.236EO6", 1_236_000),
        ("2.3 million", 2_300_000),
        ("1.23×10′7", 12_300_000),
        ("2,2乘10的5次方", 220_000),
        ("二点六乘十的八次方", 260_000_000),
        ("10的7次方", 10_000_000),
        ("20807000", 20_807_000),
        ("1,500", 1_500),
        ("7万", 70_000),
        ("两万三", 23_000),
        ("54.6", 54.6),
        (".07", 0.07),
        ("８６", 86),
    ],
)
def test_one_number_is_read_in_every_spelling(written: str, value: float) -> None:
    numbers = find_numbers(fold(written))

    assert [n.value for n in numbers] == [value]
    assert not numbers[0].ambiguous


@pytest.mark.parametrize("written", ["1.117*106", "dna7次方", "1.83除以10的8次方"])
def test_a_lost_caret_or_a_bare_order_of_magnitude_is_ambiguous(written: str) -> None:
    assert [n.ambiguous for n in find_numbers(fold(written))] == [True]


@pytest.mark.parametrize(
    ("written", "comparator"),
    [
        ("<20", "<"),
        ("＜20", "<"),
        ("≤ 20", "<="),
        ("below 20", "<"),
        ("低于20", "<"),
        (">250", ">"),
        ("over 250", ">"),
        ("超过250", ">"),
        ("at least 5", ">="),
        ("600多", "~"),
        ("about 600", "~"),
        ("86", "="),
    ],
)
def test_a_comparator_stays_with_its_number(written: str, comparator: str) -> None:
    number = find_numbers(fold(written))[0]

    assert number.comparator == comparator
    assert (number.start, number.end) == (0, len(written))


@pytest.mark.parametrize("text", ["e antigen, hbeag, alt", "一直正常", "有一点高", "one of them"])
def test_no_number_is_found_in_words(text: str) -> None:
    assert find_numbers(fold(text)) == []


@pytest.mark.parametrize(
    "written",
    [
        "20×10^9/L",
        "20x10^9/L",
        "20 x 10^9 / L",
        "20*10E9/L",
        "20×10⁹/L",
        "20 10^9/L",
        "20 x 10(9)/L",
        "20×10的9次方/L",
        "20×109/L",
        "20e9/L",
        "20乘10的9次方每升",
        "20 x10^3/uL",
    ],
)
def test_a_power_of_ten_that_is_a_unit_is_no_factor(written: str) -> None:
    assert [n.value for n in find_numbers(fold(written))] == [20]


@pytest.mark.parametrize(
    ("written", "value"), [("2.3×10^6/ml", 2_300_000), ("2.3×10^9 IU/ml", 2_300_000_000)]
)
def test_a_power_of_ten_before_another_unit_is_a_factor(written: str, value: float) -> None:
    assert [n.value for n in find_numbers(fold(written))] == [value]


def test_english_number_words_count_time_only() -> None:
    assert [n.value for n in find_numbers("two years, twelve weeks, one result")] == [2, 12]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("三十四", 34), ("一百零五", 105), ("两千", 2000), ("两万三", 23_000), ("点", None)],
)
def test_chinese_numerals(numeral: str, value: float | None) -> None:
    assert chinese_value(numeral) == value
