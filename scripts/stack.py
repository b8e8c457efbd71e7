"""The running processes: found if they run, started if not, stopped together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import yaml

from bot.model import ROOT, ensure_model, quiet
from scripts.keep import end_with_parent

_START_SECONDS = 300.0
_STOP_SECONDS = 20.0


class StackError(Exception):
    """The processes did not become ready; the message ends with what they said."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the processes listen; always on loopback."""

    rasa_port: int
    actions_port: int
    gateway_port: int
    metrics_port: int = 0

    @classmethod
    def from_environment(cls) -> Addresses:
        """Return the addresses that ``HBV_RASA_PORT`` and its like name."""
        return cls(
            int(os.environ.get("HBV_RASA_PORT", "5005")),
            int(os.environ.get("HBV_ACTIONS_PORT", "5055")),
            int(os.environ.get("HBV_GATEWAY_PORT", "8080")),
            int(os.environ.get("HBV_METRICS_PORT", "9100")),
        )

    @classmethod
    def free(cls) -> Addresses:
        """Return four ports that nobody listens on."""
        with ExitStack() as held:
            probes = [held.enter_context(socket.socket()) for _ in range(4)]
            for probe in probes:
                probe.bind(("127.0.0.1", 0))
            return cls(*(probe.getsockname()[1] for probe in probes))

    @property
    def chat(self) -> str:
        """The webhook that messages are posted to."""
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/rest/webhook"

    @property
    def website(self) -> str:
        """The address of the website."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def problems(self) -> list[str]:
        """What is not ready yet, in words; empty when all processes work."""
        found = []
        if get(f"http://127.0.0.1:{self.actions_port}/health").get("status") != "ok":
            found.append("the action server does not answer")
        state = get(f"http://127.0.0.1:{self.rasa_port}/webhooks/rest/")
        if not state.get("ready"):
            found += state.get("problems") or ["Rasa does not answer"]
        if not get(f"{self.website}/livez").get("live"):
            found.append("the website does not answer")
        return found


class Stack:
    """Rasa, the action server and the gateway, started by honcho from the ``Procfile``.

    Each has a keeper (``scripts/keep.py``), so that one that dies is started again.

    Args:
        addresses: the ports.
        folder: where the database and the log are.
        more: further variables of their environment, such as other limits.
    """

    def __init__(
        self, addresses: Addresses, folder: Path, more: Mapping[str, str] | None = None
    ) -> None:
        self.addresses = addresses
        self._more = dict(more or {})
        self.database = folder / "hbv.sqlite"
        self.log = folder / "stack.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, progress: Callable[[float], None] = lambda _: None) -> None:
        """Start the processes and wait until a message would be answered.

        Raises:
            StackError: a process ended, or they were not ready in time.
        """
        model = ensure_model()
        folder = self.log.parent
        folder.mkdir(parents=True, exist_ok=True)
        endpoints = folder / "endpoints.yml"
        plain = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
        plain["action_endpoint"]["url"] = f"http://127.0.0.1:{self.addresses.actions_port}/webhook"
        endpoints.write_text(yaml.safe_dump(plain), encoding="utf-8")
        environment = (
            quiet()
            | self._more
            | {
                "HBV_RASA_PORT": str(self.addresses.rasa_port),
                "HBV_ACTIONS_PORT": str(self.addresses.actions_port),
                "HBV_GATEWAY_PORT": str(self.addresses.gateway_port),
                "HBV_METRICS_PORT": str(self.addresses.metrics_port),
                "HBV_ENDPOINTS": str(endpoints),
                "HBV_MODEL": str(model),
                "HBV_FOLDER": str(folder),
                "HBV_DATABASE": str(self.database),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            }
        )
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "honcho",
                    "-f",
                    str(ROOT / "Procfile"),
                    "-d",
                    str(ROOT),
                    "start",
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - we have no thread yet
            )
        self._wait(progress)

    def _wait(self, progress: Callable[[float], None]) -> None:
        began = time.monotonic()
        while problems := self.addresses.problems:
            waited = time.monotonic() - began
            progress(waited)
            if not self.is_running or waited > _START_SECONDS:
                self.stop()
                raise StackError(f"{'; '.join(problems)}.\n{self.said()}")
            time.sleep(0.3)

    @property
    def is_running(self) -> bool:
        """True while the processes that this stack started live."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        """Wait until the processes end and return their exit code."""
        return self._process.wait() if self._process else 0

    def stop(self) -> None:
        """Stop what this stack started; nothing else."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._process = None

    def pid(self, name: str) -> int | None:
        """Return the process id of ``rasa``, ``actions`` or ``gateway``; None while it is not running."""
        try:
            return int((self.log.parent / f"{name}.pid").read_text())
        except (OSError, ValueError):
            return None

    def said(self, lines: int = 20) -> str:
        """Return the end of the log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def get(url: str) -> dict[str, Any]:
    """Return the JSON at a URL, also of an error; empty if nobody answers."""
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own loopback
            return dict(json.load(answer))
    except HTTPError as error:
        return _json_of(error)
    except (URLError, OSError, HTTPException, ValueError):
        return {}


def post(url: str, data: dict[str, Any], *, patience: float = 60.0) -> Any:
    """Post JSON and return the JSON of the answer, also of a refusal.

    Raises:
        OSError: nobody answers, or the answer breaks off.
    """
    body = json.dumps(data).encode()
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=patience) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as error:
        return _json_of(error)
    except (HTTPException, ValueError) as error:
        raise ConnectionError("The answer broke off.") from error


def _json_of(error: HTTPError) -> dict[str, Any]:
    try:
        return dict(json.load(error))
    except ValueError:
        return {"error": f"http_{error.code}"}
