"""Examples of reports, and rows in the short form that a clinician can read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from bot.report import Report, Row

EXAMPLES = Path(__file__).parent / "examples"
TODAY = dt.date(2026, 6, 30)
FILES = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".yml")
_SHORT = {"reference_low": "low", "reference_high": "high"}
_PLACES = {"start", "end", "value_start", "value_end", "name", "printed", "raw", "source"}


def expected_of(path: Path) -> dict[str, Any]:
    """Return what must be read of an example: the YAML file beside it."""
    text = path.with_suffix(".yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def short(row: Row) -> dict[str, Any]:
    """Return a row without its places; "=" goes without saying."""
    data = {_SHORT.get(k, k): v for k, v in row.as_dict().items() if k not in _PLACES}
    if data.get("comparator") == "=":
        del data["comparator"]
    return data


def shown(report: Report) -> dict[str, Any]:
    """Return a report in the form of the YAML files; a date common to all rows stands once."""
    rows = [short(row) for row in report.rows]
    for row in rows:
        if row.get("date") == report.date:
            row.pop("date", None)
    aside = [{"why": row.why, "raw": " ".join(row.raw.split())} for row in report.unknown_rows]
    return {"date": report.date, "rows": rows, "kept_aside": aside}
