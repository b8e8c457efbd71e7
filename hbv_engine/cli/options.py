"""The options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from hbv_engine.cli.words import LANGUAGES

Command = TypeVar("Command", bound=Callable[..., Any])
READERS = ("patient", "nurse")


@dataclass(frozen=True, slots=True)
class View:
    """How an answer is shown: to whom, in which language, as text or as JSON."""

    language: str = "en"
    audience: str = "patient"
    as_json: bool = False


class Day(click.ParamType[dt.date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Return the day that a text names."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-11-20.", param, ctx)


def language_option(function: Command) -> Command:
    """Add ``--lang``."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        default="en",
        envvar="HBV_LANG",
        help="Language of the answer.",
        show_default=True,
    )(function)


def reader_option(function: Command) -> Command:
    """Add ``--for``."""
    return click.option(
        "--for",
        "audience",
        type=click.Choice(READERS),
        default="patient",
        help="Who reads the answer.",
        show_default=True,
    )(function)


def json_option(function: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(
        function
    )


def day_option(function: Command) -> Command:
    """Add ``--as-of`` for a record that has a day of its own."""
    return _day("the record's own day, otherwise today")(function)


def today_option(function: Command) -> Command:
    """Add ``--as-of`` for what is told now."""
    return _day("today")(function)


def _day(default: str) -> Callable[[Command], Command]:
    return click.option(
        "--as-of",
        "as_of",
        type=Day(),
        metavar="DATE",
        help=f"Answer as of this day.  [default: {default}]",
    )


def view_options(function: Command) -> Command:
    """Add ``--lang``, ``--for`` and ``--json``."""
    return language_option(reader_option(json_option(function)))
