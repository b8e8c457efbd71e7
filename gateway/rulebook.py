"""The rulebook as a page: the one that ``hbv rulebook`` writes, for everybody who wants to check."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse

from gateway.words import chosen
from hbv_engine.page import build_page

router = APIRouter(include_in_schema=False)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@router.get("/rulebook", response_class=HTMLResponse)
def rulebook(
    lang: Literal["en", "zh"] | None = None,
    accept_language: Annotated[str, Header()] = "",
) -> HTMLResponse:
    """Return the whole rulebook as one page."""
    html, policy = _page(chosen(lang, accept_language))
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


@lru_cache(maxsize=2)
def _page(language: str) -> tuple[str, str]:
    """Return the page, and the policy that lets nothing but its own style in."""
    html = build_page(language=language)
    digests = [hashlib.sha256(found.encode()).digest() for found in _STYLE.findall(html)]
    styles = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = (
        f"default-src 'none'; style-src {styles}; img-src 'self' data:; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return html, policy
