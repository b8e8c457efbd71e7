"""The summary for the doctor: what a person told, what the rules say of it, what is still open.

Plain data for a template. What was replaced is left out, and so is what is about somebody else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from markupsafe import Markup

from actions.readback import label_of, value_of
from gateway.series import Series, Value, all_series, sentence
from gateway.told import Told
from gateway.trend import picture
from gateway.words import words
from hbv_engine import load_book
from hbv_engine.cards import citation
from hbv_engine.facts import catalogue
from hbv_engine.results import Alert, Decision
from hbv_engine.wording import number_text, phrase, unit_text
from records import Observation
from records.moments import moment

_SHOWN: Final = 6
_SAID: Final = {"settled", "silent"}
_DRAFT: Final = {"K", "P"}
_LEVELS: Final = {"emergency_now", "same_day"}
# The card of every record comes first; a question that nobody raised is not called open.
_FIRST: Final = ("phase", "antiviral_timing")
_RAISED_BY: Final = {"missed_dose": "interferon_days_late"}
# The alerts stand above, one by one.
_ABOVE: Final = "urgency"


def summary_of(told: Told, language: str) -> dict[str, Any]:
    """Return what the page shows, in one language."""
    assessment = told.assessment
    settled = [d for d in _in_order(told) if d.status in _SAID or _is_phase_said(d)]
    waiting = [d for d in _in_order(told) if d.status == "open" and _is_raised(told, d)]
    used = told.facts
    series = all_series(told)
    shown = {id(v.fact) for one in series for v in one.values}
    return {
        "empty": not told.observations,
        "made": words("sum_made", language).format(day=told.as_of),
        "person": _person(told, language),
        "alerts": _alerts(told, language),
        "decisions": [_decision(d, language) for d in settled],
        "open": [_open(d, language) for d in waiting],
        "conflicts": [m.label[language] for m in assessment.conflicts],
        "results": [_fact(told, o, language) for o in _newest(told, used) if id(o) not in shown],
        "history": [_fact(told, o, language) for o in used if o.kind in {"history", "symptom"}],
        "unused": [_unused(o, language) for o in told.unused if o.kind != "answer"],
        "medicines": [_course(c, language) for c in told.courses],
        "medicine_kinds": [_fact(told, o, language) for o in used if _is_kind_taken(told, o)],
        "trends": [trend_of(told, s, language) for s in series],
        "rulebook": words("sum_rulebook", language).format(**assessment.rulebook),
        "sources": _sources(told, settled),
    }


def _is_kind_taken(told: Told, o: Observation) -> bool:
    """Tell whether a fact says only of what kind the medicine is that is taken now."""
    return o.name == "antiviral_now" and o.value != "none" and told.holds(o)


def trend_of(told: Told, series: Series, language: str) -> dict[str, Any]:
    """Return a series as a picture, if it has one, a sentence and a table of the same numbers."""
    svg = picture(series, told.courses, language) if series.has_picture else ""
    return {
        "test": series.test,
        "label": series.label(language),
        "sentence": sentence(series, language),
        "svg": Markup(svg),  # noqa: S704 - made of elements here, every text in it escaped
        "values": [_value(series, v, language) for v in series.values],
    }


def _value(series: Series, value: Value, language: str) -> dict[str, Any]:
    week = value.fact.interferon_week
    day_note = words(f"trend_day_{value.day_from}", language)
    note = words(f"trend_mark_{value.mark}", language).format(unit=series.unit)
    return {
        "day": str(value.day),
        "day_note": day_note.format(week=number_text(week) if week is not None else ""),
        "value": value.text(language),
        "raw": value.fact.raw,
        "confirmed": _confirmed(value.fact, language),
        "note": note if series.has_picture or value.mark in {"off_scale", "none"} else "",
    }


def _person(told: Told, language: str) -> str:
    record = told.record
    age = (
        words("sum_age_unknown", language)
        if record.age is None
        else words("sum_age", language).format(age=number_text(record.age))
    )
    sex = phrase(load_book(), f"value.{record.sex}", language) if record.sex else None
    return f"{age}, {sex or words('sum_sex_unknown', language)}".replace(
        ", ", ", " if language == "en" else "，"
    )


def _in_order(told: Told) -> list[Decision]:
    decisions = told.assessment.decisions
    names = [*_FIRST, *(name for name in decisions if name not in {*_FIRST, _ABOVE})]
    return [decisions[name] for name in names if name in decisions]


def _is_raised(told: Told, decision: Decision) -> bool:
    """Tell whether an open question is one of this person's: it applies, or what raises it was told."""
    if decision.decision in _FIRST:
        return True
    fact = _RAISED_BY.get(decision.decision)
    if fact is not None:
        return fact in told.record.history
    outcomes = load_book().tables[decision.decision].outcomes
    statuses = {outcomes[o].status for o in decision.possible if o in outcomes}
    return "not_applicable" not in statuses


def _is_phase_said(decision: Decision) -> bool:
    """Tell whether this is the phase, which also says something where it does not apply."""
    return decision.decision == _FIRST[0] and decision.status != "open"


def _alerts(told: Told, language: str) -> list[dict[str, Any]]:
    """Return the alerts, the most urgent first; those that tell the person the same stand together."""
    order = load_book().tables[_ABOVE].order
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for alert in sorted(told.assessment.alerts, key=lambda a: order.index(a.level)):
        patient = alert.texts["patient"][language]
        level = alert.level if alert.level in _LEVELS else "soon"
        heading = words(f"level_{level}", language)
        same = {"level": level, "heading": heading, "patient": patient, "doctor": []}
        card = found.setdefault((alert.level, patient), same)
        card["doctor"].append(_for_the_doctor(told, alert, language))
    return list(found.values())


def _for_the_doctor(told: Told, alert: Alert, language: str) -> dict[str, Any]:
    """Return an alert in the doctor's words; no unit is named that nobody told."""
    guessed = alert.rule in told.guessed
    text = words("sum_guessed", language) if guessed else alert.texts["nurse"][language]
    return {"text": text, "rule": alert.rule, "draft": alert.confidence in _DRAFT}


def _decision(decision: Decision, language: str) -> dict[str, Any]:
    doctor = decision.card.render(language, "nurse")
    return {
        "decision": decision.decision,
        "label": phrase(load_book(), f"table.{decision.decision}", language),
        "doctor": doctor.summary,
        "patient": decision.card.render(language, "patient").summary,
        "because": list(doctor.because),
        "rules": list(decision.rules),
        "draft": decision.confidence in _DRAFT,
    }


def _open(decision: Decision, language: str) -> dict[str, Any]:
    card = decision.card.render(language, "nurse")
    missing = list(dict.fromkeys(card.missing))
    more = len(missing) - _SHOWN
    return {
        "decision": decision.decision,
        "label": phrase(load_book(), f"table.{decision.decision}", language),
        "at_least": card.summary if decision.card.outcome else "",
        "missing": missing[:_SHOWN],
        "more": words("sum_more", language).format(count=more) if more > 0 else "",
    }


def _newest(told: Told, facts: list[Observation]) -> list[Observation]:
    """Return the results, those of one test together, the newest first."""
    results = [o for o in facts if o.kind == "analyte"]
    order = {name: place for place, name in enumerate(catalogue().analytes)}
    newest = sorted(results, key=lambda o: o.date or str(told.told_on(o) or ""), reverse=True)
    return sorted(newest, key=lambda o: order[o.name])


def _fact(told: Told, o: Observation, language: str) -> dict[str, Any]:
    told_day = told.told_on(o)
    day = o.date or words("sum_told", language).format(day=told_day or "")
    return {
        "name": o.name,
        "label": label_of(o, language),
        "value": _printed(told, o, language),
        "day": day,
        "raw": o.raw,
        "confirmed": _confirmed(o, language),
        "past": "" if told.holds(o) else words("sum_past", language),
    }


def _confirmed(o: Observation, language: str) -> str:
    if o.confirmed_at is None:
        return words("sum_not_confirmed", language)
    day = moment(o.confirmed_at).astimezone().date()
    return words("sum_confirmed_on", language).format(day=day)


def _printed(told: Told, o: Observation, language: str) -> str:
    """Return a value with its unit as it is read, and the limit printed beside it."""
    text = value_of(o, language)
    item = catalogue().history.get(o.name) or catalogue().symptoms.get(o.name)
    unit = o.unit or (item.unit if item else None)
    if unit:
        text = f"{text.removesuffix(unit).strip()} {unit_text(load_book(), unit, language)}".strip()
    result = told.result_of(o) if o.kind == "analyte" else None
    if result is None or result.reference_high is None:
        return text
    limit = number_text(float(result.reference_high))
    return words("sum_limit", language).format(value=text, limit=limit)


def _unused(o: Observation, language: str) -> dict[str, Any]:
    why = "mention" if o.kind == "mention" or o.status == "unused" else o.status
    known = o.kind != "mention" and o.name in catalogue().analytes
    return {
        "label": label_of(o, language) if known else "",
        "raw": o.raw,
        "why": words(f"sum_unused_{why}", language),
    }


def _course(course: Any, language: str) -> dict[str, Any]:
    unknown = words("sum_unknown", language)
    running = words("trend_running", language)
    return {
        "label": course.label(language),
        "start": str(course.start or unknown),
        "stop": str(course.stop or running),
        "dose": course.dose or unknown,
    }


def _sources(told: Told, decisions: list[Decision]) -> list[str]:
    """Return the titles of what the alerts and the decisions rest on, each once."""
    ids = [s for a in told.assessment.alerts for s in a.sources]
    ids += [s for d in decisions for s in d.sources]
    cited = [citation(load_book(), source) for source in ids]
    return list(dict.fromkeys(c.partition(": ")[2] or c for c in cited))


def today() -> dt.date:
    """Return the day that a summary is as of."""
    return dt.datetime.now().astimezone().date()
