"""A message read as the answer to the question that was asked."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answers import answer_in
from actions.questions import Asked
from hbv_engine import load_book
from hbv_engine.questions import build_question
from records import Observation
from tests.actions.turns import turn

PENDING_ALT = Observation(kind="analyte", name="alt", value=86, raw="ALT 86", id=7)
PENDING_DNA = Observation(kind="analyte", name="hbv_dna", value=2000, raw="DNA 2000", id=8)


def asked(name: str, value: Observation | None = None) -> Asked:
    return Asked(build_question(load_book(), name, (), ()), value)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("hbeag", "positive", "positive"),
        ("hbeag", "阴性", "negative"),
        ("hbeag", "2", "negative"),
        ("hbsag", "yes", "six_months_or_more"),
        ("hbsag", "半年以上", "six_months_or_more"),
        ("hbsag", "no", None),
        ("antiviral_now", "no", "none"),
        ("antiviral_now", "both", "nuc_and_interferon"),
        ("cirrhosis", "没有", "none"),
        ("sex", "woman", "female"),
        ("hbv_dna", "not detected", "not_detected"),
        ("hbv_dna", "<20 IU/mL", {"value": 20, "unit": "IU/mL", "comparator": "<"}),
        ("hbv_dna", "2000", {"value": 2000, "comparator": "="}),
        ("alt", "86 U/L", {"value": 86, "unit": "U/L", "comparator": "="}),
        ("age", "34", 34),
        ("smoking", "yes", True),
        ("smoking", "没有", False),
        ("recent_events", "none of these", []),
        ("recent_events", "都没有", []),
        ("red_flag_screen", "1, 3", ["vomiting_blood", "confusion"]),
        ("red_flag_screen", "vomiting blood", ["vomiting_blood"]),
        ("red_flag_screen", "I threw up blood", None),
        ("red_flag_screen", "yes", None),
        ("red_flag_screen", "chest pain and bleeding that does not stop", None),
        ("urgent_screen", "fever and belly pain", ["belly_pain", "fever"]),
        ("urgent_screen", "I have fever", ["fever"]),
        ("urgent_screen", "no fever", None),
        ("urgent_screen", "发烧、肚子痛", ["belly_pain", "fever"]),
        ("urgent_screen", "99", None),
        ("alt_cause", "fatty liver", ["cause_fatty_liver"]),
        (
            "alt_cause",
            "alcohol, medicines, fatty liver and other causes were all checked and excluded",
            ["all_excluded"],
        ),
        ("hbsag_earlier", "no, it was never positive", "never_positive"),
        ("hbsag_earlier", "never positive, I think", None),
        ("urine_test", "not normal", "abnormal"),
        ("urine_test", "it was not normal", None),
        ("urine_test", "it is normal", "normal"),
        ("hbeag", "化验单上写的是阴性", "negative"),
        ("hbeag", "不是阳性", None),
        ("hbv_dna", "低于检测下限，不清楚下限是多少", "below_limit"),
        ("transmission_route", "说不清", "unknown_route"),
        ("pregnant", "not pregnant", None),
        ("pregnant", "没怀孕", None),
        ("pregnant", "planning it soon", "planning"),
        ("nuc_months", "18 months", 18),
        ("nuc_months", "2 years", None),
        ("interferon_week", "week 24", 24),
        ("interferon_week", "第二十四周", 24),
        ("last_liver_imaging", "2026-05", "2026-05-01"),
        ("last_liver_imaging", "last spring", None),
        (
            "alt",
            "62 U/L (upper limit 40)",
            {"value": 62, "unit": "U/L", "reference_high": 40},
        ),
        (
            "alt_earlier",
            "45 U/L on 2026-05-01",
            {"value": 45, "unit": "U/L", "date": "2026-05-01"},
        ),
        ("alt", "it is a bit high", None),
        ("hbeag", "maybe", None),
    ],
)
def test_answers_are_read(question: str, text: str, answer: Any) -> None:
    assert answer_in(turn(text), asked(question)) == answer


@pytest.mark.parametrize("text", ["I don't know", "不知道", "skip", "跳过"])
@pytest.mark.parametrize("question", ["hbeag", "alt", "smoking", "red_flag_screen"])
def test_not_knowing_and_skipping_are_answers_to_every_question(question: str, text: str) -> None:
    assert answer_in(turn(text), asked(question)) == "unknown"


@pytest.mark.parametrize(
    ("value", "text", "answer"),
    [
        (PENDING_ALT, "yes", "U/L"),
        (PENDING_ALT, "是的", "U/L"),
        (PENDING_ALT, "no", "unknown"),
        (PENDING_ALT, "86 U/L", "U/L"),
        (PENDING_DNA, "IU/mL", "IU/mL"),
        (PENDING_DNA, "拷贝", "copies/mL"),
        (PENDING_DNA, "1", "IU/mL"),
        (PENDING_DNA, "yes", None),
        (PENDING_DNA, "mg/dL", None),
    ],
)
def test_the_unit_of_a_number_is_asked_never_assumed(
    value: Observation, text: str, answer: str | None
) -> None:
    assert answer_in(turn(text), asked(value.name, value)) == answer
