"""Rasa's memory: emptied when the person says so, given back after a restart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import Slot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel import GuardedRestInput
from bot.memory import forget, forget_words, place_of, recall
from records import Store

SAID = [
    UserUttered("my ALT is 86"),
    SlotSet("goal", "phase"),
    SlotSet("question", "alt_limit"),
    SlotSet("session_started_metadata", {"from": "anywhere"}),
    ActiveLoop("history_form"),
]


def _agent() -> Any:
    slots: list[Slot] = [TextSlot("goal", mappings=[]), TextSlot("question", mappings=[])]
    domain = Domain([], [], slots, {}, [], {"history_form": {"required_slots": []}}, {}, None)
    return SimpleNamespace(domain=domain, tracker_store=InMemoryTrackerStore(domain))


async def _told(agent: Any) -> None:
    tracker = DialogueStateTracker.from_events("ann", SAID, slots=agent.domain.slots)
    await agent.tracker_store.save(tracker)


@pytest.mark.anyio
async def test_an_erased_person_is_erased_from_rasas_memory_too() -> None:
    agent = _agent()
    await _told(agent)

    await forget("ann", agent)

    assert "ALT" not in str(agent.tracker_store.store)


@pytest.mark.anyio
async def test_forgotten_words_leave_rasas_memory_and_the_conversation_goes_on() -> None:
    agent = _agent()
    await _told(agent)

    await forget_words("ann", agent)

    tracker = await agent.tracker_store.retrieve("ann")
    assert "my ALT" not in str([event.as_dict() for event in tracker.events])
    assert tracker.get_slot("goal") == "phase"
    assert tracker.active_loop_name == "history_form"


@pytest.mark.anyio
async def test_another_process_goes_on_where_the_conversation_stood() -> None:
    before, after = _agent(), _agent()
    await _told(before)
    place = await place_of("ann", before)

    assert await recall("ann", after, place | {"slots": place["slots"] | {"gone": "x"}})

    tracker = await after.tracker_store.retrieve("ann")
    assert tracker.get_slot("question") == "alt_limit"
    assert tracker.active_loop_name == "history_form"
    assert await place_of("ann", after) == place


@pytest.mark.anyio
async def test_what_rasa_still_remembers_is_not_replaced() -> None:
    agent = _agent()
    await _told(agent)

    assert not await recall("ann", agent, {"loop": None, "slots": {"goal": "monitoring"}})

    tracker = await agent.tracker_store.retrieve("ann")
    assert tracker.get_slot("goal") == "phase"


@pytest.mark.anyio
async def test_the_channel_keeps_the_place_and_no_word(store: Store) -> None:
    before, after = _agent(), _agent()
    store.keep_message(person="ann", message_id="m1", text="my ALT is 86", at="2026-11-20")
    await _told(before)

    await GuardedRestInput(store)._remember("ann", before, [])
    await GuardedRestInput(store)._recall("ann", after)

    assert "86" not in str(store.place("ann"))
    tracker = await after.tracker_store.retrieve("ann")
    assert tracker.get_slot("question") == "alt_limit"
