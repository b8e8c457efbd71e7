"""The bundle is sound FHIR, and reading it back gives the results that were told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from bot.report import read
from bot.report.words import load
from gateway.fhir_bundle import bundle_of, ucum_of
from gateway.told import Told
from hbv_engine import load_book
from hbv_engine.facts import catalogue
from records import Observation, Store
from tests.gateway.conftest import Site
from tests.gateway.telling import ann, bob, eve, result, tell

TODAY = dt.date(2026, 11, 20)
AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.timezone.utc)
# A report knows positive and negative only; the dialogue reads them so for HBV DNA.
READ_AS = {"not_detected": "negative", "detected": "positive"}


def bundle(store: Store, *facts: Observation) -> dict[str, Any]:
    person = store.begin("2026-11-18T08:00:00+00:00")[1]
    tell(store, person, *facts)
    return bundle_of(Told.of(store, person, TODAY), person, AT)


def resources(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in made["entry"]]
    return [r for r in found if r["resourceType"] == kind]


def read_back(made: dict[str, Any]) -> Any:
    return read(json.dumps(made).encode(), media_type="application/fhir+json", today=TODAY)


@pytest.mark.parametrize("helper", [ann, bob, eve])
def test_the_bundle_is_sound_and_comes_as_a_file(
    site: Site, helper: Callable[[Store, str], None]
) -> None:
    helper(site.store, site.person)
    headers = {"Authorization": f"Bearer {site.token}"}

    answer = site.client.get("/chat/fhir", headers=headers)

    assert answer.headers["content-type"] == "application/fhir+json"
    assert "attachment" in answer.headers["content-disposition"]
    assert Bundle.model_validate(answer.json()).type == "collection"


@pytest.mark.parametrize("helper", [ann, bob, eve])
def test_reading_it_back_gives_the_same_results(
    store: Store, helper: Callable[[Store, str], None]
) -> None:
    """Value, comparator, unit, day and printed limit; nothing more, nothing less."""
    person = store.begin("2026-11-18T08:00:00+00:00")[1]
    helper(store, person)
    told = Told.of(store, person, TODAY)

    report = read_back(bundle_of(told, person, AT))

    found = [
        (r.analyte, _plain(r.value), r.comparator or "=", r.unit, r.date, r.reference_high)
        for r in report.rows
    ]
    expected = [
        (
            o.name,
            _plain(READ_AS.get(str(o.value), o.value)),
            o.comparator or "=",
            o.unit,
            o.date,
            o.reference_high,
        )
        for o in told.facts
        if o.kind == "analyte"
    ]
    assert sorted(map(str, found)) == sorted(map(str, expected))
    assert not any(row.ambiguous for row in report.rows)


@pytest.mark.parametrize(
    "name", sorted(n for n, analyte in catalogue().analytes.items() if analyte.loinc)
)
def test_every_test_with_a_code_is_read_back(store: Store, name: str) -> None:
    """In each unit that it is told in, and in each word."""
    analyte = catalogue().analytes[name]
    low, high = analyte.plausible or (0, 0)
    for unit, factor in (analyte.units or {}).items():
        usual = min(max(low, 1.0) * 2, high)
        number = round(usual / factor, 3) if isinstance(factor, int | float) else 4.5
        found = read_back(bundle(store, result(name, number, unit, date="2026-10-05")))
        assert [(r.analyte, r.value, r.unit) for r in found.rows] == [(name, number, unit)]
    for word in analyte.values:
        if name in {"liver_imaging", "urine_test"}:
            continue
        found = read_back(bundle(store, result(name, word, date="2026-10-05")))
        assert [(r.analyte, r.value) for r in found.rows] == [(name, READ_AS.get(word, word))]


def test_the_limit_of_a_not_detected_is_read_back(store: Store) -> None:
    fact = result("hbv_dna", "not_detected", date="2026-10-05", details={"lloq": 20})

    (row,) = read_back(bundle(store, fact)).rows

    assert (row.value, row.limit) == ("negative", 20)


def test_a_result_has_code_unit_sign_and_day(store: Store) -> None:
    fact = result("hbv_dna", 20, "IU/mL", comparator="<", date="2026-10-05", reference_high=100)

    (made,) = resources(bundle(store, fact), "Observation")[:1]

    assert made["code"]["coding"][0] == {"system": "http://loinc.org", "code": "42595-9"}
    assert made["valueQuantity"] == {
        "value": 20,
        "comparator": "<",
        "unit": "IU/mL",
        "system": "http://unitsofmeasure.org",
        "code": "[IU]/mL",
    }
    assert made["effectiveDateTime"] == "2026-10-05"
    assert made["referenceRange"][0]["high"]["value"] == 100
    assert made["performer"] == [made["subject"]]


def test_about_is_not_made_exact(store: Store) -> None:
    """FHIR has no sign for "about": the value is given as it was told."""
    made = bundle(store, result("hbsag_quant", 5000, "IU/mL", comparator="~"))

    found = resources(made, "Observation")[0]

    assert found["valueString"] == "~5,000 IU/mL"
    assert "valueQuantity" not in found


def test_a_day_that_was_not_told_is_not_made_up(store: Store) -> None:
    found = resources(bundle(store, result("alt", 86, "U/L")), "Observation")[0]

    assert "effectiveDateTime" not in found
    assert "issued" not in found
    assert any("told on 2026-11-18" in note["text"] for note in found["note"])


def test_history_is_never_read_as_a_result(store: Store) -> None:
    """ "HBeAg before interferon: positive" must not come back as a present HBeAg."""
    items = {**catalogue().history, **catalogue().symptoms}
    facts = [
        Observation(
            kind="history" if name in catalogue().history else "symptom",
            name=name,
            value=True
            if item.yes_no
            else "2026-01-01"
            if item.date
            else (item.values[0] if item.values else (item.range or (0, 0))[0]),
            raw=name,
        )
        for name, item in items.items()
    ]

    made = bundle(store, *facts)
    report = read_back(made)

    assert report.rows == ()
    told = len(resources(made, "Condition"))
    told += len(resources(made, "QuestionnaireResponse")[0]["item"])
    assert told == len(items)


def test_a_denial_is_refuted_and_a_yes_unconfirmed(store: Store) -> None:
    made = bundle(
        store,
        Observation(kind="history", name="liver_cancer", value=False, raw="no cancer"),
        Observation(kind="history", name="pregnant", value=True, raw="pregnant"),
    )

    found = {
        c["code"]["coding"][0]["code"]: c["verificationStatus"]["coding"][0]["code"]
        for c in resources(made, "Condition")
    }

    assert found == {"liver_cancer": "refuted", "pregnant": "unconfirmed"}


def test_medicines_have_their_days(store: Store) -> None:
    made = bundle(
        store,
        Observation(
            kind="treatment",
            name="entecavir",
            value="stopped",
            raw="entecavir",
            details={"start": "2024-05-02", "stop": "2025-12-01"},
        ),
    )

    (statement,) = resources(made, "MedicationStatement")

    assert statement["status"] == "stopped"
    assert statement["effectivePeriod"] == {"start": "2024-05-02", "end": "2025-12-01"}


def test_alerts_and_verdicts_name_their_rules(store: Store) -> None:
    person = store.begin("2026-11-18T08:00:00+00:00")[1]
    eve(store, person)
    told = Told.of(store, person, TODAY)
    made = bundle_of(told, person, AT)

    issues = {i["code"]["coding"][0]["code"] for i in resources(made, "DetectedIssue")}
    verdicts = [
        o for o in resources(made, "Observation") if "decision" in o["code"]["coding"][0]["system"]
    ]

    assert issues == {alert.rule for alert in told.assessment.alerts}
    assert told.guessed
    assert "umol/L" not in json.dumps(resources(made, "DetectedIssue"))
    assert verdicts
    for verdict in verdicts:
        decision = told.assessment.decisions[verdict["code"]["coding"][0]["code"]]
        notes = " ".join(note["text"] for note in verdict["note"])
        assert all(rule in notes for rule in decision.rules)
        assert load_book().sha256 in notes


def test_no_verdict_is_read_as_a_result(store: Store) -> None:
    """Whatever a goal is called and whatever its outcome, our own reader leaves it alone."""
    person = store.begin("2026-11-18T08:00:00+00:00")[1]
    ann(store, person)
    base = bundle_of(Told.of(store, person, TODAY), person, AT)
    template = next(
        r for r in resources(base, "Observation") if "decision" in r["code"]["coding"][0]["system"]
    )
    book = load_book()
    entries = []
    for goal in book.goals:
        for outcome in book.tables[goal].outcomes.values():
            code = {**template["code"], "text": book.phrases[f"table.{goal}"]["en"]}
            value = {**template["valueCodeableConcept"], "text": outcome.label["en"]}
            entries.append({"resource": {**template, "code": code, "valueCodeableConcept": value}})

    assert read_back({**base, "entry": entries}).rows == ()


def test_nobody_is_named(store: Store) -> None:
    """The patient is a pseudonym that differs from the one in the store."""
    person = store.begin("2026-11-18T08:00:00+00:00")[1]
    ann(store, person)
    made = bundle_of(Told.of(store, person, TODAY), person, AT)

    (patient,) = resources(made, "Patient")

    assert set(patient) == {"resourceType", "id", "gender"}
    assert person not in json.dumps(made)
    again = bundle_of(Told.of(store, person, TODAY), person, AT)
    assert again == made


def test_every_unit_has_a_code_that_reads_as_that_unit() -> None:
    known = load("codes")["ucum"]
    units = {u for analyte in catalogue().analytes.values() for u in analyte.units or ()}

    for unit in units:
        assert known.get(ucum_of(unit), ucum_of(unit)) == unit


def _plain(value: object) -> object:
    return float(value) if isinstance(value, int | float) else value
