"""Moments as the store writes them: ISO text, in UTC where nothing else is said."""

from __future__ import annotations

import datetime as dt

from records.errors import MomentError


def now() -> str:
    """Return the present moment in UTC, to the millisecond, in ISO form."""
    return dt.datetime.now(dt.timezone.utc).isoformat(timespec="milliseconds")


def moment(text: str) -> dt.datetime:
    """Return the moment that an ISO text names.

    Raises:
        MomentError: the text is not in ISO form.
    """
    try:
        read = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise MomentError from None
    return read if read.tzinfo else read.replace(tzinfo=dt.timezone.utc)
