"""What Rasa remembers of a conversation: emptied when the person says so, given back after a restart.

Rasa keeps conversations in the memory of its process. The record is the truth; where a conversation
stands is kept beside it, as ids without a word of the person.
"""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

_LOOP, _SLOTS = "loop", "slots"
# What is only true within one turn.
_PASSING = {"interrupted", "answer", "session_started_metadata"}


async def forget(sender: str, agent: Agent) -> None:
    """Empty Rasa's memory of a conversation whose person was erased from the store."""
    blank = DialogueStateTracker.from_events(sender, [], slots=agent.domain.slots)
    await agent.tracker_store.save(blank)


async def forget_words(sender: str, agent: Agent) -> None:
    """Empty Rasa's memory of what was written; where the conversation stands is kept."""
    await _begin_at(sender, agent, await place_of(sender, agent))


async def place_of(sender: str, agent: Agent) -> dict[str, Any]:
    """Return where a conversation stands: the form that is open and the slots that are set."""
    tracker = await agent.tracker_store.get_or_create_tracker(sender)
    slots = {
        name: value
        for name, value in tracker.current_slot_values().items()
        if name not in _PASSING and value is not None and value is not False
    }
    return {_LOOP: tracker.active_loop_name, _SLOTS: slots}


async def recall(sender: str, agent: Agent, place: dict[str, Any]) -> bool:
    """Give Rasa back where a conversation stood, unless it remembers; True if that was needed.

    Slots that the domain no longer has are left out.
    """
    if await agent.tracker_store.retrieve(sender) is not None:
        return False
    await _begin_at(sender, agent, place)
    return True


async def _begin_at(sender: str, agent: Agent, place: dict[str, Any]) -> None:
    known = {slot.name for slot in agent.domain.slots}
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [SlotSet(n, v) for n, v in place[_SLOTS].items() if n in known]
    if place[_LOOP] in agent.domain.form_names:
        events.append(ActiveLoop(place[_LOOP]))
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    begun = DialogueStateTracker.from_events(sender, events, slots=agent.domain.slots)
    await agent.tracker_store.save(begun)
