"""Facts: with their words, never overwritten, corrected by what was said later."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from records import Observation, Store
from records.errors import UnknownMessageError, UnknownObservationError, UnknownPersonError
from tests.records.telling import AT, alt, at, tell


def hbsag(value: float, **more: object) -> Observation:
    return alt(value, name="hbsag_quant", unit="IU/mL", raw=f"{value}", **more)


def test_noting_twice_changes_nothing(store: Store) -> None:
    first = tell(store, "m1", "ALT 86", alt(86))
    again = tell(store, "m1", "ALT 86", alt(86))

    assert (len(first), again) == (1, [])


def test_a_fact_keeps_its_words_place_and_dates(store: Store) -> None:
    details = {"lloq": 20, "assay": "architect"}
    tell(store, "m1", "in May ALT 86", alt(86, date="2026-05-01", details=details))

    (fact,) = store.facts("ann")
    assert (fact.raw, fact.start, fact.end, fact.message) == ("ALT 86", 7, 13, "m1")
    assert (fact.date, fact.told_at, fact.confirmed_at) == ("2026-05-01", AT, None)
    assert fact.details == details


def test_a_correction_supersedes_and_the_old_value_stays(store: Store) -> None:
    tell(store, "m1", "ALT 86", alt(86))
    tell(store, "m2", "no, ALT 58", alt(58))

    assert [o.value for o in store.observations("ann")] == [58]
    old, new = store.observations("ann", history=True)
    assert (old.value, old.superseded_by) == (86, new.id)


def test_values_of_different_days_do_not_supersede(store: Store) -> None:
    for message, date in (("m1", "2025-05-01"), ("m2", "2026-05-01")):
        tell(store, message, "ALT 86", alt(86, date=date))

    assert [o.date for o in store.observations("ann")] == ["2025-05-01", "2026-05-01"]


def test_values_of_different_weeks_of_treatment_do_not_supersede(store: Store) -> None:
    for week, value in ((24, 300), (0, 1500), (12, 800)):
        tell(store, f"m{week}", f"{value}", hbsag(value, interferon_week=week))

    points = store.timeline("ann", "hbsag_quant")
    assert [(p.week, p.fact.value) for p in points] == [(0, 1500), (12, 800), (24, 300)]


def test_the_time_line_mixes_dates_and_weeks_and_ends_with_what_has_neither(store: Store) -> None:
    tell(store, "m1", "300", hbsag(300, date="2026-06-18"))
    tell(store, "m2", "1500", hbsag(1500, interferon_week=0))
    tell(store, "m3", "800", hbsag(800, date="2026-03-26"))
    tell(store, "m4", "250", hbsag(250))

    points = store.timeline("ann", "hbsag_quant", treatment_start=dt.date(2026, 1, 1))

    assert [(p.week, p.fact.value) for p in points] == [
        (0, 1500),
        (12, 800),
        (24, 300),
        (None, 250),
    ]


def test_two_values_in_one_message_both_stay(store: Store) -> None:
    """The engine reports the contradiction; the store does not choose."""
    tell(store, "m1", "ALT 86, ALT 90", alt(86), alt(90))

    assert [o.value for o in store.observations("ann")] == [86, 90]


@pytest.mark.parametrize("status", ["refused", "unit_missing", "ambiguous", "other_person"])
def test_an_unusable_value_never_replaces_a_good_one(store: Store, status: str) -> None:
    tell(store, "m1", "ALT 86", alt(86))
    tell(store, "m2", "ALT 99999999", alt(99_999_999, status=status))

    assert [o.value for o in store.facts("ann")] == [86]


def test_a_date_is_corrected_and_the_fact_without_it_stays_linked(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    store.keep_message(person="ann", message_id="m2", text="that was last year", at=AT)
    dated = alt(86, date="2025-11-01", raw="that was last year", end=18)

    new = store.correct(old.id or 0, dated, person="ann", message_id="m2", at=AT)

    assert [(o.value, o.date) for o in store.facts("ann")] == [(86, "2025-11-01")]
    assert store.observations("ann", history=True)[0].superseded_by == new.id
    assert store.state_of("m2") == "read"


def test_a_value_of_somebody_else_is_taken_out_of_the_record(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    store.keep_message(person="ann", message_id="m2", text="that was my mother's", at=AT)
    hers = alt(86, status="other_person", subject="mother", raw="my mother's", start=9, end=20)

    store.correct(old.id or 0, hers, person="ann", message_id="m2", at=AT)

    assert store.facts("ann") == []
    assert len(store.observations("ann", history=True)) == 2


def test_correcting_twice_changes_nothing_and_a_chain_has_one_end(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    for message, value in (("m2", 58), ("m2", 58), ("m3", 60)):
        store.keep_message(person="ann", message_id=message, text=f"{value}", at=AT)
        store.correct(old.id or 0, alt(value), person="ann", message_id=message, at=AT)

    assert [o.value for o in store.facts("ann")] == [60]
    assert [o.superseded_by for o in store.observations("ann", history=True)] == [2, 3, None]


def test_only_facts_and_messages_of_the_same_person_can_be_corrected(store: Store) -> None:
    (hers,) = tell(store, "m1", "ALT 86", alt(86))
    tell(store, "m2", "hello", person="bob")

    with pytest.raises(UnknownObservationError):
        store.correct(hers.id or 0, alt(1), person="bob", message_id="m2", at=AT)
    with pytest.raises(UnknownMessageError):
        store.correct(hers.id or 0, alt(1), person="ann", message_id="m2", at=AT)
    assert [o.value for o in store.facts("ann")] == [86]
    assert store.observations("bob") == []


def test_a_fact_without_its_message_is_refused_whole(store: Store) -> None:
    with pytest.raises(UnknownMessageError):
        store.note([alt(86)], person="ann", message_id="nowhere", at=AT)


def test_a_confirmed_fact_says_when(store: Store) -> None:
    (fact,) = tell(store, "m1", "ALT 86", alt(86))
    later = at("2026-11-21")

    assert store.confirm([fact.id or 0], person="bob", at=later) == 0
    assert store.confirm([fact.id or 0], person="ann", at=later) == 1
    assert store.confirm([fact.id or 0], person="ann", at=AT) == 0
    assert store.facts("ann")[0].confirmed_at == later


def test_an_error_about_a_fact_does_not_tell_the_fact() -> None:
    with pytest.raises(ValidationError) as refused:
        Observation(kind="secret-kind", name="alt", value=86, raw="secret-words")  # type: ignore[arg-type]
    assert "secret" not in str(refused.value)


def test_no_assessment_is_kept_of_somebody_who_was_erased(store: Store) -> None:
    book = {"version": "1", "sha256": "abc"}
    with pytest.raises(UnknownPersonError):
        store.keep_assessment(
            person="ann", message_id=None, at=AT, rulebook=book, record={}, decisions={}
        )


def test_an_assessment_keeps_the_rulebook_and_the_facts_it_used(store: Store) -> None:
    tell(store, "m1", "ALT 86", alt(86))
    store.keep_assessment(
        person="ann",
        message_id="m1",
        at=AT,
        rulebook={"version": "1", "sha256": "abc"},
        record={"as_of": "2026-11-20"},
        decisions={"phase": {"status": "open"}},
    )

    (kept,) = store.assessments("ann")
    assert (kept["rulebook_version"], kept["rulebook_sha256"]) == ("1", "abc")
    assert kept["decisions"] == '{"phase": {"status": "open"}}'


@pytest.mark.parametrize(
    ("first", "second", "superseded"),
    [
        (None, "2026-11-20", True),
        ("2026-11-20", None, True),
        (None, None, True),
        ("2026-10-01", None, False),
        (None, "2026-10-01", False),
    ],
)
def test_an_undated_value_is_of_the_day_it_was_told(
    store: Store, first: str | None, second: str | None, *, superseded: bool
) -> None:
    tell(store, "m1", "ALT 86", alt(86, date=first))
    tell(store, "m2", "ALT 58", alt(58, date=second))

    assert len(store.facts("ann")) == (1 if superseded else 2)


def test_a_statement_of_another_name_can_outrank_an_old_one_once(store: Store) -> None:
    (old,) = tell(store, "m1", "ALT 86", alt(86))
    (new,) = tell(store, "m2", "AST 58", alt(58, name="ast"))
    ids = [old.id or 0, new.id or 0]

    assert store.outrank(ids, new.id or 0, person="bob") == 0
    assert store.outrank(ids, new.id or 0, person="ann") == 1
    assert store.outrank(ids, new.id or 0, person="ann") == 0
    assert [o.name for o in store.facts("ann")] == ["ast"]
    assert store.observations("ann", history=True)[0].superseded_by == new.id
