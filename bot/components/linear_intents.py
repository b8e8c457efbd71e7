"""The classifier: a linear support vector machine, one against all others for every intent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.svm import LinearSVC

from bot.intent_features import Features, Grams, grams
from bot.reading import read

_NUMBERS, _NAMES = "numbers.npz", "names.json"
_SEED = 0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntents(GraphComponent, IntentClassifier):
    """Ranks the intents of a message, and of its clauses, by how likely each is.

    ``strictness`` is how much an example on the wrong side costs. ``sharpness`` turns the distances
    from the planes into likelihoods; it was measured so that they come true in cross-validation.
    A message has ``known`` set if any of its words stands in the examples.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strictness": 1.0, "sharpness": 5.0, "ranking_length": 10}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._features = Features((), np.zeros(0))
        self._intents: list[str] = []
        self._planes = np.zeros((0, 0), dtype=np.float32)
        self._offsets = np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntents:
        _ = execution_context
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and keep what was learnt."""
        examples = [each for each in training_data.intent_examples if each.get("text")]
        seen = [_grams(each) for each in examples]
        self._features = Features.of(seen)
        machine = LinearSVC(C=self._config["strictness"], random_state=_SEED)
        machine.fit(self._features.matrix(seen), [each.get("intent") for each in examples])
        self._intents = [str(name) for name in machine.classes_]
        self._planes = machine.coef_.T.astype(np.float32)
        self._offsets = machine.intercept_
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message."""
        seen = [_grams(message) for message in messages]
        distances = self._features.matrix(seen) @ self._planes + self._offsets
        for message, own, row in zip(messages, seen, distances, strict=True):
            raised = np.exp(self._config["sharpness"] * (row - row.max()))
            likely = raised / raised.sum()
            best = np.argsort(-likely, kind="stable")[: self._config["ranking_length"]]
            ranking = [
                {"name": self._intents[place], "confidence": float(likely[place])} for place in best
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("known", self._features.knows(own))
        return messages

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / _NUMBERS,
                rarity=self._features.rarity,
                planes=self._planes,
                offsets=self._offsets,
            )
            names = {"intents": self._intents, "columns": [list(c) for c in self._features.columns]}
            (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> LinearIntents:
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._read(folder)  # noqa: SLF001 - its own
        return component

    def _read(self, folder: Path) -> None:
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS) as numbers:
            self._planes, self._offsets = numbers["planes"], numbers["offsets"]
            rarity = numbers["rarity"]
        columns: list[dict[str, int]] = []
        for each in names["columns"]:
            first = sum(map(len, columns))
            columns.append({gram: first + place for place, gram in enumerate(each)})
        self._features = Features(tuple(columns), rarity)
        self._intents = names["intents"]


def _grams(message: Message) -> Grams:
    tokens = message.get("text_tokens") or []
    return grams(read(message.get("text") or "").around, [token.lemma for token in tokens])
