"""What a person takes along: the summary for the doctor, the pictures, the record in FHIR."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from gateway import pages, visitors
from gateway.errors import NothingToShowError
from gateway.fhir_bundle import bundle_of
from gateway.series import series_of
from gateway.summary import summary_of, today
from gateway.told import Told
from gateway.trend import picture

router = APIRouter(prefix="/chat", tags=["take along"])
Person = Annotated[str, Depends(visitors.known_visitor)]
Test = Literal["hbsag_quant", "hbv_dna", "alt"]
_MEDIA, _PICTURE = "application/fhir+json", "image/svg+xml"


@router.get("/summary", include_in_schema=False)
async def summary(request: Request, person: Person, lang: str | None = None) -> Response:
    """Show the summary for the doctor, made to be printed."""
    told = _told(request, person)
    language = pages.language_of(request, lang)
    shown = await run_in_threadpool(summary_of, told, language)
    return pages.page(request, "summary.html", lang, s=shown)


@router.get(
    "/trend.svg",
    response_class=Response,
    responses={200: {"content": {_PICTURE: {"schema": {"type": "string"}}}}},
)
async def trend(
    request: Request, person: Person, analyte: Test, lang: str | None = None
) -> Response:
    """Return the picture of one test over time; 404 if fewer than two of its values can be drawn."""
    told = _told(request, person)
    series = series_of(told, analyte)
    if not series.has_picture:
        raise NothingToShowError("a test with values of two days", "Tell another value first.")
    svg = picture(series, told.courses, pages.language_of(request, lang))
    return Response(svg, media_type=_PICTURE)


@router.get(
    "/fhir",
    response_class=Response,
    responses={200: {"content": {_MEDIA: {"schema": {"type": "object"}}}}},
)
async def fhir(request: Request, person: Person) -> Response:
    """Return the record and what the rules say of it as a FHIR R4 Bundle."""
    told = _told(request, person)
    at = dt.datetime.now(dt.timezone.utc)
    bundle = await run_in_threadpool(bundle_of, told, person, at)
    return Response(
        json.dumps(bundle, ensure_ascii=False, indent=1),
        media_type=_MEDIA,
        headers={"Content-Disposition": 'attachment; filename="my-data.fhir.json"'},
    )


def _told(request: Request, person: str) -> Told:
    return Told.of(visitors.exchange_of(request).store, person, today())
