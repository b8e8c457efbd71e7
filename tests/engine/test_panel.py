"""The five markers: every combination has one answer, nothing is asked in vain, nothing is promised."""

from __future__ import annotations

from itertools import product

import pytest

from hbv_engine import assess, next_question, read_record
from hbv_engine.book import Book
from hbv_engine.model import Record
from hbv_engine.situation import Situation

MARKERS = ("hbsag", "anti_hbs", "hbeag", "anti_hbe", "anti_hbc")
PATTERNS = tuple(product(("negative", "positive"), repeat=len(MARKERS)))
PROTECTED = {"vaccine_immunity", "past_infection_with_antibody"}


def panel(*values: str, **more: str) -> Record:
    """A record with the markers in the order of the report, or some of them by name."""
    found = dict(zip(MARKERS, values, strict=False)) | more
    tests = [{"analyte": name, "value": value} for name, value in found.items()]
    return read_record({"as_of": "2026-11-20", "observations": tests})


def outcome(book: Book, record: Record) -> str | None:
    return assess(record, book=book).decisions["panel"].outcome


def places(values: tuple[str, ...]) -> str:
    return "".join(str(i) for i, value in enumerate(values, 1) if value == "positive") or "0"


@pytest.mark.parametrize("values", PATTERNS, ids=places)
def test_every_panel_has_exactly_one_answer(book: Book, values: tuple[str, ...]) -> None:
    decision = assess(panel(*values), book=book).decisions["panel"]
    assert decision.status == "settled"
    assert decision.missing == ()
    assert [rule for rule in decision.rules if rule.startswith("PANEL-")] == list(decision.rules)
    assert len(decision.rules) == 1


@pytest.mark.parametrize("values", PATTERNS, ids=places)
def test_protection_needs_the_surface_antibody_and_no_antigen(
    book: Book, values: tuple[str, ...]
) -> None:
    known = dict(zip(MARKERS, values, strict=True))
    if outcome(book, panel(*values)) in PROTECTED:
        assert known["anti_hbs"] == "positive"
        assert known["hbsag"] == known["hbeag"] == "negative"


@pytest.mark.parametrize("values", PATTERNS, ids=places)
def test_a_positive_surface_antigen_always_leads_to_a_doctor(
    book: Book, values: tuple[str, ...]
) -> None:
    card = assess(panel(*values), book=book).decisions["panel"].card
    if values[0] == "positive":
        assert card.indicator == "warning"
        assert "doctor" in card.render("en").summary
        assert "医生" in card.render("zh").summary


def test_the_named_patterns_are_named_in_both_languages(book: Book) -> None:
    for values, english, chinese in (
        (("positive", "negative", "positive", "negative", "positive"), "big three", "大三阳"),
        (("positive", "negative", "negative", "positive", "positive"), "small three", "小三阳"),
        (("positive", "negative", "negative", "negative", "positive"), "small two", "小二阳"),
    ):
        card = assess(panel(*values), book=book).decisions["panel"].card
        assert english in card.render("en").detail
        assert chinese in card.render("zh").summary
        assert chinese in card.render("zh").detail


def test_core_antibody_alone_names_the_window_and_is_never_immunity(book: Book) -> None:
    for values in (
        ("negative", "negative", "negative", "negative", "positive"),
        ("negative", "negative", "negative", "positive", "positive"),
    ):
        card = assess(panel(*values), book=book).decisions["panel"].card
        assert "window period" in card.render("en").detail
        assert "窗口期" in card.render("zh").detail
        assert card.indicator == "warning"


@pytest.mark.parametrize(
    "phase", ["immune_tolerance", "immune_clearance", "inactive_carrier", "reactivation"]
)
def test_no_panel_tells_a_patient_a_phase(book: Book, phase: str) -> None:
    name = book.tables["phase"].outcomes[phase].label
    for found in book.tables["panel"].outcomes.values():
        for part in ("summary", "detail"):
            for language in ("en", "zh"):
                assert name[language] not in found.texts["patient", part][language].lower()


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, {"hbsag", "anti_hbs", "hbeag", "anti_hbe", "anti_hbc"}),
        ({"hbsag": "positive"}, {"anti_hbs", "hbeag", "anti_hbe", "anti_hbc"}),
        ({"hbsag": "positive", "anti_hbs": "positive"}, set()),
        ({"hbsag": "negative", "hbeag": "positive"}, set()),
        ({"hbsag": "negative", "hbeag": "negative", "anti_hbe": "positive"}, {"anti_hbs", "anti_hbc"}),
        ({"hbsag": "negative", "hbeag": "negative", "anti_hbe": "positive", "anti_hbc": "negative"}, set()),
        ({"hbsag": "negative", "hbeag": "negative", "anti_hbs": "positive", "anti_hbc": "positive"}, set()),
        ({"hbsag": "positive", "anti_hbs": "negative", "hbeag": "positive", "anti_hbe": "positive"}, set()),
        ({"hbeag": "positive", "anti_hbe": "positive"}, {"hbsag", "anti_hbs"}),
    ],
)  # fmt: skip
def test_only_markers_that_can_still_change_the_answer_are_asked(
    book: Book, known: dict[str, str], asked: set[str]
) -> None:
    record = panel(**known)
    assert set(Situation(book, record).relevant("panel")) == asked
    question = next_question(record, goal=("panel",), book=book)
    assert (question.id in asked) if asked else question is None


def test_the_panel_does_not_enter_the_usual_interview(book: Book) -> None:
    question = next_question(panel(), book=book)
    assert question is not None
    assert "panel" not in question.serves
