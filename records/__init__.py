"""The store: what was said, what was understood of it, and what was answered.

Slots steer the dialogue; this is the evidence. A message is written here before it is worked on,
each observation keeps the words it came from, and nothing is overwritten: what turned out wrong is
superseded and stays readable, until the person wants it forgotten. Then no byte of it is left.

Example:
    >>> store = Store(":memory:")
    >>> store.keep_message(person="p1", message_id="m1", text="ALT 86 U/L", at="2026-11-20")
    True
"""

from records.erasure import Erased
from records.errors import RecordsError
from records.facts import Point
from records.messages import Visit
from records.observations import Observation
from records.people import check_person_id, new_person
from records.store import Store

__all__ = [
    "Erased",
    "Observation",
    "Point",
    "RecordsError",
    "Store",
    "Visit",
    "check_person_id",
    "new_person",
]
