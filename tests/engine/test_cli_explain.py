"""``hbv explain`` and ``hbv what-if``: why, why not, and what would change it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hbv_engine.book import Book
from hbv_engine.cli.changes import read_changes
from hbv_engine.errors import EngineError
from tests.engine.command import RECORD, TODAY, hbv, record

WEEK24 = json.dumps(
    {
        "as_of": TODAY,
        "observations": [
            {"analyte": "hbsag", "value": "positive", "date": TODAY},
            {
                "analyte": "hbsag_quant",
                "value": 1600,
                "unit": "IU/mL",
                "date": TODAY,
                "interferon_week": 24,
            },
        ],
        "history": {
            "antiviral_now": "interferon",
            "interferon_week": 24,
            "hbeag_at_start": "positive",
        },
    }
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_row_of_the_decision_is_shown(book: Book, language: str) -> None:
    shown = hbv("explain", "-", "phase", "--lang", language, stdin=record()).out
    for row in book.tables["phase"].rows:
        assert row.id in shown


def test_a_row_that_fails_names_its_first_failing_condition_and_the_distance() -> None:
    steps = hbv("explain", "-", "interferon_response", "--json", stdin=WEEK24).data
    off = [s for s in steps if s["input"] == "hbsag_week24" and s["code"] == "out_of_range"]
    assert any(step["distance"] == 100 for step in off)
    shown = hbv("explain", "-", "interferon_response", stdin=WEEK24).out
    assert "off by 100 IU/mL" in " ".join(shown.split())


def test_the_tables_below_are_shown_when_asked_for() -> None:
    plain = hbv("explain", "-", "antiviral_timing", stdin=record()).out
    full = hbv("explain", "-", "antiviral_timing", "--all", stdin=record()).out
    assert "PHASE-1 " not in plain
    assert "PHASE-1 " in full


def test_a_changed_value_shows_the_answers_before_and_after(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(record(), encoding="utf-8")
    done = hbv("what-if", file, "alt=20 U/L")
    assert "immune clearance" in done.out
    assert "immune tolerance" in done.out
    assert file.read_text(encoding="utf-8") == record()


def test_what_changed_is_listed_for_machines() -> None:
    data = hbv("what-if", "-", "alt=20 U/L", "--json", stdin=record()).data
    assert "phase" in data["changed"]
    assert data["before"]["decisions"]["phase"]["outcome"] == "immune_clearance"
    assert data["after"]["decisions"]["phase"]["outcome"] == "immune_tolerance"


def test_a_new_value_is_held_against_the_limit_of_the_same_laboratory() -> None:
    """ALT 45 U/L would be open by itself; the record's printed limit of 40 makes it raised."""
    data = hbv("what-if", "-", "alt=45 U/L", "--json", stdin=record()).data
    assert data["after"]["decisions"]["phase"]["outcome"] == "immune_clearance"


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "No decision changes."), ("zh", "没有任何结论改变。")]
)
def test_a_change_that_changes_nothing_says_so(language: str, sentence: str) -> None:
    assert sentence in hbv("what-if", "-", "bmi=23", "--lang", language, stdin=record()).out


def test_a_unit_that_was_taken_for_granted_is_said() -> None:
    shown = hbv("what-if", "-", "hbsag_quant=900", stdin=record()).out
    assert "hbsag_quant was given without a unit; read as IU/mL." in shown


def test_a_new_red_flag_is_shown_first() -> None:
    shown = hbv("what-if", "-", "jaundice=yes", stdin=record()).out
    assert shown.index("New red flag") < shown.index("Now:")


def test_a_value_can_have_a_treatment_week_or_a_day() -> None:
    change, taken = read_changes(("hbsag_quant=900 IU/mL@week24", "alt=86 U/L@2026-05-01"))
    quant, alt = change["observations"]
    assert (quant["value"], quant["interferon_week"]) == (900, 24)
    assert (alt["value"], alt["date"]) == (86, "2026-05-01")
    assert taken == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hbeag=neg", {"observations": [{"analyte": "hbeag", "raw": "neg", "value": "negative"}]}),
        ("jaundice=是的", {"symptoms": {"jaundice": True}}),
        ("cirrhosis=compensated", {"history": {"cirrhosis": "compensated"}}),
        ("last_liver_imaging=2026-05", {"history": {"last_liver_imaging": "2026-05-01"}}),
        ("age=34 years", {"age": 34}),
        ("sex=男性", {"sex": "male"}),
    ],
)
def test_words_are_understood(text: str, expected: dict[str, object]) -> None:
    assert read_changes((text,))[0] == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hbsag_quantity=900", "unknown_name"),
        ("hbsag_quant=", "usage"),
        ("hbsag_quant=many IU/mL", "wrong_type"),
        ("last_liver_imaging=spring", "wrong_type"),
    ],
)
def test_a_change_that_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        read_changes((text,))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hbsag_quant=900 COI", "unit_error"),
        ("alt=-3 U/L", "impossible_value"),
        ("jaundice=perhaps", "wrong_type"),
        ("alt=86 U/L@2031-01-01", "date_error"),
    ],
)
def test_an_impossible_change_is_refused_by_the_engine(text: str, code: str) -> None:
    done = hbv("what-if", "-", text, "--json", stdin=record())
    assert (done.code, done.out, done.error["code"]) == (2, "", code)


def test_the_record_of_these_tests_is_in_immune_clearance() -> None:
    assert RECORD["sex"] == "female"
    data = hbv("assess", "-", "--json", stdin=record()).data
    assert data["decisions"]["phase"]["rules"][-1] == "PHASE-2"
