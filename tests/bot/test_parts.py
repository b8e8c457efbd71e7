"""The clauses of a message, and what their questions are about."""

from __future__ import annotations

import pytest

from bot.other_matters import is_out_of_scope
from bot.parts import about_another, is_open, parts_of, settled
from bot.reading import read


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "HBsAg 900, week 24 of interferon, e antigen negative, can I stop?",
            ["HBsAg 900,", "week 24 of interferon,", "e antigen negative,", "can I stop?"],
        ),
        (
            "表面抗原900，打干扰素24周，可以停吗？",
            ["表面抗原900，", "打干扰素24周，", "可以停吗？"],
        ),
        ("I'm on tenofovir can I stop", ["I'm on tenofovir", "can I stop"]),
        ("HBV DNA 1,250,000 IU/mL, ALT 54.6", ["HBV DNA 1,250,000 IU/mL,", "ALT 54.6"]),
        ("how often should I be checked?", []),
        ("how many milligrams of entecavir should I take?", []),
        ("ALT 86", []),
        ("??!", []),
    ],
)
def test_a_message_is_cut_where_its_clauses_end(text: str, parts: list[str]) -> None:
    assert [part.text for part in parts_of(text)] == parts


@pytest.mark.parametrize("text", ["What now?", "what should I do?", "怎么办？", "我该怎么办"])
def test_what_now_is_about_what_stands_elsewhere(text: str) -> None:
    assert is_open(text.lower())


@pytest.mark.parametrize("text", ["should I be treated?", "怎么治疗", "what should I take?"])
def test_a_question_of_its_own_is_not_open(text: str) -> None:
    assert not is_open(text)


@pytest.mark.parametrize(
    ("guess", "text", "clause", "meant"),
    [
        ("ask_stop_nuc", "week 48 of pegasys, can I stop?", "can I stop?", "ask_stop_interferon"),
        ("ask_stop_interferon", "我在吃恩替卡韦，可以停吗", "可以停吗", "ask_stop_nuc"),
        (
            "ask_side_effect",
            "ALT 45 U/L, is that normal?",
            "is that normal?",
            "ask_meaning_of_result",
        ),
        ("ask_meaning_of_result", "发烧39度，正常吗", "正常吗", "ask_side_effect"),
        ("ask_phase", "ALT 45 U/L, which phase?", "which phase?", "ask_phase"),
    ],
)
def test_what_a_clause_leaves_open_the_message_settles(
    guess: str, text: str, clause: str, meant: str
) -> None:
    assert settled(guess, read(text), read(clause)) == meant


@pytest.mark.parametrize(
    ("text", "clause", "another"),
    [
        (
            "My husband has hepatitis B. Should he start treatment?",
            "Should he start treatment?",
            True,
        ),
        ("我老公谷丙转氨酶200 U/L，他要不要治疗？", "他要不要治疗？", True),
        ("My mother has liver cancer. Should I be treated?", "Should I be treated?", False),
        ("我妈妈肝癌，我要不要治疗？", "我要不要治疗？", False),
    ],
)
def test_whose_question_it_is(text: str, clause: str, another: bool) -> None:
    assert about_another(read(text), clause) is another


@pytest.mark.parametrize(
    ("text", "guess", "outside"),
    [
        ("I have hepatitis C, what should I do?", "ask_start_treatment", True),
        ("我因为丙肝打干扰素，有效吗？", "ask_interferon_response", True),
        ("I have hepatitis B and HIV, should I be treated?", "ask_start_treatment", False),
        ("我有乙肝和丙肝，要不要治疗", "ask_start_treatment", False),
        ("I also have hepatitis C, should I be treated?", "ask_start_treatment", False),
        ("what is the treatment for hepatitis B?", "ask_start_treatment", False),
    ],
)
def test_another_virus_alone_is_out_of_scope(text: str, guess: str, outside: bool) -> None:
    assert is_out_of_scope(read(text), text, [guess]) is outside
