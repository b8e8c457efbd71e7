"""What a request may be refused for: a code for machines, what is accepted, and what to do."""

from __future__ import annotations


class RequestError(Exception):
    """A request that is not worked on; nothing of it was lost, for nothing was acknowledged."""

    code = "bad_request"
    status = 400

    def __init__(self, accepted: str, remedy: str) -> None:
        self.accepted, self.remedy = accepted, remedy
        super().__init__(f"{self.code}: {remedy}")

    def as_dict(self) -> dict[str, str]:
        """Return the error as data; it never repeats what was sent."""
        return {"error": self.code, "accepted": self.accepted, "remedy": self.remedy}


class BadMessageError(RequestError):
    """The message is empty, too long, or no text."""

    code = "bad_message"
    status = 422


class TooLargeError(RequestError):
    """The body has too many bytes."""

    code = "too_large"
    status = 413


class NoConversationError(RequestError):
    """The token is missing or stands for nobody."""

    code = "no_conversation"
    status = 401


class UnknownButtonError(RequestError):
    """The button was not shown in this conversation."""

    code = "unknown_button"
    status = 404


class NothingToShowError(RequestError):
    """There is nothing of this kind in the record."""

    code = "nothing_to_show"
    status = 404


class TooManyError(RequestError):
    """More messages, or conversations, than a person needs."""

    code = "too_many"
    status = 429


class ForeignOriginError(RequestError):
    """Another website asks that is not on the list."""

    code = "foreign_origin"
    status = 403


class NotFoundError(RequestError):
    """There is nothing of this id, or nothing at this address."""

    code = "not_found"
    status = 404


class NoMethodError(RequestError):
    """The address is there, but not for this verb."""

    code = "method_not_allowed"
    status = 405
