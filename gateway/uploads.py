"""A laboratory report from a file: read here, and every value confirmed by the person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from fastapi import UploadFile
from fastapi.concurrency import run_in_threadpool

from bot.reading import read as read_message
from bot.report import Report, ReportError, Row
from bot.report import read as read_report
from gateway.exchange import Exchange
from gateway.gate import Message
from gateway.words import words
from hbv_engine.facts import catalogue
from hbv_engine.wording import number_text

_MOST_VALUES = 60


async def take(exchange: Exchange, person: str, file: UploadFile) -> int:
    """Read a file and show what stands in it; return how many values there are to confirm.

    Nothing is used until a value is chosen: then it is a message like any other. The file itself is
    not kept.
    """
    data = await file.read()
    language = exchange.store.language(person) or "en"
    try:
        day = dt.datetime.now().astimezone().date()
        report = await run_in_threadpool(read_report, data, today=day)
    except ReportError:
        report = None
    offered = sentences(report, language) if report else []
    exchange.offer(person, _message(report, offered, language))
    return len(offered)


def sentences(report: Report, language: str) -> list[str]:
    """Return each value of a report as a sentence that is understood as just that value."""
    found = dict.fromkeys(text for row in report.rows for text in _sentence(row, language))
    return list(found)[:_MOST_VALUES]


def _sentence(row: Row, language: str) -> Iterator[str]:
    """Yield a row in words, unless a careful reader would ask back or it would be read otherwise."""
    if row.ambiguous or row.unit_missing or row.subject:
        return
    value = row.value if isinstance(row.value, str) else number_text(row.value).replace(",", "")
    sign = row.comparator if row.comparator not in {None, "="} else ""
    if isinstance(row.value, str) and language == "zh":
        value = {"positive": "阳性", "negative": "阴性"}.get(row.value, row.value)
    unit = row.unit if row.index is None and row.unit not in {None, "1"} else ""
    day = f" ({row.date})" if row.date else ""
    text = " ".join(filter(None, [_name(row.analyte), f"{sign}{value}", unit])) + day
    facts = read_message(text).facts
    if [(f.name, f.value, f.when) for f in facts] == [(row.analyte, row.value, row.date)]:
        yield text


def _name(analyte: str) -> str:
    """Return the short name of a test, which both languages print."""
    return catalogue().label(analyte)["en"].partition(" (")[0]


def _message(report: Report | None, offered: list[str], language: str) -> Message:
    if not offered or report is None:
        return {"text": words("upload_nothing", language), "custom": {"response": "upload_nothing"}}
    left = len(report.rows) + len(report.unknown_rows) - len(offered)
    more = words("upload_more", language).format(count=left) if left > 0 else ""
    text = " ".join(filter(None, [words("upload_read", language), more]))
    buttons = [{"title": value, "payload": value} for value in offered]
    return {"text": text, "custom": {"response": "upload_read"}, "buttons": buttons}
