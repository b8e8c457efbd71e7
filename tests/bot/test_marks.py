"""What a message does with values: supposes them, takes them back, says whose or how old they are."""

from __future__ import annotations

import pytest

from bot.reading import read


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("what if my HBsAg were 900?", {"supposed": "true"}),
        ("如果表面抗原是900呢", {"supposed": "true"}),
        ("no, ALT was 58", {"correction": "true"}),
        ("不对，转氨酶是58", {"correction": "true"}),
        ("that was my mother's result", {"remark": "true", "whom": "mother"}),
        ("那是我妈妈的结果", {"remark": "true", "whom": "mother"}),
        ("that was last year", {"remark": "true", "when": "past"}),
        ("那是去年的", {"remark": "true", "when": "past"}),
        ("that was on 2025-03-01", {"remark": "true", "when": "2025-03-01"}),
        ("in English please", {"language": "en"}),
        ("请说中文", {"language": "zh"}),
        ("why not immune tolerance?", {"outcome": "phase/immune_tolerance"}),
        ("为什么不是免疫耐受期", {"outcome": "phase/immune_tolerance"}),
        ("forget my ALT", {"topic": "alt"}),
    ],
)
def test_marks_are_read(text: str, marks: dict[str, str]) -> None:
    found = dict(read(text).marks.items())

    assert marks.items() <= found.items()


@pytest.mark.parametrize(
    "text",
    [
        "不对 转氨酶是186",
        "我刚才说错了，谷丙是186",
        "说错了，186",
        "其实是186",
        "no, alt was 186",
        "no wait its 186",
        "oops, 186",
        "sorry 186 not 86",
        "alt 186, not 86",
        "the ALT I gave was wrong, it's 186",
        "186，不是86",
    ],
)
def test_a_value_in_place_of_another_is_a_correction(text: str) -> None:
    reading = read(text)
    values = [fact.value for fact in reading.facts] or [reading.bare and reading.bare.value]

    assert reading.marks.correction
    assert values == [186]


@pytest.mark.parametrize("text", ["no cirrhosis", "ALT is not raised, it was 30", "我不是大三阳"])
def test_a_denial_is_no_correction(text: str) -> None:
    assert not read(text).marks.correction


@pytest.mark.parametrize("text", ["ALT 86 U/L", "my HBeAg is positive", "谷丙转氨酶86 U/L"])
def test_a_plain_statement_supposes_and_corrects_nothing(text: str) -> None:
    names = {name for name, _ in read(text).marks.items()}

    assert not names & {"supposed", "correction", "remark", "whom", "when"}


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("what if my ALT were 20 U/L?", [True]),
        ("would it change if ALT were 20 U/L?", [True]),
        ("suppose my DNA was 2000 IU/mL", [True]),
        ("如果谷丙转氨酶是20 U/L呢", [True]),
        ("谷丙转氨酶20 U/L的话呢？", [True]),
        ("ALT was 58 U/L", [False]),
        ("谷丙转氨酶900 U/L", [False]),
        ("I want to know if my ALT 86 U/L is bad", [False]),
        ("can you tell me if results such as ALT 86 U/L were bad", [False]),
        ("my results were ALT 58 U/L", [False]),
        ("ALT 86 U/L, what if I wait?", [False]),
        ("我谷丙转氨酶86 U/L，如果不治疗会怎样", [False]),
        ("My ALT is 86 U/L. What if it were ALT 20 U/L?", [False, True]),
    ],
)
def test_only_what_follows_words_of_supposing_is_supposed(text: str, supposed: list[bool]) -> None:
    assert [fact.supposed for fact in read(text).facts] == supposed
