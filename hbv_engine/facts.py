"""The facts that can be recorded about a person, as declared in ``rulebook/facts.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hbv_engine.errors import UnknownNameError

RULEBOOK = Path(__file__).parent / "rulebook"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Analyte:
    """A laboratory test: its accepted values, units and ranges (in its own ``unit``)."""

    name: str
    label: Text
    values: tuple[str, ...] = ()
    unit: str | None = None
    units: dict[str, Any] | None = None
    refuse: dict[str, str] | None = None
    assays: dict[str, float] | None = None
    plausible: tuple[float, float] | None = None
    possible: tuple[float, float] | None = None
    unitless: bool = False
    index_positive_from: float | None = None
    loinc: str | None = None
    includes: str = ""
    excludes: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A history item or a symptom: a yes/no, a choice, a date, or a number with a unit.

    ``lasting`` are the values that stay true; ``passing`` is true of what belongs to its day.
    """

    name: str
    label: Text
    values: tuple[str, ...] = ()
    yes_no: bool = False
    date: bool = False
    unit: str | None = None
    range: tuple[float, float] | None = None
    includes: str = ""
    lasting: tuple[str | bool, ...] = ()
    passing: bool = False

    @property
    def is_number(self) -> bool:
        """True when the item is a quantity."""
        return self.range is not None


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine against hepatitis B; ``doses`` is the accepted range for each unit of dose."""

    name: str
    kind: str
    label: Text
    doses: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All declared facts by kind and name."""

    analytes: dict[str, Analyte]
    history: dict[str, Item]
    symptoms: dict[str, Item]
    drugs: dict[str, Drug]

    def label(self, name: str) -> Text:
        """Return the label of any fact in both languages.

        Raises:
            UnknownNameError: no fact has this name.
        """
        for group in (self.analytes, self.history, self.symptoms, self.drugs):
            if name in group:
                return group[name].label
        return _PERSON[name] if name in _PERSON else unknown_name("fact", name, [])


_PERSON: dict[str, Text] = {
    "age": {"en": "age", "zh": "年龄"},
    "sex": {"en": "sex", "zh": "性别"},
}


def unknown_name(kind: str, name: object, accepted: list[str]) -> Any:
    """Raise the error for a name that is not declared, with the nearest declared ones."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed on the way out

    near = get_close_matches(str(name), accepted, n=3, cutoff=0.5)
    raise UnknownNameError(
        f"There is no {kind} called {str(name)[:60]!r}.",
        value=name,
        accepted=", ".join(near or accepted[:12]) + ("" if near else ", …"),
        remedy="Run `hbv schema` to see every accepted name.",
    )


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the declared facts; read once from the rulebook folder."""
    data = yaml.load((RULEBOOK / "facts.yml").read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    return Catalogue(
        analytes={name: Analyte(name, **_tuples(spec)) for name, spec in data["analytes"].items()},
        history={name: Item(name, **_tuples(spec)) for name, spec in data["history"].items()},
        symptoms={
            name: Item(name, **_tuples({"yes_no": "range" not in spec, **spec, "passing": True}))
            for name, spec in data["symptoms"].items()
        },
        drugs={
            name: Drug(name, spec["class"], spec["label"], spec["doses"])
            for name, spec in data["drugs"].items()
        },
    )


def _tuples(spec: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(val) if isinstance(val, list) else val for key, val in spec.items()}
