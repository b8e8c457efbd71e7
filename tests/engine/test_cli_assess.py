"""``hbv assess``: what it shows, in which order, and what it refuses."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from rich.cells import cell_len

from hbv_engine.book import Book
from hbv_engine.cli import files
from hbv_engine.errors import InputFormatError
from hbv_engine.model import MAX_BYTES
from tests.engine.command import TODAY, hbv, record

MEGABYTE = 1 << 20


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("audience", ["patient", "nurse"])
def test_every_decision_is_shown_with_rules_and_sources(
    book: Book, language: str, audience: str
) -> None:
    view = ("--lang", language, "--for", audience)
    shown = hbv("assess", "-", *view, stdin=record()).out
    card = hbv("assess", "-", *view, "--json", stdin=record()).data["decisions"]["phase"]["card"]
    for goal in book.goals:
        name = book.label(goal)[language]
        assert name[:1].upper() + name[1:] in shown
    for told in (*card["rules"], *card["sources"], card["summary"], card["detail"]):
        assert _joined(told) in _joined(shown)
    assert book.sha256[:12] in shown


def _joined(text: str) -> str:
    """Return a text without the breaks and bullets of its layout."""
    return re.sub(r"[\s•]+", "", text)


def test_red_flags_come_before_everything_else() -> None:
    shown = hbv("assess", "-", stdin=record(symptoms={"vomiting_blood": True})).out
    assert "EMERGENCY, NOW" in shown
    assert shown.index("EMERGENCY, NOW") < shown.index("Phase of the infection")
    assert "RED-01" in shown


def test_without_a_red_flag_it_says_that_silence_is_no_proof() -> None:
    assert "What was not asked is not ruled out" in hbv("assess", "-", stdin=record()).out


def test_an_open_decision_names_what_is_missing_and_the_next_command() -> None:
    shown = hbv("assess", "-", stdin='{"age": 34}').out
    assert "Missing" in shown
    assert "Could be" in shown


def test_json_is_the_contract() -> None:
    data = hbv("assess", "-", "--json", stdin=record()).data
    assert data["as_of"] == TODAY
    assert data["decisions"]["phase"]["outcome"] == "immune_clearance"
    assert data["decisions"]["phase"]["card"]["language"] == "en"
    assert set(data) >= {"as_of", "rulebook", "alerts", "decisions"}


def test_the_same_record_gives_the_same_bytes() -> None:
    first, second = (hbv("assess", "-", "--json", stdin=record()).out for _ in range(2))
    assert first == second


def test_the_day_is_the_option_then_the_record_then_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "today", lambda: dt.date(2031, 1, 2))
    asked = hbv("assess", "-", "--json", "--as-of", "2027-01-01", stdin=record())
    own = hbv("assess", "-", "--json", stdin=record())
    clock = hbv("assess", "-", "--json", stdin='{"age": 34}')
    assert [r.data["as_of"] for r in (asked, own, clock)] == ["2027-01-01", TODAY, "2031-01-02"]


def test_a_record_from_the_future_is_answered_with_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "today", lambda: dt.date(2026, 1, 1))
    done = hbv("assess", "-", stdin=record())
    assert done.code == 0
    assert "lies in the future" in done.err


def test_a_file_is_read_like_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(record(), encoding="utf-8")
    assert hbv("assess", path, "--json").out == hbv("assess", "-", "--json", stdin=record()).out


def test_an_odd_value_is_pointed_out_and_used() -> None:
    odd = [{"analyte": "alt", "value": 9000, "unit": "U/L", "date": TODAY}]
    done = hbv("assess", "-", stdin=record(observations=odd))
    assert done.code == 0
    assert "Please check" in done.out
    assert "9000" in done.out


def test_two_results_of_one_day_that_disagree_are_reported() -> None:
    both = [{"analyte": "hbeag", "value": word, "date": TODAY} for word in ("positive", "negative")]
    shown = hbv("assess", "-", stdin=record(observations=both)).out
    assert "two results of the same day do not agree" in shown


def _one(**observation: object) -> str:
    return record(observations=[{"date": TODAY, **observation}])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(_one(analyte="alanine", value=3), "unknown_name", id="unknown analyte"),
        pytest.param(_one(analyte="alt", value=-5, unit="U/L"), "impossible_value", id="negative"),
        pytest.param(_one(analyte="alt", value=5, unit="mg/dL"), "unit_error", id="wrong unit"),
        pytest.param(_one(analyte="alt", value=5), "unit_error", id="no unit"),
        pytest.param(_one(analyte="hbsag_quant", value=900, unit="COI"), "unit_error", id="COI"),
        pytest.param(_one(analyte="alt", value="high"), "wrong_type", id="text for a number"),
        pytest.param(
            _one(analyte="hbeag", value="positive", date="2027-01-01"), "date_error", id="future"
        ),
        pytest.param(record(sex=["female", "male"]), "contradiction", id="two sexes"),
        pytest.param('{"sex": "male", "sex": "female"}', "contradiction", id="sex twice"),
        pytest.param(record(age=340), "impossible_value", id="age"),
        pytest.param(record(symptoms={"jaundice": "yes"}), "wrong_type", id="yes as text"),
        pytest.param(record(colour="red"), "unknown_name", id="unknown key"),
        pytest.param("", "input_format", id="empty"),
        pytest.param("not JSON", "input_format", id="not JSON"),
        pytest.param("[1, 2]", "input_format", id="a list"),
        pytest.param("[" * 100_000, "input_format", id="deep nesting"),
        pytest.param("\ud83d", "input_format", id="broken text"),
    ],
)
def test_bad_input_is_refused_with_a_typed_error(text: str, code: str) -> None:
    done = hbv("assess", "-", "--json", stdin=text.encode("utf-8", "surrogatepass"))
    assert (done.code, done.out) == (2, "")
    assert done.error["code"] == code
    assert done.error["message"]


def test_a_hundred_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(100 * MEGABYTE)
    start = time.perf_counter()
    done = hbv("assess", path, "--json")
    assert time.perf_counter() - start < 2
    assert done.code == 2
    assert done.error["code"] == "input_format"
    assert "104,857,600 bytes" in str(done.error["value"])


def test_an_endless_standard_input_is_read_only_to_the_limit() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "the whole stream was asked for"
            self.taken += size
            return b" " * size

    endless = Endless()
    with (
        mock.patch.object(sys, "stdin", mock.Mock(buffer=endless)),
        pytest.raises(InputFormatError, match="too large"),
    ):
        files.read_input("-")
    assert endless.taken <= MAX_BYTES + 1


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read_is_named(name: str) -> None:
    done = hbv("assess", name, "--json")
    assert done.code == 2
    assert done.error["code"] == "file_error"
    assert done.error["value"] == name


def test_input_cannot_drive_the_terminal() -> None:
    done = hbv("assess", "-", stdin=json.dumps({"sex": "\x1b[2J"}))
    assert done.code == 2
    assert "\x1b" not in done.err


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_fit_the_terminal(columns: int, language: str) -> None:
    shown = hbv("assess", "-", "--lang", language, stdin=record(), columns=columns).out
    told = [line for line in shown.splitlines() if "hbv " not in line]
    assert max(map(cell_len, told)) <= min(columns, 100)
