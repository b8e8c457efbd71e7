"""The record of one person: the input of every verb of the engine.

Nothing has a default that stands for an answer: what nobody stated is absent, and stays unknown.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from hbv_engine.errors import (
    ContradictionError,
    DateError,
    EngineError,
    ImpossibleValueError,
    InputFormatError,
    RecordError,
    UnitError,
    UnknownNameError,
    WrongTypeError,
)
from hbv_engine.facts import Item, catalogue, unknown_name
from hbv_engine.quantities import Reading, read_result

MAX_BYTES = 2_000_000
Number = StrictInt | StrictFloat
Scalar = StrictBool | StrictInt | StrictFloat | StrictStr


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T|$)")


def _day(value: Any) -> Any:
    """Refuse what is not written as a day: a bare number would be read as seconds."""
    if value is None or isinstance(value, dt.date):
        return value
    if isinstance(value, str) and _ISO_DAY.match(value):
        return value
    raise DateError(
        f"{_brief(value)} is not a date.",
        value=value,
        accepted="a date such as 2026-05-01",
        remedy="Write year, month and day.",
    )


Day = Annotated[dt.date, BeforeValidator(_day)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_DETAILS = {
    "lloq": (0, 1e12),
    "reference_low": (0, 1e12),
    "reference_high": (1e-9, 1e12),
    "interferon_week": (0, 520),
}


def _check_detail(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise ImpossibleValueError(
            f"{name} of {_brief(value)} is not possible.",
            value=value,
            accepted=f"{low:g} to {high:g}",
            remedy="Check the number on the report.",
        )


class Observation(_Frozen):
    """One laboratory result, as printed: value, comparator, unit and date stay with it for ever.

    ``lloq`` is the assay's lower limit in the same unit; ``reference_high`` the upper limit printed
    beside the result; ``interferon_week`` the treatment week when it was taken, if that is how it
    was told. ``date`` is None when nobody said when; ``told`` is the day it was told, and so the
    latest day that an undated result can be of.
    """

    analyte: StrictStr
    value: Number | StrictStr
    comparator: Literal["=", "<", "<=", ">", ">=", "~"] = "="
    unit: StrictStr | None = None
    date: Day | None = None
    told: Day | None = None
    lloq: Number | None = None
    reference_low: Number | None = None
    reference_high: Number | None = None
    assay: StrictStr | None = None
    interferon_week: Number | None = None
    raw: StrictStr | None = None
    _reading: Reading = PrivateAttr()

    @model_validator(mode="after")
    def _read(self) -> Observation:
        for name, (low, high) in _DETAILS.items():
            _check_detail(name, getattr(self, name), low, high)
        analytes = catalogue().analytes
        if self.analyte not in analytes:
            unknown_name("analyte", self.analyte, list(analytes))
        self._reading = read_result(
            analytes[self.analyte],
            value=self.value,
            comparator=self.comparator,
            unit=self.unit,
            lloq=self.lloq,
            assay=self.assay,
        )
        return self

    @property
    def reading(self) -> Reading:
        """The result made comparable."""
        return self._reading


class Treatment(_Frozen):
    """A course of one medicine; ``stop`` None means that it is still being taken."""

    drug: StrictStr
    start: Day | None = None
    stop: Day | None = None
    dose: Number | None = None
    dose_unit: StrictStr | None = None
    doses_missed: StrictInt | None = Field(default=None, ge=0, le=500)
    raw: StrictStr | None = None

    @model_validator(mode="after")
    def _check(self) -> Treatment:
        drugs = catalogue().drugs
        if self.drug not in drugs:
            unknown_name("drug", self.drug, list(drugs))
        if self.start and self.stop and self.stop < self.start:
            raise DateError(
                f"{self.drug} cannot stop before it starts.",
                value=str(self.stop),
                accepted=f"a date from {self.start} on",
                remedy="Check both dates.",
            )
        if self.dose is not None:
            _check_dose(self.drug, self.dose, self.dose_unit)
        return self

    @property
    def kind(self) -> str:
        """``interferon`` or ``nuc`` (nucleos(t)ide analogue)."""
        return catalogue().drugs[self.drug].kind


class Stated(_Frozen):
    """A history item or symptom with the date and the words it came from."""

    value: Scalar
    date: Day | None = None
    raw: StrictStr | None = None


class Record(_Frozen):
    """Everything known about one person, seen from the day ``as_of``.

    ``treatments`` is empty if nothing was said about medicines; otherwise it lists all of them, so
    that somebody with one course of tablets is not on interferon.
    ``asked`` holds the ids of questions that were answered with "I don't know", or only in part:
    what they did not tell stays unknown, and they are not asked again.
    """

    as_of: Day
    sex: Literal["female", "male"] | None = None
    age: Number | None = None
    observations: tuple[Observation, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    history: dict[StrictStr, Stated] = Field(default_factory=dict)
    symptoms: dict[StrictStr, Stated] = Field(default_factory=dict)
    asked: tuple[StrictStr, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain_values(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        sex = data.get("sex")
        if isinstance(sex, list | tuple | set):
            raise ContradictionError(
                "Two different sexes are given.",
                value=sorted(map(str, sex)),
                accepted="female or male",
                remedy="Give one, or leave it out.",
            )
        for group, items in (
            ("history", catalogue().history),
            ("symptoms", catalogue().symptoms),
        ):
            given = data.get(group)
            if isinstance(given, dict):
                data[group] = {
                    name: _stated(group, name, value, items)
                    for name, value in given.items()
                    if value is not None and value != {"value": None}
                }
        return data

    @model_validator(mode="after")
    def _check(self) -> Record:
        if self.age is not None and not 0 <= self.age <= 120:  # noqa: PLR2004 - a human life
            raise ImpossibleValueError(
                f"An age of {self.age} is not possible.",
                value=self.age,
                accepted="0 to 120 years",
                remedy="Give the age in years.",
            )
        dates = [day for o in self.observations for day in (o.date, o.told)]
        dates += [t.start for t in self.treatments] + [t.stop for t in self.treatments]
        dates += [s.date for s in (*self.history.values(), *self.symptoms.values())]
        dates += [
            dt.date.fromisoformat(str(stated.value))
            for name, stated in self.history.items()
            if catalogue().history[name].date
        ]
        for date in dates:
            if date is not None and date > self.as_of:
                raise DateError(
                    f"The date {date} lies in the future.",
                    value=str(date),
                    accepted=f"a date up to {self.as_of}",
                    remedy="Check the year and the order of day and month.",
                )
        return self

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """Codes and texts of values that are odd but were taken as they are."""
        return [w for o in self.observations for w in o.reading.warnings]


def read_record(data: str | bytes | dict[str, Any] | Record) -> Record:
    """Return a checked record from JSON text or plain data.

    Raises:
        InputFormatError: empty, too large, not JSON, or a key given twice.
        RecordError: a value that cannot be used; the subclass says which kind.
    """
    if isinstance(data, Record):
        return data
    if isinstance(data, str | bytes):
        data = parse_json(data)
    if not isinstance(data, dict):
        raise InputFormatError(
            "A record is one JSON object.", value=type(data).__name__, accepted='{"as_of": …}'
        )
    try:
        return Record.model_validate(data)
    except ValidationError as error:
        raise _typed(error) from None


def parse_json(text: str | bytes) -> Any:
    """Return JSON data of a bounded size, with every key once.

    Raises:
        InputFormatError: empty, too large, or not JSON.
        ContradictionError: a key given twice with different values.
    """
    if len(text) > MAX_BYTES:
        raise InputFormatError(
            "The input is too large.",
            value=f"{len(text):,} bytes",
            accepted=f"up to {MAX_BYTES:,} bytes",
            remedy="Give one person's record. For many people use `hbv cohort`.",
        )
    if not text.strip():
        raise InputFormatError(
            "The input is empty.",
            accepted='a JSON object such as {"as_of": "2026-11-20", "age": 34}',
            remedy="Run `hbv ask` to be led through the questions instead.",
        )
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise InputFormatError(
            f"The input is not JSON: {str(error)[:120]}.",
            accepted="a JSON object",
            remedy="Check the place named in the message.",
        ) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise ContradictionError(
                f"{key!r} is given twice with different values.",
                value=[_brief(found[key]), _brief(value)],
                accepted="each key once",
                remedy="Keep the right one.",
            )
        found[key] = value
    return found


def _brief(value: object) -> str:
    return str(value)[:40]


def _stated(group: str, name: str, value: Any, items: dict[str, Item]) -> Any:
    if name not in items:
        unknown_name("symptom" if group == "symptoms" else "history item", name, list(items))
    full = dict(value) if isinstance(value, dict) else {"value": value}
    if isinstance(value, Stated):
        full = value.model_dump()
    _check_item(items[name], full.get("value"))
    return full


def _check_item(item: Item, value: Any) -> None:
    if item.yes_no:
        good, accepted = isinstance(value, bool), "true or false"
    elif item.is_number:
        good = isinstance(value, int | float) and not isinstance(value, bool)
        low, high = item.range or (0, 0)
        accepted = f"{low:g} to {high:g} {item.unit}"
        if good and not low <= value <= high:
            raise ImpossibleValueError(
                f"{item.name} of {value} is not possible.", value=value, accepted=accepted
            )
    elif item.date:
        good, accepted = _is_date(value), "a date such as 2026-05-01"
    else:
        good, accepted = value in item.values, " or ".join(item.values)
    if not good:
        raise WrongTypeError(
            f"{item.name} cannot be {_brief(value)!r}.",
            value=value,
            accepted=accepted,
            remedy="Leave it out if it is not known.",
        )


def _is_date(value: object) -> bool:
    try:
        return bool(dt.date.fromisoformat(str(value)))
    except ValueError:
        return False


def _check_dose(drug: str, dose: float, unit: str | None) -> None:
    doses = catalogue().drugs[drug].doses
    accepted = " or ".join(f"{low:g} to {high:g} {u}" for u, (low, high) in doses.items())
    if unit not in doses:
        raise UnitError(
            f"A dose of {drug} is not given in {unit!r}.", value=unit, accepted=accepted
        )
    low, high = doses[unit]
    if not low <= dose <= high:
        raise ImpossibleValueError(
            f"A dose of {_brief(dose)} {unit} of {drug} is not possible.",
            value=dose,
            accepted=accepted,
        )


_KINDS: dict[str, type[RecordError]] = {
    "extra_forbidden": UnknownNameError,
    "date_from_datetime_parsing": DateError,
    "date_parsing": DateError,
    "missing": InputFormatError,
    "greater_than_equal": ImpossibleValueError,
    "less_than_equal": ImpossibleValueError,
}


def _typed(error: ValidationError) -> EngineError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the record"
    kind = _KINDS.get(first["type"], WrongTypeError)
    return kind(
        f"{place}: {first['msg']}.",
        value=_brief(first.get("input")),
        accepted=str(first.get("ctx", {}).get("expected", "see `hbv schema`")),
        remedy="Correct this value, or leave it out if it is not known.",
    )
