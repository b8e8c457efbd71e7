"""Running ``hbv`` inside the test process: what it printed, and its exit code."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any
from unittest import mock

from hbv_engine.cli import run

TODAY = "2026-11-20"
RECORD = {
    "as_of": TODAY,
    "sex": "female",
    "age": 34,
    "observations": [
        {"analyte": "hbsag", "value": "positive", "date": "2026-11-01"},
        {"analyte": "hbeag", "value": "positive", "date": "2026-11-01"},
        {"analyte": "hbv_dna", "value": 2.3e7, "unit": "IU/mL", "date": "2026-11-01"},
        {
            "analyte": "alt",
            "value": 86,
            "unit": "U/L",
            "reference_high": 40,
            "date": "2026-11-01",
        },
    ],
    "history": {
        "hbsag_duration": "six_months_or_more",
        "antiviral_now": "none",
        "cause_alcohol": "excluded",
        "cause_drugs": "excluded",
        "cause_fatty_liver": "excluded",
        "cause_other": "excluded",
    },
}


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        return dict(json.loads(self.err.splitlines()[-1])["error"])


def hbv(*arguments: object, stdin: str | bytes = "", columns: int = 100) -> Result:
    """Run one command with the given standard input."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8")),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict("os.environ", {"COLUMNS": str(columns), "HBV_LANG": ""}),
    ):
        code = run([str(argument) for argument in arguments])
    return Result(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def record(**changes: Any) -> str:
    """Return a record of a person in immune clearance, with some keys changed."""
    return json.dumps({**RECORD, **changes}, ensure_ascii=False)
