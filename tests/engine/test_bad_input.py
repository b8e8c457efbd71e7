"""Input that cannot be used is refused with a code, the value, what is accepted and what to do next.

Odd but possible values are taken with a warning. Nothing is ever half done.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from hbv_engine import answer, assess, read_record, what_if
from hbv_engine.errors import EngineError
from hbv_engine.model import MAX_BYTES

AS_OF = "2026-11-20"


def record(**facts: Any) -> dict[str, Any]:
    return {"as_of": AS_OF, **facts}


def result(analyte: str, value: Any, **more: Any) -> dict[str, Any]:
    return record(observations=[{"analyte": analyte, "value": value, **more}])


def refused(data: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        assess(read_record(data))
    return caught.value


BAD: dict[str, tuple[Any, str, str]] = {
    "unknown analyte": (result("hbsagg", "positive"), "unknown_name", "hbsag"),
    "unknown history item": (record(history={"cirrosis": "none"}), "unknown_name", "cirrhosis"),
    "unknown symptom": (record(symptoms={"jaundise": True}), "unknown_name", "jaundice"),
    "unknown drug": (record(treatments=[{"drug": "entecavire"}]), "unknown_name", "entecavir"),
    "unknown key": (record(weight=70), "unknown_name", ""),
    "impossible value": (result("alt", 60_000, unit="U/L"), "impossible_value", "0 to 50000 U/L"),
    "negative value": (result("alt", -1, unit="U/L"), "impossible_value", "0 to 50000 U/L"),
    "impossible age": (record(age=140), "impossible_value", "0 to 120"),
    "impossible history": (record(history={"bmi": 400}), "impossible_value", "8 to 100"),
    "plain number called log10": (
        result("hbv_dna", 23_000_000, unit="log10 IU/mL"), "impossible_value", "exponent"),
    "wrong unit": (result("alt", 40, unit="mg/dL"), "unit_error", "U/L"),
    "no unit": (result("hbsag_quant", 1500), "unit_error", "IU/mL"),
    "COI given as a quantity": (result("hbsag_quant", 250, unit="COI"), "unit_error", "IU/mL"),
    "S/CO given as a quantity": (result("hbsag_quant", 250, unit="S/CO"), "unit_error", "IU/mL"),
    "ng/mL given as a quantity": (result("hbsag_quant", 250, unit="ng/mL"), "unit_error", "IU/mL"),
    "unknown assay": (
        result("hbv_dna", 1e4, unit="copies/mL", assay="mine"), "unit_error", "roche_taqman"),
    "index of an inverse kit": (result("anti_hbe", 0.1, unit="COI"), "wrong_type", "positive"),
    "quantity of a word": (result("hbsag", 250, unit="IU/mL"), "wrong_type", "positive"),
    "date in the future": (result("hbeag", "positive", date="2026-11-21"), "date_error", AS_OF),
    "future date of imaging": (
        record(history={"last_liver_imaging": "2027-01-01"}), "date_error", AS_OF),
    "future start of treatment": (
        record(treatments=[{"drug": "entecavir", "start": "2027-01-01"}]), "date_error", AS_OF),
    "stop before start": (
        record(treatments=[{"drug": "entecavir", "start": "2026-05-02", "stop": "2026-05-01"}]),
        "date_error", "2026-05-02"),
    "no such day": (result("hbeag", "positive", date="2026-02-30"), "date_error", ""),
    "two sexes": (record(sex=["female", "male"]), "contradiction", "female or male"),
    "two sexes in JSON": (
        '{"as_of": "2026-11-20", "sex": "female", "sex": "male"}', "contradiction", "once"),
    "text for a number": (result("alt", "high", unit="U/L"), "wrong_type", "a number in U/L"),
    "text for an age": (record(age="34"), "wrong_type", ""),
    "yes for true": (record(symptoms={"jaundice": "yes"}), "wrong_type", "true or false"),
    "true for a number": (result("alt", True, unit="U/L"), "wrong_type", ""),
    "not a number": ('{"as_of": "2026-11-20", "age": NaN}', "wrong_type", ""),
    "a number for a date": (record(observations=[], as_of=86_400), "date_error", ""),
    "digits for a date": ({"as_of": "86400"}, "date_error", ""),
    "wrong dose": (
        record(treatments=[{"drug": "peginterferon_alfa_2a", "dose": 1800, "dose_unit": "ug"}]),
        "impossible_value", "30 to 270 ug"),
    "dose without unit": (
        record(treatments=[{"drug": "peginterferon_alfa_2a", "dose": 180}]), "unit_error", "ug"),
    "an empty file": ("", "input_format", "JSON object"),
    "a blank file": (" \n\t", "input_format", "JSON object"),
    "no JSON": ("HBsAg +", "input_format", "JSON object"),
    "bytes that are no text": (b"\xff\xfe{", "input_format", "JSON object"),
    "a list": ("[]", "input_format", ""),
    "no day": ("{}", "input_format", ""),
    "brackets without end": ("[" * 100_000, "input_format", "JSON object"),
    "an upper limit of zero": (
        result("alt", 40, unit="U/L", reference_high=0), "impossible_value", ""),
    "a negative upper limit": (
        result("bilirubin", 40, unit="umol/L", reference_high=-1), "impossible_value", ""),
    "a negative detection limit": (
        result("hbv_dna", "not_detected", unit="IU/mL", lloq=-5), "impossible_value", ""),
    "less than nothing": (
        result("hbsag_quant", 0, unit="IU/mL", comparator="<"), "impossible_value", ""),
    "four hundred digits": (result("alt", 10**400, unit="U/L"), "impossible_value", "50000"),
    "four hundred digits of a limit": (
        result("alt", 40, unit="U/L", reference_high=10**400), "impossible_value", ""),
    "four hundred digits of a detection limit": (
        result("hbv_dna", "not_detected", unit="IU/mL", lloq=10**400), "impossible_value", ""),
    "four hundred digits of a dose": (
        record(treatments=[{"drug": "peginterferon_alfa_2a", "dose": 10**400, "dose_unit": "ug"}]),
        "impossible_value", "30 to 270"),
    "four hundred digits of injections": (
        record(treatments=[{"drug": "peginterferon_alfa_2a", "doses_missed": 10**400}]),
        "impossible_value", ""),
    "a negative week": (
        result("hbsag_quant", 40, unit="IU/mL", interferon_week=-3), "impossible_value", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_with_a_code_the_value_what_is_accepted_and_a_remedy(name: str) -> None:
    data, code, accepted = BAD[name]
    error = refused(data)
    assert error.code == code
    assert accepted in error.accepted
    assert error.message.endswith(".")
    plain = error.as_dict()
    assert set(plain) == {"code", "message", "value", "accepted", "remedy"}
    assert len(json.dumps(plain)) < 1_500
    assert error.accepted or error.remedy


def test_the_offending_value_is_named() -> None:
    assert refused(result("hbsagg", "positive")).value == "hbsagg"
    assert refused(result("alt", 60_000, unit="U/L")).value == 60_000
    assert refused(result("hbsag_quant", 250, unit="COI")).value == "COI"
    assert refused(record(sex=["female", "male"])).value == ["female", "male"]


def test_a_hundred_megabytes_are_refused_at_once() -> None:
    text = '{"as_of": "' + "x" * 100_000_000 + '"}'
    start = time.perf_counter()
    error = refused(text)
    assert time.perf_counter() - start < 0.5
    assert error.code == "input_format"
    assert f"{MAX_BYTES:,}" in error.accepted
    assert "cohort" in error.remedy


def test_an_odd_value_warns_and_goes_on() -> None:
    found = assess(result("alt", 9000, unit="U/L"))
    assert [code for code, _ in found.warnings] == ["unusual_value"]
    assert "9000" in found.warnings[0][1]
    assert found.decisions["phase"].status == "open"


def test_copies_without_the_assay_warn_and_go_on() -> None:
    found = assess(result("hbv_dna", 1e4, unit="copies/mL"))
    assert [code for code, _ in found.warnings] == ["assay_unknown"]


def test_a_refused_answer_leaves_the_record_as_it_was() -> None:
    before = read_record(result("hbeag", "positive"))
    copy = before.model_dump_json()
    for question, value in (("age", 140), ("hbsag_quant", 12), ("hbeag", "perhaps")):
        with pytest.raises(EngineError):
            answer(before, question, value)
    assert before.model_dump_json() == copy


def test_a_refused_what_if_leaves_the_record_as_it_was() -> None:
    before = read_record(result("alt", 40, unit="U/L"))
    copy = before.model_dump_json()
    with pytest.raises(EngineError):
        what_if(before, {"observations": [{"analyte": "alt", "value": -4, "unit": "U/L"}]})
    what_if(before, {"observations": [{"analyte": "alt", "value": 90, "unit": "U/L"}]})
    assert before.model_dump_json() == copy


def test_reading_does_not_change_what_was_given() -> None:
    data = record(sex="female", history={"cirrhosis": "none", "pregnant": None}, symptoms={})
    copy = json.dumps(data)
    read_record(data)
    assert json.dumps(data) == copy


def test_what_is_not_known_may_be_given_as_null() -> None:
    data = record(sex=None, age=None, history={"pregnant": None}, symptoms={"fever": None})
    found = read_record(data)
    assert not found.history
    assert not found.symptoms


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_assessed(as_of: str) -> None:
    data = {
        "as_of": as_of,
        "observations": [{"analyte": "alt", "value": 40, "unit": "U/L", "date": as_of}],
        "history": {
            "antiviral_now": "interferon",
            "interferon_week": 200,
            "hbsag_duration": "six_months_or_more",
        },
    }
    assert assess(data).as_of.isoformat() == as_of
