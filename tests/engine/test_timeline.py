"""Which results speak about today."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_engine import read_record
from hbv_engine.timeline import Timeline

BASELINE = {"analyte": "hbsag_quant", "value": 5200, "unit": "IU/mL", "interferon_week": 0}


@pytest.mark.parametrize(
    ("history", "current"),
    [({}, []), ({"interferon_week": 4}, [5200]), ({"interferon_week": 200}, [])],
    ids=["week of today unknown", "four weeks ago", "years ago"],
)
def test_a_result_of_a_week_speaks_about_today_only_if_that_week_can_be_placed(
    history: dict[str, Any], current: list[int]
) -> None:
    record = read_record({"as_of": "2026-11-20", "observations": [BASELINE], "history": history})

    line = Timeline.of(record, fresh_months=12)

    assert [o.value for o in line.current("hbsag_quant")] == current
