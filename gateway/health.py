"""Whether the gateway lives, is ready to answer, and which versions run."""

from __future__ import annotations

import sqlite3
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.visitors import exchange_of
from hbv_engine import load_book
from records.database import problems_of

router = APIRouter(tags=["operation"])


@router.get("/livez")
async def livez() -> dict[str, bool]:
    """Tell that the process answers."""
    return {"live": True}


@router.get("/readyz", responses={503: {"description": "Not ready; the problems are named."}})
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """Tell whether a message would be answered: the store, the rulebook, Rasa with a sentence."""
    exchange = exchange_of(request)
    problems = [*_store_problems(exchange.store), *await exchange.rasa.problems()]
    if not load_book().sha256:
        problems.append("the rulebook has no hash")
    response.status_code = 503 if problems else 200
    return {"ready": not problems, "problems": problems}


@router.get("/version")
async def versions() -> dict[str, str]:
    """Return the versions of the program and of the rulebook."""
    book = load_book()
    return {"program": version("hbv"), "rulebook": book.version, "rulebook_sha256": book.sha256}


def _store_problems(store: Any) -> list[str]:
    try:
        store.check_writable()
        return [f"the store: {problem}" for problem in problems_of(store.db)]
    except sqlite3.Error:
        return ["the store cannot be written"]
