"""What /openapi.json promises holds for generated requests: no fault of ours, and the shapes it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from gateway.app import create_app
from gateway.settings import Settings
from tests.gateway.conftest import SITE, FakeRasa

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
# The stream does not end; test_chat.py follows it.
ENDLESS = "/chat/events"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One running application in this process, and who asks it."""
    many = 10**9
    own = Settings(
        database=str(tmp_path_factory.mktemp("openapi") / "hbv.sqlite"),
        per_minute=many,
        new_per_minute=many,
        api_per_minute=many,
    )
    running = create_app(own, rasa=FakeRasa().connect())
    with TestClient(running, base_url=SITE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def promised(browser: TestClient) -> Any:
    return schemathesis.openapi.from_dict(browser.get("/openapi.json").json())


schema = schemathesis.pytest.from_fixture("promised").exclude(path=ENDLESS)


@pytest.fixture(scope="module")
def token(browser: TestClient) -> str:
    """A conversation to be in, so that more than the refusal is tried."""
    reply = browser.post("/chat/conversations", json={"in_header": True})
    return str(reply.json()["token"])


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_get_what_is_promised(
    case: Case, browser: TestClient, token: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if case.path.startswith("/chat") else {}
    if case.method.upper() == "DELETE":
        headers = {}  # the others need the conversation
    plain = requests.Request(**case.as_transport_kwargs(base_url=SITE, headers=headers)).prepare()
    body = plain.body.encode() if isinstance(plain.body, str) else plain.body

    reply = browser.request(
        str(plain.method),
        str(plain.url),
        headers={**plain.headers, "Content-Length": str(len(body or b""))},
        content=body or b"",
    )

    case.validate_response(reply, checks=CHECKS)
