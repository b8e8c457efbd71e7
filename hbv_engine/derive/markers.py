"""HBsAg and its antibody: positive or negative, how much, for how long."""

from __future__ import annotations

from hbv_engine.axes import Level
from hbv_engine.derive.base import (
    MISSING,
    Known,
    Parameters,
    absent,
    evidence_of,
    known,
    level,
    merge,
    stated,
    status,
)
from hbv_engine.intervals import Interval
from hbv_engine.model import Observation
from hbv_engine.timeline import DAYS_A_MONTH, DAYS_A_WEEK, Timeline


def hbsag_status(line: Timeline, parameters: Parameters) -> Known:
    """HBsAg positive or negative, from the word or from the quantity."""
    limit = parameters["hbsag_loss"]
    words: list[tuple[str, Observation]] = []
    for o in line.current("hbsag", "hbsag_quant"):
        reading = o.reading
        if reading.status:
            words.append((reading.status, o))
        elif reading.level and reading.level.low >= limit:
            words.append(("positive", o))
        elif (
            reading.level
            and reading.level.high <= limit
            and (reading.level.high_open or reading.level.high < limit)
        ):
            words.append(("negative", o))
    if words:
        return merge(words)
    return absent(line, "hbsag", "hbsag_quant")


def hbsag_kind(line: Timeline, parameters: Parameters) -> Known:
    """Whether the latest HBsAg result is a quantity in IU/mL."""
    found = line.current("hbsag", "hbsag_quant")
    quantities = [o for o in found if o.analyte == "hbsag_quant"]
    if quantities:
        return known(frozenset(["quantity"]), *map(evidence_of, quantities))
    words = [o for o in found if o.unit in {"COI", "S/CO"}]
    if words:
        return known(frozenset(["not_a_quantity"]), *map(evidence_of, words))
    return absent(line, "hbsag_quant")


def hbsag_level(line: Timeline, parameters: Parameters) -> Known:
    """The current HBsAg quantity; a negative HBsAg lies below the limit of loss."""
    found = line.current("hbsag_quant")
    if found:
        return level(line, "hbsag_quant")
    words = status(line, "hbsag")
    if words.possible == frozenset(["negative"]):
        limit = parameters["hbsag_loss"]
        return Known(Level(Interval(0, limit, high_open=True)), words.evidence, None)
    return absent(line, "hbsag_quant")


def hbsag_at_end(line: Timeline, parameters: Parameters) -> Known:
    """The HBsAg quantity that speaks about ending now: an older one is not read as today's."""
    found = hbsag_level(line, parameters)
    days = parameters["stop_fresh_weeks"] * DAYS_A_WEEK
    newest = line.current("hbsag", "hbsag_quant")
    if newest and (line.record.as_of - line.day(newest[0])).days > days:
        return Known(issue="stale")
    return found


def hbsag_duration(line: Timeline, parameters: Parameters) -> Known:
    """How long HBsAg has been positive, stated or shown by two positive results."""
    item = line.history("hbsag_duration")
    if item:
        return stated(line, "hbsag_duration")
    positive = [
        o
        for name in ("hbsag", "hbsag_quant")
        for o in line.by_analyte.get(name, ())
        if o.date and (o.reading.status == "positive" or _above_zero(o))
    ]
    if len(positive) > 1:
        first = min(positive, key=lambda o: o.date or line.record.as_of)
        last = max(positive, key=lambda o: o.date or line.record.as_of)
        days = (line.day(last) - line.day(first)).days
        if days >= parameters["chronic_months"] * DAYS_A_MONTH:
            return known(frozenset(["six_months_or_more"]), evidence_of(first), evidence_of(last))
    return MISSING


def _above_zero(observation: Observation) -> bool:
    found = observation.reading.level
    return found is not None and found.low > 0


def hbsag_earlier(line: Timeline, parameters: Parameters) -> Known:
    """Whether HBsAg was ever positive before the current result."""
    limit = parameters["hbsag_loss"]
    current = line.current("hbsag", "hbsag_quant")
    newest = line.day(current[0]) if current else line.record.as_of
    for name in ("hbsag", "hbsag_quant"):
        for o in line.by_analyte.get(name, ()):
            found = o.reading.level
            positive = o.reading.status == "positive" or (found and found.low >= limit)
            if positive and line.day(o) < newest:
                return known(frozenset(["positive"]), evidence_of(o))
    return stated(line, "hbsag_earlier")


def anti_hbs_status(line: Timeline, parameters: Parameters) -> Known:
    """anti-HBs positive or negative, from the word or from the quantity."""
    limit = parameters["anti_hbs_positive"]
    words: list[tuple[str, Observation]] = []
    for o in line.current("anti_hbs", "anti_hbs_quant"):
        found = o.reading.level
        if o.reading.status:
            words.append((o.reading.status, o))
        elif found and found.low >= limit:
            words.append(("positive", o))
        elif found and (found.high < limit or (found.high == limit and found.high_open)):
            words.append(("negative", o))
    return merge(words) if words else absent(line, "anti_hbs", "anti_hbs_quant")
