"""From the FHIR resources of one patient to the engine's record; what they do not say stays unknown.

A result that a careful reader would ask back about, a medicine that is only named by its kind, and a
resource of somebody else's never become a fact.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.dictionary import load, words
from bot.report import Report, ReportError, Row
from bot.report.fhir import read_fhir
from hbv_engine import EngineError, Record, read_record
from hbv_engine.facts import catalogue

_DNA = {"positive": "detected", "negative": "not_detected"}
_DAY = len("2026-05-01")
_MARKERS = {"hbsag", "hbsag_quant", "hbeag", "anti_hbe", "hbv_dna"}
_BIRTH = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MOST = 1_000


@dataclass(slots=True)
class Read:
    """What was read: the record, the tests that could not be used, whether it is about hepatitis B."""

    record: Record
    unread: tuple[str, ...] = ()
    about_hepatitis_b: bool = False


@dataclass(slots=True)
class _Found:
    data: dict[str, Any]
    unread: list[str] = field(default_factory=list)
    about: bool = False


def read_patient(prefetch: dict[str, Any], patient: str, *, today: dt.date) -> Read:
    """Return the record of a patient.

    Args:
        prefetch: resources and bundles by any names.
        patient: the id of the patient; resources of others are left out.
        today: the day from which the record is seen.
    """
    found = _Found({"as_of": str(today), "history": {}, "observations": [], "treatments": []})
    resources = [r for r in _resources(prefetch) if _is_of(r, patient)][:_MOST]
    for resource in resources:
        if resource.get("resourceType") == "Patient":
            _person(resource, found.data, today)
    _results([r for r in resources if r.get("resourceType") == "Observation"], found, today)
    _medicines(resources, found, today)
    _conditions(resources, found)
    return Read(_record(found), tuple(dict.fromkeys(found.unread)), found.about)


def _resources(prefetch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pending: list[Any] = list(prefetch.values())
    while pending:
        item = pending.pop(0)
        if not isinstance(item, dict):
            continue
        if item.get("resourceType") == "Bundle":
            pending += [_dict(entry).get("resource") for entry in _list(item.get("entry"))]
        else:
            yield item


def _is_of(resource: dict[str, Any], patient: str) -> bool:
    """Tell whether a resource is of the patient; one that names nobody came with the question."""
    if resource.get("resourceType") == "Patient":
        return resource.get("id") in {None, patient}
    reference = _dict(resource.get("subject")).get("reference")
    return not isinstance(reference, str) or reference.rpartition("/")[2] == patient


def _person(patient: dict[str, Any], data: dict[str, Any], today: dt.date) -> None:
    if patient.get("gender") in {"female", "male"}:
        data["sex"] = patient["gender"]
    age = _age(str(patient.get("birthDate") or ""), today)
    if age is not None:
        data["age"] = age


def _age(born: str, today: dt.date) -> int | None:
    """Return the age in years if the date settles it; a bare year leaves it open."""
    match = _BIRTH.fullmatch(born)
    if match is None or match[2] is None:
        return None
    month, day = int(match[2]), int(match[3] or 1)
    if match[3] is None and month == today.month:
        return None
    age = today.year - int(match[1]) - ((today.month, today.day) < (month, day))
    return age if 0 <= age <= 120 else None  # noqa: PLR2004 - a human life


def _results(observations: list[dict[str, Any]], found: _Found, today: dt.date) -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": o} for o in observations]}
    try:
        report = read_fhir(json.dumps(bundle, ensure_ascii=False), today=today)
    except (ReportError, ValueError, RecursionError):
        report = Report(source="fhir")
    for row in report.rows:
        if row.ambiguous or row.unit_missing:
            found.unread.append(row.analyte)
        else:
            found.data["observations"].append(_result(row, today))
        found.about |= row.analyte in _MARKERS
    found.unread += [row.analyte for row in report.unknown_rows if row.analyte]


def _result(row: Row, today: dt.date) -> dict[str, Any]:
    value = _DNA.get(str(row.value), row.value) if row.analyte == "hbv_dna" else row.value
    full = {
        "analyte": row.analyte,
        "value": value,
        "comparator": row.comparator or "=",
        "unit": row.unit,
        "date": row.date,
        "told": None if row.date else str(today),
        "lloq": row.limit,
        "reference_low": row.reference_low,
        "reference_high": row.reference_high or None,
    }
    return {key: part for key, part in full.items() if part is not None}


def _medicines(resources: list[dict[str, Any]], found: _Found, today: dt.date) -> None:
    kinds: set[str] = set()
    for resource in resources:
        if resource.get("resourceType") not in {"MedicationRequest", "MedicationStatement"}:
            continue
        if resource.get("intent", "order") not in _codes()["intents"]:
            continue
        drug, span = _drug(_dict(resource.get("medicationCodeableConcept"))), _span(resource)
        running = resource.get("status") in _codes()["current"]
        if drug is None or not (running or resource.get("status") in _codes()["past"]):
            continue
        found.about = True
        start, stop = (day if day and day <= str(today) else None for day in span)
        if drug not in catalogue().drugs:
            kinds |= {_codes()["kinds"][drug]} if running else set()
        elif running:
            found.data["treatments"].append({"drug": drug, "start": start})
        elif stop:
            found.data["treatments"].append({"drug": drug, "start": start, "stop": stop})
    if kinds and not found.data["treatments"]:
        found.data["history"]["antiviral_now"] = "_and_".join(sorted(kinds, reverse=True))
    elif kinds:
        _beside(found.data, kinds)


def _beside(data: dict[str, Any], kinds: set[str]) -> None:
    """Say all kinds that run, if a medicine named by its kind only runs beside an exact one."""
    running = {catalogue().drugs[t["drug"]].kind for t in data["treatments"] if not t.get("stop")}
    if not kinds <= running:
        data["treatments"] = []
        data["history"]["antiviral_now"] = "_and_".join(sorted(kinds | running, reverse=True))


def _drug(concept: dict[str, Any]) -> str | None:
    """Return a medicine against hepatitis B, by its code, else by its whole name."""
    names = [concept.get("text")]
    found: set[str] = set()
    for coding in map(_dict, _list(concept.get("coding"))):
        system = _codes()["drug_systems"].get(coding.get("system"))
        by_code = _codes()[system].get(str(coding.get("code"))) if system else None
        found |= {by_code} if by_code else set()
        names.append(coding.get("display"))
    if not found:
        found = {drug for name in names if isinstance(name, str) for drug in _named(name[:300])}
    if len(found) > 1:  # a combination, or a choice: of one kind, that much is known
        declared = catalogue().drugs
        kinds = {declared[d].kind if d in declared else _codes()["kinds"][d] for d in found}
        return kinds.pop() if len(kinds) == 1 else None
    return found.pop() if found else None


def _named(name: str) -> set[str]:
    """Return the medicines in a name; the longest words win, so that the exact one is taken."""
    left, found = name.casefold().replace("α", "a"), set()
    if re.search(_codes()["not_ours"], left):
        return set()
    for word, drug in _drug_words():
        pattern = rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])"
        if re.search(pattern, left):
            found.add(drug)
            left = re.sub(pattern, " ", left)
    return found


@cache
def _drug_words() -> list[tuple[str, str]]:
    """Return the words for medicines, the longest first."""
    pairs = [(str(w).casefold(), drug) for drug, e in load("drugs").items() for w in words(e)]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _span(resource: dict[str, Any]) -> tuple[str | None, str | None]:
    period = _dict(resource.get("effectivePeriod"))
    if not period:
        period = _dict(_dict(resource.get("dispenseRequest")).get("validityPeriod"))
        period = {"start": resource.get("authoredOn")} | (
            {"end": period.get("end")} if period else {}
        )
    start, stop = (str(period.get(side) or "")[:_DAY] for side in ("start", "end"))
    return (start if _is_day(start) else None), (stop if _is_day(stop) else None)


def _is_day(text: str) -> bool:
    try:
        return len(text) == _DAY and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _conditions(resources: list[dict[str, Any]], found: _Found) -> None:
    for resource in resources:
        if resource.get("resourceType") != "Condition":
            continue
        for system, code in _coded(_dict(resource.get("code")), "condition_systems"):
            about = _codes()["about_hepatitis_b"][system]
            found.about |= any(code.startswith(str(begin)) for begin in about)
            if _is_settled(resource):
                found.data["history"] |= _stated(system, code)


def _coded(concept: dict[str, Any], systems: str) -> Iterator[tuple[str, str]]:
    for coding in map(_dict, _list(concept.get("coding"))):
        system = _codes()[systems].get(coding.get("system"))
        if system and isinstance(coding.get("code"), str):
            yield str(system), str(coding["code"])


def _stated(system: str, code: str) -> dict[str, Any]:
    for begin, states in _codes()[system].items():
        if code == begin or (system == "icd10" and code.startswith(begin)):
            return dict(states)
    return {}


def _is_settled(condition: dict[str, Any]) -> bool:
    """Tell whether a condition is there now and nobody doubts it."""
    for name, accepted in (("clinicalStatus", "clinical"), ("verificationStatus", "verification")):
        codings = _list(_dict(condition.get(name)).get("coding"))
        if not {_dict(c).get("code") for c in codings} & {*_codes()[accepted]}:
            return False
    return True


def _record(found: _Found) -> Record:
    """Return the record; a single result or course that the engine refuses is left out and told."""
    data = found.data
    plain = {**data, "observations": [], "treatments": []}
    for group, name in (("observations", "analyte"), ("treatments", "drug")):
        good = [item for item in data[group] if _is_usable({**plain, group: [item]})]
        found.unread += [str(item[name]) for item in data[group] if item not in good]
        data[group] = [item for place, item in enumerate(good) if item not in good[:place]]
    return read_record(data)


def _is_usable(data: dict[str, Any]) -> bool:
    try:
        read_record(data)
    except EngineError:
        return False
    return True


@cache
def _codes() -> dict[str, Any]:
    text = (Path(__file__).parent / "fhir.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
