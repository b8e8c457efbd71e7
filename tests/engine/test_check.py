"""Every check catches the mistake that it is there for, and leaves the right book alone."""

from __future__ import annotations

import pytest

from hbv_engine.book import Book
from hbv_engine.cards import Face
from hbv_engine.check import ERROR, NOTE, Finding, check_book
from hbv_engine.check.reading import grade
from hbv_engine.check.usage import parameters_in_code
from hbv_engine.check.wording import orders
from hbv_engine.errors import RulebookError
from tests.engine.tiny import tiny_book

FROM_OUTSIDE = {"unused input", "missing parameter"}
"""Kinds that look at the engine's own files, for which a tiny book is always too small."""

V3 = "| V-3 | negative | >= dna_limit | loud | EASL2017 | K |\n"
G1 = "| G-1 | yes | - | - | today | TRIAGE | K |\n"
LOUD_DETAIL = "The doctor can look for the cause."
BROKEN = [
    ("gap", (V3, "")),
    ("gap", ("| V-3 | negative | >= dna_limit", "| V-3 | negative | > dna_limit")),
    ("overlap", ("| V-2 | negative | < dna_limit", "| V-2 | negative | <= dna_limit")),
    ("overlap", ("| V-1 | positive | -", "| V-1 | - | -")),
    ("dead row", (V3, V3 + "| V-4 | negative | > dna_limit and < dna_limit | loud | EASL2017 | K |\n")),
    ("dead row", (V3, V3.replace("V-3", "V-4") + V3)),
    ("mergeable rows", (V3, "| V-3 | negative | >= dna_limit | quiet | EASL2017 | K |\n")),
    ("unused parameter", ("| fresh_months |", "| stray | 1 | mo | 2026 | X | P |\n| fresh_months |")),
    ("unused text", ("#### loud", "#### louder")),
    ("unused text", ("| G-2 | Call", "| G-9 | Call")),
    ("unused question", ("jaundice:\n", "smoking:\n")),
    ("no question", ("jaundice:\n", "smoking:\n")),
    ("question", ("kind: number", "kind: numbers")),
    ("question", ('  why: {en: "It is a sign.", zh: "这是一个信号。"}\nconfusion', "confusion")),
    ("question", ("cost: 4", "price: 4")),
    ("question", ("{analyte: hbeag, value: negative}", "{analyte: hbeag_x, value: negative}")),
    ("setting", ("Goal: yes", "Goals: yes")),
    ("setting", ("Indicator: warning", "Indicator: alarming")),
    ("setting", ("Status: settled", "Status: sure")),
    ("setting", ("Goal: yes", "Goal: yes · Said with: nobody")),
    ("setting", ("today > never", "today > later > never")),
    ("untranslated", ("| 医生可以帮您找原因。", "|")),
    ("untranslated", ("| 医生可以帮您找原因。", "| The doctor knows.")),
    ("untranslated", (LOUD_DETAIL, "The doctor can look, 医生。")),
    ("untranslated", ('en: "How much virus is there?", ', "")),
    ("untranslated", ('zh: "尚未经临床医生确认。"', 'zh: "not confirmed"')),
    ("placeholder", ("结果是{hbv_dna}。", "结果见化验单。")),
    ("placeholder", ("{=dna_limit} on", "{=dna_limits} on")),
    ("placeholder", ("{=dna_limit} on", "{=dna_limit on")),
    ("placeholder", ("The test found {hbv_dna}.", "The test found {hbv_rna}.")),
    ("missing source", ("loud | EASL2017 | K", "loud | | K")),
    ("missing source", ("loud | EASL2017 | K", "loud | EASL2077 | K")),
    ("missing source", ("S2-5 EASL2017", "S2-13 EASL2017")),
    ("missing source", ("Indicator: warning · Sources: EASL2017", "Indicator: warning")),
    ("confidence", ("quiet | S2-5 EASL2017 | C", "quiet | S2-5 EASL2017 | S")),
    ("no text", ("#### loud", "### Loud")),
    ("no text", (f"| patient detail | {LOUD_DETAIL} | 医生可以帮您找原因。 |\n", "")),
    ("no text", ("| G-2 | Call", "| G-9 | Call")),
    ("long summary", ("there is little virus.", "there is little virus, " + "and so on " * 12)),
    ("long summary", ("病毒量低。", "病毒量低" * 40)),
    ("blank line", (LOUD_DETAIL, f"Wait.<br><br>{LOUD_DETAIL}")),
    ("percentage", (LOUD_DETAIL, "It works in 54 % of people.")),
    ("percentage", (LOUD_DETAIL, "It works in 3 out of 10 people.")),
    ("percentage", (LOUD_DETAIL, "It works in ten percent.")),
    ("percentage", ("医生可以帮您找原因。", "有五成的人有效。")),
    ("percentage", ("医生可以帮您找原因。", "百分之五十四的人有效。")),
    ("forbidden wording", (LOUD_DETAIL, "If you feel ill, stop taking your tablets.")),
    ("forbidden wording", ("医生可以帮您找原因。", "不舒服的话，请停药。")),
    ("hard to read", (LOUD_DETAIL, "Notwithstanding considerable heterogeneity, individualised virological evaluation remains indispensable for comprehensive characterisation.")),
]  # fmt: skip


def kinds(findings: list[Finding]) -> set[str]:
    return {finding.kind for finding in findings} - FROM_OUTSIDE


def test_the_tiny_book_has_nothing_but_its_drafts() -> None:
    assert kinds(check_book(tiny_book())) == {"draft"}


@pytest.mark.parametrize(
    ("kind", "change"), BROKEN, ids=[f"{k}-{i}" for i, (k, _) in enumerate(BROKEN)]
)
def test_each_mistake_is_found_with_its_place(kind: str, change: tuple[str, str]) -> None:
    found = [f for f in check_book(tiny_book(change)) if f.kind == kind]
    assert found
    for finding in found:
        file, _, line = finding.place.rpartition(":")
        assert file.endswith((".md", ".yml"))
        assert int(line) > 0
        assert finding.message


def test_a_gap_prints_a_patient_whom_no_row_holds_for() -> None:
    (gap,) = (f for f in check_book(tiny_book((V3, ""))) if f.kind == "gap")
    assert gap.severity == ERROR
    assert gap.example["hbeag"] == "negative"
    dna = gap.example["hbv_dna"]
    assert isinstance(dna, float)
    assert dna >= 2000


def test_an_overlap_names_both_rows_their_sources_and_a_patient() -> None:
    book = tiny_book(("| V-2 | negative | < dna_limit", "| V-2 | negative | <= dna_limit"))
    (overlap,) = (f for f in check_book(book) if f.kind == "overlap")
    assert "V-2 (S2-5 EASL2017) and V-3 (EASL2017)" in overlap.message
    assert overlap.example == {"hbeag": "negative", "hbv_dna": 2000.0}


def test_a_patient_shows_only_what_matters() -> None:
    book = tiny_book(("| V-1 | positive | -", "| V-1 | - | -"))
    (overlap,) = (f for f in check_book(book) if f.kind == "overlap")
    assert overlap.example["hbeag"] == "negative"


def test_a_row_of_a_highest_table_that_is_said_is_not_dead_even_below_another() -> None:
    lower = "| G-3 | yes | yes | - | never | TRIAGE | K |\n"
    said = "| G-3 | Rest. | 请休息。 | Rest. | 休息。 |\n"
    silent = check_book(tiny_book((G1, G1 + lower)))
    heard = check_book(tiny_book((G1, G1 + lower), ("\n#### today", said + "\n#### today")))
    assert "dead row" in kinds(silent)
    assert "dead row" not in kinds(heard)


def test_a_row_that_needs_an_outcome_nobody_reaches_is_dead() -> None:
    far = "| V-9 | positive | < dna_limit and > dna_limit | asleep | EASL2017 | C |\n"
    book = tiny_book((V3, V3 + far), ("| G-2 | - | yes | active", "| G-2 | - | yes | asleep"))
    dead = [f.message for f in check_book(book) if f.kind == "dead row"]
    assert any("G-2" in message for message in dead)


def test_a_draft_row_whose_card_keeps_silent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Face, "_note", lambda *_: "")
    hidden = [f for f in check_book(tiny_book()) if f.kind == "hidden draft"]
    assert [f.severity for f in hidden] == [ERROR]
    assert "V-3" in hidden[0].message


def test_inputs_and_parameters_that_only_the_engine_knows_are_looked_at_too() -> None:
    found = check_book(tiny_book())
    unused = {f.message.split()[-1] for f in found if f.kind == "unused input"}
    assert "alt_class." in unused
    assert "hbv_dna." not in unused
    missing = " ".join(f.message for f in found if f.kind == "missing parameter")
    assert "week24_from" in missing
    assert "week24_from" in parameters_in_code()


WRONG = [
    ("| positive | - |", "| perhaps | - |", "perhaps"),
    ("< dna_limit", "< dna_limits", "dna_limits"),
    ("< dna_limit", "about dna_limit", "about"),
    ("| positive | - |", "| > 3 | - |", "> 3"),
    ("hbv_dna [IU/mL]", "hbv_dna [copies/mL]", "copies/mL"),
    ("hbv_dna [IU/mL]", "hbv_rna [IU/mL]", "hbv_rna"),
    ("hbv_dna [IU/mL]", "hbv dna", "hbv dna"),
    ("| active | EASL2017 | C |", "| active | EASL2017 | X |", "X"),
    ("Hit policy: unique", "Hit policy: first", "first"),
    (" · Order: today > never", "", "Order"),
    ("today > never", "never > now", "today"),
    ("{#signs}", "{#virus}", "virus"),
    ("| V-2 |", "| V-1 |", "V-1"),
    ("| G-1 | yes", "| V-1 | yes", "V-1"),
    (V3, V3.replace("loud", "gap"), "gap"),
    ("| fresh_months | 12", "| dna_limit | 12", "dna_limit"),
    ("| virus | → outcome", "| signs | → outcome", "signs"),
]


@pytest.mark.parametrize(("old", "new", "named"), WRONG, ids=[w[2] for w in WRONG])
def test_a_wrong_type_or_name_stops_the_book_from_loading_and_is_named(
    old: str, new: str, named: str
) -> None:
    with pytest.raises(RulebookError) as caught:
        check_book(tiny_book((old, new)))
    assert named in caught.value.message


FORBIDDEN = {
    "en": [
        "Stop taking your tablets.",
        "Please stop the interferon injections now.",
        "If you have a fever, skip the next injection.",
        "Call your doctor and stop the tablets.",
        "You can stop your treatment now.",
        "You should start antiviral treatment.",
        "It is time to start treatment.",
        "It is safe to stop the tablets.",
        "Start taking entecavir.",
        "Increase your dose of interferon.",
        "Your count is low, so lower the dose.",
        "Take two tablets today.",
        "Take an extra dose tonight.",
        "Switch from tablets to interferon.",
        "Add a tablet to your injections.",
        "Extend the course to 96 weeks.",
        "Pause the injections for a week.",
    ],
    "zh": [
        "停药吧。",
        "请停药。",
        "您可以停药了。",
        "请停用干扰素。",
        "如果发烧，请暂停打针。",
        "马上开始抗病毒治疗。",
        "请加量。",
        "建议减量。",
        "需要换药。",
        "请改用干扰素。",
        "请打两针。",
        "建议延长疗程。",
    ],
}
ALLOWED = {
    "en": [
        "Do not stop your tablets on your own.",
        "Ask your doctor whether to stop or change the dose.",
        "Ask your doctor whether you can stop the tablets.",
        "Keep taking your tablets until you have talked to your doctor.",
        "Never skip or double an injection without your doctor.",
        "Before you stop any medicine, talk to your doctor.",
        "If you stop or change the tablets, the liver can flare up.",
        "Some people start treatment at this point.",
        "The source text says that this is the best time for treatment.",
        "Doctors may add a tablet or make the course longer.",
        "Take your report to the next visit.",
        "You may skip this question.",
    ],
    "zh": [
        "不要自行停药。",
        "请问医生是否可以停药。",
        "停药后肝炎可能发作。",
        "自己停药很危险。",
        "请先继续吃，和医生商量要不要换药。",
        "停药必须由医生决定。",
        "原文说这是开始治疗的最佳时机。",
        "请不要加量或减量。",
        "有的医生会加用口服药。",
        "请按时复查。",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, ts in FORBIDDEN.items() for t in ts])
def test_an_order_about_a_medicine_is_caught(language: str, text: str) -> None:
    assert orders(text, language)


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, ts in ALLOWED.items() for t in ts])
def test_a_warning_or_a_question_is_no_order(language: str, text: str) -> None:
    assert orders(text, language) == []


def test_the_reading_grade_is_near_that_of_texts_with_a_known_grade() -> None:
    easy = "The cat sat on the mat. It was a warm day. The sun was out, and the cat slept."
    hard = (
        "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature, and its "
        "anatomical organisation continues to puzzle contemporary evolutionary biologists."
    )
    assert grade(easy) < 2
    assert grade(
        "This sentence, taken as a reading passage unto itself, is being used to prove a point."
    ) == pytest.approx(7.4, abs=1)
    assert grade(hard) > 13


def test_the_real_book_has_no_error(book: Book) -> None:
    errors = [f"{f.place}: {f.kind}: {f.message}" for f in check_book(book) if f.severity == ERROR]
    assert errors == []


def test_every_draft_of_the_real_book_is_listed(book: Book) -> None:
    drafts = {f.place for f in check_book(book) if f.kind == "draft" and f.severity == NOTE}
    rows = {
        f"{table.file}:{row.line}"
        for table in book.tables.values()
        for row in table.rows
        if row.confidence in {"K", "P"}
    }
    assert drafts == rows
