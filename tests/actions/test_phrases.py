"""What is said in one language is said in the other: phrases, responses, buttons, placeholders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.phrases import _phrases

ROOT = Path(__file__).parent.parent.parent
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("name", sorted(_phrases()))
def test_a_phrase_is_used_and_says_the_same_in_both_languages(name: str) -> None:
    phrase = _phrases()[name]

    assert set(phrase) == {"en", "zh"}
    assert _placeholders(phrase["en"]) == _placeholders(phrase["zh"])
    assert not CHINESE.search(phrase["en"])
    assert re.search(rf"""["']{name}["']""", CODE)


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_a_response_has_one_variation_for_each_language(name: str) -> None:
    chinese, english = DOMAIN["responses"][name]

    assert chinese["condition"] == [{"type": "slot", "name": "language", "value": "zh"}]
    assert "condition" not in english
    assert CHINESE.search(chinese["text"])
    assert not CHINESE.search(english["text"])
    assert len(chinese.get("buttons", ())) == len(english.get("buttons", ()))


@pytest.mark.parametrize("variation", [v for r in DOMAIN["responses"].values() for v in r])
def test_no_text_has_a_blank_line_where_a_channel_would_cut_it(variation: dict[str, Any]) -> None:
    assert "\n\n" not in variation["text"]


def test_both_languages_train_every_intent() -> None:
    trained = {
        language: {
            item["intent"]
            for path in (ROOT / "data" / "nlu" / language).glob("*.yml")
            for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        }
        for language in ("en", "zh")
    }

    assert trained["en"] == trained["zh"] == set(DOMAIN["intents"])
