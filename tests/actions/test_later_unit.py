"""A unit that is told after its number."""

from __future__ import annotations

import pytest

from actions.turn import store
from tests.actions.conversation import ANN, Talk


@pytest.mark.parametrize(
    ("first", "unit", "stored"),
    [
        ("HBV DNA 1500", "the unit is IU/mL", "IU/mL"),
        ("病毒量1500", "单位是IU/ml", "IU/mL"),
        ("ALT 1500", "U/L", "U/L"),
    ],
)
def test_a_unit_told_later_belongs_to_the_number_that_waits(
    talk: Talk, first: str, unit: str, stored: str
) -> None:
    talk.says(first)
    assert not talk.known

    talk.says(unit)

    (found,) = [o for o in store().observations(ANN) if o.superseded_by is None]
    assert (found.value, found.unit, found.status) == (1500, stored, "current")


def test_a_unit_that_no_number_can_have_changes_nothing(talk: Talk) -> None:
    talk.says("ALT 86").says("copies/mL")

    assert "alt" not in talk.known
