"""Hypothesis strategies for records: values from around the thresholds, dates from around the windows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hbv_engine.axes import LevelAxis
from hbv_engine.book import load_book
from hbv_engine.facts import Analyte, Item, catalogue
from tests.engine.boundaries import around

AS_OF = "2026-11-20"
DATES = [None, "2026-11-20", "2026-11-01", "2026-05-01", "2025-11-21", "2025-11-19", "2024-01-15"]
"""No date; today; this month; this year; one day within a year; one day past it; long ago."""

EXTRA: dict[str, list[float]] = {
    "alt": [19, 20, 25, 30, 31, 35, 40, 41, 50, 51, 80, 100, 101, 200, 400, 9000],
    "bilirubin": [10, 17.1, 20, 34.2, 35, 60],
    "hbsag_quant": [0, 0.05, 0.06, 9.99, 10, 1499, 1500, 1501, 20001],
    "anti_hbs_quant": [0, 9.9, 10, 10.1],
    "platelets": [24, 25, 49, 50, 180],
    "afp": [3, 7, 8, 400],
    "tsh": [0.1, 2, 10],
}


def _numbers(name: str, spec: Analyte | Item) -> list[float]:
    """Numbers around the thresholds of the input of this name, and some usual ones."""
    axis = load_book().axes.get(name)
    near = list(axis.thresholds) if isinstance(axis, LevelAxis) else []
    low, high = (spec.possible if isinstance(spec, Analyte) else spec.range) or (0.0, 1e6)
    usual = spec.plausible if isinstance(spec, Analyte) and spec.plausible else (low, high)
    found = [*(v for t in near for v in around(t)), *EXTRA.get(name, []), *usual]
    return sorted({float(v) for v in found if low <= v <= high})


@st.composite
def observations(draw: st.DrawFn, *names: str) -> dict[str, Any]:
    """One laboratory result of any analyte, or of one of the named ones."""
    name = draw(st.sampled_from(names or tuple(catalogue().analytes)))
    analyte = catalogue().analytes[name]
    found: dict[str, Any] = {"analyte": name, "date": draw(st.sampled_from(DATES))}
    if analyte.values and (analyte.unit is None or draw(st.booleans())):
        found["value"] = draw(st.sampled_from(analyte.values))
        if analyte.unit is not None:
            found |= {"unit": analyte.unit, "lloq": draw(st.sampled_from([None, 10, 20, 500]))}
        return found
    assert analyte.unit is not None
    found["value"] = draw(st.sampled_from(_numbers(name, analyte)))
    found["unit"] = analyte.unit
    if found["value"] > 0:
        found["comparator"] = draw(st.sampled_from(["=", "=", "=", "<", "<=", ">", ">="]))
    if name in {"alt", "ast", "bilirubin", "afp", "tsh"}:
        found["reference_high"] = draw(st.sampled_from([None, 17.1, 30, 40, 50]))
    return found


@st.composite
def treatments(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(tuple(catalogue().drugs)))
    start = draw(st.sampled_from([None, "2026-06-05", "2026-05-22", "2025-12-19", "2024-01-10"]))
    stop = draw(st.sampled_from([None, None, "2026-11-20", "2026-08-01"]))
    return {"drug": name, "start": start, "stop": stop}


def _of_item(item: Item) -> st.SearchStrategy[Any]:
    if item.is_number:
        return st.sampled_from(_numbers(item.name, item))
    if item.date:
        return st.sampled_from([date for date in DATES if date])
    return st.booleans() if item.yes_no else st.sampled_from(item.values)


def history(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return _some(catalogue().history, names)


def symptoms(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return _some(catalogue().symptoms, names)


def _some(items: dict[str, Item], names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    chosen = {name: items[name] for name in names or items}
    single = st.sampled_from(tuple(chosen)).flatmap(
        lambda name: st.tuples(st.just(name), _of_item(chosen[name]))
    )
    return st.lists(single, max_size=8).map(dict)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A record in which anything may be known or unknown, told once or several times."""
    core = ("hbsag", "hbeag", "anti_hbe", "hbv_dna", "alt", "hbsag_quant")
    results = st.one_of(observations(*core), observations(*core), observations())
    found: dict[str, Any] = {
        "as_of": AS_OF,
        "sex": draw(st.sampled_from([None, "female", "male"])),
        "age": draw(st.sampled_from([None, 17, 18, 29, 30, 31, 34, 35, 40, 41, 70])),
        "observations": draw(st.lists(results, max_size=8)),
        "treatments": draw(st.lists(treatments(), max_size=2)),
        "history": draw(history()) | draw(history("hbsag_duration", "antiviral_now", "cirrhosis")),
        "symptoms": draw(symptoms()),
    }
    return found
