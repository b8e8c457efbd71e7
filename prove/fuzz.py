"""Damaged input: records with random damage, and bytes by chance. Only an EngineError may come out."""

from __future__ import annotations

import copy
import json
import random
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hbv_engine import assess, read_record
from hbv_engine.errors import EngineError

SOUND: dict[str, Any] = {
    "as_of": "2026-11-20",
    "sex": "female",
    "age": 34,
    "observations": [
        {"analyte": "hbsag_quant", "value": 1500, "comparator": "=", "unit": "IU/mL", "date": "2026-05-01"},
        {"analyte": "hbeag", "value": "positive", "date": "2026-05-01"},
        {"analyte": "hbv_dna", "value": "not_detected", "unit": "IU/mL", "lloq": 20, "date": "2026-05-01"},
        {"analyte": "alt", "value": 86, "unit": "U/L", "reference_low": 7, "reference_high": 40},
        {"analyte": "hbv_dna", "value": 2.3e4, "unit": "copies/mL", "assay": "abbott", "interferon_week": 12},
    ],
    "treatments": [
        {"drug": "peginterferon_alfa_2a", "start": "2026-06-05", "stop": None, "dose": 180, "dose_unit": "ug"},
        {"drug": "interferon_alfa", "doses_missed": 2},
        {"drug": "entecavir", "start": "2024-01-10", "stop": "2026-06-01"},
    ],
    "history": {
        "cirrhosis": "none", "alcohol_g_per_day": 0, "pregnant": False, "interferon_week": 24,
        "last_liver_imaging": "2026-01-01", "hbsag_duration": {"value": "six_months_or_more", "date": "2026-01-01"},
    },
    "symptoms": {"jaundice": False, "fever": True, "temperature": 38.5},
    "asked": ["age"],
}  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.0, -0.0, 0.5, 1e308, -1e308, 5e-324, 10**400, -(10**400), 2**63,
    float("nan"), float("inf"), float("-inf"), "", " ", "0", "-1", "1e9", "NaN", "yes", "positive",
    "not_detected", "=", "<", "COI", "IU/mL", "copies/mL", "log10 IU/mL", "1", "2026-11-20", "2026-02-30",
    "0001-01-01", "9999-12-31", "2027-01-01", "86400", "20.11.2026", "\ud800", "\x00", "乙肝", "a" * 5000,
    [], [[]], {}, {"value": 1}, {"value": None}, [None], ["x", {}], {"a": {"b": {}}},
)  # fmt: skip


@dataclass
class Outcome:
    """How damaged input fared: errors by code, and the crashes, which must be none."""

    tried: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashes: dict[str, tuple[int, str]] = field(default_factory=dict)


def fuzz(tries: int, seed: int) -> Outcome:
    """Read damaged records, and assess those that are accepted."""
    choose = random.Random(seed)  # noqa: S311 - a fixed seed, no secret
    outcome = Outcome()
    for _ in range(tries):
        outcome.tried += 1
        data = damaged(choose)
        try:
            found = assess(read_record(data))
            json.dumps(found.as_dict("zh", "nurse"), default=str)
            outcome.accepted += 1
        except EngineError as error:
            outcome.refused[error.code] += 1
            json.dumps(error.as_dict())
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what we look for
            where = traceback.extract_tb(error.__traceback__)[-1]
            name = f"{type(error).__name__} at {where.filename.rpartition('/')[2]}:{where.lineno}"
            count, shown = outcome.crashes.get(name, (0, repr(data)))
            outcome.crashes[name] = (count + 1, min(shown, repr(data), key=len)[:2000])
    return outcome


def damaged(choose: random.Random) -> Any:
    """Return a record with one to four damages, as data, as JSON text, or as bytes."""
    if choose.random() < 0.02:  # noqa: PLR2004 - a few that are only noise
        return choose.randbytes(choose.randrange(200))
    record = json.loads(json.dumps(SOUND))
    for _ in range(choose.randint(1, 4)):
        _damage(record, choose)
    way = choose.random()
    if way < 0.5:  # noqa: PLR2004 - half of them as data
        return record
    text = json.dumps(record, ensure_ascii=choose.random() < 0.5)  # noqa: PLR2004
    if way < 0.8:  # noqa: PLR2004
        return text
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(choose.randint(1, 3)):
        _damage_bytes(raw, choose)
    return bytes(raw)


def _damage(record: Any, choose: random.Random) -> None:
    """Change one place anywhere in the record: another value, a missing key, a doubled item, a new key."""
    place = record
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = choose.choice(keys)
        inside = place[key]
        if isinstance(inside, dict | list) and inside and choose.random() < 0.85:  # noqa: PLR2004
            place = inside
            continue
        break
    kind = choose.randrange(6)
    if kind == 0:
        del place[key]
    elif kind == 1 and isinstance(place, list):
        place.append(copy.deepcopy(inside))
    elif kind == 2 and isinstance(place, dict):  # noqa: PLR2004
        place[choose.choice(["x", "", "value", "analyte", "drug", "date", "乙", 5, None])] = (
            copy.deepcopy(inside)
        )
    elif kind == 3 and isinstance(inside, float | int) and abs(inside) < 10**300:  # noqa: PLR2004
        place[key] = _scaled(inside, choose)
    else:
        place[key] = copy.deepcopy(choose.choice(ODD))


def _scaled(number: float, choose: random.Random) -> float:
    factor = choose.choice([-1, 0, 1e-9, 1e9, 10**20, 10**320])
    try:
        return number * factor
    except OverflowError:
        return -number


def _damage_bytes(raw: bytearray, choose: random.Random) -> None:
    at = choose.randrange(len(raw) + 1)
    kind = choose.randrange(3)
    if kind == 0:
        del raw[at : at + choose.randrange(40)]
    elif kind == 1:
        raw[at:at] = choose.randbytes(choose.randrange(1, 8))
    else:
        raw[at:at] = raw[: choose.randrange(len(raw) + 1)]
