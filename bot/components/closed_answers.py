"""What the classifier must not decide: danger, closed answers, bare values, unknown words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.dictionary import load, words
from bot.parts import GOAL_INTENTS, about_another, settled
from bot.polarity import asks
from bot.reading import Reading, read
from bot.text import fold

# What states a value is history, unless words say that it is not.
_QUESTION = "ask_"
# A guess at the whole message that gives way to a question in one of its clauses.
_TELLING = {
    "give_history", "out_of_scope", "greet", "thanks", "worry", "affirm", "deny", "dont_know",
    "amend", "why", "goodbye", "emergency", "skip",
}  # fmt: skip
# How likely a clause must be what it seems.
_LIKELY, _LIKELY_WITHOUT_FORM, _VEILED = 0.2, 0.6, 0.6
_NEED_A_MARK = {"ask_what_if", "amend", "forget_fact", "agree", "disagree"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClosedAnswers(GraphComponent, IntentClassifier):
    """Corrects the guess of the classifier before it where the words alone decide.

    A sign of danger is danger. "No", "不知道" and "why?" are answers, however likely. A lone value
    is history. "What if my ALT were 20?" supposes, "that was last year" amends. And a guess that
    rests on no known word is no guess: its confidence becomes 0, so that the fallback takes the
    message.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"word_featurizer": "words"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._words = config["word_featurizer"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClosedAnswers:
        _ = model_storage, resource, execution_context
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        wholes = [message for message in messages if message.get("clause_of") is None]
        for message in wholes:
            clauses = [m for m in messages if m.get("clause_of") is message]
            self._settle(message, clauses)
        return wholes

    def _settle(self, message: Message, clauses: list[Message]) -> None:
        reading = read(message.get("text") or "")
        guess = _tenable(message, reading)
        asked = self._asked(clauses, reading)
        marked = _by_marks(reading)
        if danger := _danger(reading) or _veiled_danger(clauses):
            self._decide(message, danger)
        elif reading.reply:
            self._decide(message, reading.reply)
        elif marked:
            self._decide(message, marked)
        elif asked and _gives_way(guess):
            self._decide(message, asked[0], beside=asked[1:])
        elif reading.facts and guess in _NEED_A_MARK:
            self._decide(message, "give_history")
        elif reading.bare and self._is_whole(message, reading.bare):
            self._decide(message, "give_history")
        elif not self._has_known_word(message):
            self._decide(message, guess, confidence=0.0)
        elif guess in GOAL_INTENTS and about_another(reading, message.get("text") or ""):
            self._decide(message, "ask_for_other")
        elif guess != message.get("intent", {}).get("name"):
            self._decide(message, guess)

    def _asked(self, clauses: list[Message], reading: Reading) -> list[str]:
        """Return what the clauses of a message ask, the likeliest first."""
        found: dict[str, float] = {}
        for clause in clauses:
            part = read(clause.get("text"))
            name = _tenable(clause, part)
            confidence = _confidence(clause, name)
            if self._has_known_word(clause) and _is_asked(name, confidence, clause, part):
                other = name in GOAL_INTENTS and about_another(reading, clause.get("text"))
                name = "ask_for_other" if other else settled(str(name), reading, part)
                found[name] = max(confidence, found.get(name, 0.0))
        return sorted(found, key=lambda name: -found[name])

    @staticmethod
    def _is_whole(message: Message, bare: Any) -> bool:
        text: str = message.get("text") or ""
        return not any(char.isalpha() for char in text[: bare.start] + text[bare.end :])

    def _has_known_word(self, message: Message) -> bool:
        _, sentence = message.get_sparse_features("text", [self._words])
        return sentence is not None and bool(sentence.features.sum() > 0)

    @staticmethod
    def _decide(
        message: Message, name: str | None, *, confidence: float = 1.0, beside: Sequence[str] = ()
    ) -> None:
        """Set the intent; those that are asked ``beside`` it follow in the ranking."""
        intent = {"name": name, "confidence": confidence}
        rest = [
            {"name": other, "confidence": 0.9 - 0.1 * place} for place, other in enumerate(beside[:3])
        ]
        named = {name, *(other["name"] for other in rest)}
        rest += [
            {**other, "confidence": 0.0}
            for other in message.get("intent_ranking", [])
            if other["name"] not in named
        ]
        message.set("intent", intent, add_to_output=True)
        message.set("intent_ranking", [intent, *rest] if confidence else [], add_to_output=True)


def _danger(reading: Reading) -> str | None:
    alarms = [f for f in reading.red_flags if f.alarms and f.level == "emergency_now"]
    if not alarms:
        return None
    return "crisis" if any(f.id == "suicidal_thoughts" for f in alarms) else "emergency"


def _tenable(message: Message, reading: Reading) -> str | None:
    """Return the likeliest intent that the words of a message bear out.

    Denied or only asked about, a sign of danger is no emergency. A missed dose must be said so.
    """
    ranking = message.get("intent_ranking") or []
    refused = {"emergency", "crisis"} if reading.red_flags else set()
    named = (intent["name"] for intent in ranking if intent["name"] not in refused)
    text = fold(message.get("text") or "")
    return next((name for name in named if _is_said(name, text)), None)


def _is_asked(name: str | None, confidence: float, clause: Message, part: Reading) -> bool:
    """Tell whether a clause asks what it seems to; one that only tells must be very like a goal."""
    if name is None or not name.startswith(_QUESTION) or name in _NEED_A_MARK:
        return False
    if asks(fold(clause.get("text"))):
        return confidence >= _LIKELY
    return name in GOAL_INTENTS and not part.facts and confidence >= _LIKELY_WITHOUT_FORM


def _veiled_danger(clauses: list[Message]) -> str | None:
    """Return a danger that no listed word names but that a clause is very like."""
    for clause in clauses:
        name = (clause.get("intent") or {}).get("name")
        if name in {"crisis", "emergency"} and _confidence(clause, name) >= _VEILED:
            part = read(clause.get("text"))
            if not part.red_flags and not part.facts:
                return str(name)
    return None


def _is_said(name: str, text: str) -> bool:
    needed = load("intents").get(name)
    return needed is None or any(word in text for word in words(needed))


def _confidence(message: Message, name: str | None) -> float:
    ranking = message.get("intent_ranking") or []
    return next((float(i["confidence"]) for i in ranking if i["name"] == name), 0.0)


def _gives_way(guess: str | None) -> bool:
    """Tell whether a guess at a whole message gives way to what its clauses ask."""
    return guess is None or guess.startswith(_QUESTION) or guess in _TELLING


def _by_marks(reading: Reading) -> str | None:
    """Return the intent that the marks of a message decide: to suppose or to put right a value."""
    marks = reading.marks
    if marks.supposed and reading.facts:
        return "ask_what_if"
    number = reading.bare and reading.bare.name == "number"
    if not reading.facts and marks.remark and (marks.whom or marks.when):
        return "amend"
    if not reading.facts and number and marks.correction:
        return "amend"
    return None
