"""Corrections take over the name and unit of what they correct; suppositions take over its limits."""

from __future__ import annotations

import datetime as dt

import pytest

from actions import amend
from actions.evidence import checked, record_of
from actions.suppose import change_of
from actions.translate import observations_of
from records import Observation, Store
from tests.actions.turns import turn

TODAY = dt.date(2026, 11, 20)
ALT = Observation(kind="analyte", name="alt", value=86, unit="U/L", raw="ALT 86 U/L", end=10)


@pytest.fixture
def told(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in which ann told her ALT; the next message is m1."""
    for key, text in (("m0", "ALT 86 U/L"), ("m1", "no")):
        store.keep_message(person="ann", message_id=key, text=text, at="2026-11-20T10:00")
    store.note([ALT], person="ann", message_id="m0", at="2026-11-20T10:00")
    monkeypatch.setattr(amend, "store", lambda: store)
    return store


@pytest.mark.parametrize("text", ["no, ALT was 58", "不对，转氨酶是58"])
def test_a_correction_has_the_unit_of_the_value_it_corrects(told: Store, text: str) -> None:
    _ = told
    said = turn(text)
    stated = [checked(o, TODAY) for o in observations_of(said)]

    [found] = amend.completed(said, stated)

    assert (found.name, found.value, found.unit, found.status) == ("alt", 58, "U/L", "current")


def test_without_a_correction_the_unit_is_still_asked_for(told: Store) -> None:
    _ = told
    said = turn("ALT 58")

    [found] = amend.completed(said, [checked(o, TODAY) for o in observations_of(said)])

    assert found.status == "unit_missing"


@pytest.mark.parametrize(
    ("text", "status", "value", "date"),
    [
        ("no, it was 58", "current", 58, None),
        ("that was my mother's result", "other_person", 86, None),
        ("那是去年的", "ambiguous", 86, None),
        ("that was on 2026-10-01", "current", 86, "2026-10-01"),
    ],
)
def test_a_remark_puts_the_last_result_right_and_keeps_the_old_one(
    told: Store, text: str, status: str, value: float, date: str | None
) -> None:
    [new] = amend.amend(turn(text, intent="amend"))

    assert (new.status, new.value, new.date) == (status, value, date)
    old = next(o for o in told.observations("ann", history=True) if o.message == "m0")
    assert old.superseded_by == new.id


def test_a_supposed_value_keeps_the_printed_limit() -> None:
    record = record_of([ALT.model_copy(update={"reference_high": 40.0})], TODAY)
    supposed = [o.model_copy(update={"value": 20}) for o in [ALT]]

    change = change_of(supposed, record)

    assert change["observations"][0]["reference_high"] == 40
    assert change["observations"][0]["value"] == 20
