"""Topics: the same in both languages, short, cited, and true to what is known of the person."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hbv_engine import about, read_record, topics
from hbv_engine.book import Book, Row, load_book
from hbv_engine.cards import SUMMARY_LIMIT
from hbv_engine.check import check_book
from hbv_engine.check.sources import is_source
from hbv_engine.check.translation import find as find_translation
from hbv_engine.wording import LANGUAGES, phrase, placeholders
from tests.engine.command import hbv
from tests.engine.tiny import tiny_book

BOOK = load_book()
TOPICS = topics(BOOK)
ASKED = {
    *("transmission", "exposure", "travel", "vaccine", "diet", "alcohol", "herbal"),
    *("pregnancy", "newborn", "symptoms", "cancer_risk", "mood", "work", "cost"),
    *("medicines", "missed_tablets", "stopping_tablets", "drug_resistance", "cure"),
    *("tablet_side_effects", "taking_tablets", "nicknames"),
    *("cirrhosis_care", "other_medicines"),
}
READERS = ("patient", "nurse")
NEXT = {"en": "Next: ", "zh": "下一步："}
HELP = {"en": "Get help now: ", "zh": "马上求助："}
NOBODY = {"as_of": "2026-11-20"}
DAY = "2026-11-01"


def person(**history: Any) -> dict[str, Any]:
    return {**NOBODY, "history": history}


def with_results(*results: tuple[str, Any], **history: Any) -> dict[str, Any]:
    found = [
        {"analyte": name, "value": value, "date": DAY}
        | ({"unit": "IU/mL"} if isinstance(value, int | float) else {})
        for name, value in results
    ]
    return {**NOBODY, "observations": found, "history": history}


def feeling(symptom: str) -> dict[str, Any]:
    return {**NOBODY, "symptoms": {symptom: True}}


RISING = {
    **NOBODY,
    "observations": [
        {"analyte": "hbv_dna", "value": 30, "unit": "IU/mL", "date": "2026-03-01"},
        {"analyte": "hbv_dna", "value": 3000, "unit": "IU/mL", "date": DAY},
    ],
    "history": {"antiviral_now": "nuc"},
}
PEGASYS = [{"drug": "peginterferon_alfa_2a", "start": "2026-06-05"}]
MET: dict[str, tuple[dict[str, Any], str]] = {
    "TRANS-X": (person(exposure_of_others=True), "exposed"),
    "TRAV-C": (person(cirrhosis="compensated"), "general"),
    "VACC-P": (with_results(("hbsag", "positive")), "infected"),
    "VACC-N": (
        with_results(("hbsag", "negative"), ("anti_hbs", "negative"), ("anti_hbc", "negative")),
        "unprotected",
    ),
    "VACC-C": (
        with_results(("hbsag", "negative"), ("anti_hbs", "negative"), ("anti_hbc", "positive")),
        "general",
    ),
    "DIET-C": (person(cirrhosis="decompensated"), "general"),
    "DIET-D": (person(diabetes_or_fatty_liver=True), "general"),
    "ALCO-C": (person(cirrhosis="compensated"), "general"),
    "HERB-J": (feeling("jaundice"), "yellow"),
    "HERB-X": (person(new_hepatotoxic_drug=True), "new_drug"),
    "PREG-I": ({**person(pregnant=True), "treatments": PEGASYS}, "on_interferon"),
    "PREG-H": (with_results(("hbv_dna", 200_001), pregnant=True), "high_virus"),
    "PREG-N": (person(pregnant=True, antiviral_now="nuc"), "on_tablets"),
    "PREG-P": (
        {**person(pregnant=False, planning_pregnancy=True), "treatments": PEGASYS},
        "planning_on_interferon",
    ),
    "MISST-X": (person(nuc_stopped_recently=True), "stopped"),
    "MISST-M": (person(missed_nuc_doses=True), "missed"),
    "STOPT-X": (person(nuc_stopped_recently=True), "stopped"),
    "STOPT-C": (person(cirrhosis="compensated"), "general"),
    "RESI-R": (RISING, "breakthrough"),
    "RESI-T": ({**NOBODY, "treatments": [{"drug": "telbivudine"}]}, "general"),
    "CIRR-D": (person(cirrhosis="decompensated"), "decompensated"),
    "OTHM-I": (person(immunosuppression="planned_within_days"), "immune"),
    "TABS-J": (feeling("jaundice"), "yellow"),
    "TABS-D": (feeling("dark_urine"), "yellow"),
    "TABS-T": ({**NOBODY, "treatments": [{"drug": "telbivudine"}]}, "general"),
    "CURE-L": (with_results(("hbsag", "negative"), hbsag_earlier="positive"), "lost"),
    "SYMP-J": (feeling("jaundice"), "yellow"),
    "SYMP-D": (feeling("dark_urine"), "yellow"),
    "CANC-C": (person(cirrhosis="compensated"), "surveillance"),
    "CANC-F": (
        with_results(("hbsag", "positive"), family_history_hcc_or_cirrhosis=True),
        "surveillance",
    ),
    "CANC-M": ({**with_results(("hbsag", "positive")), "sex": "male", "age": 41}, "surveillance"),
    "CANC-W": ({**with_results(("hbsag", "positive")), "sex": "female", "age": 51}, "surveillance"),
    "MOOD-S": (feeling("suicidal_thoughts"), "crisis"),
    "MOOD-L": (feeling("low_mood"), "low"),
    "MOOD-I": (person(antiviral_now="interferon"), "general"),
    "COST-N": (person(antiviral_now="nuc"), "general"),
}
"""For every row with a condition somebody who meets it, and the summary that then heads the card."""

UNMET: list[tuple[str, dict[str, Any]]] = [
    ("PREG-H", with_results(("hbv_dna", 200_000), pregnant=True)),
    ("PREG-H", with_results(("hbv_dna", 3_000_000))),
    ("PREG-H", with_results(("hbv_dna", 3_000_000), pregnant=False)),
    ("PREG-H", with_results(pregnant=True)),
    ("VACC-N", with_results(("hbsag", "negative"), ("anti_hbs", "negative"))),
    ("VACC-P", with_results(("hbsag", "negative"))),
    ("CANC-M", {**with_results(("hbsag", "positive")), "sex": "male", "age": 40}),
    ("CANC-W", {**with_results(("hbsag", "positive")), "sex": "female", "age": 50}),
    ("CANC-M", {**NOBODY, "sex": "male", "age": 60}),
    ("CANC-F", with_results(("hbsag", "negative"), family_history_hcc_or_cirrhosis=True)),
    ("CURE-L", with_results(("hbsag", "negative"))),
    ("STOPT-C", person(cirrhosis="none")),
    ("RESI-R", {**RISING, "history": {"antiviral_now": "none"}}),
]


def rows_of(topic: str) -> tuple[Row, ...]:
    return BOOK.tables[topic].rows


def is_for_all(row: Row) -> bool:
    return all(condition.text == "-" for condition in row.conditions.values())


def topic_of(row_id: str) -> str:
    return BOOK.row(row_id)[0].id


def sentences(topic: str) -> list[tuple[str, dict[str, str]]]:
    table = BOOK.tables[topic]
    found = [
        (f"{outcome.name} {reader} {part}", both)
        for outcome in table.outcomes.values()
        for (reader, part), both in outcome.texts.items()
    ]
    found += [
        (f"{row} {reader}", both) for row, by in table.says.items() for reader, both in by.items()
    ]
    return found


def numbers(text: str) -> list[str]:
    return sorted(
        re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\{[^}]*\}|RED-\d+\w?|[SX]\d(?:-\d+)?", "", text))
    )


def test_what_people_ask_most_is_there() -> None:
    assert set(TOPICS) == ASKED
    assert len(TOPICS) == len(ASKED)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_a_name_and_is_no_decision(book: Book, topic: str) -> None:
    for language in LANGUAGES:
        assert book.phrases[f"table.{topic}"][language]
    assert topic not in book.goals


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_a_card_is_short_and_tells_what_next(topic: str, language: str, reader: str) -> None:
    card = about(NOBODY, topic).card.render(language, reader)
    assert 0 < len(card.summary) < SUMMARY_LIMIT
    assert 3 <= len(card.points) <= 7
    assert card.missing == ()
    if reader == "patient":
        assert card.detail.startswith(NEXT[language])
        assert card.detail.index(HELP[language]) > 0


@pytest.mark.parametrize("row_id", MET)
def test_what_is_added_for_a_person_leaves_the_card_short(row_id: str) -> None:
    record, _ = MET[row_id]
    for language in LANGUAGES:
        card = about(record, topic_of(row_id)).card.render(language)
        assert len(card.summary) < SUMMARY_LIMIT
        assert len(card.points) <= 7
        assert card.detail.startswith(NEXT[language])
        assert HELP[language] in card.detail


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_say_the_same_numbers_and_placeholders(topic: str) -> None:
    for owner, both in sentences(topic):
        assert set(both) == set(LANGUAGES), owner
        assert numbers(both["en"]) == numbers(both["zh"]), owner
        assert placeholders(both["en"]) == placeholders(both["zh"]), owner


@pytest.mark.parametrize("topic", TOPICS)
def test_rows_for_some_stand_above_the_rows_for_all(topic: str) -> None:
    """The first row that holds heads the card, so nothing that matters more may stand below."""
    for_all = [is_for_all(row) for row in rows_of(topic)]
    assert for_all == sorted(for_all)
    summaries = [row.outcome for row in rows_of(topic)]
    first = summaries.index("general")
    assert set(summaries[first:]) == {"general"}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_row_is_said_to_both_readers_and_rests_on_a_source(book: Book, topic: str) -> None:
    table = book.tables[topic]
    assert set(table.says) == {row.id for row in table.rows}
    assert set(table.outcomes) == {row.outcome for row in table.rows}
    for row in table.rows:
        assert row.sources
        assert all(is_source(book, source) for source in row.sources)


def test_no_text_of_a_topic_is_untranslated(book: Book) -> None:
    files = {book.tables[topic].file for topic in TOPICS}
    assert [f for f in find_translation(book) if f.place.split(":")[0] in files] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_card_cites_what_it_says_and_calls_a_draft_a_draft(book: Book, topic: str) -> None:
    decision = about(NOBODY, topic)
    said = [row for row in rows_of(topic) if is_for_all(row)]
    assert decision.rules == tuple(row.id for row in said)
    assert {s for row in said for s in row.sources} <= set(decision.sources)
    assert decision.card.rulebook == book.sha256
    draft = any(row.confidence in {"K", "P"} for row in said)
    for language in LANGUAGES:
        note = decision.card.render(language).note
        assert (phrase(book, "note.draft", language) in note) == draft


def test_every_row_with_a_condition_has_somebody_who_meets_it() -> None:
    conditional = {row.id for topic in TOPICS for row in rows_of(topic) if not is_for_all(row)}
    assert set(MET) == conditional


@pytest.mark.parametrize("row_id", MET)
def test_a_row_is_said_to_who_meets_it_and_may_bring_its_own_summary(row_id: str) -> None:
    record, outcome = MET[row_id]
    decision = about(record, topic_of(row_id))
    assert row_id in decision.rules
    assert decision.outcome == outcome
    assert any(reason.rule == row_id for reason in decision.because)
    assert decision.card.render("en").because


@pytest.mark.parametrize("row_id", MET)
def test_a_fact_that_nobody_told_adds_nothing(row_id: str) -> None:
    decision = about(NOBODY, topic_of(row_id))
    assert row_id not in decision.rules
    assert decision.outcome == "general"
    assert decision.missing


@pytest.mark.parametrize(("row_id", "record"), UNMET)
def test_a_row_keeps_silent_when_a_condition_fails_or_is_not_known(
    row_id: str, record: dict[str, Any]
) -> None:
    assert row_id not in about(record, topic_of(row_id)).rules


def test_danger_heads_the_card_before_anything_else() -> None:
    record = {**NOBODY, "symptoms": {"suicidal_thoughts": True, "low_mood": True}}
    decision = about(record, "mood")
    assert decision.outcome == "crisis"
    assert decision.card.indicator == "critical"
    assert decision.card.render("zh").points[0].startswith("您提到有伤害自己的念头")
    assert len(decision.card.render("en").points) <= 7


def test_pregnancy_on_interferon_comes_before_the_viral_load() -> None:
    record = {**with_results(("hbv_dna", 3_000_000), pregnant=True), "treatments": PEGASYS}
    decision = about(record, "pregnancy")
    assert decision.outcome == "on_interferon"
    assert {"PREG-I", "PREG-H"} <= set(decision.rules)
    assert len(decision.rules) <= 7


def test_a_topic_takes_a_record_in_any_form_and_refuses_an_unknown_name() -> None:
    text = json.dumps(NOBODY)
    cards = [about(r, "diet").card.render() for r in (NOBODY, text, read_record(NOBODY))]
    assert cards[0] == cards[1] == cards[2]
    with pytest.raises(KeyError, match="phase"):
        about(NOBODY, "phase")


def test_a_book_without_topics_has_none() -> None:
    assert topics(tiny_book()) == ()


SIGNS = "Hit policy: highest · Order: today > never"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("setting", [(SIGNS, "Hit policy: collect · Topic: perhaps")]),
        (
            "no text",
            [
                (SIGNS, "Hit policy: collect · Topic: yes"),
                ("#### never", "### Never"),
            ],
        ),
        ("no text", [(SIGNS, "Hit policy: collect · Topic: yes")]),
    ],
)
def test_the_check_wants_a_known_setting_and_a_text_for_every_summary_and_row_of_a_topic(
    kind: str, changes: list[tuple[str, str]]
) -> None:
    assert kind in {finding.kind for finding in check_book(tiny_book(*changes))}


def test_the_check_wants_every_topic_to_tell_somebody_of_whom_nothing_is_known() -> None:
    topic = (SIGNS, "Hit policy: collect · Topic: yes")
    only_for_some = ("| G-0 | - | - | - | never", "| G-0 | - | no | - | never")
    for changes, found in (([topic], False), ([topic, only_for_some], True)):
        said = [f.message for f in check_book(tiny_book(*changes)) if f.kind == "setting"]
        assert any("ends with a row without conditions" in message for message in said) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_lists_every_topic_by_its_name(book: Book, language: str) -> None:
    shown = hbv("topic", "--lang", language).out
    for topic in TOPICS:
        assert topic in shown
        assert phrase(book, f"table.{topic}", language) in shown
    listed = hbv("topic", "--json").data
    assert [item["id"] for item in listed] == list(TOPICS)
    assert all(set(item["name"]) == set(LANGUAGES) for item in listed)


def test_the_command_tells_a_topic_to_everybody() -> None:
    shown = " ".join(hbv("topic", "transmission").out.split())
    assert "TRANS-1" in shown
    assert "EVERYDAY" in shown
    assert "a vaccine protects them" in shown
    assert "打疫苗能保护他们" in hbv("topic", "transmission", "--lang", "zh").out


def test_the_command_takes_a_record_into_account_and_shows_danger_first() -> None:
    given = json.dumps({**person(pregnant=True), "symptoms": {"jaundice": True}})
    shown = hbv("topic", "pregnancy", "-", stdin=given).out
    assert shown.index("RED-11a") < shown.index("PREG-1")
    data = hbv("topic", "pregnancy", "-", "--json", "--for", "nurse", stdin=given).data
    assert "RED-11a" in {alert["rule"] for alert in data["alerts"]}
    assert data["topic"]["card"]["audience"] == "nurse"
    assert data["as_of"] == "2026-11-20"


def test_the_command_refuses_a_topic_that_is_not_there() -> None:
    refused = hbv("topic", "astrology", "--json")
    assert refused.code == 2
    assert refused.error["value"] == "astrology"
    assert "transmission" in refused.error["accepted"]
