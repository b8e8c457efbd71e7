"""What to ask next: the engine's next question, or first the unit of a number already given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from rasa_sdk import Tracker

from actions.evidence import record_of, usual_unit
from actions.phrases import say
from actions.readback import in_words
from actions.turn import store
from hbv_engine import Question, load_book, next_question
from hbv_engine.facts import catalogue
from hbv_engine.questions import build_question
from records import Observation

_UNIT = "unit:"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to put: the engine's own, or the unit of ``value`` that answers it."""

    question: Question
    value: Observation | None = None

    @property
    def id(self) -> str:
        """What the slot ``question`` remembers."""
        return f"{_UNIT}{self.value.id}:{self.question.id}" if self.value else self.question.id

    @property
    def usual_unit(self) -> str | None:
        """The unit to confirm, where laboratories print hardly any other (enzymes)."""
        return usual_unit(self.value.name) if self.value else None

    def text(self, language: str) -> str:
        """Return the question in words."""
        if self.value is None:
            return self.question.text[language]
        fact = in_words(self.value, language)
        if self.usual_unit:
            return say("confirm_unit", language, fact=fact, unit=self.usual_unit)
        return say("ask_unit", language, fact=fact)

    def why(self, language: str) -> str:
        """Return why it is asked."""
        return say("why_unit", language) if self.value else self.question.why[language]

    def options(self, language: str) -> list[tuple[str, str]]:
        """Return the choices: the engine's value, and the words that stand for it."""
        if self.value is not None and not self.usual_unit:
            return [(unit, unit) for unit in catalogue().analytes[self.value.name].units or ()]
        if self.value is not None or self.question.kind == "yes_no":
            return [("yes", say("affirm", language)), ("no", say("deny", language))]
        return [(value, label[language]) for value, label in self.question.options]

    def words(self) -> str:
        """Return all that is shown with the question, in both languages, as one folded text."""
        shown = [self.text(language) for language in ("en", "zh")]
        shown += [words for language in ("en", "zh") for _, words in self.options(language)]
        return "\n".join(shown).casefold()

    def example(self) -> str:
        """Return an answer that would be understood."""
        return str(load_book().questions[self.question.id].get("example", ""))


def next_asked(
    observations: Iterable[Observation], goals: Iterable[str], as_of: dt.date
) -> Asked | None:
    """Return what to ask next; None when no answer can change anything any more."""
    observations = list(observations)
    question = next_question(record_of(observations, as_of), tuple(goals))
    if question is None:
        return None
    pending = (o for o in observations if o.status == "unit_missing" and o.name in question.facts)
    return Asked(question, next(pending, None))


def open_question(tracker: Tracker) -> Asked | None:
    """Return the question that was asked last and waits for an answer; None if there is none."""
    slot = tracker.get_slot("question")
    if not slot or not tracker.active_loop.get("name"):
        return None
    observations = store().observations(tracker.sender_id)
    _, _, rest = slot.partition(_UNIT)
    key, _, name = rest.partition(":") if rest else ("", "", slot)
    if name not in load_book().questions:
        return None
    question = build_question(load_book(), name, (), ())
    if not rest:
        return Asked(question)
    value = next((o for o in observations if str(o.id) == key), None)
    return Asked(question, value) if value else None
