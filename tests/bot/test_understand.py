"""What messages ask, read by the trained model and the words together, over the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.model import ROOT, quiet

CASES = yaml.safe_load((Path(__file__).parent / "intents.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def understood() -> dict[str, dict[str, Any]]:
    """What the command prints about each message, by the message."""
    lines = "".join(json.dumps({"id": c["say"], "text": c["say"]}) + "\n" for c in CASES)
    done = subprocess.run(
        [sys.executable, "-m", "bot.understand"],
        input=lines,
        cwd=ROOT,
        env=quiet(),
        capture_output=True,
        text=True,
        check=True,
    )
    return {item["id"]: item for item in map(json.loads, done.stdout.splitlines())}


@pytest.mark.server
@pytest.mark.xdist_group("server")
@pytest.mark.parametrize("case", CASES, ids=[case["say"][:40] for case in CASES])
def test_a_message_asks_what_it_asks(
    case: dict[str, Any], understood: dict[str, dict[str, Any]]
) -> None:
    intents = understood[case["say"]]["talk"] or understood[case["say"]]["intents"]

    asked = [name for name in intents if name != "give_history"] or intents
    assert sorted(asked) == sorted(case["asks"])


def test_no_case_is_an_example_of_the_training_data() -> None:
    learned = {
        line.strip().removeprefix("- ").casefold().rstrip("?？")
        for path in (ROOT / "data" / "nlu").rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }

    assert {case["say"].casefold().rstrip("?？") for case in CASES} & learned == set()
