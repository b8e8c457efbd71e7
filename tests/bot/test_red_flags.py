"""Danger is found by words alone, with negation, past and other people understood."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.reading import read
from bot.red_flags import find_red_flags

CORPUS = yaml.safe_load((Path(__file__).parent / "danger.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", CORPUS["alarms"])
def test_whatever_may_be_the_writers_own_sign_alarms(text: str) -> None:
    assert any(flag.alarms for flag in find_red_flags(text))


@pytest.mark.parametrize("text", CORPUS["others"])
def test_a_sign_that_somebody_else_has_now_is_theirs(text: str) -> None:
    assert any(flag.is_present and flag.subject for flag in find_red_flags(text))


@pytest.mark.parametrize("text", CORPUS["calm"])
def test_what_is_denied_or_general_does_not_alarm(text: str) -> None:
    assert not any(flag.alarms for flag in find_red_flags(text))


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("no black stools, but vomiting blood", {"vomiting_blood"}),
        ("no jaundice or confusion. I vomited blood", {"vomiting_blood"}),
        ("没有黑便，但是吐血了", {"vomiting_blood"}),
        ("没有黄疸、腹水，今天大便是黑的", {"black_or_bloody_stool"}),
    ],
)
def test_a_sign_beside_denied_ones_alarms_alone(text: str, signs: set[str]) -> None:
    assert {flag.id for flag in find_red_flags(text) if flag.alarms} == signs


@pytest.mark.parametrize(
    "text",
    [
        "i took 20 pills of paracetamol",
        "I overdosed last night",
        "rash all over and my mouth has blisters",
        "吃了一整瓶药",
        "吃了好多片安眠药",
        "全身起疹子嘴里有水泡",
    ],
)
def test_an_overdose_or_a_rash_with_blisters_is_a_danger(text: str) -> None:
    assert {f.id for f in find_red_flags(text) if f.alarms} & {"overdose", "severe_rash"}


@pytest.mark.parametrize(
    "text",
    [
        "I took 20 tablets over the last month",
        "I haven't taken 20 pills",
        "10 years ago I took an overdose",
        "can you overdose on entecavir",
        "rash but no blisters",
        "吃了好多药都没用",
        "我没吃一整瓶药",
    ],
)
def test_what_only_looks_like_an_overdose_is_no_danger(text: str) -> None:
    assert not any(flag.alarms for flag in find_red_flags(text))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I'm 20 weeks pregnant and bleeding", "pregnancy_danger"),
        ("pregnant, 30 weeks. The baby is moving less since yesterday", "pregnancy_danger"),
        ("my baby has stopped kicking", "pregnancy_danger"),
        ("怀孕20周，下面出血了", "pregnancy_danger"),
        ("孕32周胎动减少", "pregnancy_danger"),
    ],
)
def test_danger_in_pregnancy_is_the_writers_own(text: str, sign: str) -> None:
    assert sign in {flag.id for flag in find_red_flags(text) if flag.alarms}


@pytest.mark.parametrize(
    "text",
    ["I am pregnant, no bleeding", "胎动没有减少", "not pregnant, spotting before my period"],
)
def test_what_is_no_danger_in_pregnancy_does_not_alarm(text: str) -> None:
    assert not any(flag.alarms for flag in find_red_flags(text))


def test_an_overdose_with_the_wish_to_die_is_both() -> None:
    flags = find_red_flags("I took 30 paracetamol because I want to die")

    assert {flag.id for flag in flags if flag.alarms} == {"overdose", "suicidal_thoughts"}


@pytest.mark.parametrize("text", ["when is vomiting blood dangerous?", "什么情况下会吐血？"])
def test_a_general_question_is_noticed_as_such(text: str) -> None:
    assert [flag.asked for flag in read(text).red_flags] == [True]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("I threw up a lot of blood this morning", "vomiting_blood"),
        ("吐了好多血", "vomiting_blood"),
        ("my stool is black", "black_or_bloody_stool"),
        ("there is blood in my stool", "black_or_bloody_stool"),
        ("这两天大便是黑的", "black_or_bloody_stool"),
        ("he says I am confused and hard to wake", "confusion"),
        ("我不想活了", "suicidal_thoughts"),
        ("sometimes I want to die", "suicidal_thoughts"),
        ("suddenly I can't breathe", "severe_breathlessness"),
        ("my eyes turned yellow", "jaundice"),
        ("眼睛发黄，尿像浓茶", "jaundice"),
        ("I can't stop vomiting blood", "vomiting_blood"),
    ],
)
def test_a_present_sign_alarms(text: str, sign: str) -> None:
    assert sign in {flag.id for flag in find_red_flags(text) if flag.alarms}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("no, I am not vomiting blood", "negated"),
        ("I have no jaundice, black stools or confusion", "negated"),
        ("没有吐血", "negated"),
        ("去年吐过血", "past"),
        ("my father vomited blood", "subject"),
        ("我爸爸吐血了", "subject"),
    ],
)
def test_a_sign_that_is_denied_over_or_of_somebody_else_is_noticed_but_does_not_alarm(
    text: str, mark: str
) -> None:
    flags = find_red_flags(text)

    assert flags
    assert all(getattr(flag, mark) for flag in flags)
    assert not any(flag.alarms for flag in flags)


@pytest.mark.parametrize(
    "text", ["I am confused about my results", "愁死了", "which phase am I in?"]
)
def test_figures_of_speech_do_not_alarm(text: str) -> None:
    assert find_red_flags(text) == []
