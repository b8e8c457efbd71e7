"""Danger: the alerts of an assessment, what to do first, and nothing else asked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.evidence import checked
from actions.judging import judged
from actions.phrases import say, utter
from actions.telling import assessed, assessed_once
from actions.translate import observations_of
from actions.turn import Turn, today
from hbv_engine import load_book
from hbv_engine.results import Alert, Assessment

EMERGENCY = "emergency_now"
_SELF_HARM = "suicidal_thoughts"
_URGENT = {EMERGENCY, "same_day"}
_LEAVE_FORM = [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("question", None)]


class ActionEmergency(Action):
    """Says what to do now, then which rule says so, and leaves the form."""

    def name(self) -> str:
        return "action_emergency"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        if say_others_crisis(dispatcher, turn):
            return list(_LEAVE_FORM)
        name = "crisis" if turn.intents[0] == "crisis" else "emergency"
        utter(dispatcher, name, turn.language)
        refused = tracker.get_slot("consent") == "refused"
        assessment = assessed_once(turn) if refused else assessed(turn)
        say_alerts(dispatcher, urgent(assessment), assessment, turn.language)
        say_others_danger(dispatcher, turn)
        return [*_LEAVE_FORM, remembered(assessment)]


def interrupt(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, assessment: Assessment
) -> list[EventType]:
    """Say the alerts that are new; return the events that leave the form if one is an emergency."""
    told = told_before(tracker, assessment)
    new = [alert for alert in urgent(assessment) if alert not in told]
    if all(alert.level != EMERGENCY for alert in new):
        say_alerts(dispatcher, new, assessment, turn.language)
        return []
    emergencies = [alert for alert in new if alert.level == EMERGENCY]
    if any(is_crisis(alert) for alert in emergencies):
        utter(dispatcher, "crisis", turn.language)
    if not all(is_crisis(alert) for alert in emergencies):
        utter(dispatcher, "emergency", turn.language)
    say_alerts(dispatcher, new, assessment, turn.language)
    return [*_LEAVE_FORM, remembered(assessment), SlotSet("interrupted", value=True)]


def told_before(tracker: Tracker, assessment: Assessment) -> list[Alert]:
    """Return the alerts that still hold and were already told."""
    rules = (tracker.get_slot("alerts") or "").split(",")
    return [alert for alert in urgent(assessment) if alert.rule in rules]


def remind(dispatcher: CollectingDispatcher, alerts: Iterable[Alert], language: str) -> None:
    """Say in one line that alerts which were told before still hold."""
    told = list(alerts)
    if any(is_crisis(alert) for alert in told):
        utter(dispatcher, "reminder_crisis", language)
    rules = [alert.rule for alert in told if not is_crisis(alert)]
    if rules:
        signs = dict.fromkeys(sign for rule in rules for sign in _signs(rule, language))
        words = say("joint", language).join(signs)
        utter(dispatcher, "reminder", language, data={"rules": rules}, signs=words)


def _signs(rule: str, language: str) -> Iterator[str]:
    """Yield the names of the facts that a rule rests on."""
    _, row = load_book().row(rule)
    for name, cell in row.conditions.items():
        if cell.text != "-":
            yield load_book().label(name)[language]


def is_crisis(alert: Alert) -> bool:
    """Tell whether an alert is about self-harm, which has words of its own."""
    return _is_of_self_harm(alert.rule)


def _is_of_self_harm(rule: str) -> bool:
    _, row = load_book().row(rule)
    return row.conditions[_SELF_HARM].text != "-"


def say_others_crisis(dispatcher: CollectingDispatcher, turn: Turn) -> bool:
    """Say what to do for somebody else who speaks of suicide; return whether that was the case."""
    flags = [flag for flag in turn.red_flags if flag["value"] == _SELF_HARM]
    theirs = [f for f in flags if f.get("subject") and not (f.get("negated") or f.get("past"))]
    own = [f for f in flags if not (f.get("subject") or f.get("negated") or f.get("past"))]
    if not theirs or own:
        return False
    utter(dispatcher, "crisis_other", turn.language)
    return True


def say_others_danger(dispatcher: CollectingDispatcher, turn: Turn) -> bool:
    """Say what the rules call urgent in what the message tells of somebody else; return if anything is.

    Nothing of it is kept as the writer's, and self-harm has words of its own.
    """
    told = [o for o in observations_of(turn) if o.status == "other_person"]
    found = False
    for subject in dict.fromkeys(o.subject for o in told):
        theirs = [
            checked(o.model_copy(update={"status": "current", "subject": None}), today())
            for o in told
            if o.subject == subject
        ]
        assessment = judged(theirs, today())
        alerts = [alert for alert in urgent(assessment) if not is_crisis(alert)]
        if alerts:
            utter(dispatcher, "about_other", turn.language)
            say_alerts(dispatcher, alerts, assessment, turn.language)
        found = found or bool(alerts)
    return found


def urgent(assessment: Assessment) -> list[Alert]:
    """Return the alerts that cannot wait, the most urgent first."""
    return [alert for alert in assessment.alerts if alert.level in _URGENT]


def crisis_was_told(tracker: Tracker) -> bool:
    """Tell whether thoughts of ending their life are among what this conversation was told of."""
    told = str(tracker.get_slot("alerts") or "").split(",")
    return any(_is_of_self_harm(rule) for rule in told if rule)


def remembered(assessment: Assessment) -> EventType:
    """Return the event that keeps in mind which alerts were told."""
    return SlotSet("alerts", ",".join(alert.rule for alert in urgent(assessment)))


def say_alerts(
    dispatcher: CollectingDispatcher,
    alerts: Iterable[Alert],
    assessment: Assessment,
    language: str,
) -> None:
    """Say alerts, each as text and as a card."""
    for alert in alerts:
        text = alert.texts["patient"][language]
        card = {
            "decision": "urgency",
            "outcome": alert.level,
            "indicator": "critical",
            "language": language,
            "summary": text,
            "rules": [alert.rule],
            "sources": list(alert.sources),
            "confidence": alert.confidence,
            "rulebook": assessment.rulebook["sha256"],
        }
        cited = say("cited", language, rules=alert.rule, sources=", ".join(alert.sources))
        dispatcher.utter_message(text=f"‼ {text}\n{cited}", json_message={"card": card})
