"""``python -m scripts.keep PID_FILE COMMAND …``: run a server, and start it again when it dies.

A server that was killed is started again. So is one that ended by itself after it had worked for a
while. One that ends by itself at once is set up wrongly: starting it again would not help, so its
exit code is passed on.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

_WORKED_SECONDS = 30.0
_PAUSE_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


class Keeper:
    """Keeps one command running until SIGTERM or SIGINT.

    Args:
        command: the server with its arguments.
        pid_file: where the process id of the running server is written.
    """

    def __init__(self, command: list[str], pid_file: Path) -> None:
        self._command = command
        self._pid_file = pid_file
        self._server: subprocess.Popen[bytes] | None = None
        self._ending = False

    def run(self) -> int:
        """Start the server as often as needed; return the exit code of the last one."""
        while True:
            began = time.monotonic()
            code = self._once()
            worked = time.monotonic() - began >= _WORKED_SECONDS
            if self._ending:
                return max(code, 0)
            if code >= 0 and not worked:
                return code
            print(f"It ended with {code} and is started again.", flush=True)
            self._rest(_PAUSE_SECONDS)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._ending and time.monotonic() < until:
            time.sleep(0.05)

    def _once(self) -> int:
        if self._ending:
            return 0
        self._server = subprocess.Popen(
            self._command,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - there is no thread here
        )
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(str(self._server.pid))
        try:
            return self._server.wait()
        finally:
            self._pid_file.unlink(missing_ok=True)

    def end(self, number: int, frame: FrameType | None) -> None:
        """Pass the wish to end on to the server, and do not start it again."""
        _ = number, frame
        self._ending = True
        if self._server is not None and self._server.returncode is None:
            self._server.terminate()


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed, so that no server is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> int:
    """Keep what the command line names."""
    pid_file, *command = sys.argv[1:]
    keeper = Keeper(command, Path(pid_file))
    signal.signal(signal.SIGTERM, keeper.end)
    signal.signal(signal.SIGINT, keeper.end)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main())
