"""CDS Hooks 2.0: what the specification asks of every answer, and what a card may say of a patient."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bot.report.words import load as report_words
from gateway import fhir
from gateway.cds_hooks import ID
from gateway.fhir import read_patient
from hbv_engine import load_book
from hbv_engine.facts import catalogue

pytestmark = pytest.mark.anyio
TODAY = dt.date(2026, 11, 20)
LOINC = "http://loinc.org"
# The rules of the specification, in the words of JSON Schema: an element is never null or empty.
TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://[^/]+"}
SOURCE = {
    "type": "object",
    "required": ["label"],
    "properties": {"label": TEXT, "url": URL, "icon": URL},
    "additionalProperties": False,
}
LINK = {
    "type": "object",
    "required": ["label", "url", "type"],
    "properties": {"label": TEXT, "url": URL, "type": {"enum": ["absolute", "smart"]}},
}
CARD = {
    "type": "object",
    "required": ["summary", "indicator", "source"],
    "properties": {
        "uuid": {"type": "string", "format": "uuid"},
        "summary": {"type": "string", "minLength": 1, "maxLength": 139},
        "detail": TEXT,
        "indicator": {"enum": ["info", "warning", "critical"]},
        "source": SOURCE,
        "links": {"type": "array", "minItems": 1, "items": LINK},
        "suggestions": {"type": "array", "minItems": 1},
        "extension": {"type": "object", "minProperties": 1},
    },
    "dependentRequired": {"suggestions": ["selectionBehavior"]},
    "additionalProperties": False,
}
ANSWER = {
    "type": "object",
    "required": ["cards"],
    "properties": {"cards": {"type": "array", "items": CARD}},
    "additionalProperties": False,
}
DISCOVERY = {
    "type": "object",
    "required": ["services"],
    "properties": {
        "services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["hook", "description", "id"],
                "properties": {
                    "hook": TEXT,
                    "title": TEXT,
                    "description": TEXT,
                    "id": TEXT,
                    "prefetch": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": {
                            "type": "string",
                            "pattern": r"^[A-Z][A-Za-z]+[/?].*\{\{context\.patientId\}\}",
                        },
                    },
                },
                "additionalProperties": False,
            },
        }
    },
    "additionalProperties": False,
}


def must_follow(schema: dict[str, Any], data: Any) -> None:
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(data)
    assert "null" not in json.dumps(data)


def observation(code: str, day: str = "2026-11-01", **value: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "effectiveDateTime": day,
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": LOINC, "code": code}]},
        **value,
    }


def quantity(value: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, "unit": unit, **more}}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def medicine(text: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": text},
        **more,
    }


def condition(system: str, code: str, clinical: str = "active") -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/p1"},
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": system, "code": code}]},
    }


PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1992-03-01"}
POSITIVE = {"valueCodeableConcept": {"coding": [{"code": "10828004"}], "text": "Positive"}}
HBSAG = observation("5196-1", **POSITIVE)
HBEAG = observation("13954-3", **POSITIVE)
DNA = observation("42595-9", **quantity(23_000_000, "IU/mL"))
ALT = observation("1742-6", **quantity(86, "U/L"))
PLATELETS = observation("777-3", **quantity(20, "10*9/L"))
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def call(prefetch: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/example", "patientId": "p1"},
        **more,
    }
    return body | ({"prefetch": prefetch} if prefetch is not None else {})


async def cards(
    client: httpx.AsyncClient, prefetch: dict[str, Any] | None, lang: str = "en"
) -> list[dict[str, Any]]:
    reply = await client.post(f"/cds-services/{ID}", params={"lang": lang}, json=call(prefetch))
    assert reply.status_code == 200, reply.text
    must_follow(ANSWER, reply.json())
    return list(reply.json()["cards"])


async def test_the_service_is_discovered(client: httpx.AsyncClient) -> None:
    reply = await client.get("/cds-services")

    must_follow(DISCOVERY, reply.json())
    service = reply.json()["services"][0]
    assert (service["id"], service["hook"]) == ("chronic-hepatitis-b", "patient-view")


async def test_every_code_that_can_be_read_is_asked_for(client: httpx.AsyncClient) -> None:
    asked = (await client.get("/cds-services")).json()["services"][0]["prefetch"]
    query = parse_qs(urlsplit(asked["results"]).query)
    codes = {code.removeprefix(f"{LOINC}|") for code in query["code"][0].split(",")}

    assert codes == set(report_words("codes")["loinc"])
    assert {a.loinc for a in catalogue().analytes.values() if a.loinc} <= codes
    assert set(asked) == {"patient", "results", "requests", "statements", "conditions"}


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_red_flags_come_first_and_are_critical(client: httpx.AsyncClient, lang: str) -> None:
    sent = {"patient": PATIENT, "results": bundle(HBSAG, HBEAG, DNA, ALT, PLATELETS)}

    found = await cards(client, sent, lang)

    assert found[0]["indicator"] == "critical"
    assert found[0]["extension"]["hbv.rules"] == ["RED-08a"]
    ranks = [["critical", "warning", "info"].index(card["indicator"]) for card in found]
    assert 0 not in ranks[ranks.count(0) :]


async def test_every_card_names_its_rules_and_the_rulebook(client: httpx.AsyncClient) -> None:
    sent = {"patient": PATIENT, "results": bundle(HBSAG, HBEAG, DNA, ALT)}
    book = load_book()

    for card in await cards(client, sent):
        assert card["extension"]["hbv.rulebook_sha256"] == book.sha256
        assert set(card["extension"].get("hbv.rules", ())) <= set(book.rows)
        assert UUID(card["uuid"])


async def test_what_is_open_is_said_with_the_facts_that_are_missing(
    client: httpx.AsyncClient,
) -> None:
    found = await cards(client, {"patient": PATIENT, "results": bundle(HBSAG)})

    assert "open" in found[-1]["summary"]
    assert "HBV DNA" in found[-1]["detail"]
    assert not any("inactive" in card["summary"].lower() for card in found)


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (None, ["patient", "results"]),
        ({}, ["patient", "results"]),
        ({"patient": PATIENT}, ["results"]),
        ({"patient": PATIENT, "results": None}, ["results"]),
        ({"results": bundle(HBSAG)}, ["patient"]),
    ],
)
async def test_without_what_is_needed_one_card_says_so(
    client: httpx.AsyncClient, sent: dict[str, Any] | None, named: list[str]
) -> None:
    found = await cards(client, sent)

    assert len(found) == 1
    assert found[0]["indicator"] == "info"
    for name in named:
        assert name in found[0]["summary"]


async def test_a_patient_without_a_word_of_hepatitis_b_gets_no_card(
    client: httpx.AsyncClient,
) -> None:
    sent = {"patient": PATIENT, "results": bundle(ALT), "requests": bundle(medicine("aspirin"))}

    assert await cards(client, sent) == []


async def test_but_a_red_flag_is_never_kept_back(client: httpx.AsyncClient) -> None:
    found = await cards(client, {"patient": PATIENT, "results": bundle(PLATELETS)})

    assert {card["indicator"] for card in found} == {"critical"}


async def test_a_link_is_absolute_or_not_there(
    app: Any, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"patient": PATIENT, "results": bundle(HBSAG)}
    plain = await cards(client, sent)
    from dataclasses import replace  # noqa: PLC0415

    public = replace(app.state.settings, public="https://hbv.example")
    monkeypatch.setattr(app.state, "settings", public, raising=False)
    linked = await cards(client, sent)

    assert "url" not in plain[0]["source"]
    assert linked[0]["source"]["url"] == "https://hbv.example/rulebook"


async def test_a_host_that_the_caller_makes_up_is_in_no_card(client: httpx.AsyncClient) -> None:
    reply = await client.post(
        f"/cds-services/{ID}",
        json=call({"patient": PATIENT, "results": bundle(HBSAG)}),
        headers={"Host": "evil.test"},
    )

    assert "evil" not in reply.text


async def test_markup_of_the_sender_is_not_in_a_card(client: httpx.AsyncClient) -> None:
    odd = observation("1742-6", **quantity(86, "<img src=x>"))
    named = medicine("entecavir [x](javascript:alert) <script>")

    found = await cards(
        client, {"patient": PATIENT, "results": bundle(HBSAG, odd), "requests": bundle(named)}
    )

    assert "<img" not in json.dumps(found)
    assert "javascript" not in json.dumps(found)


@pytest.mark.parametrize(
    "change",
    [
        {"hook": "order-sign"},
        {"hookInstance": "no uuid"},
        {"hookInstance": None},
        {"context": {}},
        {"context": {"patientId": ""}},
        {"context": None},
    ],
)
async def test_a_call_against_the_specification_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    reply = await client.post(f"/cds-services/{ID}", json=call({}, **change) | change)

    assert reply.status_code == 422


@pytest.mark.parametrize(
    "odd",
    [
        5,
        "x",
        [1],
        {"resourceType": 5},
        {"resourceType": "Bundle", "entry": 5},
        {"resourceType": "Bundle", "entry": [5, {"resource": 5}, {}]},
        {"resourceType": "OperationOutcome"},
        bundle({**ALT, "code": 5}),
        bundle({**ALT, "valueQuantity": {"value": "86"}}),
        bundle({**ALT, "valueQuantity": {"value": 1e400}}),
        bundle({**ALT, "effectiveDateTime": "yesterday"}),
        bundle({**ALT, "subject": 5}),
        bundle({**medicine("x"), "medicationCodeableConcept": {"coding": 5, "text": 5}}),
        bundle({**medicine("entecavir"), "authoredOn": 5}),
        bundle({**condition(ICD, "K74.60"), "clinicalStatus": 5}),
    ],
    ids=range(15),
)
async def test_odd_resources_are_left_out_and_never_fail(
    client: httpx.AsyncClient, odd: Any
) -> None:
    for place in ("results", "requests", "conditions", "anything"):
        sent = {"patient": PATIENT, "results": bundle(HBSAG), place: odd}
        text = json.dumps(call(sent)).replace("Infinity", "1e400")
        reply = await client.post(
            f"/cds-services/{ID}", content=text, headers={"Content-Type": "application/json"}
        )

        assert reply.status_code in {200, 422}, reply.text
        if reply.status_code == 200:
            must_follow(ANSWER, reply.json())


@pytest.mark.parametrize("prefetch", [[], "x", 5])
async def test_a_prefetch_that_is_no_object_is_refused(
    client: httpx.AsyncClient, prefetch: Any
) -> None:
    reply = await client.post(f"/cds-services/{ID}", json=call(prefetch))

    assert reply.status_code == 422


async def test_feedback_is_accepted_and_not_kept(client: httpx.AsyncClient) -> None:
    one = {
        "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "outcome": "overridden",
        "overrideReason": {"userComment": "Mr Secretname says no"},
        "outcomeTimestamp": "2026-11-20T00:00:00Z",
    }

    reply = await client.post(f"/cds-services/{ID}/feedback", json={"feedback": [one]})
    unknown = await client.post("/cds-services/other/feedback", json={"feedback": [one]})

    assert (reply.status_code, unknown.status_code) == (200, 404)
    assert "Secretname" not in reply.text


async def test_another_service_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.post("/cds-services/other", json=call({}))).status_code == 404


def read(**prefetch: Any) -> fhir.Read:
    return read_patient(prefetch, "p1", today=TODAY)


def test_a_result_is_taken_with_its_unit_limit_and_day() -> None:
    limits = {"referenceRange": [{"high": {"value": 40}}]}
    found = read(results=bundle({**ALT, **limits})).record.observations[0]

    assert (found.analyte, found.value, found.unit) == ("alt", 86, "U/L")
    assert (found.reference_high, str(found.date)) == (40, "2026-11-01")


@pytest.mark.parametrize(
    "doubtful",
    [
        observation("1742-6", valueQuantity={"value": 86}),
        {**ALT, "status": "preliminary"},
        {**ALT, "status": "entered-in-error"},
        observation("1742-6", **quantity(86, "furlong")),
        observation("13955-0", **POSITIVE),
        observation("1742-6", valueString="see report"),
        observation("42595-9", **quantity(-5, "IU/mL")),
    ],
    ids=range(7),
)
def test_a_doubtful_result_is_no_fact(doubtful: dict[str, Any]) -> None:
    assert read(results=bundle(doubtful)).record.observations == ()


def test_a_result_that_could_not_be_used_is_named() -> None:
    found = read(results=bundle(HBSAG, observation("1742-6", valueQuantity={"value": 86})))

    assert found.unread == ("alt",)


def test_what_is_of_somebody_else_is_left_out() -> None:
    other = {"subject": {"reference": "Patient/p2"}}
    found = read(
        patient={**PATIENT, "id": "p2"},
        results=bundle({**ALT, **other}),
        requests=bundle({**medicine("entecavir"), **other}),
        conditions=bundle({**condition(ICD, "K74.60"), **other}),
    )

    assert found.record == read().record


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1992-03-01", 34),
        ("1992-11-20", 34),
        ("1992-11-21", 33),
        ("1992-05", 34),
        ("1992-11", None),
        ("1992", None),
        ("1800-01-01", None),
        ("2027-01-01", None),
        ("x", None),
        (5, None),
    ],
)
def test_the_age_is_counted_only_if_the_date_settles_it(born: Any, age: int | None) -> None:
    assert read(patient={**PATIENT, "birthDate": born}).record.age == age


@pytest.mark.parametrize("gender", ["other", "unknown", None, 5])
def test_a_gender_that_is_not_told_stays_unknown(gender: Any) -> None:
    assert read(patient={**PATIENT, "gender": gender}).record.sex is None


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("Entecavir 0.5 MG Oral Tablet", "entecavir"),
        ("恩替卡韦分散片 0.5mg", "entecavir"),
        ("tenofovir alafenamide 25 MG [Vemlidy]", "tenofovir_alafenamide"),
        ("Tenofovir disoproxil fumarate 300 MG Oral Tablet", "tenofovir_disoproxil"),
        ("peginterferon alfa-2a 180 MCG/ML Injection [Pegasys]", "peginterferon_alfa_2a"),
        ("聚乙二醇干扰素α-2b注射液（派格宾）", "peginterferon_alfa_2b"),
    ],
)
def test_a_medicine_is_known_by_its_name(text: str, drug: str) -> None:
    found = read(requests=bundle(medicine(text, authoredOn="2026-01-05"))).record

    assert [(t.drug, str(t.start), t.stop) for t in found.treatments] == [
        (drug, "2026-01-05", None)
    ]


@pytest.mark.parametrize(
    ("system", "code", "drug"),
    [
        ("http://www.whocc.no/atc", "J05AF10", "entecavir"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1721603", "tenofovir_alafenamide"),
    ],
)
def test_a_medicine_is_known_by_its_code(system: str, code: str, drug: str) -> None:
    coded = medicine("") | {
        "medicationCodeableConcept": {"coding": [{"system": system, "code": code}]}
    }

    assert [t.drug for t in read(requests=bundle(coded)).record.treatments] == [drug]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tenofovir 300 mg", "nuc"),
        ("Peginterferon injection", "interferon"),
        ("lamivudine 300 MG / tenofovir disoproxil 300 MG Oral Tablet", "nuc"),
    ],
)
def test_of_a_medicine_that_is_named_by_its_kind_the_kind_is_taken(text: str, kind: str) -> None:
    found = read(requests=bundle(medicine(text))).record

    assert found.treatments == ()
    assert found.history["antiviral_now"].value == kind


@pytest.mark.parametrize(
    "other",
    [
        medicine("interferon beta-1a 30 MCG"),
        medicine("peginterferon beta-1a"),
        medicine("interferon gamma-1b"),
        medicine("aspirin"),
        medicine("entecavir", status="draft"),
        medicine("entecavir", status="entered-in-error"),
        medicine("entecavir", status="stopped"),
        medicine("entecavir", intent="proposal"),
        medicine("entecavir or peginterferon alfa-2a"),
        medicine("stetv"),
    ],
    ids=range(10),
)
def test_what_is_not_surely_taken_is_no_treatment(other: dict[str, Any]) -> None:
    found = read(requests=bundle(other)).record

    assert found.treatments == ()
    assert "antiviral_now" not in found.history


def test_no_list_of_medicines_is_not_an_empty_one() -> None:
    assert "antiviral_now" not in read(requests=bundle()).record.history


def test_a_kind_beside_an_exact_course_does_not_hide_it() -> None:
    found = read(requests=bundle(medicine("entecavir"), medicine("peginterferon injection"))).record

    assert found.history["antiviral_now"].value == "nuc_and_interferon"


def test_a_course_that_ended_has_its_last_day() -> None:
    ended = {
        "resourceType": "MedicationStatement",
        "status": "completed",
        "medicationCodeableConcept": {"text": "entecavir"},
        "effectivePeriod": {"start": "2024-01-01", "end": "2026-10-01"},
    }
    course = read(statements=bundle(ended)).record.treatments[0]

    assert (str(course.start), str(course.stop)) == ("2024-01-01", "2026-10-01")


@pytest.mark.parametrize(
    ("code", "history"),
    [
        ("K74.60", {"cirrhosis": "present"}),
        ("C22.0", {"liver_cancer": True}),
        ("B20", {"coinfection": True}),
        ("K75.9", {}),
        ("K74", {}),
    ],
)
def test_a_condition_states_what_its_code_says(code: str, history: dict[str, Any]) -> None:
    found = read(conditions=bundle(condition(ICD, code))).record.history

    assert {name: stated.value for name, stated in found.items()} == history


@pytest.mark.parametrize(
    "doubtful",
    [
        condition(ICD, "K74.60", clinical="resolved"),
        condition("urn:other", "K74.60"),
        {**condition(ICD, "K74.60"), "verificationStatus": {"coding": [{"code": "refuted"}]}},
        {**condition(ICD, "K74.60"), "verificationStatus": None},
    ],
    ids=range(4),
)
def test_a_condition_in_doubt_is_no_fact(doubtful: dict[str, Any]) -> None:
    assert read(conditions=bundle(doubtful)).record.history == {}


def test_chronic_hepatitis_b_as_a_diagnosis_is_no_result() -> None:
    found = read(conditions=bundle(condition(ICD, "B18.1")))

    assert found.about_hepatitis_b
    assert found.record == read().record


def test_every_code_leads_to_a_name_of_the_engine() -> None:
    codes = fhir._codes()

    assert {*codes["rxnorm"].values(), *codes["atc"].values()} <= set(catalogue().drugs)
    stated = [s for system in ("icd10", "snomed") for s in codes[system].values()]
    assert {name for states in stated for name in states} <= set(catalogue().history)
