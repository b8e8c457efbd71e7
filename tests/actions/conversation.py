"""One person's conversation with the actions, in this process: no Rasa, a store in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.history_form import ValidateHistoryForm
from actions.take_note import ActionTakeNote
from actions.turn import store
from bot.components.reader import entities
from bot.reading import read
from records import Observation

ANN = "ann"


@dataclass
class Talk:
    """What ann writes, and what the actions make of it."""

    slots: dict[str, Any] = field(default_factory=dict)
    form: bool = False
    count: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    latest: dict[str, Any] = field(default_factory=dict)

    def says(self, text: str, intent: str = "give_history") -> Talk:
        """Write a message and take note of it, as on every turn."""
        self.count += 1
        reading = read(text)
        self.latest = {
            "text": text,
            "message_id": f"m{self.count}",
            "intent": {"name": reading.reply or intent},
            "entities": list(entities(text, reading)),
        }
        self.messages = []
        self.does(ActionTakeNote())
        return self

    def answers(self, question: str, text: str, intent: str = "give_history") -> Talk:
        """Answer a question of the form."""
        self.slots["question"], self.form = question, True
        self.says(text, intent)
        form = ValidateHistoryForm()
        dispatcher = CollectingDispatcher()
        self._run(form.validate_answer(text, dispatcher, self.tracker, {}))
        self.messages += dispatcher.messages
        return self

    def does(self, action: Action) -> list[EventType]:
        """Let an action run; its messages are collected and the slots that it sets are set."""
        dispatcher = CollectingDispatcher()
        events: list[EventType] = self._run(action.run(dispatcher, self.tracker, {}))
        self.messages += dispatcher.messages
        for event in events:
            if event["event"] == "slot":
                self.slots[str(event["name"])] = event["value"]
        return events

    @property
    def tracker(self) -> Tracker:
        loop = {"name": "history_form"} if self.form else {}
        slots = {"language": "en", **self.slots}
        events = [{"event": "user", "parse_data": self.latest}]
        return Tracker(ANN, slots, self.latest, events, False, None, loop, None)

    @property
    def responses(self) -> list[str]:
        """The ids of the fixed texts that were said."""
        named = [
            m.get("response") or (m.get("custom") or {}).get("response") for m in self.messages
        ]
        return [str(name) for name in named if name]

    @property
    def text(self) -> str:
        return "\n".join(m.get("text") or "" for m in self.messages)

    @property
    def recorded(self) -> list[Observation]:
        """What the last message put into the record."""
        now = f"m{self.count}"
        return [o for o in store().observations(ANN) if o.message == now]

    @property
    def known(self) -> dict[str, Any]:
        """The values that are current, by name; answers to questions are left out."""
        return {o.name: o.value for o in store().facts(ANN) if o.kind not in {"answer", "mention"}}

    @staticmethod
    def _run(coroutine: Any) -> Any:
        return asyncio.run(coroutine)
