"""Two bots to measure side by side: ours, and the one that ``rasa init`` makes, on the same Rasa."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.model import ROOT, quiet
from scripts.keep import end_with_parent
from scripts.stack import Addresses, Stack, get, post

_START_SECONDS = 300.0
_SCAFFOLD = "from rasa.cli.scaffold import create_initial_project as make; make('.')"
_ACTION = '''\
"""The least that a custom action can do."""

from rasa_sdk import Action


class ActionPlain(Action):
    def name(self):
        return "action_plain"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="I am a bot, powered by Rasa.")
        return []
'''


class Ours:
    """This project's bot, started as ``make run`` starts it."""

    name = "ours"
    plain = ("thanks",) * 5
    acting = (
        "34, female, HBeAg positive, HBV DNA 2.3x10^7 IU/mL, ALT 86 U/L, should I be treated?",
        "positive for more than six months",
        "no, the ALT was 58 U/L",
        "skip",
        "which phase am I in?",
    )

    def __init__(self, folder: Path) -> None:
        self._stack = Stack(Addresses.free(), folder)
        self._folder = folder

    def train(self) -> None:
        """Train the model afresh."""
        _python("-m", "rasa", "train", "--force", "--out", str(self._folder / "models"), where=ROOT)

    def start(self) -> None:
        """Start, and wait until a message is answered."""
        self._stack.start()

    def stop(self) -> None:
        """Stop both processes."""
        self._stack.stop()

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Send one message and return the answers."""
        return list(post(self._stack.addresses.chat, {"sender": sender, "message": text}))

    def pids(self) -> dict[str, int]:
        """Return the processes of Rasa and of the action server."""
        found = {name: self._stack.pid(name) for name in ("rasa", "actions")}
        return {name: pid for name, pid in found.items() if pid}


class Peer:
    """The default bot of ``rasa init`` (DIET, TED), with one custom action in place of a response."""

    name = "rasa init"
    plain = ("bye",) * 5
    acting = ("are you a bot?",) * 5

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = Addresses.free()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def make(self) -> None:
        """Make the files that ``rasa init`` makes, and let the bot call an action."""
        self._folder.mkdir(parents=True)
        _python("-c", _SCAFFOLD, where=self._folder)
        (self._folder / "actions" / "actions.py").write_text(_ACTION)
        _edit(self._folder / "domain.yml", lambda data: data | {"actions": ["action_plain"]})
        _edit(self._folder / "data" / "rules.yml", _call_the_action)
        url = f"http://127.0.0.1:{self._ports.actions_port}/webhook"
        (self._folder / "endpoints.yml").write_text(
            yaml.safe_dump({"action_endpoint": {"url": url}})
        )

    def train(self) -> None:
        """Train the model afresh."""
        _python("-m", "rasa", "train", "--force", where=self._folder)

    def start(self) -> None:
        """Start, and wait until a message is answered.

        Raises:
            TimeoutError: it was not ready in time.
        """
        rasa, actions = str(self._ports.rasa_port), str(self._ports.actions_port)
        self._run("actions", "rasa_sdk", "--actions", "actions", "--port", actions)
        self._run("rasa", "rasa", "run", "--interface", "127.0.0.1", "--port", rasa)
        until = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if time.monotonic() > until:
                self.stop()
                raise TimeoutError("The bot of `rasa init` did not start.")
            time.sleep(0.3)

    def _is_ready(self) -> bool:
        health = get(f"http://127.0.0.1:{self._ports.actions_port}/health")
        try:
            return bool(health) and bool(self.say("ready", "hello"))
        except OSError:
            return False

    def _run(self, name: str, *command: str) -> None:
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=self._folder,
            env=quiet(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - no thread runs while it starts
        )

    def stop(self) -> None:
        """Stop both processes."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait()

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Send one message and return the answers."""
        url = f"http://127.0.0.1:{self._ports.rasa_port}/webhooks/rest/webhook"
        return list(post(url, {"sender": sender, "message": text}))

    def pids(self) -> dict[str, int]:
        """Return the processes of Rasa and of the action server."""
        return {name: process.pid for name, process in self._processes.items()}


def _python(*arguments: str, where: Path) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=where, env=quiet(), check=True, capture_output=True)


def _edit(path: Path, change: Any) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(change(data)), encoding="utf-8")


def _call_the_action(data: dict[str, Any]) -> dict[str, Any]:
    def changed() -> Iterator[dict[str, Any]]:
        for rule in data["rules"]:
            steps = [
                {"action": "action_plain"} if step.get("action") == "utter_iamabot" else step
                for step in rule["steps"]
            ]
            yield {**rule, "steps": steps}

    return {**data, "rules": list(changed())}
