"""What a result can prove: comparators, detection limits, copies, old results, contradictions, weeks."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_engine import assess, read_record
from hbv_engine.axes import Level
from hbv_engine.book import Book
from hbv_engine.intervals import Interval
from hbv_engine.situation import Situation

AS_OF = "2026-11-20"


def observation(analyte: str, value: Any, unit: str | None = None, **more: Any) -> dict[str, Any]:
    return {"analyte": analyte, "value": value, "unit": unit, **more}


def seen(book: Book, *results: dict[str, Any], **facts: Any) -> Situation:
    return Situation(book, read_record({"as_of": AS_OF, "observations": results, **facts}))


def proves(book: Book, name: str, limit: float, *results: dict[str, Any]) -> bool | None:
    """Whether results prove that an input is below a limit: yes, no, or neither."""
    possible = seen(book, *results).known(name).possible
    assert isinstance(possible, Level)
    assert possible.interval is not None
    span = possible.interval
    if span.high < limit or (span.high == limit and span.high_open):
        return True
    return False if span.low >= limit else None


BELOW_100 = [
    (observation("hbv_dna", 100, "IU/mL", comparator="<"), True),
    (observation("hbv_dna", 100, "IU/mL", comparator="<="), None),
    (observation("hbv_dna", 20, "IU/mL", comparator="<"), True),
    (observation("hbv_dna", 500, "IU/mL", comparator="<"), None),
    (observation("hbv_dna", 99.9, "IU/mL"), True),
    (observation("hbv_dna", 100, "IU/mL"), False),
    (observation("hbv_dna", 100, "IU/mL", comparator=">"), False),
    (observation("hbv_dna", 50, "IU/mL", comparator=">"), None),
    (observation("hbv_dna", "not_detected", "IU/mL", lloq=20), True),
    (observation("hbv_dna", "not_detected", "IU/mL", lloq=100), True),
    (observation("hbv_dna", "not_detected", "IU/mL", lloq=500), None),
    (observation("hbv_dna", "not_detected"), None),
    (observation("hbv_dna", 0.02, "kIU/mL"), True),
    (observation("hbv_dna", 2, "log10 IU/mL"), False),
    (observation("hbv_dna", 1.99, "log10 IU/mL"), True),
    (observation("hbv_dna", 2.7, "log10 IU/mL", comparator="<"), None),
    (observation("hbv_dna", 340, "copies/mL"), True),
    (observation("hbv_dna", 582.1, "copies/mL"), False),
    (observation("hbv_dna", 400, "copies/mL"), None),
    (observation("hbv_dna", 400, "copies/mL", assay="roche_taqman"), True),
    (observation("hbv_dna", 400, "copies/mL", assay="abbott"), False),
]


@pytest.mark.parametrize(("given", "expected"), BELOW_100, ids=[str(g) for g, _ in BELOW_100])
def test_a_result_proves_less_than_100_only_if_every_reading_of_it_does(
    given: dict[str, Any], expected: bool | None, book: Book
) -> None:
    assert proves(book, "hbv_dna_highest", 100, given) is expected


def test_copies_without_an_assay_are_kept_as_a_range_of_two_factors(book: Book) -> None:
    possible = seen(book, observation("hbv_dna", 10_000, "copies/mL")).known("hbv_dna").possible
    assert isinstance(possible, Level)
    assert possible.interval is not None
    assert possible.interval.low == pytest.approx(10_000 / 5.82, rel=1e-5)
    assert possible.interval.high == pytest.approx(10_000 / 3.41, rel=1e-5)


SWITCH: dict[str, Any] = {
    "history": {
        "antiviral_now": "nuc",
        "nuc_duration_months": 24,
        "hbsag_duration": "six_months_or_more",
        "cirrhosis": "none",
        **dict.fromkeys(
            (
                *("autoimmune_disease", "severe_psychiatric_illness", "uncontrolled_epilepsy"),
                *("severe_infection", "severe_heart_or_lung_disease", "retinal_disease"),
                *("interferon_allergy", "telbivudine_now", "liver_cancer", "ascites_known"),
            ),
            False,
        ),
    },
    "symptoms": {"suicidal_thoughts": False, "psychosis_or_mania": False},
    "sex": "male",
    "age": 40,
}


def switch_to(book: Book, dna: dict[str, Any]) -> tuple[str, ...]:
    results = [
        dna,
        observation("hbsag_quant", 800, "IU/mL", date="2026-11-01"),
        observation("hbeag", "negative", date="2026-11-01"),
        observation("neutrophils", 3, "10*9/L", date="2026-11-01"),
        observation("platelets", 200, "10*9/L", date="2026-11-01"),
    ]
    found = assess({"as_of": AS_OF, "observations": results, **SWITCH}, book=book)
    return found.decisions["interferon_switch"].possible


def test_below_500_cannot_show_the_entry_limit_of_100_but_below_20_can(book: Book) -> None:
    assert switch_to(book, observation("hbv_dna", 20, "IU/mL", comparator="<")) == (
        "studied_group",
    )
    assert switch_to(book, observation("hbv_dna", 100, "IU/mL")) == ("outside",)
    assert set(switch_to(book, observation("hbv_dna", 500, "IU/mL", comparator="<"))) == {
        "outside",
        "studied_group",
    }


def test_not_detected_shows_it_only_with_a_limit_of_100_or_less(book: Book) -> None:
    near = observation("hbv_dna", "not_detected", "IU/mL", lloq=100)
    far = observation("hbv_dna", "not_detected", "IU/mL", lloq=500)
    untold = observation("hbv_dna", "not_detected")
    assert switch_to(book, near) == ("studied_group",)
    assert len(switch_to(book, far)) == 2
    assert len(switch_to(book, untold)) == 2


def test_a_threshold_inside_the_range_of_copies_leaves_the_answer_open(book: Book) -> None:
    assert len(switch_to(book, observation("hbv_dna", 400, "copies/mL"))) == 2
    assert switch_to(book, observation("hbv_dna", 300, "copies/mL")) == ("studied_group",)
    assert switch_to(book, observation("hbv_dna", 700, "copies/mL")) == ("outside",)


def test_an_open_answer_because_of_copies_asks_for_the_assay(book: Book) -> None:
    situation = seen(book, observation("hbv_dna", 4e7, "copies/mL"))
    assert situation.known("hbv_dna").issue == "assay_unknown"
    assert situation.question_for("hbv_dna") == "hbv_dna_assay"


def test_not_detected_without_its_limit_asks_for_the_limit(book: Book) -> None:
    situation = seen(book, observation("hbv_dna", "not_detected"))
    assert situation.known("hbv_dna").issue is None
    assert situation.question_for("hbv_dna_highest") == "hbv_dna_limit"


@pytest.mark.parametrize("comparator", [">", ">="])
def test_more_than_nothing_is_not_not_detected(comparator: str, book: Book) -> None:
    given = observation("hbv_dna", 0, "IU/mL", comparator=comparator)
    possible = seen(book, given).known("hbv_dna").possible
    assert isinstance(possible, Level)
    assert possible.interval is not None
    assert possible.not_detected is (comparator == ">=")


def test_an_index_says_positive_and_never_a_quantity(book: Book) -> None:
    situation = seen(book, observation("hbsag", 250, "COI"))
    assert situation.known("hbsag").possible == frozenset({"positive"})
    assert situation.known("hbsag_kind").possible == frozenset({"not_a_quantity"})
    assert situation.known("hbsag_quant").possible is None


def test_a_tiny_quantity_is_negative_and_one_at_the_limit_is_not(book: Book) -> None:
    def status(value: float, comparator: str = "=") -> Any:
        given = observation("hbsag_quant", value, "IU/mL", comparator=comparator)
        return seen(book, given).known("hbsag").possible

    assert status(0.05, "<") == frozenset({"negative"})
    assert status(0.04) == frozenset({"negative"})
    assert status(0.05) == frozenset({"positive"})
    assert status(0.1, "<") is None


# ---- time --------------------------------------------------------------------------------------------


def test_a_result_older_than_a_year_is_not_current(book: Book) -> None:
    fresh = seen(book, observation("hbeag", "positive", date="2025-11-21"))
    stale = seen(book, observation("hbeag", "positive", date="2025-11-19"))
    assert fresh.known("hbeag").possible == frozenset({"positive"})
    assert stale.known("hbeag").possible is None
    assert stale.known("hbeag").issue == "stale"


def test_an_old_result_never_settles_a_phase(book: Book) -> None:
    old = [
        observation("hbsag", "positive", date="2024-01-01"),
        observation("hbeag", "positive", date="2024-01-01"),
        observation("hbv_dna", 2e8, "IU/mL", date="2024-01-01"),
        observation("alt", 20, "U/L", reference_high=40, date="2024-01-01"),
    ]
    facts = {"hbsag_duration": "six_months_or_more", "antiviral_now": "none"}
    found = assess({"as_of": AS_OF, "observations": old, "history": facts}, book=book)
    assert found.decisions["phase"].status == "open"
    assert "stale" in {missing.issue for missing in found.decisions["phase"].missing}


def test_the_newest_day_counts_and_older_ones_stay_in_the_record(book: Book) -> None:
    situation = seen(
        book,
        observation("hbeag", "negative", date="2026-11-01"),
        observation("hbeag", "positive", date="2026-10-01"),
    )
    assert situation.known("hbeag").possible == frozenset({"negative"})
    assert len(situation.record.observations) == 2


def test_the_same_record_seen_a_year_later_is_stale() -> None:
    given = [observation("hbeag", "positive", date="2026-11-01")]
    now = assess({"as_of": AS_OF, "observations": given})
    later = assess({"as_of": "2028-01-01", "observations": given})
    assert "hbeag" not in {m.input for m in now.decisions["phase"].missing}
    assert "hbeag" in {m.input for m in later.decisions["phase"].missing}


# ---- contradictions ----------------------------------------------------------------------------------


def test_two_words_of_one_day_are_reported_and_both_stay_possible(book: Book) -> None:
    given = [
        observation("hbeag", "positive", date="2026-11-01"),
        observation("hbeag", "negative", date="2026-11-01"),
    ]
    situation = seen(book, *given)
    assert situation.known("hbeag").possible == frozenset({"positive", "negative"})
    found = assess({"as_of": AS_OF, "observations": given}, book=book)
    assert "hbeag" in {conflict.input for conflict in found.conflicts}


def test_two_numbers_of_one_day_are_not_averaged(book: Book) -> None:
    given = [
        observation("hbsag_quant", 1000, "IU/mL", date="2026-11-01"),
        observation("hbsag_quant", 2000, "IU/mL", date="2026-11-01"),
    ]
    known = seen(book, *given).known("hbsag_quant")
    assert known.issue == "conflict"
    assert isinstance(known.possible, Level)
    assert known.possible.interval is not None
    assert (known.possible.interval.low, known.possible.interval.high) == (1000, 2000)


def test_the_same_value_in_two_units_is_no_contradiction(book: Book) -> None:
    given = [
        observation("hbsag_quant", 1500, "IU/mL", date="2026-11-01"),
        observation("hbsag_quant", 1.5, "kIU/mL", date="2026-11-01"),
    ]
    assert seen(book, *given).known("hbsag_quant").issue is None


def test_a_word_and_a_quantity_that_disagree_are_reported(book: Book) -> None:
    given = [
        observation("hbsag", "positive", date="2026-11-01"),
        observation("hbsag_quant", 0.05, "IU/mL", comparator="<", date="2026-11-01"),
    ]
    known = seen(book, *given).known("hbsag")
    assert known.possible == frozenset({"positive", "negative"})
    assert known.issue == "conflict"


CONTRADICTED = [
    (
        "hbsag_earlier",
        {
            "observations": [
                observation("hbsag", "negative", date="2026-11-01"),
                observation("hbsag", "positive", date="2020-01-01"),
            ],
            "history": {"hbsag_earlier": "never_positive"},
        },
    ),
    (
        "antiviral_now",
        {
            "treatments": [{"drug": "entecavir", "start": "2025-01-01"}],
            "history": {"antiviral_now": "none"},
        },
    ),
    (
        "nuc_stopped_recently",
        {
            "treatments": [{"drug": "entecavir", "start": "2025-01-01", "stop": "2026-10-01"}],
            "history": {"nuc_stopped_recently": False},
        },
    ),
    (
        "dna_earlier",
        {
            "observations": [
                observation("hbv_dna", 5000, "IU/mL", date="2026-11-01"),
                observation("hbv_dna", "not_detected", date="2026-01-01"),
            ],
            "history": {"dna_earlier": "none_known"},
        },
    ),
]


@pytest.mark.parametrize(("name", "facts"), CONTRADICTED, ids=[name for name, _ in CONTRADICTED])
def test_a_statement_never_silently_overrules_what_was_measured_or_prescribed(
    name: str, facts: dict[str, Any], book: Book
) -> None:
    """Measured or prescribed facts win or both stay possible; the statement alone never decides."""
    stated = facts["history"][name]
    word = {True: "yes", False: "no"}.get(stated, stated)
    possible = (
        seen(
            book,
            *facts.get("observations", ()),
            **{key: value for key, value in facts.items() if key != "observations"},
        )
        .known(name)
        .possible
    )
    assert possible != frozenset({word})


# ---- weeks of interferon -----------------------------------------------------------------------------


def week24(book: Book, week_of_result: float, **facts: Any) -> Any:
    given = observation("hbsag_quant", 1000, "IU/mL", interferon_week=week_of_result)
    return seen(book, given, **facts).known("hbsag_week24").possible


def test_a_stated_pregnancy_is_not_overruled_by_the_sex_on_record(book: Book) -> None:
    known = seen(book, sex="male", history={"pregnant": True}).known("pregnant")
    assert known.possible is not None
    assert "yes" in known.possible  # type: ignore[operator]


def test_the_window_of_week_24_is_what_the_book_declares(book: Book) -> None:
    first, last = book.parameters["week24_from"].value, book.parameters["week24_to"].value
    assert first <= 24 <= last
    for week, inside in ((first, True), (last, True), (first - 0.1, False), (last + 0.1, False)):
        assert (week24(book, week) is not None) is inside


def test_the_result_nearest_to_week_24_counts(book: Book) -> None:
    given = [
        observation("hbsag_quant", 3000, "IU/mL", interferon_week=25),
        observation("hbsag_quant", 1000, "IU/mL", interferon_week=24),
    ]
    possible = seen(book, *given).known("hbsag_week24").possible
    assert isinstance(possible, Level)
    assert possible.interval is not None
    assert possible.interval.high == 1000


def test_the_week_is_counted_from_the_first_day_of_the_course(book: Book) -> None:
    course = [{"drug": "peginterferon_alfa_2a", "start": "2026-06-05"}]
    situation = seen(book, treatments=course)
    known = situation.known("interferon_week").possible
    assert isinstance(known, Level)
    assert known.interval is not None
    assert known.interval.low == 24


def test_a_stated_week_moves_on_with_the_calendar(book: Book) -> None:
    told = {"interferon_week": {"value": 20, "date": "2026-10-23"}}
    known = seen(book, history=told).known("interferon_week").possible
    assert isinstance(known, Level)
    assert known.interval is not None
    assert known.interval.low == 24


def test_two_running_courses_leave_the_week_open(book: Book) -> None:
    courses = [
        {"drug": "peginterferon_alfa_2b", "start": "2026-06-05"},
        {"drug": "peginterferon_alfa_2b", "start": "2024-01-10"},
    ]
    one, other = (
        seen(book, treatments=order).known("interferon_week").possible
        for order in (courses, courses[::-1])
    )
    assert one == other


def test_an_open_baseline_leaves_the_rise_of_alt_open(book: Book) -> None:
    given = [
        observation("alt", 31, "U/L", comparator=">", date="2026-05-01"),
        observation("alt", 101, "U/L", date="2026-11-20"),
    ]
    rise = seen(book, *given).known("alt_rise").possible
    assert isinstance(rise, Level)
    assert rise.interval == Interval(0, 101 / 31)
