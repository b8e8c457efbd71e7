"""What an operator sees of the records, as data and as tables."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from hbv_engine.cli.failures import clean
from hbv_engine.cli.show import console
from records.observations import Observation
from records.store import Store

_PEOPLE = """
    select id, since, language,
        (select count(*) from messages where person = people.id) as messages,
        (select count(*) from observations where person = people.id
            and status = 'current' and superseded_by is null) as facts,
        (select max(last_at) from conversations where person = people.id) as last_at
    from people order by last_at desc, id
"""
_FACT_COLUMNS = ("name", "value", "date", "status", "words", "told")


def people(store: Store) -> list[dict[str, Any]]:
    """Return everybody, with how much is kept of each."""
    return list(store.db.query(_PEOPLE))


def summary(store: Store, person: str, *, history: bool) -> dict[str, Any]:
    """Return what is known of a person, when they were here, and what they agreed to."""
    facts = store.observations(person, history=history)
    return {
        "person": person,
        "language": store.language(person),
        "facts": [fact.model_dump() for fact in facts],
        "visits": [{"began_at": v.began_at, "last_at": v.last_at} for v in store.visits(person)],
        "consents": store.consents(person),
        "messages": len(store.messages(person)),
        "assessments": len(store.assessments(person)),
    }


def show_people(found: list[dict[str, Any]]) -> None:
    """Print everybody as a table."""
    if not found:
        console().print("Nobody has written yet.")
        return
    table = Table("person", "since", "language", "messages", "facts", "last message")
    for row in found:
        table.add_row(*(_cell(row[key]) for key in row))
    console().print(table)
    console().print("Next: hbv records show PERSON")


def show_person(found: dict[str, Any]) -> None:
    """Print what is known of a person."""
    console().print(
        f"{clean(found['person'])}: {found['messages']} messages in {len(found['visits'])} visits, "
        f"{found['assessments']} assessments"
    )
    for consent in found["consents"]:
        until = f" until {consent['withdrawn_at']}" if consent["withdrawn_at"] else ""
        what = f"{consent['what']} ({consent['version']})"
        console().print(clean(f"agreed to {what} on {consent['given_at']}{until}"))
    table = Table(*_FACT_COLUMNS)
    for data in found["facts"]:
        table.add_row(*_fact_cells(Observation(**data)))
    console().print(table)


def _fact_cells(fact: Observation) -> list[str]:
    sign = fact.comparator if fact.comparator not in {None, "="} else ""
    value = f"{sign or ''}{fact.value} {fact.unit or ''}".strip()
    status = f"superseded by {fact.superseded_by}" if fact.superseded_by else fact.status
    told = (fact.told_at or "")[:10]
    return [clean(text) for text in (fact.name, value, fact.date or "", status, fact.raw, told)]


def _cell(value: object) -> str:
    return "" if value is None else clean(str(value)[:36])
