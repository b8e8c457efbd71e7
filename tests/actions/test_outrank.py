"""Later wins, whichever way it was told; the earlier value stays readable as superseded."""

from __future__ import annotations

from typing import Any

import pytest

from actions.evidence import record_of
from actions.turn import store, today
from hbv_engine import answer, assess, next_question
from tests.actions.conversation import ANN, Talk


def _superseded(name: str) -> list[Any]:
    kept = store().observations(ANN, history=True)
    told = [o for o in kept if o.superseded_by and o.kind != "answer"]
    return [o.value for o in told if o.name == name]


def _record() -> Any:
    return record_of(store().observations(ANN), today())


@pytest.mark.parametrize(
    ("question", "answer", "told", "name", "before", "after"),
    [
        ("pregnant", "neither", "I forgot to say that I am pregnant", "pregnant", False, True),
        ("pregnant", "都没有", "忘了说，我怀孕了", "pregnant", False, True),
        ("pregnant", "pregnant", "I am not pregnant", "pregnant", True, False),
        ("hbeag", "positive", "my HBeAg is negative", "hbeag", "positive", "negative"),
        ("sex", "woman", "I am a man", "sex", "female", "male"),
        ("alt_cause", "alcohol", "no alcohol, I have fatty liver", "cause_fatty_liver", None, "present"),
        ("red_flag_screen", "none of these", "I vomit blood", "vomiting_blood", False, True),
        ("liver_findings", "none of these", "I have ascites", "ascites_known", False, True),
        ("hbv_dna", "not detected", "HBV DNA 2000 IU/mL", "hbv_dna", "not_detected", 2000),
    ],
)  # fmt: skip
def test_a_fact_told_later_outranks_an_answer(  # noqa: PLR0917
    talk: Talk, question: str, answer: str, told: str, name: str, before: Any, after: Any
) -> None:
    talk.answers(question, answer)
    talk.form = False
    talk.says(told)

    assert talk.known[name] == after
    assert _superseded(name) == ([] if before is None else [before])


def test_an_answer_given_later_outranks_a_fact(talk: Talk) -> None:
    talk.says("I am pregnant")
    talk.answers("pregnant", "neither")

    assert talk.known["pregnant"] is False
    assert _superseded("pregnant") == [True]


def test_the_other_answers_of_a_screen_stay(talk: Talk) -> None:
    talk.answers("liver_findings", "none of these")
    talk.form = False
    talk.says("I have ascites")

    history = {name: item.value for name, item in _record().history.items()}
    assert history["ascites_known"] is True
    assert history["liver_cancer"] is False


@pytest.mark.parametrize("told", ["I have cirrhosis", "我有肝硬化"])
def test_cirrhosis_of_an_unknown_kind_makes_no_cirrhosis_untrue_and_is_asked(
    talk: Talk, told: str
) -> None:
    talk.answers("cirrhosis", "no cirrhosis")
    talk.form = False
    talk.says(told)

    record = _record()
    assert record.history["cirrhosis"].value == "present"
    assert "cirrhosis" not in record.asked
    asked = []
    while (question := next_question(record, ("antiviral_timing",))) is not None:
        asked.append(question.id)
        record = answer(record, question.id, "unknown")
    assert "cirrhosis" in asked
    assert _superseded("cirrhosis") == ["none"]


@pytest.mark.parametrize(
    ("question", "answer", "told", "name"),
    [
        ("immunosuppression", "no", "I take prednisone", "immunosuppression"),
        ("alcohol_g_per_day", "0", "I drink beer", "alcohol_g_per_day"),
        ("antiviral_now", "no hepatitis B medicine", "I take entecavir", "antiviral_now"),
    ],
)
def test_a_denial_falls_when_the_opposite_is_told(
    talk: Talk, question: str, answer: str, told: str, name: str
) -> None:
    talk.answers(question, answer)
    talk.form = False
    talk.says(told)

    assert name not in _record().history


def test_a_question_about_a_word_makes_nothing_untrue(talk: Talk) -> None:
    talk.answers("cirrhosis", "no cirrhosis")
    talk.form = False
    talk.says("what is cirrhosis?", "ask_meaning_of_result")

    assert talk.known["cirrhosis"] == "none"


def test_a_stopped_medicine_is_no_longer_taken(talk: Talk) -> None:
    talk.says("I take entecavir")
    talk.says("I stopped entecavir")

    assert _record().treatments == ()


def test_an_answer_about_medicines_outranks_what_was_told_before(talk: Talk) -> None:
    talk.says("I take entecavir")
    talk.answers("antiviral_now", "no hepatitis B medicine")

    assert assess(_record()).conflicts == ()
    assert _record().treatments == ()


def test_the_limit_of_an_earlier_result_is_kept_with_its_unit(talk: Talk) -> None:
    """40 U/L as a limit must never be read as 40 ukat/L."""
    talk.says("ALT 45 U/L")
    talk.answers("alt_limit", "40")
    assert _record().observations[0].reference_high == 40

    talk.form = False
    talk.says("no, ALT was 1.2 ukat/L")
    assert _record().observations[0].reference_high is None or (
        _record().observations[0].reference_high < 1
    )
