"""Which decisions of the engine answer which question of a person."""

from __future__ import annotations

from collections.abc import Iterable

from hbv_engine import load_book

_GOALS = {
    "ask_start_treatment": ("antiviral_timing", "phase"),
    "ask_phase": ("phase",),
    "ask_interferon_response": ("interferon_response",),
    "ask_stop_interferon": ("interferon_stop",),
    "ask_switch_to_interferon": ("interferon_switch",),
    "ask_suitable_interferon": ("interferon_suitability",),
    "ask_monitoring": ("monitoring",),
    "ask_side_effect": ("interferon_side_effects",),
    "ask_missed_dose": ("missed_dose",),
}
_WITHOUT_QUESTION = ("antiviral_timing", "phase")


def goals_of(intents: Iterable[str]) -> tuple[str, ...]:
    """Return the decisions that the intents of a message ask for, in their order, if any does."""
    return _known(dict.fromkeys(goal for i in intents for goal in _GOALS.get(i, ())))


def goals_in(slot: str | None) -> tuple[str, ...]:
    """Return the decisions named in the slot ``goal``; phase and timing if none is."""
    return _known(slot.split(",") if slot else _WITHOUT_QUESTION)


def _known(goals: Iterable[str]) -> tuple[str, ...]:
    return tuple(goal for goal in goals if goal in load_book().goals)
