"""Who a record is about: an id that means nothing outside the store."""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlite_utils import Database

from records.errors import PersonIdError, UnknownPersonError

_LONGEST = 128
_PHONE_OR_ADDRESS = re.compile(r"(?:\w+:)?\+?[\d\s().-]{7,}|.*@.*")


def new_person() -> str:
    """Return a new random id of 128 bits."""
    return secrets.token_hex(16)


def check_person_id(person: str) -> str:
    """Return an id if it can be a pseudonym.

    Raises:
        PersonIdError: it is empty, too long, or reads like a phone number or a mail address.
    """
    if not 0 < len(person.strip()) <= _LONGEST or _PHONE_OR_ADDRESS.fullmatch(person):
        raise PersonIdError(
            "This id could name a person outside the store.",
            accepted=f"a pseudonym of 1 to {_LONGEST} characters, no phone number or address",
            remedy="Use records.new_person() and keep who it is elsewhere.",
        )
    return person


def digest(person: str) -> str:
    """Return what the audit keeps in place of an id.

    Whoever has a random id can find its lines; the line alone leads to nobody.
    """
    return hashlib.sha256(person.encode()).hexdigest()[:32]


def knows(db: Database, person: str) -> bool:
    """Tell whether anything about a person is here."""
    return bool(db.table("people").count_where("id = ?", [person]))


def must_know(db: Database, person: str) -> None:
    """Raise UnknownPersonError if nothing about a person is here."""
    if not knows(db, person):
        raise UnknownPersonError
