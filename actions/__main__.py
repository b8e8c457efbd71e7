"""``python -m actions``: the action server, on loopback, with the rulebook already loaded."""

from __future__ import annotations

import argparse
import os

from rasa_sdk import endpoint

from actions.turn import store, today
from hbv_engine import assess


def main() -> None:
    """Load what the first message would otherwise wait for, then serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    arguments = parser.parse_args()
    assess({"as_of": str(today())})
    store().check_writable()
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    endpoint.run("actions", port=arguments.port, cors_origins="")


if __name__ == "__main__":
    main()
