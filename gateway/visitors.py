"""Who asks: the conversation that a cookie or a header stands for."""

from __future__ import annotations

from fastapi import Request, Response

from gateway.errors import NoConversationError
from gateway.exchange import Exchange
from records.store import now

COOKIE = "__Host-hbv"
_MONTH = 30 * 24 * 3600


def exchange_of(request: Request) -> Exchange:
    """Return the exchange of the application."""
    exchange: Exchange = request.app.state.exchange
    return exchange


def visitor(request: Request) -> str | None:
    """Return the person whose conversation is asked for; None if no valid token came with it."""
    token = _token(request)
    return exchange_of(request).store.person_of(token) if token else None


async def known_visitor(request: Request) -> str:
    """Return the person whose conversation is asked for.

    It runs in the event loop, where the store was opened: SQLite refuses other threads.

    Raises:
        NoConversationError: no valid token came with the request.
    """
    person = visitor(request)
    if person is None:
        raise NoConversationError("the token of a conversation", "Begin a conversation first.")
    return person


def begin(request: Request) -> tuple[str, str]:
    """Begin a conversation; return its token and its person.

    Raises:
        TooManyError: this address began too many.
    """
    request.app.state.begin_rate.take(request.client.host if request.client else "")
    return exchange_of(request).store.begin(now())


def remember(response: Response, token: str) -> None:
    """Give the browser the token in a cookie that no script reads and no other site sends."""
    response.set_cookie(
        COOKIE, token, max_age=_MONTH, path="/", secure=True, httponly=True, samesite="lax"
    )


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.cookies.get(COOKIE)
