"""Decision support for the systems of a clinic: CDS Hooks 2.0, one service for ``patient-view``.

Red flags come first. What is not known is said to be open, and nothing is kept.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.report.words import load as report_words
from gateway import metrics, shapes
from gateway.api import take_rate
from gateway.errors import NotFoundError
from gateway.fhir import Read, read_patient
from gateway.words import words
from hbv_engine import assess, load_book
from hbv_engine.cards import SUMMARY_LIMIT
from hbv_engine.facts import catalogue
from hbv_engine.questions import DEFAULT_GOALS
from hbv_engine.results import Alert, Assessment, Decision, RenderedCard

ID = "chronic-hepatitis-b"
_PATIENT = "patient"
_NEEDED = (_PATIENT, "results")
_INDICATORS = {"emergency_now": "critical", "same_day": "critical", "soon": "warning"}
_READER = "nurse"
router = APIRouter(
    prefix="/cds-services",
    tags=["decision support"],
    dependencies=[Depends(take_rate)],
    responses=shapes.REFUSALS,
)
Lang = Annotated[shapes.Language, Query(description="Language of the cards.")]


class Service(BaseModel):
    """A service as it is discovered."""

    hook: str
    title: str
    description: str
    id: str
    prefetch: dict[str, str]


class Services(BaseModel):
    """All services."""

    services: list[Service]


class Context(BaseModel):
    """What the hook ``patient-view`` tells."""

    model_config = ConfigDict(extra="allow")

    patientId: str = Field(min_length=1, max_length=200)  # noqa: N815 - the specification's name


class Call(BaseModel):
    """A call of the service. The resources of the patient come with it; none is fetched."""

    model_config = ConfigDict(extra="ignore")

    hook: Literal["patient-view"]
    hookInstance: uuid.UUID  # noqa: N815
    context: Context
    prefetch: dict[str, Any] | None = None


class Source(BaseModel):
    """Where the guidance of a card stands."""

    label: str
    url: str | None = None


class Link(BaseModel):
    """More to read."""

    label: str
    url: str
    type: Literal["absolute"] = "absolute"


class Card(BaseModel):
    """One piece of decision support."""

    uuid: str
    summary: str = Field(max_length=SUMMARY_LIMIT - 1)
    detail: str | None = None
    indicator: Literal["info", "warning", "critical"]
    source: Source
    links: list[Link] | None = None
    extension: dict[str, Any]


class Cards(BaseModel):
    """The answer to a call."""

    cards: list[Card]


class Outcome(BaseModel):
    """What somebody did with a card; a comment of theirs is not read."""

    model_config = ConfigDict(extra="ignore")

    card: str = Field(max_length=200)
    outcome: Literal["accepted", "overridden"]
    outcomeTimestamp: str = Field(max_length=40)  # noqa: N815


class Feedback(BaseModel):
    """What was done with cards."""

    feedback: list[Outcome] = Field(max_length=1_000)


@router.get("", operation_id="cdsServices", response_model=Services)
def discover() -> Any:
    """Return the service and the resources that it asks to be sent along."""
    return {
        "services": [
            {
                "hook": "patient-view",
                "title": words("cds_title", "en"),
                "description": words("cds_description", "en"),
                "id": ID,
                "prefetch": prefetch(),
            }
        ]
    }


def prefetch() -> dict[str, str]:
    """Return the FHIR requests for what the engine can use, with the codes of our own reader."""
    codes = ",".join(f"http://loinc.org|{code}" for code in report_words("codes")["loinc"])
    of = "patient={{context.patientId}}"
    return {
        _PATIENT: "Patient/{{context.patientId}}",
        "results": f"Observation?{of}&code={codes}&_sort=-date&_count=200",
        "requests": f"MedicationRequest?{of}&_count=200",
        "statements": f"MedicationStatement?{of}&_count=200",
        "conditions": f"Condition?{of}&clinical-status=active&_count=200",
    }


@router.post(
    "/{id}", operation_id="cdsService", response_model=Cards, response_model_exclude_none=True
)
def call(request: Request, id: str, body: Call, lang: Lang = "en") -> Any:
    """Return cards about the patient: red flags first, then what is settled, then what is open."""
    _known(id)
    sent = {key: part for key, part in (body.prefetch or {}).items() if part}
    missing = [name for name in _NEEDED if name not in sent]
    maker = _Maker(request.app.state.settings.public, lang)
    if missing:
        return {"cards": [maker.missing(missing)]}
    today = dt.datetime.now().astimezone().date()
    read = read_patient(sent, body.context.patientId, today=today)
    return {"cards": list(maker.cards(read, assess(read.record)))}


@router.post("/{id}/feedback", operation_id="cdsFeedback")
def feedback(id: str, body: Feedback) -> dict[str, Any]:
    """Take note of what was done with cards; only how often is kept."""
    _known(id)
    for one in body.feedback:
        metrics.FEEDBACK.labels(one.outcome).inc()
    return {}


def warm_up() -> None:
    """Read what the first call would otherwise wait for: a clinic's system gives half a second."""
    observation = {"resourceType": "Observation", "status": "final", "code": {"text": "ALT"}}
    today = dt.datetime.now().astimezone().date()
    assess(read_patient({"results": observation}, "", today=today).record)


def _known(id: str) -> None:
    if id != ID:
        raise NotFoundError(f"the id {ID}", "GET /cds-services lists what there is.")


class _Maker:
    """Makes cards in one language for the staff of a clinic."""

    def __init__(self, public: str, language: str) -> None:
        self._language = language
        book = load_book()
        label = words("cds_source", language).format(version=book.version)
        self._source = {"label": label} | ({"url": f"{public}/rulebook"} if public else {})
        self._sha = book.sha256

    def cards(self, read: Read, found: Assessment) -> Iterator[dict[str, Any]]:
        for alert in found.alerts:
            yield self._alert(alert)
        if not read.about_hepatitis_b:
            return
        for decision in found.decisions.values():
            if decision.status == "settled" and decision.decision != "urgency":
                yield self._decision(decision)
        still_open = [found.decisions[g] for g in DEFAULT_GOALS if found.decisions[g].missing]
        if still_open or read.unread:
            yield self._open(still_open, read.unread)

    def missing(self, names: list[str]) -> dict[str, Any]:
        parts = [words(f"cds_prefetch_{name}", self._language) for name in names]
        text = words("cds_missing", self._language).format(names=", ".join(parts))
        return self._card(text, "", "info", ())

    def _alert(self, alert: Alert) -> dict[str, Any]:
        text = alert.texts[_READER][self._language]
        level = words(f"cds_{alert.level}", self._language)
        indicator = _INDICATORS.get(alert.level, "info")
        detail = f"**{level}** {_plain(text)}"
        return self._card(f"{level} {text}", detail, indicator, (alert.rule,), alert.sources)

    def _decision(self, decision: Decision) -> dict[str, Any]:
        shown = decision.card.render(self._language, _READER)
        return self._card(
            shown.summary, _detail(shown), shown.indicator, decision.rules, decision.sources
        )

    def _open(self, decisions: list[Decision], unread: tuple[str, ...]) -> dict[str, Any]:
        lines = []
        for decision in decisions:
            shown = decision.card.render(self._language, _READER)
            lines += [f"**{_plain(shown.summary)}**", "", *_bullets(shown.missing), ""]
        if unread:
            labels = [_label(name)[self._language] for name in unread]
            lines += [f"**{words('cds_unread', self._language)}**", "", *_bullets(labels)]
        summary = words("cds_open" if decisions else "cds_unread", self._language)
        return self._card(summary, "\n".join(lines), "info", ())

    def _card(
        self,
        summary: str,
        detail: str,
        indicator: str,
        rules: tuple[str, ...],
        sources: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        extension: dict[str, Any] = {"hbv.rulebook_sha256": self._sha}
        extension |= {"hbv.rules": list(rules)} if rules else {}
        extension |= {"hbv.sources": list(sources)} if sources else {}
        return {
            "uuid": str(uuid.uuid4()),
            "summary": _short(summary),
            "detail": detail.strip() or None,
            "indicator": indicator,
            "source": self._source,
            "extension": extension,
        }


def _detail(shown: RenderedCard) -> str:
    lines = [_plain(shown.detail), "", *_bullets(shown.points)]
    for part in (shown.because, shown.would_change, shown.beside):
        lines += ["", *_bullets(part)] if part else []
    lines += ["", _plain(shown.note)] if shown.note else []
    return "\n".join(lines)


def _bullets(texts: Any) -> list[str]:
    return [f"- {_plain(text)}" for text in texts]


def _plain(text: str) -> str:
    """Return a text whose signs mean nothing in Markdown and hold no markup."""
    for sign in "\\`*_[]|~":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _short(text: str) -> str:
    """Return a text of less than 140 characters, cut between words; the detail has it whole."""
    if len(text) < SUMMARY_LIMIT:
        return text
    cut = text[: SUMMARY_LIMIT - 2]
    return (cut.rpartition(" ")[0] if " " in cut[SUMMARY_LIMIT // 2 :] else cut) + "…"


def _label(name: str) -> dict[str, str]:
    facts = catalogue()
    known: dict[str, str] = (
        facts.label(name) if name in {**facts.analytes, **facts.drugs} else {"en": name, "zh": name}
    )
    return known
