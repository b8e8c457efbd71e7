"""The rules core for programs: the engine's verbs over HTTP, nothing kept.

Each request holds the whole record and is forgotten with its answer. The description at
``/openapi.json`` is made from the models of the engine itself.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.routing import APIRoute

from gateway import shapes
from gateway.errors import NotFoundError
from hbv_engine import Book, answer, assess, compare, explain, load_book, nearest_changes, topics
from hbv_engine import about as about_topic
from hbv_engine import next_question as question_after
from hbv_engine import what_if as if_changed
from hbv_engine.changes import changed
from hbv_engine.facts import catalogue
from hbv_engine.model import parse_json, read_record
from hbv_engine.page import page_data
from hbv_engine.questions import Question, build_question
from hbv_engine.wording import LANGUAGES, phrase

_COLLECT = "collect"
Id = Annotated[str, Path(min_length=1, max_length=80, description="An id of the rulebook.")]


class _Whole(APIRoute):
    """Reads the body as the engine does: every key once, and its own words for what is no JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if request.method == "POST":
                parse_json(await request.body())
            return await handle(request)

        return checked


def take_rate(request: Request) -> None:
    """Take one of the requests that an address has in a minute.

    Raises:
        TooManyError: none is left.
    """
    request.app.state.api_rate.take(request.client.host if request.client else "")


router = APIRouter(
    prefix="/api",
    tags=["rules core"],
    route_class=_Whole,
    dependencies=[Depends(take_rate)],
    responses=shapes.REFUSALS,
)


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """In which language, and for which reader, an answer is worded."""

    language: str
    audience: str


def view(
    lang: Annotated[shapes.Language, Query(description="Language of the words.")] = "en",
    reader: Annotated[
        shapes.Audience, Query(alias="for", description="Who reads the answer.")
    ] = "patient",
) -> View:
    """Return how an answer is worded."""
    return View(lang, reader)


Viewed = Annotated[View, Depends(view)]


@router.post("/assess", operation_id="assess", response_model=shapes.Assessment)
def assess_record(body: shapes.OneRecord, seen: Viewed) -> Any:
    """Return everything the rulebook says about a record: red flags first, then each decision."""
    return assess(body.record).as_dict(seen.language, seen.audience)


@router.post("/next-question", operation_id="nextQuestion", response_model=shapes.Next)
def next_question(body: shapes.ForGoals) -> Any:
    """Return the question that tells most for its cost; null when no answer can change anything."""
    for goal in body.goals or ():
        _must_be(goal, load_book().goals, "decision")
    found = question_after(body.record, body.goals)
    return {"question": found and _question(found)}


@router.post("/answer", operation_id="answer", response_model=shapes.Told)
def answer_question(body: shapes.AnAnswer) -> Any:
    """Return the record with an answer written in; "unknown" stays unknown and is not asked again."""
    _must_be(body.question, _questions(load_book()), "question")
    value = (
        body.value.model_dump(exclude_unset=True)
        if isinstance(body.value, shapes.Quantity)
        else body.value
    )
    return {"record": answer(body.record, body.question, value).model_dump(mode="json")}


@router.post("/explain", operation_id="explain", response_model=shapes.Steps)
def explain_decision(body: shapes.ForDecision) -> Any:
    """Return every rule that was tried for a decision, in order, and where it failed."""
    _must_be(body.decision, load_book().tables, "decision")
    return {"steps": [dataclasses.asdict(s) for s in explain(body.record, body.decision)]}


@router.post("/what-if", operation_id="whatIf", response_model=shapes.WhatIf)
def what_if(body: shapes.Supposed, seen: Viewed) -> Any:
    """Return the answers as they are and as they would be with some facts changed."""
    change = body.change.model_dump(mode="json", exclude_unset=True)
    before, after = if_changed(body.record, change)
    return {
        "changed": changed(before, after),
        "before": before.as_dict(seen.language, seen.audience),
        "after": after.as_dict(seen.language, seen.audience),
    }


@router.post("/nearest-changes", operation_id="nearestChanges", response_model=shapes.Changes)
def nearest(body: shapes.ForNearest) -> Any:
    """Return the smallest changes of known facts that lead to another outcome, nearest first."""
    book = load_book()
    _must_be(
        body.decision,
        [goal for goal in book.goals if book.tables[goal].policy != _COLLECT],
        "decision with one outcome",
    )
    return {"changes": nearest_changes(body.record, body.decision, limit=body.limit)}


@router.post("/compare", operation_id="compare", response_model=shapes.Opinions)
def compare_guidelines(body: shapes.OneRecord) -> Any:
    """Return what each guideline would say about the same person; they are never merged."""
    return {"opinions": compare(body.record)}


@router.get("/rulebook", operation_id="rulebook", response_model=shapes.Rulebook)
def rulebook() -> Any:
    """Return version, hash, tables, thresholds and sources of the rulebook that answers."""
    return page_data(load_book())


@router.get("/rulebook/rules/{id}", operation_id="rule", response_model=shapes.OneRule)
def rule(id: Id) -> Any:
    """Return one rule: when it holds, what it concludes, what it says, and where that stands."""
    book = load_book()
    for table, row in book.rows.values():
        if row.id == id:
            outcome = table.outcomes.get(row.outcome)
            return {
                "id": row.id,
                "table": table.id,
                "when": {c: k.text for c, k in row.conditions.items() if k.text != "-"},
                "outcome": row.outcome,
                "label": outcome.label if outcome else None,
                "outputs": row.outputs,
                "says": table.says.get(row.id, {}),
                "sources": row.sources,
                "confidence": row.confidence,
            }
    raise _unknown("rule", list(book.rows))


@router.get("/questions", operation_id="questions", response_model=shapes.Questions)
def questions() -> Any:
    """Return every question that may be asked, with its options and units."""
    book = load_book()
    return {"questions": [_question(build_question(book, q, (), ())) for q in _questions(book)]}


@router.get("/topics", operation_id="topics", response_model=shapes.Topics)
def all_topics() -> Any:
    """Return the topics of everyday life that the rulebook tells about."""
    book = load_book()
    return {
        "topics": [
            {"id": name, "name": {lang: phrase(book, f"table.{name}", lang) for lang in LANGUAGES}}
            for name in topics(book)
        ]
    }


@router.get("/topics/{id}", operation_id="topic", response_model=shapes.Decision)
def topic(id: Id, seen: Viewed) -> Any:
    """Return what the rulebook tells everybody about a topic, with its sources."""
    _must_be(id, topics(), "topic")
    today = dt.datetime.now().astimezone().date()
    return about_topic(read_record({"as_of": str(today)}), id).as_dict(seen.language, seen.audience)


@router.get("/analytes", operation_id="analytes", response_model=shapes.Analytes)
def analytes() -> Any:
    """Return the laboratory tests: accepted words, units with their factors, ranges, LOINC."""
    return {"analytes": [dataclasses.asdict(a) for a in catalogue().analytes.values()]}


def _questions(book: Book) -> list[str]:
    return [name for name, spec in book.questions.items() if "text" in spec]


def _question(found: Question) -> dict[str, Any]:
    data = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    return {**data, "options": [{"id": id, "label": label} for id, label in found.options]}


def _must_be(name: str, known: Any, what: str) -> None:
    if name not in known:
        raise _unknown(what, list(known))


def _unknown(what: str, known: list[str]) -> NotFoundError:
    some = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")  # noqa: PLR2004 - a line
    return NotFoundError(f"the id of a {what}, such as {some}", f"Choose a {what} that is listed.")
