"""What the rules core takes and answers over HTTP, for its description and its checks.

Where the engine has a model or a frozen object, it is used as it is.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hbv_engine import Record, read_record
from hbv_engine.compare import Opinion
from hbv_engine.explain import Step
from hbv_engine.model import Number, Observation, Scalar, Stated, Treatment
from hbv_engine.results import Alert, Change, Due, Missing, Reason, RenderedCard

Language = Literal["en", "zh"]
Audience = Literal["patient", "nurse"]
Both = dict[str, str]
MOST_OBSERVATIONS = 1_000
_EXAMPLE: dict[str, Any] = {
    "as_of": "2026-11-20",
    "age": 34,
    "sex": "female",
    "observations": [
        {"analyte": "hbsag", "value": "positive", "date": "2026-05-01"},
        {"analyte": "hbeag", "value": "positive", "date": "2026-11-02"},
        {"analyte": "hbv_dna", "value": 23000000, "unit": "IU/mL", "date": "2026-11-02"},
        {"analyte": "alt", "value": 86, "unit": "U/L", "reference_high": 40, "date": "2026-11-02"},
    ],
    "history": {"hbsag_duration": "six_months_or_more", "cirrhosis": "none"},
}

# The engine reads the record itself, so that what is wrong with it has the engine's own error.
Known = Annotated[
    Record,
    BeforeValidator(read_record),
    Field(description="Everything known about one person; what nobody stated is left out."),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class OneRecord(_In):
    """A record to look at."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"record": _EXAMPLE}]})

    record: Known


class ForGoals(OneRecord):
    """A record, and what is to be found out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"record": {"as_of": "2026-11-20", "age": 34}, "goals": ["phase"]}]
        }
    )

    goals: list[Annotated[str, Field(max_length=80)]] | None = Field(
        default=None,
        min_length=1,
        max_length=20,
        description="Ids of decisions; phase and timing of treatment if left out.",
    )


class Quantity(_In):
    """A result as an answer: a number with its unit, or a word, and when it was taken."""

    value: Scalar
    unit: str | None = Field(default=None, max_length=40)
    comparator: Literal["=", "<", "<=", ">", ">=", "~"] = "="
    date: dt.date | None = None


class AnAnswer(OneRecord):
    """A record, a question and its answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "record": {"as_of": "2026-11-20"},
                    "question": "alt",
                    "value": {"value": 86, "unit": "U/L"},
                }
            ]
        }
    )

    question: str = Field(max_length=80, description="The id of a question.")
    value: Scalar | list[Annotated[str, Field(max_length=80)]] | Quantity = Field(
        description="An option's id, a number, true or false, a day, the ids that apply, a result "
        'with its unit, or "unknown".'
    )


class ForDecision(OneRecord):
    """A record and a decision about it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"record": _EXAMPLE, "decision": "phase"}]}
    )

    decision: str = Field(max_length=80, description="The id of a decision.")


class ForNearest(ForDecision):
    """A record, a decision, and how many changes to return."""

    limit: int = Field(default=5, ge=1, le=20)


class Difference(_In):
    """Facts that are supposed to be otherwise, in the shape of a record."""

    as_of: dt.date | None = None
    sex: Literal["female", "male"] | None = None
    age: Number | None = None
    observations: list[Observation] = Field(default=[], max_length=MOST_OBSERVATIONS)
    treatments: list[Treatment] = Field(default=[], max_length=200)
    history: dict[str, Scalar | Stated] = Field(default={}, max_length=200)
    symptoms: dict[str, Scalar | Stated] = Field(default={}, max_length=200)


class Supposed(OneRecord):
    """A record, and what is supposed to be otherwise."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "record": _EXAMPLE,
                    "change": {"observations": [{"analyte": "alt", "value": 20, "unit": "U/L"}]},
                }
            ]
        }
    )

    change: Difference


class Warned(BaseModel):
    """A value that is odd but was taken as it is."""

    code: str
    message: str


class RulebookName(BaseModel):
    """Which rulebook answered."""

    version: str
    sha256: str


class Decision(BaseModel):
    """The verdict on one question, with what it rests on and what would change it."""

    decision: str
    status: str = Field(description="settled, open, silent or not_applicable")
    outcome: str | None
    possible: list[str]
    rules: list[str]
    sources: list[str]
    confidence: str
    because: list[Reason]
    missing: list[Missing]
    would_change_if: list[Change]
    calendar: list[Due] = []
    card: RenderedCard


class Assessment(BaseModel):
    """Everything the rulebook says about one record on one day."""

    as_of: dt.date
    rulebook: RulebookName
    alerts: list[Alert] = Field(description="Red flags, the most urgent first.")
    conflicts: list[Missing]
    warnings: list[Warned]
    decisions: dict[str, Decision]


class Option(BaseModel):
    """One of the answers to choose from."""

    id: str
    label: Both


class Question(BaseModel):
    """A question; ``serves`` are the decisions that its answer can change."""

    id: str
    text: Both
    why: Both
    kind: str = Field(description="choice, number, yes_no, screen (all that apply) or date")
    options: list[Option]
    unit: str | None
    units: list[str]
    facts: list[str]
    inputs: list[str]
    serves: list[str]
    cost: int
    stop: bool


class Next(BaseModel):
    """The next question."""

    question: Question | None


class Questions(BaseModel):
    """All questions."""

    questions: list[Question]


class Told(BaseModel):
    """The record with the answer."""

    record: Record


class Steps(BaseModel):
    """Every row that was tried."""

    steps: list[Step]


class WhatIf(BaseModel):
    """Both assessments, and the decisions whose answer is another one."""

    changed: list[str]
    before: Assessment
    after: Assessment


class Changes(BaseModel):
    """What would lead to another outcome."""

    changes: list[Change]


class Opinions(BaseModel):
    """The views of the guidelines."""

    opinions: list[Opinion]


class Rule(BaseModel):
    """A row of a table."""

    id: str
    when: dict[str, str]
    outcome: str
    outputs: dict[str, str]
    sources: list[str]
    confidence: str = Field(
        description="S source text, C confirmed in print, C* in a secondary source, K not yet "
        "confirmed by a clinician, P our own decision"
    )


class OneRule(Rule):
    """A row with its table and its own sentences."""

    table: str
    label: Both | None
    says: dict[str, Both]


class TableShown(BaseModel):
    """A decision table."""

    title: str
    file: str
    policy: str
    rules: list[Rule]


class Threshold(BaseModel):
    """A number with its unit."""

    value: float
    unit: str


class Rulebook(BaseModel):
    """The rulebook as data."""

    version: str
    sha256: str
    tables: dict[str, TableShown]
    thresholds: dict[str, Threshold]
    sources: dict[str, dict[str, Any]]


class Topic(BaseModel):
    """A topic of everyday life."""

    id: str
    name: Both


class Topics(BaseModel):
    """All topics."""

    topics: list[Topic]


class Analyte(BaseModel):
    """A laboratory test: its accepted values, units and ranges."""

    name: str
    label: Both
    values: list[str]
    unit: str | None
    units: dict[str, Any] | None
    refuse: dict[str, str] | None
    assays: dict[str, float] | None
    plausible: list[float] | None
    possible: list[float] | None
    unitless: bool
    index_positive_from: float | None
    loinc: str | None
    includes: str
    excludes: str
    source: str


class Analytes(BaseModel):
    """All laboratory tests."""

    analytes: list[Analyte]


class Refusal(BaseModel):
    """A request that was not worked on: a code, what is accepted, and what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": "too_many",
                    "accepted": "at most 120 in a minute",
                    "remedy": "Wait a minute, then send it again.",
                }
            ]
        }
    )

    error: str
    accepted: str
    remedy: str


class Problem(BaseModel):
    """What the engine cannot use: a code, its words, the value as the engine names it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "unit_error",
                    "message": "alt needs a unit.",
                    "value": None,
                    "accepted": "U/L, IU/L, ukat/L",
                    "remedy": "Give the unit printed beside the result.",
                }
            ]
        }
    )

    code: str
    message: str
    value: str | int | float | bool | None
    accepted: str
    remedy: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "The token is missing or stands for nobody."},
    403: {"model": Refusal, "description": "Another website asks that is not on the list."},
    404: {"model": Refusal, "description": "There is nothing of this id."},
    413: {"model": Refusal, "description": "The body is too large, or its length is not given."},
    422: {"model": Problem | Refusal, "description": "The body cannot be used."},
    429: {"model": Refusal, "description": "Too many requests."},
    500: {"model": Refusal, "description": "A fault of the program; nothing of it is told."},
    503: {"model": Refusal, "description": "The store or Rasa does not answer."},
}
