"""People of the tests, and telling the store something about them in a line."""

from __future__ import annotations

from typing import Any

from records import Observation, Store

TOLD = "2026-11-18T09:00:00+00:00"


def result(name: str, value: float | str, unit: str | None = None, **more: Any) -> Observation:
    """Return a laboratory result; ``date`` and the like are further columns."""
    raw = f"{name} {value}"
    return Observation(kind="analyte", name=name, value=value, unit=unit, **{"raw": raw} | more)


def tell(
    store: Store, person: str, *facts: Observation, text: str | None = None, at: str = TOLD
) -> list[Observation]:
    """Write down a message that states facts."""
    number = len(store.messages(person))
    told = "; ".join(fact.raw for fact in facts)
    words = f"{text or ''} {told}".strip() or "hello"
    placed, at_letter = [], words.find(told)
    for fact in facts:
        end = at_letter + len(fact.raw)
        placed.append(fact.model_copy(update={"start": at_letter, "end": end}))
        at_letter = end + len("; ")
    key = f"{person[:8]}-{number}"
    store.keep_message(person=person, message_id=key, text=words, at=at)
    return store.note(placed, person=person, message_id=key, at=at)


def ann(store: Store, person: str) -> None:
    """Tell of somebody on interferon, with three tests over time, one of them not plain."""
    tell(
        store,
        person,
        Observation(kind="person", name="age", value=34, raw="34"),
        Observation(kind="person", name="sex", value="female", raw="female"),
        Observation(
            kind="treatment",
            name="peginterferon_alfa_2a",
            value="taking",
            raw="peginterferon since 15 January",
            details={"start": "2026-01-15"},
        ),
        Observation(
            kind="history", name="hbsag_duration", value="six_months_or_more", raw="since birth"
        ),
        Observation(kind="history", name="cirrhosis", value="none", raw="no cirrhosis"),
        Observation(kind="symptom", name="jaundice", value=False, raw="not yellow"),
    )
    tell(
        store,
        person,
        result("hbsag_quant", 5200, "IU/mL", date="2026-01-10"),
        result("hbsag_quant", 2100, "IU/mL", date="2026-04-08"),
        result("hbsag_quant", 640, "IU/mL", date="2026-07-02"),
        result("hbv_dna", 2.3e7, "IU/mL", date="2026-01-10"),
        result("hbv_dna", 120, "IU/mL", date="2026-04-08"),
        result("hbv_dna", 20, "IU/mL", comparator="<", date="2026-07-02"),
        result("hbv_dna", 4.1, "log10 copies/mL", date="2025-06-01"),
        result("alt", 86, "U/L", date="2026-01-10"),
        result("alt", 240, "U/L", date="2026-04-08"),
        result("alt", 48, "U/L", date="2026-07-02", reference_high=40),
        result("hbeag", "positive", date="2026-01-10"),
        result("hbeag", "negative", date="2026-07-02"),
        text="here are my results <script>alert(1)</script>",
    )


def bob(store: Store, person: str) -> None:
    """Tell of somebody with what is hard to draw: no limit told, another unit, no date, no sex."""
    tell(
        store,
        person,
        result("hbv_dna", 3.0e5, "IU/mL", date="2024-03-01"),
        result("hbv_dna", "not_detected", date="2025-03-01"),
        result("hbv_dna", 5.6e4, "copies/mL", date="2025-09-01"),
        result("hbv_dna", "not_detected", date="2026-06-01"),
        result("hbsag_quant", 250000, "IU/mL", comparator=">", date="2024-03-01"),
        result("hbsag_quant", 3.2, "kIU/mL"),
        result("hbsag", "positive", note="index: 5.3 COI", raw="HBsAg 5.3 COI"),
        result("alt", 31, "U/L", date="2025-03-01"),
        result("alt", 28, "U/L", date="2026-06-01"),
        Observation(
            kind="treatment",
            name="entecavir",
            value="taking",
            raw="entecavir since May 2024",
            details={"start": "2022-05-02"},
        ),
    )
    tell(
        store,
        person,
        Observation(
            kind="treatment",
            name="entecavir",
            value="stopped",
            raw="stopped entecavir on 2025-12-01",
            details={"stop": "2025-12-01"},
            date=None,
        ),
        at="2026-11-19T09:00:00+00:00",
    )


def eve(store: Store, person: str) -> None:
    """Tell of somebody whose phase is settled, with an alert, a value without a unit and a relative."""
    tell(
        store,
        person,
        Observation(kind="person", name="age", value=41, raw="41"),
        Observation(kind="person", name="sex", value="male", raw="male"),
        result("hbsag", "positive", date="2026-10-05"),
        result("hbeag", "positive", date="2026-10-05"),
        result("hbv_dna", 6.2e6, "IU/mL", date="2026-10-05"),
        result("alt", 64, "U/L", date="2026-03-02"),
        result("alt", 430, "U/L", date="2026-10-05", reference_high=50),
        result("platelets", 180, "10*9/L", date="2026-10-05"),
        Observation(kind="history", name="antiviral_now", value="none", raw="no tablets"),
        Observation(
            kind="history", name="hbsag_duration", value="six_months_or_more", raw="for years"
        ),
        Observation(kind="history", name="cirrhosis", value="none", raw="no cirrhosis"),
        Observation(kind="history", name="nuc_stopped_recently", value=False, raw="never took any"),
        Observation(kind="history", name="immunosuppression", value="none", raw="no steroids"),
        Observation(kind="symptom", name="jaundice", value=True, raw="my eyes are yellow"),
        result("bilirubin", 61, status="unit_missing"),
        result("alt", 999, "U/L", subject="mother", status="other_person", raw="my mum: ALT 999"),
    )
