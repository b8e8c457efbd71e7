"""The whole way over HTTP against the running processes: words in, a cited answer and facts out."""

from __future__ import annotations

import pytest

from records import Store
from tests.conftest import Answer, Person

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

LONGEST_INTERVIEW = 25
ENGLISH = "34, female, e antigen positive, HBV DNA 2.3x10^7 IU/mL, ALT 86, should I be treated?"
CHINESE = "34岁，女，大三阳/e抗原阳性，HBV DNA 2.3×10的7次方 IU/mL，谷丙转氨酶86，需要治疗吗？"
# What a woman in immune clearance answers, by the id of the question.
ENGLISH_ANSWERS = {
    "hbsag": "yes, six months or longer",
    "antiviral_now": "no",
    "recent_events": "none of these",
    "pregnant": "neither",
    "alt_cause": "alcohol, medicines, fatty liver and other causes were all checked and excluded",
    "alt_limit": "40",
    "unit": "yes",
}
CHINESE_ANSWERS = {
    "hbsag": "半年以上",
    "antiviral_now": "没有",
    "recent_events": "都没有",
    "pregnant": "3",
    "alt_cause": "1",
    "alt_limit": "40",
    "unit": "是的",
}
OTHERWISE = {"en": "no", "zh": "没有"}


def test_english_conversation_ends_in_a_cited_answer(person: Person, kept: Store) -> None:
    first = person.says(ENGLISH)
    last, questions = _interview(person, first, ENGLISH_ANSWERS)

    assert "2.3×10⁷ IU/mL" in first.text
    assert {"phase", "antiviral_timing"} <= first.cards.keys()
    assert last.cards["phase"]["outcome"] == "immune_clearance"
    assert "PHASE-2" in last.cards["phase"]["rules"]
    assert any(source.startswith("S2-") for source in last.cards["phase"]["sources"])
    assert last.cards["antiviral_timing"]["status"] == "settled"
    assert "PHASE-2" in last.text
    assert len(questions) == len(set(questions)), "a question was asked twice"
    _assert_record(person, kept, ENGLISH)


def test_chinese_conversation_ends_in_the_same_answer(person: Person, kept: Store) -> None:
    first = person.says(CHINESE)
    last, _ = _interview(person, first, CHINESE_ANSWERS)

    assert "我记下了" in first.text
    assert last.cards["phase"]["outcome"] == "immune_clearance"
    assert last.cards["phase"]["language"] == "zh"
    assert "PHASE-2" in last.text
    _assert_record(person, kept, CHINESE)


def test_same_facts_give_the_same_decisions_in_both_languages(person: Person, kept: Store) -> None:
    """The answer does not depend on the language; only its words do."""
    other = Person(person.url)

    english, _ = _interview(person, person.says(ENGLISH), ENGLISH_ANSWERS)
    chinese, _ = _interview(other, other.says(CHINESE), CHINESE_ANSWERS)

    for goal in ("phase", "antiviral_timing"):
        assert english.cards[goal]["outcome"] == chinese.cards[goal]["outcome"]
        assert english.cards[goal]["rulebook"] == chinese.cards[goal]["rulebook"]
    assert kept.assessments(person.name)
    assert kept.assessments(other.name)


def _interview(person: Person, answer: Answer, answers: dict[str, str]) -> tuple[Answer, list[str]]:
    """Answer every question until none is asked; return the last answer and the questions."""
    asked = []
    while answer.question:
        asked.append(answer.question)
        assert len(asked) < LONGEST_INTERVIEW, asked
        otherwise = OTHERWISE["zh" if answers is CHINESE_ANSWERS else "en"]
        answer = person.says(answers.get(answer.question.split(":")[0], otherwise))
    return answer, asked


def _assert_record(person: Person, kept: Store, text: str) -> None:
    """The facts of the first message are in SQLite, each with the words it came from."""
    incoming = [m for m in kept.messages(person.name) if m["direction"] == "in"]
    first = incoming[0]
    assert first["text"] == text
    assert all(m["read_at"] for m in incoming)
    facts = {o.name: o for o in kept.observations(person.name, history=True) if o.id}
    assert facts["age"].value == 34
    assert facts["sex"].value == "female"
    assert facts["hbeag"].value == "positive"
    dna = facts["hbv_dna"]
    assert (dna.value, dna.unit, dna.comparator) == (23_000_000, "IU/mL", "=")
    assert text[dna.start : dna.end] == dna.raw
    alt = [o for o in kept.observations(person.name, history=True) if o.name == "alt"]
    assert [(o.status, o.unit) for o in alt] == [("unit_missing", None), ("current", "U/L")]
    assert alt[0].superseded_by == alt[1].id
