"""What the engine says about what the store holds, with a warning before a unit is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from actions.evidence import in_every_unit, record_of
from hbv_engine import assess
from hbv_engine.results import Assessment
from records import Observation

# An enzyme that is named by its kind only, and what it may be.
ENZYME = "transaminase"
ENZYMES = ("alt", "ast")


def judged(observations: Sequence[Observation], as_of: dt.date) -> Assessment:
    """Return what the engine says, with the alerts that no unit of a number would take away.

    "ALT 1200" without a unit decides nothing, but nobody is left without a warning until it is told.
    """
    assessment = assess(record_of(observations, as_of))
    alerts = {alert.rule: alert for alert in assessment.alerts}
    numbers = [o for o in observations if o.status == "unit_missing"]
    # An enzyme that is not named is read as ALT, the one whose rise is a danger.
    enzymes = [named(o, "alt") for o in unnamed(observations)]
    for number in [*numbers, *enzymes]:
        rest = [o for o in observations if o is not number]
        readings = [
            {a.rule: a for a in assess(record_of([*rest, o], as_of)).alerts}
            for o in ([number] if number.unit else in_every_unit(number, as_of))
        ]
        for rule in set.intersection(*map(set, readings)) if readings else ():
            alerts.setdefault(rule, readings[0][rule])
    return replace(assessment, alerts=tuple(alerts.values()))


def unnamed(observations: Iterable[Observation]) -> list[Observation]:
    """Return the values of an enzyme of which nobody has said yet which one it is."""
    return [
        o
        for o in observations
        if (o.kind, o.name) == ("mention", ENZYME)
        and not o.subject
        and not isinstance(o.value, str)
    ]


def named(value: Observation, enzyme: str) -> Observation:
    """Return such a value as one of the enzyme; without its unit it still lacks it."""
    status = "current" if value.unit else "unit_missing"
    return value.model_copy(update={"kind": "analyte", "name": enzyme, "status": status})
