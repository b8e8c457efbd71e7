"""The record and what the rules say of it as a FHIR R4 Bundle, validated before it leaves.

Results are Observations with LOINC and UCUM, performed by the patient, because the person told them.
Yes and no of history and symptoms are Conditions (a denial is ``refuted``); other history stands in
a QuestionnaireResponse, where "HBeAg before interferon: positive" is not taken for a present result.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, Final

from actions.readback import label_of, value_of
from bot.report.words import load
from gateway.told import Course, Told
from gateway.words import words
from hbv_engine import load_book
from hbv_engine.facts import catalogue
from hbv_engine.results import Alert, Decision
from hbv_engine.wording import phrase
from records import Observation

_NAMESPACE: Final = uuid.UUID("6f0d0c1e-93f5-5b6f-9a57-7c4b0a0c7b11")
_OWN: Final = "urn:hbv-assistant:"
_LOINC, _SNOMED, _UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_SENT: Final = {"<", "<=", ">=", ">"}
# What a result in words is coded as: SNOMED CT, its words, and the interpretation.
_WORDS: Final = {
    "positive": ("10828004", "Positive", "POS"),
    "negative": ("260385009", "Negative", "NEG"),
    "detected": ("260373001", "Detected", "DET"),
    "not_detected": ("260415000", "Not detected", "ND"),
}
_SEVERITY: Final = {"emergency_now": "high", "same_day": "high", "soon": "moderate"}


def bundle_of(told: Told, person: str, at: dt.datetime) -> dict[str, Any]:
    """Return the bundle as plain data.

    Raises:
        pydantic.ValidationError: FHIR does not allow what was made; a fault of ours.
    """
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - half a second

    resources = list(_resources(told, _Ids(person)))
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources],
    }
    Bundle.model_validate(bundle)
    return bundle


class _Ids:
    """Ids that mean nothing outside this record and are the same each time."""

    def __init__(self, person: str) -> None:
        self.space = uuid.uuid5(_NAMESPACE, person)

    def of(self, *parts: object) -> str:
        return str(uuid.uuid5(self.space, "/".join(map(str, parts))))

    @property
    def patient(self) -> dict[str, str]:
        return {"reference": f"urn:uuid:{self.of('patient')}"}

    @property
    def program(self) -> dict[str, str]:
        return {"reference": f"urn:uuid:{self.of('program')}"}


def _resources(told: Told, ids: _Ids) -> Iterator[dict[str, Any]]:
    yield _patient(told, ids)
    yield _program(told, ids)
    yield from _told_resources(told, ids)
    for alert in told.assessment.alerts:
        yield _issue(told, alert, ids)
    for decision in told.assessment.decisions.values():
        if decision.status in {"settled", "silent"}:
            yield _verdict(told, decision, ids)


def _told_resources(told: Told, ids: _Ids) -> Iterator[dict[str, Any]]:
    for o in told.facts:
        if o.kind == "analyte":
            yield _result(told, o, ids)
        elif o.kind in {"history", "symptom"} and isinstance(o.value, bool):
            yield _condition(told, o, ids)
    for course in told.courses:
        yield _medicine(course, ids)
    if answers := [o for o in told.facts if _is_answer(o)]:
        yield _answers(answers, ids)


def _patient(told: Told, ids: _Ids) -> dict[str, Any]:
    """Return the patient: a pseudonym and the sex; no name and no birthday were ever asked."""
    sex = told.record.sex
    gender = {"gender": sex} if sex else {}
    return {"resourceType": "Patient", "id": ids.of("patient"), **gender}


def _program(told: Told, ids: _Ids) -> dict[str, Any]:
    rulebook = told.assessment.rulebook
    return {
        "resourceType": "Device",
        "id": ids.of("program"),
        "deviceName": [{"name": "HBV assistant rules", "type": "model-name"}],
        "version": [{"value": rulebook["version"]}, {"value": f"sha256:{rulebook['sha256']}"}],
    }


def _result(told: Told, o: Observation, ids: _Ids) -> dict[str, Any]:
    analyte = catalogue().analytes[o.name]
    name = analyte.label["en"].partition(" (")[0]
    codings = [{"system": f"{_OWN}fact", "code": o.name}]
    if analyte.loinc:
        codings.insert(0, {"system": _LOINC, "code": analyte.loinc})
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "id": ids.of("result", o.id),
        "status": "final",
        "category": [_concept(f"{_TERMS}observation-category", "laboratory")],
        "code": {"coding": codings, "text": _printed_name(name)},
        "subject": ids.patient,
        "performer": [ids.patient],
        **_value(told, o),
        "note": [{"text": text} for text in _notes(told, o)],
    }
    if o.date:
        made["effectiveDateTime"] = o.date
    if limits := _reference(told, o):
        made["referenceRange"] = [limits]
    return made


def _printed_name(name: str) -> str:
    """Return a test's name as laboratories print it: the quantity shares that of the test."""
    return name.removesuffix(" level")


def _value(told: Told, o: Observation) -> dict[str, Any]:
    """Return the value: a quantity, a coded word, or as written where FHIR has no sign for it."""
    if isinstance(o.value, str):
        known = _WORDS.get(o.value)
        if known is None:
            return {"valueCodeableConcept": {"text": value_of(o, "en")}}
        code, display, interpretation = known
        concept = {"coding": [{"system": _SNOMED, "code": code, "display": display}]}
        text = display
        result = told.result_of(o)
        if result and result.lloq is not None:
            unit = o.unit or catalogue().analytes[o.name].unit
            text = f"{display} (<{result.lloq:g} {unit})"
        return {
            "valueCodeableConcept": {**concept, "text": text},
            "interpretation": [_concept(f"{_TERMS}v3-ObservationInterpretation", interpretation)],
        }
    if o.comparator == "~":
        return {"valueString": value_of(o, "en")}
    quantity = _quantity(o.value, o.unit)  # type: ignore[arg-type]
    if o.comparator in _SENT:
        quantity["comparator"] = o.comparator
    return {"valueQuantity": quantity}


def _quantity(value: float, unit: str | None) -> dict[str, Any]:
    made: dict[str, Any] = {"value": value}
    if unit:
        made |= {"unit": unit, "system": _UCUM, "code": ucum_of(unit)}
    return made


def ucum_of(unit: str) -> str:
    """Return the UCUM code of a unit of the engine, which writes most of them in UCUM itself."""
    known: dict[str, str] = load("codes")["ucum"]
    return unit if unit in known else next((c for c, u in known.items() if u == unit), unit)


def _reference(told: Told, o: Observation) -> dict[str, Any]:
    result = told.result_of(o)
    if result is None:
        return {}
    limits = {"low": result.reference_low, "high": result.reference_high}
    return {side: _quantity(v, o.unit) for side, v in limits.items() if v is not None}


def _notes(told: Told, o: Observation) -> Iterator[str]:
    yield f"Told by the person: {o.raw}"
    if o.date is None:
        yield f"The date was not told; told on {told.told_on(o)}."
    if o.interferon_week is not None:
        yield f"Interferon week {o.interferon_week:g}."
    if o.note and o.note.startswith("index: "):
        yield f"Read from an instrument's {o.note}."
    yield "Confirmed by the person." if o.confirmed_at else "Not confirmed."


def _medicine(course: Course, ids: _Ids) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "id": ids.of("course", course.drug, course.start, course.stop),
        "status": "stopped" if course.stopped else "active",
        "medicationCodeableConcept": {
            "coding": [{"system": f"{_OWN}drug", "code": course.drug}],
            "text": course.label("en"),
        },
        "subject": ids.patient,
        "informationSource": ids.patient,
    }
    period = {"start": course.start, "end": course.stop}
    if told := {side: str(day) for side, day in period.items() if day}:
        made["effectivePeriod"] = told
    if course.dose:
        made["dosage"] = [{"text": course.dose}]
    return made


def _condition(told: Told, o: Observation, ids: _Ids) -> dict[str, Any]:
    """Return a yes as an unconfirmed condition, a no as a refuted one."""
    made: dict[str, Any] = {
        "resourceType": "Condition",
        "id": ids.of("condition", o.id),
        "verificationStatus": _concept(
            f"{_TERMS}condition-ver-status", "unconfirmed" if o.value else "refuted"
        ),
        "code": _own_code(o),
        "subject": ids.patient,
        "asserter": ids.patient,
        "note": [{"text": text} for text in _notes(told, o)],
    }
    if o.value and told.holds(o):
        made["clinicalStatus"] = _concept(f"{_TERMS}condition-clinical", "active")
    if day := o.date or told.told_on(o):
        made["recordedDate"] = str(day)
    return made


def _is_answer(o: Observation) -> bool:
    told = o.kind in {"history", "symptom"} and not isinstance(o.value, bool)
    return told or (o.kind, o.name) == ("person", "age")


def _answers(answers: list[Observation], ids: _Ids) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": ids.of("answers"),
        "status": "in-progress",
        "subject": ids.patient,
        "source": ids.patient,
        "author": ids.program,
        "item": [
            {
                "linkId": o.name,
                "text": label_of(o, "en"),
                "answer": [_answer(o)],
            }
            for o in answers
        ],
    }


def _answer(o: Observation) -> dict[str, Any]:
    item = catalogue().history.get(o.name) or catalogue().symptoms.get(o.name)
    if isinstance(o.value, bool) or not isinstance(o.value, int | float):
        return {"valueString": value_of(o, "en")}
    if o.name == "age":
        return {"valueQuantity": _quantity(o.value, "a")}
    unit = item.unit if item else None
    return {"valueQuantity": {"value": o.value, **({"unit": unit} if unit else {})}}


def _issue(told: Told, alert: Alert, ids: _Ids) -> dict[str, Any]:
    """Return an alert; one that rests on a number without its unit names no unit."""
    guessed = alert.rule in told.guessed
    text = words("sum_guessed", "en") if guessed else alert.texts["nurse"]["en"]
    return {
        "resourceType": "DetectedIssue",
        "id": ids.of("alert", alert.rule),
        "status": "preliminary",
        "severity": _SEVERITY.get(alert.level, "low"),
        "code": {
            "coding": [{"system": f"{_OWN}rule", "code": alert.rule}],
            "text": text,
        },
        "patient": ids.patient,
        "identifiedDateTime": str(told.as_of),
        "author": ids.program,
        "detail": f"{alert.texts['patient']['en']} Sources: {', '.join(alert.sources)}",
    }


def _verdict(told: Told, decision: Decision, ids: _Ids) -> dict[str, Any]:
    book = load_book()
    outcome = book.tables[decision.decision].outcomes.get(str(decision.outcome))
    card = decision.card.render("en", "nurse")
    rulebook = told.assessment.rulebook
    return {
        "resourceType": "Observation",
        "id": ids.of("decision", decision.decision),
        "status": "preliminary",
        "category": [_concept(f"{_TERMS}observation-category", "survey")],
        "code": {
            "coding": [{"system": f"{_OWN}decision", "code": decision.decision}],
            "text": phrase(book, f"table.{decision.decision}", "en"),
        },
        "subject": ids.patient,
        "device": ids.program,
        "effectiveDateTime": str(told.as_of),
        "valueCodeableConcept": {
            "coding": [{"system": f"{_OWN}outcome", "code": str(decision.outcome)}],
            "text": outcome.label["en"] if outcome else str(decision.outcome),
        },
        "note": [
            {"text": card.summary},
            {"text": f"Rules: {', '.join(decision.rules)}"},
            {"text": f"Rulebook {rulebook['version']}, sha256:{rulebook['sha256']}"},
        ],
    }


def _own_code(o: Observation) -> dict[str, Any]:
    return {"coding": [{"system": f"{_OWN}fact", "code": o.name}], "text": label_of(o, "en")}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
