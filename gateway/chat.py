"""The chat for scripts: begin, send, follow, take along, erase."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway import metrics, uploads, visitors
from gateway.exchange import follow
from gateway.views import view
from gateway.words import LANGUAGES, in_language

router = APIRouter(prefix="/chat", tags=["chat"])
_LARGEST = 2**53 - 1
Person = Annotated[str, Depends(visitors.known_visitor)]
Number = Annotated[int, Query(ge=0, le=_LARGEST, description="A number of a message.")]
_PING_SECONDS = 15.0


class Begin(BaseModel):
    """How the browser wants to keep its token."""

    model_config = ConfigDict(extra="forbid")

    in_header: bool = Field(
        default=False, description="Return the token, for pages of other websites; else a cookie."
    )


class Sent(BaseModel):
    """A message, or the button that stands for one."""

    model_config = ConfigDict(extra="forbid")

    client_id: str = Field(
        min_length=8,
        max_length=64,
        pattern=r"^[0-9A-Za-z_-]+$",
        description="Chosen by the sender; the same id again is the same message.",
    )
    text: str | None = Field(default=None, max_length=20_000)
    button: str | None = Field(default=None, max_length=64, pattern=r"^[0-9A-Za-z_-]+$")

    @model_validator(mode="after")
    def _one_of_both(self) -> Sent:
        if (self.text is None) == (self.button is None):
            raise ValueError("Give a text or a button.")
        return self


@router.get("/words")
async def words() -> dict[str, dict[str, str]]:
    """Return what the widget itself says, by language and name."""
    return {language: dict(in_language(language)) for language in LANGUAGES}


@router.post("/conversations", status_code=201)
async def begin(request: Request, how: Begin, response: Response) -> dict[str, Any]:
    """Begin a conversation. The token is the only way back into it."""
    token, _ = visitors.begin(request)
    if how.in_header:
        return {"token": token}
    visitors.remember(response, token)
    return {"token": None}


@router.post("/messages", status_code=202)
async def send(request: Request, sent: Sent, person: Person) -> dict[str, Any]:
    """Send a message; when this answers, it is written down. The reply comes as an event."""
    request.app.state.message_rate.take(person)
    exchange = visitors.exchange_of(request)
    if sent.button is not None:
        return {"seq": exchange.press(person, sent.client_id, sent.button)}
    return {"seq": exchange.receive(person, sent.client_id, sent.text or "")}


@router.post("/reports", status_code=202)
async def report(
    request: Request,
    person: Person,
    file: Annotated[UploadFile, File()],
    lang: Annotated[Literal["en", "zh"] | None, Form()] = None,
) -> dict[str, Any]:
    """Read a laboratory report; its values are shown to be confirmed one by one.

    ``lang`` counts for somebody who has not written anything yet.
    """
    request.app.state.message_rate.take(person)
    store = visitors.exchange_of(request).store
    if lang and store.language(person) is None:
        store.set_language(person, lang)
    found = await uploads.take(visitors.exchange_of(request), person, file)
    return {"values": found}


@router.get("/messages")
async def transcript(request: Request, person: Person, after: Number = 0) -> dict[str, Any]:
    """Return the conversation, or what came after a number."""
    rows = visitors.exchange_of(request).store.messages_after(person, after)
    return {"messages": [shown for row in rows if (shown := view(row))]}


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request,
    person: Person,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Number = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Follow a conversation: every message once, in order, from ``Last-Event-ID`` on."""
    exchange = visitors.exchange_of(request)
    if last_event_id and last_event_id.isascii() and last_event_id.isdigit():
        after = min(int(last_event_id), _LARGEST)
    with metrics.LISTENERS.track_inprogress():
        async for rows in follow(exchange, person, after, _PING_SECONDS):
            for row in rows or ():
                if shown := view(row):
                    yield ServerSentEvent(data=shown, event="message", id=str(row["key"]))
            yield ServerSentEvent(data={"working": exchange.is_working(person)}, event="status")
    yield ServerSentEvent(data={}, event="erased")


@router.get("/export")
async def export(request: Request, person: Person) -> Response:
    """Return everything that is held on the person."""
    data = visitors.exchange_of(request).store.export(person)
    return JSONResponse(
        data, headers={"Content-Disposition": 'attachment; filename="my-data.json"'}
    )


@router.delete("", status_code=204)
async def erase(request: Request, person: Person, response: Response) -> None:
    """Erase everything about the person."""
    await visitors.exchange_of(request).erase(person)
    visitors.forget(response)
