"""The reading of a message as Rasa entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.reading import Reading, read

EXTRACTOR = "MessageReader"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageReader(GraphComponent):
    """Adds every stated fact and red flag to a message, each with the characters it came from.

    The kind of entity is ``fact``, ``red_flag``, ``bare`` (a lone value that answers the open
    question), ``reply`` (a closed answer), ``language`` or ``mark`` (what the message does with a
    value); a fact's ``name``, unit, comparator, subject … stand beside its value.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        _ = config, model_storage, resource, execution_context
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get("text") or ""
            found = [*(message.get("entities") or []), *entities(text, read(text))]
            message.set("entities", found, add_to_output=True)
        return messages


def entities(text: str, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield a reading as Rasa entities."""
    for fact in reading.facts:
        yield {"entity": "fact", "extractor": EXTRACTOR, **fact.as_dict()}
    for flag in reading.red_flags:
        if flag.asked:
            continue
        yield {"entity": "red_flag", "extractor": EXTRACTOR, "value": flag.id, **flag.as_dict()}
    if reading.bare:
        yield {"entity": "bare", "extractor": EXTRACTOR, **reading.bare.as_dict()}
    whole = {"start": 0, "end": len(text), "extractor": EXTRACTOR}
    if reading.reply:
        yield {"entity": "reply", "value": reading.reply, **whole}
    if reading.worded:
        yield {"entity": "language", "value": reading.language, **whole}
    for name, value in reading.marks.items():
        yield {"entity": "mark", "name": name, "value": value, **whole}
