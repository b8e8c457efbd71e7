"""The rules core over HTTP says what the engine says, and refuses as the engine refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hbv_engine import Record, assess, load_book, next_question, read_record, topics
from hbv_engine.facts import catalogue

pytestmark = pytest.mark.anyio
RECORD: dict[str, Any] = {
    "as_of": "2026-11-20",
    "age": 34,
    "sex": "female",
    "observations": [
        {"analyte": "hbsag", "value": "positive", "date": "2026-05-01"},
        {"analyte": "hbeag", "value": "positive", "date": "2026-11-02"},
        {"analyte": "hbv_dna", "value": 23000000, "unit": "IU/mL", "date": "2026-11-02"},
        {"analyte": "alt", "value": 86, "unit": "U/L", "reference_high": 40, "date": "2026-11-02"},
    ],
    "history": {"hbsag_duration": "six_months_or_more", "cirrhosis": "none"},
}
EMPTY = {"as_of": "2026-11-20"}


async def ask(client: httpx.AsyncClient, verb: str, **body: Any) -> Any:
    reply = await client.post(f"/api/{verb}", json={"record": RECORD, **body})
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reader", ["patient", "nurse"])
async def test_an_assessment_is_the_one_of_the_engine(
    client: httpx.AsyncClient, language: str, reader: str
) -> None:
    reply = await client.post(
        "/api/assess", params={"lang": language, "for": reader}, json={"record": RECORD}
    )

    assert reply.json() == assess(read_record(RECORD)).as_dict(language, reader)


async def test_nothing_is_kept(app: FastAPI, client: httpx.AsyncClient) -> None:
    await ask(client, "assess")
    await ask(client, "what-if", change={"age": 50})

    db = app.state.exchange.store.db
    assert all(db.table(name).count == 0 for name in ("people", "messages", "assessments"))


async def test_an_interview_over_http_ends_where_the_engine_ends(client: httpx.AsyncClient) -> None:
    record: dict[str, Any] = EMPTY
    asked = []
    for _ in range(40):
        found = (await ask(client, "next-question", record=record, goals=["phase"]))["question"]
        if found is None:
            break
        asked.append(found["id"])
        answered = await ask(client, "answer", record=record, question=found["id"], value="unknown")
        record = answered["record"]

    assert asked
    assert next_question(read_record(record), "phase") is None
    assert record["asked"] == asked


async def test_an_answer_is_written_into_the_record(client: httpx.AsyncClient) -> None:
    value = {"value": 90, "unit": "U/L", "date": "2026-11-10"}

    told = await ask(client, "answer", record=EMPTY, question="alt", value=value)

    assert read_record(told["record"]).observations[0].value == 90


@pytest.mark.parametrize(
    "value", [5, True, ["nowhere"], "nowhere", {"value": "nowhere"}, [], 1.5, "", "1"]
)
async def test_an_answer_that_fits_no_question_is_refused_and_never_fails(
    client: httpx.AsyncClient, value: Any
) -> None:
    for name, spec in load_book().questions.items():
        if "text" not in spec:
            continue
        body = {"record": EMPTY, "question": name, "value": value}
        reply = await client.post("/api/answer", json=body)
        assert reply.status_code in {200, 422}, (name, reply.text)


async def test_every_rule_that_was_tried_is_told(client: httpx.AsyncClient) -> None:
    steps = (await ask(client, "explain", decision="phase"))["steps"]

    assert {"failed", "unknown"} <= {step["state"] for step in steps}
    assert {step["rule"] for step in steps} >= {r.id for r in load_book().tables["phase"].rows}


async def test_what_would_change_is_told_and_the_record_stays(client: httpx.AsyncClient) -> None:
    change = {"observations": [{"analyte": "alt", "value": 20, "unit": "U/L"}]}

    found = await ask(client, "what-if", change=change)

    assert "phase" in found["changed"]
    assert found["before"] == assess(read_record(RECORD)).as_dict()
    assert found["before"]["decisions"]["phase"] != found["after"]["decisions"]["phase"]


async def test_the_nearest_changes_lead_elsewhere(client: httpx.AsyncClient) -> None:
    now = assess(read_record(RECORD)).decisions["phase"].outcome

    changes = (await ask(client, "nearest-changes", decision="phase", limit=3))["changes"]

    assert 0 < len(changes) <= 3
    assert all(now not in change["outcome"] for change in changes)


async def test_each_guideline_has_its_own_view(client: httpx.AsyncClient) -> None:
    opinions = (await ask(client, "compare"))["opinions"]

    assert len({opinion["guideline"] for opinion in opinions}) == len(opinions) >= 6


async def test_what_the_rulebook_holds_can_be_read(client: httpx.AsyncClient) -> None:
    book = load_book()
    whole = (await client.get("/api/rulebook")).json()
    asked = (await client.get("/api/questions")).json()["questions"]
    told = (await client.get("/api/topics")).json()["topics"]
    tests = (await client.get("/api/analytes")).json()["analytes"]

    assert (whole["version"], whole["sha256"]) == (book.version, book.sha256)
    assert set(whole["tables"]) == set(book.tables)
    assert {q["id"] for q in asked} == {n for n, q in book.questions.items() if "text" in q}
    assert [t["id"] for t in told] == list(topics())
    assert [a["name"] for a in tests] == list(catalogue().analytes)


async def test_every_rule_and_every_topic_has_an_address(client: httpx.AsyncClient) -> None:
    for table in load_book().tables.values():
        for row in table.rows:
            rule = (await client.get(f"/api/rulebook/rules/{row.id}")).json()
            assert (rule["id"], rule["table"], rule["outcome"]) == (row.id, table.id, row.outcome)
    for name in topics():
        topic = (await client.get(f"/api/topics/{name}", params={"lang": "zh"})).json()
        assert topic["card"]["language"] == "zh"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("next-question", {"goals": ["nowhere"]}),
        ("answer", {"question": "nowhere", "value": 1}),
        ("answer", {"question": "asked_by", "value": 1}),
        ("explain", {"decision": "nowhere"}),
        ("nearest-changes", {"decision": "nowhere"}),
        ("nearest-changes", {"decision": "monitoring"}),
    ],
)
async def test_an_id_that_nothing_has_is_not_found(
    client: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    reply = await client.post(f"/api/{path}", json={"record": EMPTY, **body})

    assert reply.status_code == 404
    assert set(reply.json()) == {"error", "accepted", "remedy"}


@pytest.mark.parametrize("path", ["rulebook/rules/nowhere", "topics/phase", "topics/%00", "none"])
async def test_an_address_that_nothing_has_is_not_found(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(f"/api/{path}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"age": 340}, "impossible_value"),
        ({"age": "old"}, "wrong_type"),
        ({"as_of": "today"}, "date_error"),
        ({"sex": ["female", "male"]}, "contradiction"),
        ({"history": {"nowhere": True}}, "unknown_name"),
        ({"observations": [{"analyte": "alt", "value": 86}]}, "unit_error"),
        ({"observations": [{"analyte": "alt", "value": float("nan"), "unit": "U/L"}]}, None),
        ({"observations": [{"analyte": "alt", "value": 1e308, "unit": "U/L"}]}, "impossible_value"),
        ({"observations": [{"analyte": "\ud800", "value": 1}]}, "unknown_name"),
        ({"observations": 5}, "wrong_type"),
    ],
)
async def test_what_the_engine_cannot_use_has_the_engines_error(
    client: httpx.AsyncClient, wrong: dict[str, Any], code: str | None
) -> None:
    import json  # noqa: PLC0415 - the test's own client refuses NaN

    body = json.dumps({"record": {**EMPTY, **wrong}})
    reply = await client.post(
        "/api/assess", content=body, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code == 422
    assert set(reply.json()) == {"code", "message", "value", "accepted", "remedy"}
    assert code is None or reply.json()["code"] == code


async def test_a_long_value_is_not_repeated(client: httpx.AsyncClient) -> None:
    wrong = {"observations": [{"analyte": "Mr Secretname " * 500, "value": 1}]}

    reply = await client.post("/api/assess", json={"record": {**EMPTY, **wrong}})

    assert len(reply.text) < 800


async def test_a_key_that_is_given_twice_is_refused(client: httpx.AsyncClient) -> None:
    body = b'{"record": {"as_of": "2026-11-20", "age": 30, "age": 40}}'

    reply = await client.post(
        "/api/assess", content=body, headers={"Content-Type": "application/json"}
    )

    assert (reply.status_code, reply.json()["code"]) == (422, "contradiction")


async def test_the_description_is_exact_about_the_record(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["components"]["schemas"]
    own = Record.model_json_schema(ref_template="#/components/schemas/{model}")

    assert described["Record"]["properties"].keys() == own["properties"].keys()
    assert described["Record"]["required"] == own["required"]
    assert described["Record"]["additionalProperties"] is False


async def test_every_operation_is_described(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    operations = [op for path, item in paths.items() for op in item.values() if "/api/" in path]

    assert len(operations) == len({op["operationId"] for op in operations}) == 13
    assert all(op["description"] and "422" in op["responses"] for op in operations)


async def test_many_at_once_get_their_own_answers(client: httpx.AsyncClient) -> None:
    ages = range(20, 60)

    found = await asyncio.gather(
        *(ask(client, "answer", record=EMPTY, question="age", value=age) for age in ages)
    )

    assert [told["record"]["age"] for told in found] == list(ages)


async def test_the_rulebook_page_is_shown_with_its_own_style_only(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/rulebook", params={"lang": "zh"})

    policy = page.headers["content-security-policy"]
    assert load_book().sha256 in page.text
    assert '<html lang="zh' in page.text
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
