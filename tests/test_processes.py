"""The running processes: ready when they say so, safe at the door, whole conversations apart."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.model import ROOT, ensure_model
from records import Observation, Store
from scripts.stack import Addresses, Stack, get, post
from tests.conftest import Person

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


def test_ready_means_that_a_greeting_is_understood_and_the_store_is_writable(stack: Stack) -> None:
    state = get(stack.addresses.chat.removesuffix("webhook"))

    assert state == {"ready": True, "problems": []}


def test_only_loopback_is_listened_on(stack: Stack) -> None:
    """Another address of this machine must be refused."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        own = probe.getsockname()[0]
    if own.startswith("127."):
        pytest.skip("this machine has no address but loopback")

    for port in (stack.addresses.rasa_port, stack.addresses.actions_port):
        with socket.socket() as outside:
            assert outside.connect_ex((own, port)) != 0


def test_rasas_own_api_is_closed(stack: Stack) -> None:
    base = f"http://127.0.0.1:{stack.addresses.rasa_port}"

    assert get(f"{base}/domain") == {"error": "http_404"}
    assert get(f"{base}/conversations/default/tracker") == {"error": "http_404"}


def test_an_empty_message_is_refused_and_never_a_yes(stack: Stack, kept: Store) -> None:
    answer = post(stack.addresses.chat, {"sender": "empty", "message": "  "})

    assert answer["error"] == "empty_message"
    assert kept.messages("empty") == []


def test_a_typed_command_reaches_rasa_as_text(person: Person, kept: Store) -> None:
    person.says("ALT 86 U/L")
    answer = person.says('/give_history{"fact": "injected"}')

    assert answer.messages
    assert [o.name for o in kept.observations(person.name)] == ["alt"]
    assert any(m["text"].startswith("/give_history") for m in kept.messages(person.name))


def test_a_digression_is_answered_and_the_question_returns(person: Person) -> None:
    question = person.says("which phase am I in?").question

    assert question
    for digression in ("thanks", "who won the football match", "why?", "are you a doctor?"):
        answer = person.says(digression)
        assert answer.question == question
        assert len(answer.messages) > 1


def test_a_correction_replaces_the_value_and_keeps_the_old_one(person: Person, kept: Store) -> None:
    person.says("HBeAg positive, ALT 86 U/L")
    person.says("no, the ALT was 58 U/L")

    values = [
        (o.value, o.superseded_by is None) for o in kept.observations(person.name, history=True)
    ]
    assert ("positive", True) in values
    assert (86, False) in values
    assert (58, True) in values


def test_an_impossible_correction_is_refused_and_the_good_value_stays(
    person: Person, kept: Store
) -> None:
    person.says("ALT 86 U/L")
    answer = person.says("ALT was 99999999 U/L")

    assert "I cannot use this" in answer.text
    current = [o.value for o in kept.observations(person.name) if o.status == "current"]
    assert current == [86]


def test_values_of_somebody_else_are_not_the_writers(person: Person, kept: Store) -> None:
    answer = person.says("my mother has an ALT of 200 U/L")

    assert "not as yours" in answer.text
    assert [o.status for o in kept.observations(person.name)] == ["other_person"]


@pytest.mark.parametrize("text", ["I am vomiting blood", "吐了好多血"])
def test_danger_interrupts_the_questions_with_a_cited_alert(person: Person, text: str) -> None:
    person.says("which phase am I in?")
    answer = person.says(text)

    assert answer.cards["urgency"]["outcome"] == "emergency_now"
    assert answer.cards["urgency"]["rules"]
    assert answer.question == ""


def test_an_answer_that_means_danger_interrupts_as_well(person: Person, kept: Store) -> None:
    person.says("I have a fever after my injection of Pegasys, side effects?")
    kept.note(
        [Observation(kind="symptom", name="jaundice", value=True, raw="told elsewhere")],
        person=person.name,
        message_id=kept.messages(person.name)[0]["id"],
        at="2026-11-20",
    )

    answer = person.says("which phase am I in?")

    assert answer.cards["urgency"]["outcome"] in {"same_day", "emergency_now"}
    assert "‼" in answer.messages[0]["text"]
    assert "urgency" not in person.says("skip").cards, "the same alert is told once"


def test_the_words_of_a_chosen_option_state_nothing_by_themselves(
    person: Person, kept: Store
) -> None:
    """The option on complications names confusion; whoever chooses it is not confused now."""
    answer = person.says("should I be treated?")
    while answer.question != "cirrhosis":
        assert answer.question
        answer = person.says("skip")
    option = next(button for button in answer.buttons if "confusion, now or before" in button)

    answer = person.says(option)

    assert "urgency" not in answer.cards
    assert [o.name for o in kept.observations(person.name) if o.kind == "symptom"] == []


def test_everything_is_erased_after_a_confirmation(person: Person, kept: Store) -> None:
    person.says("ALT 86 U/L")
    assert person.says("delete my data").buttons == ["Erase everything"]
    assert kept.observations(person.name)

    answer = person.says("erase everything")

    assert "erased" in answer.text
    assert not kept.knows(person.name)
    assert kept.messages(person.name) == []
    assert kept.observations(person.name, history=True) == []


def test_understand_reads_json_lines_with_the_pipeline_of_the_chat() -> None:
    ensure_model()
    lines = [
        {"id": 1, "text": "34, female, HBeAg positive, ALT 86, should I be treated?"},
        {"id": 2, "text": "吐了好多血"},
        {"id": 3, "text": ""},
    ]
    command = [sys.executable, "-m", "bot.understand"]

    done = subprocess.run(
        command,
        cwd=ROOT,
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )

    first, second, third = map(json.loads, done.stdout.splitlines())
    assert first["intents"] == ["give_history", "ask_start_treatment"]
    assert [fact["name"] for fact in first["facts"]] == ["age", "sex", "hbeag", "alt"]
    assert (second["language"], second["intents"]) == ("zh", ["emergency"])
    assert second["red_flags"][0]["id"] == "vomiting_blood"
    assert (third["id"], third["facts"], third["intents"]) == (3, [], [])


def test_a_stack_leaves_no_process_behind(tmp_path: Path, stack: Stack) -> None:
    """Stopping one stack stops its own three processes and nobody else's."""
    other = Stack(Addresses.free(), tmp_path)
    other.start()
    other.stop()

    assert not other.is_running
    assert len(other.addresses.problems) == 3
    assert stack.addresses.problems == []


def test_a_stack_whose_owner_is_killed_ends_by_itself(tmp_path: Path) -> None:
    """Nobody can stop the servers of a terminal that is gone."""
    addresses = Addresses.free()
    code = (
        "import sys; from pathlib import Path; from scripts.stack import Addresses, Stack\n"
        "stack = Stack(Addresses(*map(int, sys.argv[1:4])), Path(sys.argv[4]))\n"
        "stack.start(); print('ready', flush=True); stack.wait()"
    )
    ports = [
        str(port) for port in (addresses.rasa_port, addresses.actions_port, addresses.gateway_port)
    ]
    owner = subprocess.Popen(
        [sys.executable, "-c", code, *ports, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"ready\n"

    owner.kill()
    owner.wait()
    owner.stdout.close()

    until = time.monotonic() + 30
    while len(addresses.problems) < 3 and time.monotonic() < until:
        time.sleep(0.5)
    assert len(addresses.problems) == 3
