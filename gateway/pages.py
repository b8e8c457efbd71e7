"""The pages: the demonstration clinic, the chat without script, what a person takes along."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from gateway import visitors
from gateway.views import view
from gateway.words import chosen, in_language

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
_LANGUAGE_COOKIE = "hbv-language"
_PATIENCE_SECONDS = 20.0
_SEE_OTHER = 303


@router.get("/")
async def clinic(request: Request, lang: str | None = None) -> Response:
    """The demonstration clinic, with the chat embedded."""
    return page(request, "clinic.html", lang)


@router.get("/chat")
async def chat(request: Request, lang: str | None = None) -> Response:
    """The chat as a page of its own; it works without script."""
    person = visitors.visitor(request)
    rows = visitors.exchange_of(request).store.messages(person) if person else []
    shown = [s for row in rows if (s := view(row))]
    return page(
        request,
        "chat.html",
        lang,
        messages=shown,
        client_id=secrets.token_urlsafe(12),
        known=bool(person),
    )


@router.post("/chat")
async def write(
    request: Request,
    text: Annotated[str, Form(max_length=20_000)] = "",
    button: Annotated[str, Form(max_length=64)] = "",
    tick: Annotated[tuple[str, ...], Form(max_length=64)] = (),
    client_id: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Take a message from the form, wait for its answer, and show the page again."""
    response = RedirectResponse("/chat#end", status_code=_SEE_OTHER)
    text = text or "; ".join(tick)
    if not text and not button:
        return response
    person = visitors.visitor(request)
    if person is None:
        token, person = visitors.begin(request)
        visitors.remember(response, token)
    request.app.state.message_rate.take(person)
    exchange = visitors.exchange_of(request)
    key = client_id or secrets.token_urlsafe(12)
    if button:
        exchange.press(person, key, button)
    else:
        exchange.receive(person, key, text)
    await exchange.settled(person, _PATIENCE_SECONDS)
    return response


@router.get("/chat/erase")
async def ask_erase(request: Request, lang: str | None = None) -> Response:
    """Ask whether everything is to be erased."""
    return page(request, "erase.html", lang, known=visitors.visitor(request) is not None)


@router.post("/chat/erase")
async def erase(request: Request) -> Response:
    """Erase everything and say so."""
    person = visitors.visitor(request)
    if person is not None:
        await visitors.exchange_of(request).erase(person)
    response = page(request, "erased.html", None)
    visitors.forget(response)
    return response


def page(
    request: Request, name: str, lang: str | None, *, status: int = 200, **values: Any
) -> Response:
    """Return a page in the language that is asked for, else remembered, else accepted."""
    language = language_of(request, lang)
    other = "zh" if language == "en" else "en"
    context = {
        "t": in_language(language),
        "language": language,
        "other": other,
        "path": request.url.path,
        **values,
    }
    response: HTMLResponse = _templates.TemplateResponse(request, name, context, status_code=status)
    if lang in {"en", "zh"}:
        response.set_cookie(
            _LANGUAGE_COOKIE,
            language,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def language_of(request: Request, lang: str | None) -> str:
    """Return the language that is asked for, else remembered, else accepted."""
    before = request.cookies.get(_LANGUAGE_COOKIE)
    return chosen(lang or before, request.headers.get("accept-language", ""))


def problem(request: Request, status: int) -> Response:
    """Return the page that says that something did not work, without a word about why."""
    return page(request, "problem.html", None, status=status)


def wants_page(request: Request) -> bool:
    """Tell whether a browser asks for a page, not a script for data."""
    return "text/html" in request.headers.get("accept", "")
