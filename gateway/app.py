"""The application: what every request passes, and which room answers it."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from actions.grounding import ungrounded
from gateway import api, cds_hooks, chat, health, pages, rulebook, take_along
from gateway.errors import (
    ForeignOriginError,
    NoMethodError,
    NotFoundError,
    RequestError,
    TooLargeError,
)
from gateway.exchange import Exchange
from gateway.gate import Gate, first_aid
from gateway.limits import Rate
from gateway.rasa import Rasa
from gateway.settings import Settings
from gateway.shapes import REFUSALS
from hbv_engine import EngineError, RecordError, load_book
from records import Store

LARGEST_BODY = 256 * 1024
LARGEST_UPLOAD = 8 * 1024 * 1024
_HERE = Path(__file__).parent
_SAFE = {"GET", "HEAD", "OPTIONS"}
# Nothing of another place is loaded, nothing inline runs, and no other page frames this one.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # With "no-referrer" browsers send the form of our own page with "Origin: null".
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}

Next = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings | None = None, *, rasa: Rasa | None = None) -> FastAPI:
    """Return the gateway.

    Args:
        settings: where things are; from the environment if left out.
        rasa: for the tests, in place of the running one.
    """
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        _warm_up()
        store = Store(chosen.database)
        gate = Gate(ungrounded)
        app.state.gate = gate
        app.state.exchange = Exchange(store, rasa or Rasa(chosen.rasa, gate))
        app.state.exchange.resume()
        rules = asyncio.create_task(asyncio.to_thread(cds_hooks.warm_up))
        yield
        await rules
        await app.state.exchange.close()
        store.close()

    app = FastAPI(
        title="HBV assistant",
        description="The chat, the rules core, and decision support for chronic hepatitis B.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = chosen
    app.state.message_rate = Rate(chosen.per_minute)
    app.state.begin_rate = Rate(chosen.new_per_minute)
    app.state.api_rate = Rate(chosen.api_per_minute)
    app.middleware("http")(_guard)
    app.exception_handler(RequestError)(_refused)
    app.exception_handler(EngineError)(_unusable)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_no_page)
    app.exception_handler(sqlite3.Error)(_not_saved)
    app.exception_handler(Exception)(_failed)
    app.include_router(pages.router)
    app.include_router(chat.router, responses=REFUSALS)
    app.include_router(take_along.router, responses=REFUSALS)
    app.include_router(health.router)
    app.include_router(api.router)
    app.include_router(cds_hooks.router)
    app.include_router(rulebook.router)
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    return app


def _warm_up() -> None:
    """Read the words of danger and the rulebook before anybody waits for them."""
    first_aid("hello")
    ungrounded({"text": "", "custom": {"response": "no_answer"}})
    load_book()


async def _guard(request: Request, call_next: Next) -> Response:
    """Refuse what is too large or comes from another website; add the headers of safety."""
    try:
        _check_size(request)
        origin = _foreign_origin(request)
    except RequestError as error:
        return _with_headers(_refusal(error), request, None)
    if origin and request.method == "OPTIONS":
        return _with_headers(Response(status_code=204), request, origin)
    return _with_headers(await call_next(request), request, origin)


def _check_size(request: Request) -> None:
    most = LARGEST_UPLOAD if request.url.path.endswith("/reports") else LARGEST_BODY
    length = request.headers.get("content-length")
    if request.method == "DELETE" and "transfer-encoding" not in request.headers:
        length = length or "0"  # browsers give none for a request without a body
    if request.method in _SAFE:
        return
    if length is None or not (length.isascii() and length.isdigit()) or int(length) > most:
        raise TooLargeError(f"a body of at most {most:,} bytes, its length given", "Send less.")


def _foreign_origin(request: Request) -> str | None:
    """Return the other website that asks, if it is one that may; None if it is our own page.

    Raises:
        ForeignOriginError: it may not.
    """
    origin = request.headers.get("origin")
    if origin is None and request.headers.get("sec-fetch-site") == "cross-site":
        origin = "null"
    if origin is None or origin == f"{request.url.scheme}://{request.headers.get('host')}":
        return None
    if origin in request.app.state.settings.origins:
        return origin
    if request.method in _SAFE and request.method != "OPTIONS":
        return None  # it gets no permission to read the answer
    raise ForeignOriginError(
        "a website on the list of this gateway", "Open the chat on its own page."
    )


def _with_headers(response: Response, request: Request, origin: str | None) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    elif origin is None:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response.headers["Access-Control-Allow-Headers"] = (
            "Authorization, Content-Type, Last-Event-ID"
        )
        response.headers["Vary"] = "Origin"
    return response


def _refusal(error: RequestError) -> JSONResponse:
    return JSONResponse(error.as_dict(), status_code=error.status)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestError):  # pragma: no cover - the handler is for these only
        raise error
    if pages.wants_page(request):
        return pages.problem(request, error.status)
    return _refusal(error)


async def _unusable(request: Request, error: Exception) -> Response:
    """Answer what the engine cannot use; a fault of the rulebook is not the sender's."""
    if not isinstance(error, RecordError):
        return await _failed(request, error)
    data = error.as_dict()
    if isinstance(data["value"], float) and not math.isfinite(data["value"]):
        data["value"] = str(data["value"])
    plain = {
        key: part.encode("utf-8", "replace").decode() if isinstance(part, str) else part
        for key, part in data.items()
    }
    return JSONResponse(plain, status_code=422)


async def _no_page(request: Request, error: Exception) -> Response:
    """Answer what the router itself refuses: no such address, no such verb, no sound body."""
    status = getattr(error, "status_code", 404)
    refusals: dict[int, RequestError] = {
        404: NotFoundError("an address of /openapi.json", "Compare the address."),
        405: NoMethodError("a verb of /openapi.json", "Compare the verb."),
    }
    if status not in refusals:
        return await _malformed(request, error)
    response = await _refused(request, refusals[status])
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def _malformed(request: Request, error: Exception) -> Response:
    _ = request, error
    data = {
        "error": "malformed",
        "accepted": "the body that /openapi.json describes",
        "remedy": "Compare the names and types with the description.",
    }
    return JSONResponse(data, status_code=422)


async def _not_saved(request: Request, error: Exception) -> Response:
    _ = error
    return _unavailable(request, "not_saved")


async def _failed(request: Request, error: Exception) -> Response:
    """Answer a fault of ours without a word about it; the server's log has it."""
    _ = error
    return _with_headers(_unavailable(request, "failed", status=500), request, None)


def _unavailable(request: Request, code: str, *, status: int = 503) -> Response:
    if pages.wants_page(request):
        return pages.problem(request, status)
    data: dict[str, Any] = {
        "error": code,
        "accepted": "the same request later",
        "remedy": "Send it again in a minute. In an emergency call your emergency number.",
    }
    return JSONResponse(data, status_code=status)
