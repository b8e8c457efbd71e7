"""``make run``: start Rasa and the action server and stay until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from scripts.progress import Progress
from scripts.stack import Addresses, Stack, StackError


def main() -> int:
    """Run the processes in the foreground."""
    addresses = Addresses.from_environment()
    stack = Stack(addresses, Path(os.environ.get("HBV_FOLDER", "var")).resolve())
    if not addresses.problems:
        print(f"Already running: {addresses.website}/")
        return 0
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with Progress("Starting Rasa, the action server and the website") as progress:
            stack.start(progress.at)
        print(f"Ready.  website  {addresses.website}/")
        print(f"        chat     {addresses.website}/chat")
        print(f"        records  {stack.database}")
        print(f"        log      {stack.log}")
        print(
            "Open the website, or run `make chat` in another terminal. Ctrl-C stops everything.",
            flush=True,
        )
        code = stack.wait()
        print(f"The processes ended.\n{stack.said()}", file=sys.stderr)
    except StackError as error:
        print(f"Could not start: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 0
    finally:
        stack.stop()
    return code


def _interrupt(number: int, frame: FrameType | None) -> None:
    _ = number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
