"""From what a message states to what the store keeps, under the names of the engine.

Nothing is added: what the engine has no place for is kept as a mention, what is about somebody
else or unclear is kept but decides nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from actions.turn import Turn, store, today
from actions.units import completed
from hbv_engine.facts import catalogue
from records import Observation
from records.observations import Kind, Status

_WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# When a result was taken, by the week of treatment: ``week 12``, or ``start``.
_WEEK = re.compile(r"week (\d+(?:\.\d+)?)")
_START = "start"
_BLOOD_RELATIVES = {
    "mother",
    "father",
    "parents",
    "brother",
    "sister",
    "grandparent",
    "son",
    "daughter",
}
# The names that understanding gives to a stop of tablets, and to one of a medicine that is not named.
STOPPED, STOPPED_UNNAMED = "nuc_stopped_recently", "stopped_treatment"
MONTHS = {"year": 12.0, "month": 1.0, "week": 12 / 52, "day": 12 / 365}
CHRONIC_MONTHS = 6
_LAST_CHECKS = {"last_liver_imaging", "last_liver_stiffness"}
_CAUSES = ("cause_alcohol", "cause_drugs", "cause_fatty_liver", "cause_other")
# Complaints that are one sign of the engine.
_ONE_SIGN = {
    "nausea": "malaise",
    "poor_appetite": "malaise",
    "joint_pain": "flu_like",
    "muscle_pain": "flu_like",
}
_DAYS = {"year": 365.25, "month": 365.25 / 12, "week": 7, "day": 1}
_RECENT_DAYS = 366
_STAGES = {"compensated", "decompensated"}
DNA_WORDS = {"positive": "detected", "negative": "not_detected"}
_KIND_OF_DRUG = {
    "interferon": "interferon",
    "peginterferon": "interferon",
    "tenofovir": "nuc",
    "nuc": "nuc",
}
# A statement of the understanding and its value → the engine's name and value for it.
_HISTORY: dict[tuple[str, Any], tuple[str, Any]] = {
    ("pregnancy", True): ("pregnant", True),
    ("pregnancy", False): ("pregnant", False),
    ("planning_pregnancy", True): ("planning_pregnancy", True),
    ("planning_pregnancy", False): ("planning_pregnancy", False),
    ("cirrhosis", True): ("cirrhosis", "present"),
    ("cirrhosis", False): ("cirrhosis", "none"),
    ("cirrhosis", "compensated"): ("cirrhosis", "compensated"),
    ("cirrhosis", "decompensated"): ("cirrhosis", "decompensated"),
    ("ascites", True): ("ascites_known", True),
    ("ascites", False): ("ascites_known", False),
    ("hcc", True): ("liver_cancer", True),
    ("hcc", False): ("liver_cancer", False),
    ("fatty_liver", True): ("cause_fatty_liver", "present"),
    ("fatty_liver", False): ("cause_fatty_liver", "excluded"),
    ("alcohol", False): ("alcohol_g_per_day", 0),
    ("coinfection", True): ("coinfection", True),
    ("immunosuppression", False): ("immunosuppression", "none"),
    ("immunosuppression", "proposed"): ("immunosuppression", "planned_within_days"),
    ("comorbidity", "hyperthyroidism"): ("thyroid_disease", True),
    ("comorbidity", "hypothyroidism"): ("thyroid_disease", True),
    ("comorbidity", "autoimmune_hepatitis"): ("autoimmune_disease", True),
    ("comorbidity", "schizophrenia"): ("severe_psychiatric_illness", True),
    ("comorbidity", "bipolar_disorder"): ("severe_psychiatric_illness", True),
    ("thyroid_disease", True): ("thyroid_disease", True),
    ("thyroid_disease", False): ("thyroid_disease", False),
    ("family_history_hcc", True): ("family_history_hcc_or_cirrhosis", True),
    ("family_history_cirrhosis", True): ("family_history_hcc_or_cirrhosis", True),
}
# "Twice the limit" and a logarithm that is not said of what are no values.
_NO_VALUES = {"xULN", "log10"}


def observations_of(turn: Turn) -> Iterator[Observation]:
    """Yield what a turn states, fact by fact; what it only supposes is left out."""
    for fact in turn.facts:
        if fact.get("supposed"):
            continue
        if fact["name"] in {STOPPED, STOPPED_UNNAMED}:
            yield from _of_stopping(fact, turn)
        elif fact["name"] == "hbeag" and _is_from_start(fact) and "index" not in fact:
            told = {**fact, "when": None}
            yield _observation(told, turn.text, "history", "hbeag_at_start", fact["value"])
        elif _is_staged(fact, turn):
            yield _observation(fact, turn.text, "mention", "cirrhosis", value=True)
        elif _is_taken_kind(fact):
            yield from _of_kind(fact, turn)
        else:
            yield from _of_fact(_in_its_week(fact, turn), turn.text)
    yield from _of_no_medicine(turn)
    yield from _of_excluded_causes(turn)
    for flag in turn.red_flags if not turn.supposes else ():
        if flag.get("past"):
            continue
        yield _observation(
            flag, turn.text, "symptom", flag["value"], not flag.get("negated", False)
        )


def _of_no_medicine(turn: Turn) -> Iterator[Observation]:
    """Yield that nothing is taken, unless the message names a medicine or a stop of one."""
    place = turn.mark("untreated")
    named = {STOPPED, STOPPED_UNNAMED, "drug", "interferon_week"}
    if place and not turn.supposes and not any(f["name"] in named for f in turn.facts):
        start, _, end = place.partition("-")
        told = {"start": int(start), "end": int(end)}
        yield _observation(told, turn.text, "history", "antiviral_now", "none")


def _of_excluded_causes(turn: Turn) -> Iterator[Observation]:
    """Yield that no other cause raises the ALT, except one that the message names."""
    place = turn.mark("excluded")
    if not place or turn.supposes:
        return
    start, _, end = place.partition("-")
    told = {"start": int(start), "end": int(end)}
    named = {"cause_fatty_liver"} if any(f["name"] == "fatty_liver" for f in turn.facts) else set()
    for cause in _CAUSES:
        if cause not in named:
            yield _observation(told, turn.text, "history", cause, "excluded")


def suppositions_of(turn: Turn) -> Iterator[Observation]:
    """Yield what a turn supposes of the writer."""
    for fact in turn.facts:
        if fact.get("supposed") and not fact.get("subject"):
            yield from _of_fact(fact, turn.text)
    for flag in turn.red_flags if turn.supposes else ():
        value = not flag.get("negated", False)
        yield _observation(flag, turn.text, "symptom", flag["value"], value)


def _of_fact(fact: dict[str, Any], text: str) -> Iterator[Observation]:
    fact = completed(fact)
    name, value = fact["name"], fact["value"]
    if name in catalogue().analytes and fact.get("unit") not in _NO_VALUES:
        value = DNA_WORDS.get(value, value) if name == "hbv_dna" else value
        yield _observation(fact, text, "analyte", name, value)
    elif name == "serology_pattern":
        for analyte, word in fact["implies"].items():
            yield _observation(fact, text, "analyte", analyte, word)
    elif name in {"age", "sex", "interferon_week"}:
        kind: Kind = "history" if name == "interferon_week" else "person"
        yield _observation(fact, text, kind, name, value)
    elif name == "infection_duration":
        months = value * MONTHS.get(fact.get("unit") or "", 0)
        word = "six_months_or_more" if months >= CHRONIC_MONTHS else "under_6_months"
        yield _observation({**fact, "unit": None}, text, "history", "hbsag_duration", word)
    elif name == "drug" or name in _LAST_CHECKS:
        yield (_of_drug if name == "drug" else _of_last_check)(fact, text)
    elif name == "symptom" or name in catalogue().symptoms:
        yield _of_symptom(fact, text)
    elif name in {"hcc", "cirrhosis"} and value and fact.get("subject") in _BLOOD_RELATIVES:
        own = {**fact, "subject": None}
        yield _observation(own, text, "history", "family_history_hcc_or_cirrhosis", value=True)
    elif (name, fact.get("status") or value) in _HISTORY:
        engine_name, engine_value = _HISTORY[name, fact.get("status") or value]
        yield _observation(fact, text, "history", engine_name, engine_value)
    else:
        yield _observation(fact, text, "mention", name, value)


def _is_from_start(fact: dict[str, Any]) -> bool:
    return fact.get("when") in {_START, "week 0"}


def _in_its_week(fact: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """Return a result with its week of interferon, if that is how it was told and the treatment meant.

    "Before the treatment" of somebody who has both tablets and interferon may mean either.
    """
    when = str(fact.get("when") or "")
    week = _WEEK.fullmatch(when)
    if fact.get("subject") or not (week or when == _START):
        return fact
    taken = _taken_before(turn) | _taken_now(turn)
    if "interferon" not in taken or (week is None and "nuc" in taken):
        return fact
    return {**fact, "when": None, "interferon_week": float(week[1]) if week else 0.0}


def _of_stopping(fact: dict[str, Any], turn: Turn) -> Iterator[Observation]:
    """Yield that tablets were stopped of late, and what is then still taken as far as it is known.

    "I stopped", without what, is of the tablets that were told before, and of nothing otherwise.
    """
    text = turn.text
    before = set() if fact.get("subject") else _taken_before(turn)
    unnamed = fact["name"] == STOPPED_UNNAMED and before != {"nuc"}
    if unnamed or not _is_recent(fact.get("when")):
        yield _observation(fact, text, "mention", fact["name"], value=True)
        return
    told = {**fact, "when": None}
    yield _observation(told, text, "history", STOPPED, value=True)
    now = _taken_now(turn)
    if "nuc" not in now:
        left = "interferon" if "interferon" in before | now else "none"
        yield _observation(told, text, "history", "antiviral_now", left)


def _is_staged(fact: dict[str, Any], turn: Turn) -> bool:
    """Tell whether the stage of a cirrhosis that is only named is known already."""
    if (fact["name"], fact["value"]) != ("cirrhosis", True) or fact.get("subject"):
        return False
    if any(f["name"] == "cirrhosis" and f["value"] in _STAGES for f in turn.facts):
        return True
    told = [o for o in store().observations(turn.person) if o.name == "cirrhosis"]
    return any(o.status == "current" and o.value in _STAGES for o in told)


def _is_recent(when: str | None) -> bool:
    """Tell whether a day, as far as it was written, is not surely more than a year ago."""
    if when is None or not re.match(r"\d{4}", when):
        return True
    last = f"{when}-12-31" if len(when) == len("2026") else f"{when}-28"[: len("2026-01-01")]
    return (today() - dt.date.fromisoformat(last)).days <= _RECENT_DAYS


def _taken_before(turn: Turn) -> set[str]:
    """Return the kinds of medicine that earlier messages say are taken."""
    kinds: set[str] = set()
    for o in store().observations(turn.person, history=True):
        if o.status != "current" or o.message == turn.message_id:
            continue
        if o.kind == "treatment" and not o.details.get("stop"):
            kinds.add(catalogue().drugs[o.name].kind)
        elif (o.kind, o.name) == ("history", "interferon_week"):
            kinds.add("interferon")
        elif (o.kind, o.name) == ("history", "antiviral_now"):
            kinds = {kind for kind in ("nuc", "interferon") if kind in str(o.value)}
    return kinds


def _taken_now(turn: Turn) -> set[str]:
    """Return the kinds of medicine that this message says are taken."""
    drugs = [f for f in turn.facts if f["name"] == "drug" and not f.get("subject")]
    taken = [str(f["value"]) for f in drugs if not f.get("status") and not f.get("when")]
    declared = catalogue().drugs
    kinds = {declared[d].kind if d in declared else _KIND_OF_DRUG.get(d, d) for d in taken}
    weeks = [f for f in turn.facts if f["name"] == "interferon_week" and not f.get("subject")]
    return kinds | {"interferon"} if weeks else kinds


def _is_taken_kind(fact: dict[str, Any]) -> bool:
    """Tell whether the writer takes a medicine that is named by its kind only: "my interferon"."""
    told = fact["name"] == "drug" and fact["value"] in _KIND_OF_DRUG
    return told and not (fact.get("status") or fact.get("subject") or fact.get("when"))


def _of_kind(fact: dict[str, Any], turn: Turn) -> Iterator[Observation]:
    """Yield what the kind of a medicine adds to what is named beside it, or was told as taken.

    "Entecavir and Pegasys … is my interferon working?" takes nothing back.
    """
    kind, declared = _KIND_OF_DRUG[str(fact["value"])], catalogue().drugs
    beside = {
        declared[str(f["value"])].kind
        for f in turn.facts
        if f["name"] == "drug"
        and f["value"] in declared
        and not (f.get("status") or f.get("subject"))
    }
    if kind in beside or kind in _taken_before(turn):
        return
    taken = "nuc_and_interferon" if len(_taken_now(turn)) > 1 else kind
    told = {**fact, "ambiguous": False}
    yield _observation(told, turn.text, "history", "antiviral_now", taken)


def _of_last_check(fact: dict[str, Any], text: str) -> Observation:
    """Return the day of a last check; so much time ago is counted back from today."""
    day, plain = fact["value"], {**fact, "unit": None, "when": None}
    if isinstance(day, int | float) and fact.get("unit") in _DAYS:
        back = dt.timedelta(days=round(day * _DAYS[fact["unit"]]))
        day = (today() - back).isoformat()
    return _observation(plain, text, "history", fact["name"], day)


def _of_symptom(fact: dict[str, Any], text: str) -> Observation:
    """Return a complaint as told or denied, or a measure of it such as the temperature."""
    if fact["name"] == "symptom":
        told, said = fact.get("status") != "denied", str(fact["value"])
        name = _ONE_SIGN.get(said, said)
        kind: Kind = "symptom" if name in catalogue().symptoms else "mention"
        return _observation(fact, text, kind, name, told)
    return _observation({**fact, "unit": None}, text, "symptom", fact["name"], fact["value"])


def _of_drug(fact: dict[str, Any], text: str) -> Observation:
    """Return a medicine as a course with its first or last day, if the whole day was said.

    Of one that is named by its kind only, such as "interferon", the kind is kept.
    """
    name, status, when = str(fact["value"]), fact.get("status"), fact.get("when")
    day = when if when and _WHOLE_DATE.fullmatch(when) else None
    plain = {**fact, "when": None}
    if when == "past" and status is None:
        return _observation(fact, text, "mention", "drug", name)
    if name in catalogue().drugs and status is None:
        course = _observation(plain, text, "treatment", name, "taking")
        return course.model_copy(update={"details": {"start": day} if day else {}})
    if name in catalogue().drugs and status == "stopped" and day:
        course = _observation(plain, text, "treatment", name, "stopped")
        return course.model_copy(update={"details": {"stop": day}})
    if name in _KIND_OF_DRUG and status is None:
        kind = {**plain, "ambiguous": False}
        return _observation(kind, text, "history", "antiviral_now", _KIND_OF_DRUG[name])
    return _observation(fact, text, "mention", "drug", name)


def _observation(fact: dict[str, Any], text: str, kind: Kind, name: str, value: Any) -> Observation:
    when = fact.get("when")
    whole = bool(when and _WHOLE_DATE.fullmatch(when))
    return Observation(
        kind=kind,
        name=name,
        value=value,
        raw=text[fact["start"] : fact["end"]],
        start=fact["start"],
        end=fact["end"],
        comparator=fact.get("comparator"),
        unit=None if "index" in fact else fact.get("unit"),
        date=when if whole else None,
        interferon_week=fact.get("interferon_week"),
        reference_high=fact.get("reference_limit") if _is_quantity(fact, kind) else None,
        details={"status": fact["status"]} if kind == "mention" and fact.get("status") else {},
        subject=fact.get("subject"),
        status=_status(fact, kind, undated=bool(when) and not whole),
        note=f"when: {when}" if when and not whole else _index(fact),
    )


def _is_quantity(fact: dict[str, Any], kind: Kind) -> bool:
    return kind == "analyte" and "index" not in fact


def _index(fact: dict[str, Any]) -> str | None:
    """Return the index behind a positive or negative, to be kept beside it."""
    if "index" not in fact:
        return None
    return f"index: {fact['index']} {fact.get('unit') or ''}".rstrip()


def _status(fact: dict[str, Any], kind: Kind, *, undated: bool) -> Status:
    if fact.get("subject"):
        return "other_person"
    if kind == "mention":
        return "unused"
    if fact.get("unit_missing") and not undated:
        return "unit_missing"
    return "ambiguous" if fact.get("ambiguous") or undated else "current"
