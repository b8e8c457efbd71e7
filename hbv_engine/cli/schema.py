"""``hbv schema``: every fact that a record may hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click
from rich.text import Text

from hbv_engine.cli import show
from hbv_engine.cli.options import json_option, language_option
from hbv_engine.cli.words import word
from hbv_engine.facts import Analyte, Item, catalogue
from hbv_engine.model import Record


@click.command(
    epilog="""\b
Example:
  hbv schema
  hbv schema --json > schema.json""",
)
@language_option
@json_option
def schema(language: str, *, as_json: bool) -> None:
    """Show every fact that a record may hold.

    Name, values or unit, range, label. With --json: the JSON schema of a record, and all declared
    facts.
    """
    if as_json:
        click.echo(json.dumps(schema_data(), ensure_ascii=False, indent=2, default=str))
    else:
        _show(language)


def schema_data() -> dict[str, Any]:
    """Return the JSON schema of a record and the declared facts, as plain data."""
    facts = catalogue()
    groups: dict[str, Mapping[str, Any]] = {
        "analytes": facts.analytes,
        "history": facts.history,
        "symptoms": facts.symptoms,
        "drugs": facts.drugs,
    }
    return {
        "record": Record.model_json_schema(),
        "facts": {
            group: {name: _kept(asdict(item)) for name, item in items.items()}
            for group, items in groups.items()
        },
    }


def _kept(item: dict[str, Any]) -> dict[str, Any]:
    """Return what is declared, without what is empty."""
    return {key: value for key, value in item.items() if value not in (None, "", (), False)}


def analyte_values(analyte: Analyte) -> str:
    """Return what an analyte accepts: words, or a number with its units and ranges."""
    parts = [", ".join(analyte.values)] if analyte.values else []
    if analyte.unit is not None:
        others = [unit for unit in analyte.units or {} if unit != analyte.unit]
        also = f" ({', '.join(others)})" if others else ""
        parts.append(f"number in {analyte.unit}{also}{_range(analyte.possible)}")
    return "; ".join(parts)


def item_values(item: Item) -> str:
    """Return what a history item or symptom accepts."""
    if item.yes_no:
        return "true, false"
    if item.is_number:
        return f"number in {item.unit}{_range(item.range)}"
    return "date (YYYY-MM-DD)" if item.date else ", ".join(item.values)


def _range(span: tuple[float, float] | None) -> str:
    return f", {span[0]:g} to {span[1]:g}" if span else ""


def _show(language: str) -> None:
    out, facts = show.console(), catalogue()
    rows = {
        "observations": [(n, analyte_values(a), a.label) for n, a in facts.analytes.items()],
        "history": [(n, item_values(i), i.label) for n, i in facts.history.items()],
        "symptoms": [(n, item_values(i), i.label) for n, i in facts.symptoms.items()],
        "treatments": [
            (n, ", ".join(f"{a:g} to {b:g} {u}" for u, (a, b) in d.doses.items()), d.label)
            for n, d in facts.drugs.items()
        ],
    }
    out.print(Text(word("schema.intro", language)))
    for group, items in rows.items():
        table = show.plain_table(*(word(f"schema.{key}", language) for key in SCHEMA_COLUMNS))
        table.columns[0].no_wrap = True
        for name, values, label in items:
            table.add_row(Text(name, style="bold"), Text(values), Text(label[language]))
        out.print()
        out.print(Text(f"{group}  ", style="bold cyan") + Text(word(f"schema.{group}", language)))
        out.print(table)
    show.show_next(out, language, ("hbv ask me.json", "ask"))


SCHEMA_COLUMNS = ("name", "values", "label")
