"""The columns of the tables: what each is called, how it is cut, and how it is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from hbv_engine import derive
from hbv_engine.errors import RulebookError
from hbv_engine.facts import LOADER, RULEBOOK, Text, catalogue
from hbv_engine.timeline import Timeline

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a table.

    ``values`` is None for a quantity, which then has a ``unit``. ``ask`` is the id of the question
    that supplies it.
    """

    name: str
    label: Text
    ask: str
    values: tuple[str, ...] | None = None
    unit: str = ""
    not_detected: bool = False
    function: str = "stated"
    args: dict[str, Any] = field(default_factory=dict)

    def read(self, line: Timeline, parameters: dict[str, float]) -> derive.Known:
        """Return what a record says about this input."""
        function = getattr(derive, self.function)
        if self.function in {"stated", "status", "level"}:
            return function(line, self.name)  # type: ignore[no-any-return]
        return function(line, parameters, **self.args)  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _declared() -> dict[str, dict[str, Any]]:
    text = (RULEBOOK / "inputs.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=LOADER)  # type: ignore[no-any-return]  # noqa: S506


@lru_cache(maxsize=512)
def find_input(name: str) -> Input:
    """Return the input that a column name stands for.

    Raises:
        RulebookError: the name is neither declared nor a recorded fact.
    """
    spec = _declared().get(name)
    facts = catalogue()
    if spec is not None:
        label = spec.get("label") or facts.label(name)
        return Input(
            name,
            label,
            spec.get("ask", name),
            values=tuple(spec["values"]) if "values" in spec else None,
            unit=spec.get("level", ""),
            not_detected=spec.get("not_detected", False),
            function=spec["derive"],
            args=spec.get("args", {}),
        )
    if name in facts.analytes:
        analyte = facts.analytes[name]
        if analyte.unit is None:
            return Input(name, analyte.label, name, values=analyte.values, function="status")
        return Input(name, analyte.label, name, unit=analyte.unit, function="level")
    item = facts.history.get(name) or facts.symptoms.get(name)
    if item is not None:
        if item.is_number:
            return Input(name, item.label, name, unit=item.unit or "")
        return Input(name, item.label, name, values=YES_NO if item.yes_no else item.values)
    if name == "age":
        return Input(name, facts.label(name), name, unit="a", function="age")
    if name == "sex":
        return Input(name, facts.label(name), name, values=("female", "male"), function="sex")
    raise RulebookError(
        f"There is no input called {name!r}.",
        value=name,
        accepted="a column declared in inputs.yml, a fact of facts.yml, or the id of a table",
    )
