"""What goes wrong in the store, told without anything personal.

A message names the code, what is accepted and what to do; never a text, a value or a name of a
person. They are told on the command line like the engine's own errors.

::

    EngineError
      RecordsError              the store cannot do what was asked
        DatabaseError           the file is missing, busy, damaged or not one of ours
          NewerDatabaseError    the file was written by a newer version
        PersonIdError           an id that could be a phone number or an address
        UnknownPersonError      nothing is here under this id
        UnknownMessageError     a fact of a message that is not (or no longer) here
        MessageConflictError    one message id, two people
        UnknownObservationError a correction of a fact that is not here
        MomentError             a time that is not in ISO form
"""

from __future__ import annotations

from hbv_engine.errors import EngineError


class RecordsError(EngineError):
    """The store cannot do what was asked."""

    code = "records_error"


class DatabaseError(RecordsError):
    """The file is missing, busy, damaged or not one of ours."""

    code = "database_error"


class NewerDatabaseError(DatabaseError):
    """The file holds migrations that this version does not know."""

    code = "newer_database"


class PersonIdError(RecordsError):
    """An id that could be a phone number or an address."""

    code = "person_id"


class UnknownPersonError(RecordsError):
    """Nothing is here under this id."""

    code = "unknown_person"

    def __init__(self) -> None:
        super().__init__(
            "Nothing is kept under this id.",
            accepted="the id of a person in the store",
            remedy="`hbv records list` shows the ids.",
        )


class UnknownMessageError(RecordsError):
    """A fact of a message that is not, or no longer, here."""

    code = "unknown_message"

    def __init__(self) -> None:
        super().__init__(
            "The message that states this is not in the store; it may have been erased.",
            accepted="the id of a message of the same person",
            remedy="Keep the message first; nothing was written.",
        )


class MessageConflictError(RecordsError):
    """One message id, two people."""

    code = "message_conflict"

    def __init__(self) -> None:
        super().__init__(
            "Another person's message has this id.",
            accepted="an id that is unique over all people",
            remedy="Use a random id such as uuid4; nothing was written.",
        )


class UnknownObservationError(RecordsError):
    """A correction or confirmation of a fact that is not here."""

    code = "unknown_observation"

    def __init__(self) -> None:
        super().__init__(
            "This fact is not in the record of this person.",
            accepted="the id of an observation of the same person",
            remedy="Read the observations again; it may have been forgotten.",
        )


class MomentError(RecordsError):
    """A time that is not in ISO form."""

    code = "moment"

    def __init__(self) -> None:
        super().__init__(
            "The time is not in ISO form.",
            accepted="a time such as 2026-11-20T10:00:00+00:00",
            remedy="Use records.store.now(); nothing was written.",
        )
