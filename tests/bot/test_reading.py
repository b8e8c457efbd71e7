"""What a message states: the cases of ``messages.yml``, and what must hold for any message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import read

CASES = yaml.safe_load((Path(__file__).parent / "messages.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["say"][:40] for case in CASES])
def test_message_states_exactly_these_facts(case: dict[str, Any]) -> None:
    reading = read(case["say"])

    stated = [
        {key: value for key, value in fact.as_dict().items() if key not in {"start", "end"}}
        for fact in reading.facts
    ]
    assert stated == case["facts"]
    assert reading.language == case["language"]


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_span_lies_within_it(text: str) -> None:
    reading = read(text)

    for found in (*reading.facts, *reading.red_flags):
        assert 0 <= found.start < found.end <= len(text)


@given(st.sampled_from(["ALT 86", "HBV DNA 2000", "谷丙转氨酶86", "HBsAg 1500"]))
def test_no_unit_is_ever_invented(text: str) -> None:
    assert [fact.unit for fact in read(text).facts] == [None]


@pytest.mark.parametrize(
    ("text", "name", "value", "unit"),
    [
        ("86", "number", 86, None),
        ("86 U/L", "number", 86, "U/L"),
        ("<20 IU/ml", "number", 20, "IU/mL"),
        ("2.3x10^7 copies/mL", "number", 23_000_000, "copies/mL"),
        ("IU/mL", "unit", "IU/mL", None),
        ("拷贝", "unit", "copies/mL", None),
        ("positive", "word", "positive", None),
        ("阴性", "word", "negative", None),
    ],
)
def test_a_lone_value_is_kept_for_the_open_question(
    text: str, name: str, value: object, unit: str | None
) -> None:
    bare = read(text).bare

    assert bare is not None
    assert (bare.name, bare.value, bare.unit) == (name, value, unit)


@pytest.mark.parametrize(
    "text", ["yes, six months or longer", "not 86", "不是86", "一直正常", "我不是大三阳"]
)
def test_a_number_inside_other_words_answers_no_question(text: str) -> None:
    bare = read(text).bare

    assert bare is None or bare.name != "number"


@pytest.mark.parametrize(("text", "unit"), [("6 months", "month"), ("60个月", "month")])
def test_time_is_no_laboratory_value(text: str, unit: str) -> None:
    bare = read(text).bare

    assert bare is not None
    assert bare.unit == unit


@pytest.mark.parametrize(
    ("text", "value"),
    [("not positive", "negative"), ("不是阳性", "negative"), ("not negative", "positive")],
)
def test_a_lone_denied_word_is_turned(text: str, value: str) -> None:
    bare = read(text).bare

    assert bare is not None
    assert bare.value == value


@pytest.mark.parametrize(
    "text", ["is it positive?", "positive or negative?", "我的e抗原是阳性吗", "表面抗原能转阴吗"]
)
def test_a_result_that_is_only_asked_about_answers_no_question(text: str) -> None:
    assert read(text).bare is None


@pytest.mark.parametrize(
    "words", ["恩替换", "恩替换成了", "switched from taf to ", "was on taf, now "]
)
def test_many_changes_of_medicines_are_read(words: str) -> None:
    assert read(words * 150).facts
