"""``python -m bot.understand``: JSON lines in, what was understood of each as JSON lines out.

In: ``{"id": …, "text": …}``. Out: ``{"id", "language", "intents", "talk", "facts", "red_flags"}``,
read by the very pipeline of the chat: the trained Rasa model, trained first if it is not up to
date. ``talk`` says what only a conversation needs to know, such as that advice for somebody else is
asked.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.context import CLAUSE_END
from bot.facts import Fact
from bot.model import ensure_model, quiet
from bot.polarity import asks, pattern_of
from bot.reading import Reading, read
from bot.text import fold

_SURE = 0.2
# The sign of danger that has an intent of its own, "crisis".
_OWN_NAME = "suicidal_thoughts"
# Answers to a question, which ask nothing.
_HIDDEN = {"nlu_fallback", "affirm", "deny", "dont_know", "skip", "why"}
# What only the conversation needs to know; the intents of the contract leave it out.
_TALK = {"ask_for_other", "ask_dose", "amend", "ask_suitable_interferon", "ask_tablets"}
# The name in the contract of what the conversation tells apart.
_NAMES = {
    "greet": "thanks_greeting",
    "thanks": "thanks_greeting",
    "goodbye": "thanks_greeting",
    "ask_suitable_interferon": "ask_switch_to_interferon",
    "ask_tablets": "ask_side_effect",
}


_ONLY_TALK = _TALK - set(_NAMES)


def understand(reading: Reading, ranking: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the contract's data for a reading and the classifier's ranking of intents."""
    if ranking and ranking[0]["name"] == "forget_fact":
        reading = replace(reading, facts=())  # what is to be forgotten is not stated
    return {
        "language": reading.language,
        "intents": _intents(reading, [i for i in ranking if i["name"] not in _ONLY_TALK]),
        "talk": [i["name"] for i in ranking if i["name"] in _TALK and i["confidence"] >= _SURE],
        "facts": [fact.as_dict() for fact in reading.facts],
        "red_flags": [flag.as_dict() for flag in reading.red_flags if not flag.asked],
    }


def _intents(reading: Reading, ranking: list[dict[str, Any]]) -> list[str]:
    """Return the likely intents, most likely first; a told history comes before all."""
    if reading.reply:
        return []
    named = [i for i in ranking if i["name"] not in _HIDDEN]
    sure = [i["name"] for i in named if i["confidence"] >= _SURE]
    if not sure and not reading.facts:
        sure = [i["name"] for i in named[:1]]
    other = bool(sure) and sure[0] == "out_of_scope"
    history = ["give_history"] if tells_a_case(reading) and not other else []
    danger = ["emergency"] if _needs_care(reading) else []
    return list(dict.fromkeys([*history, *danger, *(_NAMES.get(name, name) for name in sure)]))


def tells_a_case(reading: Reading) -> bool:
    """Tell whether facts of a case are stated: not a nickname or a medicine that is only asked about."""
    return any(
        not (fact.name == "serology_pattern" and (fact.ambiguous or _is_general(reading, fact)))
        and not (fact.name == "drug" and fact.status == "asked")
        for fact in reading.facts
    )


def _is_general(reading: Reading, nickname: Fact) -> bool:
    """Tell whether a nickname stands in a question in which nobody is spoken of: 小三阳能喝酒吗."""
    text = fold(reading.around)
    begin = max((m.end() for m in CLAUSE_END.finditer(text, 0, nickname.start)), default=0)
    after = CLAUSE_END.search(text, nickname.end)
    clause = text[begin : after.end() if after else len(text)]
    return asks(clause) and nickname.subject is None and not pattern_of("own_words").search(text)


def _needs_care(reading: Reading) -> bool:
    """Tell whether a sign is there that a doctor must see today, or sooner."""
    return any(flag.is_present and flag.id != _OWN_NAME for flag in reading.red_flags)


def read_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the parsed input lines.

    Raises:
        ValueError: a line is not a JSON object with a text.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item = json.loads(line)
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            raise ValueError(f'line {number}: expected {{"id": …, "text": "…"}}')  # noqa: TRY004
        yield item


def main() -> int:
    """Understand standard input."""
    os.environ.update(quiet())
    model = ensure_model()
    warnings.simplefilter("ignore")
    from rasa.core.agent import Agent  # noqa: PLC0415 - seconds and megabytes
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    # Rasa would print every message and what it found in it, between our lines.
    configure_structlog(logging.ERROR)

    agent = Agent.load(str(model))
    try:
        for item in read_lines(sys.stdin):
            text = item["text"].strip()
            parsed = asyncio.run(agent.parse_message(text)) if text else {}
            data = understand(read(text), parsed.get("intent_ranking") or [])
            sys.stdout.write(json.dumps({"id": item.get("id"), **data}, ensure_ascii=False) + "\n")
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
