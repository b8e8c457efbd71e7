"""``hbv cohort``: a table of patients in, a table of answers out, or nothing at all."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from hbv_engine.book import Book
from tests.engine.command import RECORD, hbv

HEADER = (
    "id,sex,age,alt,alt_upper_limit,hbsag,hbsag_duration,antiviral_now,hbeag,anti_hbe,hbv_dna,"
    "alt_cause"
)
ROWS = (
    "a,female,34,86,40,positive,six_months_or_more,none,positive,,23000000,excluded",
    "b,male,50,20,,positive,six_months_or_more,none,negative,positive,not_detected,",
    "c,,,,,,,,,,<20,",
    "d,unknown,,unknown,,unknown,,,,,unknown,",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path, *ROWS)


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "in.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_each_patient_is_one_row_and_each_decision_one_column(
    book: Book, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    done = hbv("cohort", table, "-o", out)
    assert done.code == 0
    assert "4 patients" in done.out
    answers = pl.read_csv(out)
    assert answers["id"].to_list() == ["a", "b", "c", "d"]
    expected = ["immune_clearance", "inactive_carrier", "open", "open"]
    assert answers["phase"].to_list() == expected
    goals = [goal for goal in book.goals if book.tables[goal].policy != "collect"]
    assert answers.columns == ["id", *goals]


def test_a_patient_gets_the_same_answer_as_alone(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    hbv("cohort", table, "-o", out)
    together = pl.read_csv(out).row(0, named=True)
    alone = hbv("assess", "-", "--json", stdin=json.dumps(RECORD)).data["decisions"]
    for goal, outcome in together.items():
        if goal != "id":
            assert outcome == (alone[goal]["outcome"] or "open"), goal


def test_parquet_in_and_out(table: Path, tmp_path: Path) -> None:
    pl.read_csv(table).write_parquet(tmp_path / "in.parquet")
    hbv("cohort", table, "-o", tmp_path / "a.csv")
    done = hbv("cohort", tmp_path / "in.parquet", "-o", tmp_path / "b.parquet")
    assert done.code == 0
    assert pl.read_parquet(tmp_path / "b.parquet").equals(pl.read_csv(tmp_path / "a.csv"))


def test_only_the_decisions_asked_for(table: Path, tmp_path: Path) -> None:
    hbv("cohort", table, "-o", tmp_path / "out.csv", "--goal", "phase")
    assert pl.read_csv(tmp_path / "out.csv").columns == ["id", "phase"]


def test_rows_are_numbered_when_there_is_no_id(tmp_path: Path) -> None:
    table = write(tmp_path, "positive", "negative", header="hbsag")
    hbv("cohort", table, "-o", tmp_path / "out.csv", "--goal", "phase")
    assert pl.read_csv(tmp_path / "out.csv")["row"].to_list() == [1, 2]


def test_other_columns_can_be_kept(tmp_path: Path) -> None:
    table = write(tmp_path, "north,positive", header="clinic,hbsag")
    assert hbv("cohort", table, "-o", tmp_path / "out.csv").code == 2
    done = hbv("cohort", table, "-o", tmp_path / "out.csv", "--keep", "clinic")
    assert done.code == 0
    assert pl.read_csv(tmp_path / "out.csv")["clinic"].to_list() == ["north"]


def test_the_summary_for_machines_counts_outcomes(table: Path, tmp_path: Path) -> None:
    data = hbv("cohort", table, "-o", tmp_path / "out.csv", "--json").data
    assert data["patients"] == 4
    assert data["counts"]["phase"]["immune_clearance"] == 1


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("alt", "abc", "wrong_type"),
        ("alt", "<40", "wrong_type"),
        ("alt", "990000", "impossible_value"),
        ("alt", "-1", "impossible_value"),
        ("alt_upper_limit", "high", "wrong_type"),
        ("age", "340", "impossible_value"),
        ("sex", "both", "wrong_type"),
        ("hbsag", "perhaps", "wrong_type"),
        ("hbv_dna", "<<20", "wrong_type"),
        ("hbv_dna", ">1e20", "impossible_value"),
        ("jaundice", "maybe", "wrong_type"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_written(
    tmp_path: Path, header: str, cell: str, code: str
) -> None:
    table = write(tmp_path, "1,", f"2,{cell}", "3,", header=f"id,{header}")
    done = hbv("cohort", table, "-o", tmp_path / "out.csv", "--json")
    assert done.code == 2
    assert done.error["code"] == code
    assert done.error["message"].startswith(f"Row 2, column {header}: ")
    assert done.error["accepted"]
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "input_format"),
        ("id,hbsag\n", "input_format"),
        ("id\n1\n", "input_format"),
        ("id,hbsag\n1,positive,extra\n", "input_format"),
        ("id,hbsga\n1,positive\n", "unknown_name"),
    ],
)
def test_a_file_that_is_no_table_of_patients_is_refused(
    tmp_path: Path, text: str, code: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    done = hbv("cohort", path, "-o", tmp_path / "out.csv", "--json")
    assert done.code == 2
    assert done.error["code"] == code
    assert not (tmp_path / "out.csv").exists()


def test_a_misspelt_column_is_answered_with_the_near_one(tmp_path: Path) -> None:
    table = write(tmp_path, "1,positive", header="id,hbsga")
    assert "hbsag" in hbv("cohort", table, "-o", tmp_path / "o.csv", "--json").error["accepted"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = hbv("cohort", tmp_path / "no.csv", "-o", tmp_path / "out.csv", "--json")
    assert (done.code, done.error["code"]) == (2, "file_error")


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(b"not parquet")
    done = hbv("cohort", tmp_path / "in.parquet", "-o", tmp_path / "out.csv", "--json")
    assert (done.code, done.error["code"]) == (2, "input_format")


def test_the_input_is_never_replaced(table: Path) -> None:
    before = table.read_bytes()
    assert hbv("cohort", table, "-o", table, "--json").error["code"] == "usage"
    assert table.read_bytes() == before


def test_an_earlier_result_stays_when_the_new_run_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("earlier", encoding="utf-8")
    hbv("cohort", write(tmp_path, "1,perhaps", header="id,hbsag"), "-o", out)
    assert out.read_text(encoding="utf-8") == "earlier"


def test_the_columns_are_listed_with_unit_or_values(book: Book) -> None:
    data = hbv("cohort", "--columns", "--json").data
    assert data["sex"]["accepted"] == "female, male"
    assert "IU/mL" in data["hbv_dna"]["accepted"]
    assert set(data) >= set(book.axes) - set(book.tables)
    assert "alt_upper_limit" in hbv("cohort", "--columns").out
