"""The picture of values over time says the same as its table, and draws the rulebook's own lines."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gateway.series import Series, sentence, series_of
from gateway.summary import trend_of
from gateway.told import Told
from gateway.trend import Scale, picture
from hbv_engine import load_book
from records import Observation, Store
from tests.gateway.telling import ann, bob, result, tell

TODAY = dt.date(2026, 11, 20)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def told_by(store: Store) -> Callable[..., Told]:
    """What a person told: a function of the helpers, or results."""

    def make(*facts: Any) -> Told:
        person = store.begin("2026-11-18T08:00:00+00:00")[1]
        if facts and callable(facts[0]):
            facts[0](store, person)
        elif facts:
            tell(store, person, *facts)
        return Told.of(store, person, TODAY)

    return make


def drawn(told: Told, test: str, language: str = "en") -> tuple[Series, ET.Element]:
    series = series_of(told, test)
    return series, ET.fromstring(picture(series, told.courses, language))  # noqa: S314 - our own


def marks(root: ET.Element) -> list[ET.Element]:
    return [e for e in root.iter() if "trend-mark" in (e.get("class") or "").split()]


def middle(mark: ET.Element) -> float:
    return float(mark.attrib["cy"])


def lines(root: ET.Element) -> dict[float, float]:
    """Return the height at which each threshold is drawn."""
    found = [e for e in root.iter(f"{SVG}line") if e.get("class") == "trend-threshold"]
    return {float(e.attrib["data-at"]): float(e.attrib["y1"]) for e in found}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("test", ["hbsag_quant", "hbv_dna", "alt"])
def test_every_mark_is_a_row_of_the_table(
    told_by: Callable[..., Told], test: str, language: str
) -> None:
    """What is drawn stands in the table, with the same day and value; nothing is drawn twice."""
    told = told_by(ann)
    series, root = drawn(told, test, language)
    table = trend_of(told, series, "en")["values"]

    rows = {(row["day"], row["value"]) for row in table}
    points = [(m.attrib["data-day"], m.attrib["data-value"]) for m in marks(root)]

    assert set(points) <= rows
    assert len(points) == len(set(points)) == len(series.drawn)


def test_the_thresholds_are_those_of_the_rulebook(told_by: Callable[..., Told]) -> None:
    """1,500 and 10 IU/mL come from the rules and lie where a value of that number would."""
    series, root = drawn(told_by(ann), "hbsag_quant")
    numbers = load_book().numbers
    scale = Scale.of(series)

    assert lines(root) == {
        number: pytest.approx(scale.y(number), abs=0.06)
        for number in (numbers["week24_hbsag"], numbers["stop_hbsag"])
    }
    names = [e.get("data-parameter") for e in root.iter(f"{SVG}line") if e.get("data-at")]
    assert names == ["week24_hbsag", "stop_hbsag"]


def test_a_value_on_a_threshold_lies_on_its_line(told_by: Callable[..., Told]) -> None:
    told = told_by(
        result("hbsag_quant", 1500, "IU/mL", date="2026-01-01"),
        result("hbsag_quant", 10, "IU/mL", date="2026-06-01"),
    )
    series, root = drawn(told, "hbsag_quant")

    assert [middle(mark) for mark in marks(root)] == [lines(root)[1500], lines(root)[10]]
    assert "exactly 10 IU/mL" in sentence(series, "en")


def test_the_logarithmic_axis_is_monotone_and_even(told_by: Callable[..., Told]) -> None:
    """More is never lower, and ten times more is always the same step."""
    scale = Scale.of(series_of(told_by(ann), "hbv_dna"))
    powers = [scale.y(10.0**p) for p in range(int(scale.low), int(scale.high) + 1)]

    steps = [low - high for low, high in itertools.pairwise(powers)]
    assert min(steps) > 0
    assert max(steps) == pytest.approx(min(steps))
    assert scale.y(2e4) > scale.y(2.1e4)


def test_the_alt_axis_is_linear_from_zero(told_by: Callable[..., Told]) -> None:
    scale = Scale.of(series_of(told_by(ann), "alt"))

    assert not scale.logarithmic
    assert scale.low == 0
    assert scale.y(100) == pytest.approx((scale.y(0) + scale.y(200)) / 2)


def test_one_value_is_a_table_without_a_picture(told_by: Callable[..., Told]) -> None:
    told = told_by(result("hbsag_quant", 640, "IU/mL", date="2026-07-02"))
    series = series_of(told, "hbsag_quant")

    shown = trend_of(told, series, "en")

    assert shown["svg"] == ""
    assert [row["value"] for row in shown["values"]] == ["640 IU/mL"]
    assert "One value shows no trend" in shown["sentence"]
    with pytest.raises(ValueError, match="hbsag_quant"):
        picture(series, told.courses, "en")


def test_below_the_limit_is_an_open_mark_at_the_limit(told_by: Callable[..., Told]) -> None:
    """ "<20" is not 20: the mark is open, its words keep the sign, and the note says so."""
    told = told_by(ann)
    series, root = drawn(told, "hbv_dna")

    last = marks(root)[-1]
    row = trend_of(told, series, "en")["values"][-1]

    assert "open" in last.attrib["class"]
    assert last.attrib["data-value"] == row["value"] == "<20 IU/mL"
    assert middle(last) == pytest.approx(lines(root)[20], abs=0.06)
    assert "open mark" in row["note"]


def test_not_detected_lies_at_its_limit_if_it_was_told(told_by: Callable[..., Told]) -> None:
    told = told_by(
        result("hbv_dna", 5e4, "IU/mL", date="2026-01-01"),
        result("hbv_dna", "not_detected", date="2026-06-01", details={"lloq": 30}),
    )
    series, root = drawn(told, "hbv_dna")

    assert middle(marks(root)[-1]) == pytest.approx(lines(root)[30], abs=0.06)
    assert series.values[-1].text("en") == "not detected (limit 30 IU/mL)"
    assert "open" in marks(root)[-1].attrib["class"]


def test_not_detected_without_a_limit_lies_beneath_the_axis(told_by: Callable[..., Told]) -> None:
    """Nobody knows how low it is, so it gets no place on the scale."""
    told = told_by(bob)
    series, root = drawn(told, "hbv_dna")
    scale = Scale.of(series)

    off = [m for m in marks(root) if m.attrib["data-value"] == "not detected"]

    assert len(off) == 2
    assert all(middle(mark) > scale.y(10**scale.low) for mark in off)


def test_other_units_are_in_the_table_only(told_by: Callable[..., Told]) -> None:
    """Copies and indices are never drawn as IU/mL; kIU/mL is, for its factor is exact."""
    told = told_by(bob)
    dna, dna_root = drawn(told, "hbv_dna")
    hbsag, hbsag_root = drawn(told, "hbsag_quant")

    values = [row["value"] for row in trend_of(told, dna, "en")["values"]]
    index = [row for row in trend_of(told, hbsag, "en")["values"] if "COI" in row["value"]]

    assert "56,000 copies/mL" in values
    assert "copies" not in ET.tostring(dna_root, encoding="unicode")
    assert [row["value"] for row in index] == ["positive (5.3 COI)"]
    assert "not drawn" in index[0]["note"]
    assert "COI" not in ET.tostring(hbsag_root, encoding="unicode")
    kilo = next(m for m in marks(hbsag_root) if "kIU" in m.attrib["data-value"])
    assert middle(kilo) == pytest.approx(Scale.of(hbsag).y(3200), abs=0.06)


def test_a_value_above_the_range_points_up(told_by: Callable[..., Told]) -> None:
    _, root = drawn(told_by(bob), "hbsag_quant")

    above = next(m for m in marks(root) if m.attrib["data-value"].startswith(">"))

    assert above.tag == f"{SVG}polygon"
    assert "open" in above.attrib["class"]


def test_a_value_without_a_date_counts_when_it_was_told(told_by: Callable[..., Told]) -> None:
    told = told_by(bob)
    row = next(
        row
        for row in trend_of(told, series_of(told, "hbsag_quant"), "en")["values"]
        if "kIU" in row["value"]
    )

    assert row["day"] == "2026-11-18"
    assert row["day_note"] == "date not told; counted on the day it was told"


def test_a_value_of_a_treatment_week_lies_on_the_day_of_that_week(
    told_by: Callable[..., Told],
) -> None:
    told = told_by(
        Observation(
            kind="treatment",
            name="peginterferon_alfa_2a",
            value="taking",
            raw="peg",
            details={"start": "2026-01-01"},
        ),
        result("hbsag_quant", 5200, "IU/mL", interferon_week=0),
        result("hbsag_quant", 900, "IU/mL", interferon_week=24),
    )

    first, last = series_of(told, "hbsag_quant").values

    assert str(first.day) == "2026-01-01"
    assert last.day - first.day == dt.timedelta(weeks=24)
    assert last.day_from == "week"


def test_the_own_limit_of_alt_goes_before_that_of_the_rules(told_by: Callable[..., Told]) -> None:
    assert set(lines(drawn(told_by(ann), "alt")[1])) == {40}


@pytest.mark.parametrize(
    ("sex", "names"),
    [
        ("female", ["uln_who_2024_women", "uln_china_lab_women"]),
        ("male", ["uln_who_2024_men", "uln_china_lab_men"]),
        (None, ["uln_who_2024_women", "uln_china_lab_men"]),
    ],
)
def test_without_an_own_limit_the_lowest_and_the_highest_in_use_are_named(
    told_by: Callable[..., Told], sex: str | None, names: list[str]
) -> None:
    """They are those by which the rules read an ALT; unknown sex leaves the widest band."""
    person = [Observation(kind="person", name="sex", value=sex, raw="sex")] if sex else []
    values = [
        result("alt", 31, "U/L", date="2026-01-01"),
        result("alt", 28, "U/L", date="2026-06-01"),
    ]
    series, root = drawn(told_by(*person, *values), "alt")

    assert [line.parameter for line in series.lines] == names
    assert set(lines(root)) == {load_book().numbers[name] for name in names}


def test_treatment_lies_beneath_the_axis_from_start_to_stop(told_by: Callable[..., Told]) -> None:
    told = told_by(
        result("alt", 86, "U/L", date="2026-01-01"),
        result("alt", 40, "U/L", date="2026-09-01"),
        Observation(
            kind="treatment",
            name="entecavir",
            value="stopped",
            raw="entecavir",
            details={"start": "2026-02-01", "stop": "2026-08-01"},
        ),
    )
    series, root = drawn(told, "alt")
    scale = Scale.of(series)

    bar = next(e for e in root.iter(f"{SVG}rect") if e.get("class") == "trend-course")

    assert float(bar.attrib["y"]) > scale.y(0)
    assert float(bar.attrib["x"]) == pytest.approx(scale.x(dt.date(2026, 2, 1)), abs=0.06)
    end = float(bar.attrib["x"]) + float(bar.attrib["width"])
    assert end == pytest.approx(scale.x(dt.date(2026, 8, 1)), abs=0.11)


def test_a_stop_told_in_the_same_message_ends_the_course(told_by: Callable[..., Told]) -> None:
    told = told_by(
        Observation(
            kind="treatment",
            name="entecavir",
            value="taking",
            raw="since 2024-05-02",
            details={"start": "2024-05-02"},
        ),
        Observation(
            kind="treatment",
            name="entecavir",
            value="stopped",
            raw="stopped 2025-12-01",
            details={"stop": "2025-12-01"},
        ),
    )

    (course,) = told.courses

    assert (str(course.start), str(course.stop)) == ("2024-05-02", "2025-12-01")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([(5200, "="), (640, "=")], "fell from 5,200 IU/mL to 640 IU/mL"),
        ([(640, "="), (5200, "=")], "rose from 640 IU/mL to 5,200 IU/mL"),
        ([(640, "="), (640, "=")], "was 640 IU/mL on 2026-01-01 and again on"),
        ([(30, "<"), (20, "<")], "do not tell whether it fell or rose"),
        ([(5200, "="), (3, "="), (4000, "=")], "In between it was down to 3 IU/mL (2026-02-01)."),
        ([(40, "="), (9000, "="), (60, "=")], "In between it reached 9,000 IU/mL (2026-02-01)."),
        ([(9000, "="), (2000, "<")], "too imprecise to compare with 1,500 IU/mL"),
        ([(9000, "="), (1500, "<")], "below 1,500 IU/mL and too imprecise"),
    ],
)
def test_the_sentence_says_what_the_numbers_say(
    told_by: Callable[..., Told], values: list[tuple[float, str]], said: str
) -> None:
    """Nor does it hide a peak or a dip between its ends, or read a limit as a value."""
    told = told_by(
        *[
            result("hbsag_quant", v, "IU/mL", comparator=c, date=f"2026-0{month}-01")
            for month, (v, c) in enumerate(values, 1)
        ]
    )

    assert said in sentence(series_of(told, "hbsag_quant"), "en")


def test_two_values_of_one_day_that_differ_make_no_trend(told_by: Callable[..., Told]) -> None:
    told = told_by(
        result("hbsag_quant", 5200, "IU/mL", date="2026-01-01"),
        result("hbsag_quant", 640, "IU/mL", date="2026-06-01"),
        result("hbsag_quant", 6400, "IU/mL", date="2026-06-01"),
    )

    said = sentence(series_of(told, "hbsag_quant"), "en")

    assert "do not agree (640 IU/mL, 6,400 IU/mL)" in said
    assert "fell" not in said


def test_an_old_value_is_said_to_be_old(told_by: Callable[..., Told]) -> None:
    told = told_by(
        result("alt", 86, "U/L", date="2022-01-01"), result("alt", 30, "U/L", date="2023-01-01")
    )

    assert "does not speak about today" in sentence(series_of(told, "alt"), "en")


def test_both_languages_draw_the_same(told_by: Callable[..., Told]) -> None:
    """Only words differ: every place and every number is the same."""
    told = told_by(ann)

    def shape(language: str) -> list[tuple[str, str]]:
        root = drawn(told, "hbsag_quant", language)[1]
        return [
            (e.tag, e.attrib.get("cx", "") + e.attrib.get("y1", "") + e.attrib.get("data-day", ""))
            for e in root.iter()
        ]

    assert shape("en") == shape("zh")


@pytest.mark.parametrize("helper", [ann, bob])
@pytest.mark.parametrize("test", ["hbsag_quant", "hbv_dna", "alt"])
def test_everything_lies_within_the_picture(
    told_by: Callable[..., Told], helper: Callable[..., None], test: str
) -> None:
    """Also with a name for screen readers, and without style or script."""
    series, root = drawn(told_by(helper), test)
    _, _, width, height = map(float, root.attrib["viewBox"].split())

    for part in root.iter():
        for name, most in (
            ("x", width),
            ("cx", width),
            ("x1", width),
            ("y", height),
            ("cy", height),
        ):
            assert 0 <= float(part.attrib.get(name, 0)) <= most
        assert part.tag not in {f"{SVG}script", f"{SVG}style"}
        assert not any(key == "style" or key.startswith("on") for key in part.attrib)
    title, desc = root[0], root[1]
    assert (title.text, desc.text) == (series.label("en"), sentence(series, "en"))
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert all(math.isfinite(middle(m)) for m in marks(root) if "cy" in m.attrib)
