"""The plain commands of Rasa, as its developers use them: they find nothing wrong, and they can."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bot.model import ROOT, ensure_model, quiet

STORIES = ROOT / "tests" / "test_stories.yml"


def rasa(*arguments: str) -> tuple[int, str]:
    """The exit code of a command of Rasa, and what it said."""
    environment = {**quiet(), "PYTHONWARNINGS": "default", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "rasa", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def warnings_of_validation(*arguments: str) -> list[str]:
    """The lines of ``rasa data validate`` are read, because its exit code hides warnings."""
    code, said = rasa("data", "validate", *arguments)
    assert code == 0, said[-2000:]
    return re.findall(r"rasa/shared/utils/io\.py:\d+: \w*Warning: (.*)", said)


def test_the_training_data_and_the_domain_agree() -> None:
    assert warnings_of_validation() == []


def test_a_response_and_an_intent_that_nothing_uses_are_seen(tmp_path: Path) -> None:
    domain: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    domain["responses"]["utter_planted"] = [{"text": "planted"}]
    domain["intents"].append("planted")
    planted = tmp_path / "domain.yml"
    planted.write_text(yaml.safe_dump(domain, allow_unicode=True), encoding="utf-8")

    found = "\n".join(warnings_of_validation("--domain", str(planted)))

    assert "'utter_planted' is not used" in found
    assert "'planted' is listed in the domain file, but is not found" in found


def held_stories(stories: Path, out: Path) -> tuple[int, str]:
    model = ["--model", str(ensure_model()), "--out", str(out), "--no-plot"]
    return rasa("test", "core", "--fail-on-prediction-errors", "--stories", str(stories), *model)


def test_every_test_story_goes_as_it_is_written(tmp_path: Path) -> None:
    code, said = held_stories(STORIES, tmp_path)

    assert code == 0, said[-2000:]
    count = STORIES.read_text(encoding="utf-8").count("- story: ")
    assert re.search(rf"Correct: +{count} / {count}\b", said), said[-2000:]


def test_a_story_that_goes_otherwise_is_seen(tmp_path: Path) -> None:
    """The same story of an emergency, in which the alert does not come."""
    wrong = tmp_path / "wrong.yml"
    steps = [{"intent": "emergency"}, {"action": "utter_thanks"}]
    story = {"version": "3.1", "stories": [{"story": "wrong", "steps": steps}]}
    wrong.write_text(yaml.safe_dump(story), encoding="utf-8")

    code, said = held_stories(wrong, tmp_path)

    assert code != 0
    assert "action_emergency" in said
