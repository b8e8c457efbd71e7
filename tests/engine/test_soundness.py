"""What a record says about an input must allow for every exact value that the report allows.

A record with ``<``, ``>``, a missing upper limit or an unnamed assay stands for many exact records. Each of
them is one way it may really be, so what it gives for an input may be narrower, and never something else.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from hbv_engine import read_record
from hbv_engine.book import load_book
from hbv_engine.errors import RecordError
from hbv_engine.facts import catalogue
from hbv_engine.situation import Situation
from tests.engine.strategies import records

BOOK = load_book()
INPUTS = tuple(name for name in BOOK.axes if name not in BOOK.tables)
COPIES = (3.41, 5.0, 5.82)


def masks(record: dict[str, Any]) -> dict[str, int]:
    """What is possible of each input; exact results of one day that disagree are left out."""
    seen = Situation(BOOK, read_record(record))
    return {name: seen.mask(name) if seen.known(name).issue != "conflict" else 0 for name in INPUTS}


@st.composite
def exact_results(draw: st.DrawFn, result: dict[str, Any]) -> dict[str, Any]:
    """The same result with an exact value in place of a comparator or of an unnamed assay."""
    exact = copy.deepcopy(result)
    value = exact["value"]
    if isinstance(value, str):
        return exact
    sign = exact.get("comparator", "=")
    low, high = catalogue().analytes[exact["analyte"]].possible or (0.0, 1e9)
    if sign in {"<", "<="}:
        value = draw(st.sampled_from([value * 0.999, value / 2, value / 10, value / 1000]))
    elif sign in {">", ">="}:
        value = draw(st.sampled_from([value * 1.001, value * 2, value * 10, value * 1000]))
    if exact.get("unit") == "copies/mL" and not exact.get("assay"):
        exact["unit"] = "IU/mL"
        value = value / draw(st.sampled_from(COPIES))
    exact |= {"value": min(max(value, low), high), "comparator": "="}
    return exact


TOLD = (
    *("hbsag_earlier", "hbsag_duration", "dna_earlier", "hbeag_at_start", "afp_rising"),
    *("tsh_abnormal", "pregnant", "planning_pregnancy"),
)
"""Statements about what is also measured or recorded: an exact value may reveal that they are wrong."""


def measured_only(record: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in record["history"].items() if name not in TOLD}
    return {**record, "history": kept}


def in_copies(record: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(record)
    for result in changed["observations"]:
        if result["analyte"] == "hbv_dna" and not isinstance(result["value"], str):
            result |= {"unit": "copies/mL", "value": result["value"] * 5}
    return changed


@settings(
    max_examples=800,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(record=records(), data=st.data(), copies=st.booleans())
def test_an_exact_value_never_gives_what_its_range_excluded(
    record: dict[str, Any], data: st.DataObject, copies: bool
) -> None:
    record = measured_only(in_copies(record) if copies else record)
    exact = copy.deepcopy(record)
    exact["observations"] = [data.draw(exact_results(result)) for result in record["observations"]]
    exact["sex"] = record["sex"] or data.draw(st.sampled_from(["female", "male"]))
    try:
        wide, narrow = masks(record), masks(exact)
    except RecordError:
        assume(False)
    outside = {n: narrow[n] & ~wide[n] for n in INPUTS if wide[n] and narrow[n] & ~wide[n]}
    shown = {
        name: [BOOK.axes[name].describe(i) for i in range(32) if mask >> i & 1]
        for name, mask in outside.items()
    }
    assert shown == {}, exact


LIMITS = ("uln_who_2024_men", "uln_who_2024_women", "uln_china_lab_men", "uln_china_lab_women")


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(record=records(), data=st.data())
def test_a_printed_limit_within_those_in_use_never_gives_what_was_excluded_without_it(
    record: dict[str, Any], data: st.DataObject
) -> None:
    """The class of ALT: without a printed limit every limit in use for that sex stays possible."""
    sex = record["sex"] or data.draw(st.sampled_from(["female", "male"]))
    suffix = "men" if sex == "male" else "women"
    low = BOOK.parameters[f"uln_who_2024_{suffix}"].value
    high = BOOK.parameters[f"uln_china_lab_{suffix}"].value
    printed = copy.deepcopy(record)
    for result in printed["observations"]:
        if result["analyte"] == "alt" and result.get("reference_high") is None:
            result["reference_high"] = data.draw(st.sampled_from([low, (low + high) / 2, high]))
    try:
        wide, narrow = masks(record), masks(printed)
    except RecordError:
        assume(False)
    assert narrow["alt_class"] & ~wide["alt_class"] == 0
