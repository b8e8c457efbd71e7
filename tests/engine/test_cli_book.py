"""``hbv check``, ``coverage``, ``rulebook`` and ``schema``: what is said about the rulebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_engine.book import Book
from hbv_engine.check import Finding
from hbv_engine.coverage import Coverage
from hbv_engine.facts import catalogue
from tests.engine.command import hbv


def test_check_prints_what_is_found_and_fails_on_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Finding("unused question", "note", "questions.yml:3", "No rule needs it.", None),
        Finding("gap", "error", "phase.md:12", "No row holds.", {"alt_class": "raised"}),
    ]
    monkeypatch.setattr("hbv_engine.cli.check.check_book", lambda _: found)
    done = hbv("check")
    assert done.code == 1
    assert done.out.index("phase.md:12") < done.out.index("questions.yml:3")
    assert "alt_class" in done.out
    assert "1 errors, 1 notes" in done.out
    assert [item["kind"] for item in hbv("check", "--json").data] == ["unused question", "gap"]


def test_check_passes_when_there_are_only_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    note = Finding("unused question", "note", "questions.yml:3", "No rule needs it.", None)
    monkeypatch.setattr("hbv_engine.cli.check.check_book", lambda _: [note])
    done = hbv("check", "--lang", "zh")
    assert done.code == 0
    assert "错误0个，提示1个" in done.out


def test_coverage_lists_every_statement_with_its_rules() -> None:
    done = hbv("coverage")
    assert done.code == 0
    for text in ("S0-14", "S1-17", "S2-12", "52 statements, 0 missing."):
        assert text in done.out


def test_coverage_fails_when_a_statement_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = [Coverage("S0-14", "…", (), ()), Coverage("S0-15", "…", ("IFN-1",), ())]
    monkeypatch.setattr("hbv_engine.cli.coverage.cover", lambda: lost)
    done = hbv("coverage")
    assert done.code == 1
    assert "NOWHERE" in done.out
    assert hbv("coverage", "--json").data["missing"] == ["S0-14"]


def test_the_rulebook_is_written_as_one_page(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "rulebook.html"
    done = hbv("rulebook", "-o", file)
    assert done.code == 0
    assert book.sha256[:12] in done.out
    page = file.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.rstrip().endswith("</html>")
    assert [path.name for path in tmp_path.iterdir()] == ["rulebook.html"]


def test_the_rulebook_goes_to_standard_output_without_a_file() -> None:
    assert hbv("rulebook", "--lang", "zh").out.startswith("<!DOCTYPE html>")


def test_the_rulebook_as_data_has_every_rule(book: Book) -> None:
    data = hbv("rulebook", "--json").data
    assert data["sha256"] == book.sha256
    assert set(data["tables"]) == set(book.tables)


def test_a_page_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    done = hbv("rulebook", "-o", tmp_path / "nowhere" / "page.html")
    assert done.code == 2
    assert "file_error" in done.err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_schema_shows_every_fact_with_its_label(language: str) -> None:
    shown = hbv("schema", "--lang", language).out
    facts = catalogue()
    for name in (*facts.analytes, *facts.history, *facts.symptoms, *facts.drugs):
        assert name in shown


def test_schema_for_machines_holds_the_record_and_the_facts() -> None:
    data = hbv("schema", "--json").data
    assert data["record"]["title"] == "Record"
    alt = data["facts"]["analytes"]["alt"]
    assert alt["unit"] == "U/L"
    assert alt["possible"] == [0, 50000]
    assert alt["label"]["zh"]
    assert set(data["facts"]) == {"analytes", "history", "symptoms", "drugs"}
