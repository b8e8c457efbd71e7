"""The slow proof can fail: weak cases leave wrong tables unnoticed, and a planted crash is seen."""

from __future__ import annotations

from itertools import islice

import pytest

from prove import fuzz as fuzzing
from prove.equivalence import same_meaning
from prove.fuzz import fuzz
from prove.mutants import Mutant
from prove.mutation import Trial, texts_of_rulebook
from tests.engine import naive
from tests.engine.naive import NaiveBook


@pytest.fixture(scope="module")
def safety() -> Trial:
    return Trial(texts_of_rulebook(), "safety")


@pytest.fixture(scope="module")
def missed_dose() -> Trial:
    return Trial(texts_of_rulebook(), "missed_dose")


def of_kind(trial: Trial, kind: str) -> list[Mutant]:
    return [mutant for mutant in trial.mutants() if mutant.kind == kind]


def test_the_part_that_is_made_wrong_is_the_table_itself(safety: Trial, reader: NaiveBook) -> None:
    own = naive.read_texts({"own.md": "\n".join(line.text for line in safety.lines)})
    ours, theirs = own.tables["safety"], reader.tables["safety"]
    assert [(r.id, r.cells, r.outcome) for r in ours.rows] == [
        (r.id, r.cells, r.outcome) for r in theirs.rows
    ]
    assert ours.order == theirs.order
    first = safety.lines[0]
    file = texts_of_rulebook()[first.file].splitlines()
    assert all(line.text in {"", file[line.number - 1]} for line in safety.lines)


@pytest.mark.parametrize("name", ["safety", "missed_dose", "interferon_safety"])
def test_every_wrong_table_is_noticed_or_means_the_same(name: str) -> None:
    trial = Trial(texts_of_rulebook(), name)
    verdicts = {mutant.what: trial.judge(mutant)[0] for mutant in trial.mutants()}
    assert "survived" not in verdicts.values()
    assert len(verdicts) > 20


def test_weak_cases_leave_wrong_tables_unnoticed(
    missed_dose: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_case = list(missed_dose.common)
    monkeypatch.setattr(Trial, "cases", lambda *_: iter(every_case[:2]))
    verdicts = [missed_dose.judge(mutant)[0] for mutant in missed_dose.mutants()]
    assert "survived" in verdicts


def test_a_flipped_comparison_is_noticed_at_the_threshold_only(missed_dose: Trial) -> None:
    flipped = of_kind(missed_dose, "inclusive or exclusive")
    assert flipped
    for mutant in flipped:
        assert missed_dose.judge(mutant) == ("killed", "")
        wrong = missed_dose.built(mutant.text)
        assert same_meaning(missed_dose.book, wrong, "missed_dose") is None


def test_rows_in_another_order_mean_the_same(safety: Trial) -> None:
    for mutant in islice(of_kind(safety, "swap neighbours"), 3):
        assert safety.judge(mutant)[0] == "equivalent"


def test_an_order_that_matters_does_not_mean_the_same(safety: Trial) -> None:
    verdicts = [safety.judge(mutant)[0] for mutant in of_kind(safety, "swap the order")]
    assert verdicts.count("killed") >= 4


def test_damaged_records_raise_engine_errors_only() -> None:
    outcome = fuzz(400, seed=11)
    assert outcome.crashes == {}
    assert outcome.accepted > 5
    assert {"wrong_type", "input_format", "date_error", "unknown_name"} <= set(outcome.refused)


def test_a_crash_is_seen_with_the_record_that_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(fuzzing, "assess", broken)
    crashes = fuzz(100, seed=11).crashes
    assert len(crashes) == 1
    assert "ZeroDivisionError" in next(iter(crashes))
