"""What the classifier must not decide: danger, closed answers, bare values, unknown words."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.reading import Reading, read
from hbv_engine.definitions import asked_definition

# What states a value is history, unless words say that it is not.
_NEED_A_MARK = {"ask_what_if", "amend", "forget_fact", "agree", "disagree", "dont_know", "skip"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClosedAnswers(GraphComponent, IntentClassifier):
    """Corrects the guess of the classifier before it where the words alone decide.

    A sign of danger is danger. "No", "不知道" and "why?" are answers, however likely. "What is
    HBeAg?" asks for a definition. A lone value is history. "What if my ALT were 20?" supposes,
    "that was last year" amends. And a guess that rests on no known word is no guess: its confidence
    becomes 0, so that the fallback takes the message.
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
        for message in messages:
            reading = read(message.get("text") or "")
            alarms = [f for f in reading.red_flags if f.alarms and f.level == "emergency_now"]
            if alarms:
                crisis = any(flag.id == "suicidal_thoughts" for flag in alarms)
                self._decide(message, "crisis" if crisis else "emergency")
            elif reading.reply:
                self._decide(message, reading.reply)
            elif asked_definition(message.get("text") or ""):
                self._decide(message, "ask_meaning_of_result")
            elif name := _by_marks(reading, message.get("intent", {}).get("name")):
                self._decide(message, name)
            elif reading.bare and self._is_whole(message, reading.bare):
                self._decide(message, "give_history")
            elif not self._has_known_word(message):
                self._decide(message, message.get("intent", {}).get("name"), confidence=0.0)
        return messages

    @staticmethod
    def _is_whole(message: Message, bare: Any) -> bool:
        text: str = message.get("text") or ""
        return not any(char.isalpha() for char in text[: bare.start] + text[bare.end :])

    def _has_known_word(self, message: Message) -> bool:
        _, sentence = message.get_sparse_features("text", [self._words])
        return sentence is not None and bool(sentence.features.sum() > 0)

    @staticmethod
    def _decide(message: Message, name: str | None, *, confidence: float = 1.0) -> None:
        intent = {"name": name, "confidence": confidence}
        others = [i for i in message.get("intent_ranking", []) if i["name"] != name]
        if confidence:
            others = [{**other, "confidence": 0.0} for other in others]
        message.set("intent", intent, add_to_output=True)
        message.set("intent_ranking", [intent, *others] if confidence else [], add_to_output=True)


def _by_marks(reading: Reading, guess: str | None) -> str | None:
    """Return the intent that the marks of a message decide: to suppose or to put right a value."""
    marks = reading.marks
    if marks.objection:
        return "disagree"
    if guess == "forget_confirmed":
        return "forget"  # only the exact words erase, and those are a closed answer
    if any(fact.supposed for fact in reading.facts):
        return "ask_what_if"
    if reading.facts and guess in _NEED_A_MARK:
        return "give_history"
    number = reading.bare and reading.bare.name == "number"
    if not reading.facts and marks.remark and (marks.whom or marks.when):
        return "amend"
    if not reading.facts and number and marks.correction:
        return "amend"
    return None
