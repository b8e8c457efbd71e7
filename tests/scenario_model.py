"""Whole conversations as data: the form of ``scenarios/*.yml``.

One definition holds a conversation in one language or its twins in two: wherever a mapping has only
the keys ``en`` and ``zh``, each twin takes its own side. Expectations are ids, outcomes and facts in
the store; prose is compared only where a number is read back.

Example:
    A file is one phenomenon, an item one conversation; ``fragments.yml`` holds what several share::

        - id: correct-alt
          title: A corrected ALT changes the phase
          language: both                   # en, zh, or the twins correct-alt-en and correct-alt-zh
          include: [well, untreated]       # answers to the questions of an interview
          answers: {alt_limit: "40"}       # more of them; unit: or unit:<question> when a unit is asked
          turns:
            - include: clearance_told      # turns of fragments.yml
            - interview: true              # answer what is asked until nothing is (or ``until: alt``)
            - days_later: 10               # everything kept about the person becomes ten days older
              user: {en: "no, ALT was 17 U/L", zh: "不对，谷丙转氨酶是17 U/L"}
              expect: {facts: {alt: {value: 17}}, earlier: {alt: {value: 86}}}
          at_end:
            cards: {phase: {status: settled, outcome: immune_tolerance, rules: [PHASE-1]}}
          pending: "what is not built yet"  # or {zh: …} for one twin; it must then fail
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from records import Observation

FOLDER = Path(__file__).parent / "scenarios"
LANGUAGES = ("en", "zh")
TOO_LONG = 600
_DAY = re.compile(r"\{(day|天|month|月|year)([+-]\d+)?\}")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Model):
    """One observation in the record; what is not given is not compared."""

    value: Any = None
    unit: str | None = None
    comparator: str | None = None
    status: str = "current"
    subject: str | None = None
    date: str | None = None
    reference_high: float | None = None
    raw: str | None = None

    def fits(self, observation: Observation) -> bool:
        """Tell whether an observation is the expected one."""
        wanted = self.model_dump(exclude_unset=True) | {"status": self.status}
        return all(_same(getattr(observation, key), value) for key, value in wanted.items())


class Card(_Model):
    """An answer of the engine as it was shown; ``rules`` are those that must be among its rules."""

    outcome: str | None = None
    status: str | None = None
    rules: list[str] = []
    possible: list[str] | None = None
    language: str | None = None

    def misses(self, card: dict[str, Any]) -> str:
        """Return how a shown card differs, or nothing."""
        wrong = [
            f"{key} is {card.get(key)!r}, not {wanted!r}"
            for key in ("outcome", "status", "language")
            if (wanted := getattr(self, key)) is not None and card.get(key) != wanted
        ]
        if self.possible is not None and sorted(card.get("possible") or ()) != sorted(
            self.possible
        ):
            wrong.append(f"possible is {card.get('possible')}, not {self.possible}")
        if missing := set(self.rules) - set(card.get("rules") or ()):
            wrong.append(f"rules {card.get('rules')} lack {sorted(missing)}")
        return "; ".join(wrong)


class Expectation(_Model):
    """What holds after a turn, or at the end.

    Attributes:
        questions: ids of which the open question must be one; an empty list when none may be open.
        cards: by decision; at the end the last card of each decision in the whole conversation.
        no_cards: decisions that must not be shown. ``all`` stands for every one.
        responses: ids of fixed texts (``domain.yml``, ``phrases.yml``, ``fixed_replies.yml``) that
            must be among the messages; ``a|b`` accepts either.
        facts: current facts of the record, by name. earlier: facts that were superseded.
        absent: names that must not be current in the record.
        buttons: whether the last message has any.
        payload: what a message must carry under ``custom`` (``export``, ``timeline`` …).
        said, not_said: fragments of the text, for numbers and their units only.
        error: the code of a refusal (HTTP 400) where no answer is expected.
        erased: true when nothing about the person may be left.
    """

    questions: list[str] | None = None
    cards: dict[str, Card] = {}
    no_cards: list[str] = []
    responses: list[str] = []
    no_responses: list[str] = []
    facts: dict[str, Fact | list[Fact]] = {}
    earlier: dict[str, Fact] = {}
    absent: list[str] = []
    buttons: bool | None = None
    payload: list[str] = []
    said: list[str] = []
    not_said: list[str] = []
    error: str | None = None
    erased: bool = False


class Turn(_Model):
    """One step: a message, an interview (answer whatever is asked until nothing is), or a pause."""

    user: str | None = None
    interview: bool = False
    until: str | None = None
    days_later: int | None = None
    expect: Expectation = Expectation()


class Scenario(_Model):
    """A conversation. ``answers`` are what the person says to each question of an interview."""

    id: str
    title: str
    phenomenon: str
    language: Literal["en", "zh"]
    turns: list[Turn] = Field(min_length=1)
    answers: dict[str, str] = {}
    at_end: Expectation = Expectation()
    pending: str | None = None


def load() -> list[Scenario]:
    """Return all scenarios, each file being one phenomenon."""
    fragments = yaml.safe_load((FOLDER / "fragments.yml").read_text(encoding="utf-8"))
    files = sorted(path for path in FOLDER.glob("*.yml") if path.stem != "fragments")
    return [
        scenario
        for path in files
        for data in yaml.safe_load(path.read_text(encoding="utf-8")) or ()
        for scenario in _twins(data, path.stem, fragments)
    ]


def _twins(data: dict[str, Any], phenomenon: str, fragments: dict[str, Any]) -> Iterator[Scenario]:
    both = data.get("language") == "both"
    answers: dict[str, Any] = {}
    for name in data.get("include", ()):
        answers |= fragments["answers"][name]
    answers |= data.get("answers", {})
    turns = [step for turn in data["turns"] for step in _spliced(turn, fragments)]
    for language in LANGUAGES if both else (data["language"],):
        told = {k: v for k, v in data.items() if k != "include"}
        told |= {"answers": answers, "turns": turns, "phenomenon": phenomenon}
        own = _side(told, language)
        name = f"{data['id']}-{language}" if both else data["id"]
        yield Scenario.model_validate(own | {"id": name, "language": language})


def _spliced(turn: dict[str, Any], fragments: dict[str, Any]) -> list[dict[str, Any]]:
    return list(fragments["turns"][turn["include"]]) if "include" in turn else [turn]


def _side(data: Any, language: str) -> Any:
    """Return data with every ``{en: …, zh: …}`` replaced by the side of one language."""
    if isinstance(data, dict):
        if data and data.keys() <= set(LANGUAGES):
            return _side(data.get(language), language)
        return {key: _side(value, language) for key, value in data.items()}
    return [_side(item, language) for item in data] if isinstance(data, list) else data


def dated(text: str) -> str:
    """Return a text with ``{day-30}``, ``{天-30}``, ``{month-3}``, ``{year-1}`` made real dates.

    ``{long}`` becomes more text than a message may hold.
    """
    return _DAY.sub(_date, text.replace("{long}", "ALT " * TOO_LONG))


def _date(match: re.Match[str]) -> str:
    today, offset = dt.datetime.now().astimezone().date(), int(match[2] or 0)
    if match[1] in {"day", "天"}:
        day = today + dt.timedelta(days=offset)
        return str(day) if match[1] == "day" else f"{day.year}年{day.month}月{day.day}日"
    if match[1] == "year":
        return str(today.year + offset)
    months = today.year * 12 + today.month - 1 + offset
    year, month = months // 12, months % 12 + 1
    return f"{year}-{month:02}" if match[1] == "month" else f"{year}年{month}月"


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return isinstance(found, float | int) and abs(found - wanted) <= 1e-9 * abs(wanted)
    return found == (dated(wanted) if isinstance(wanted, str) else wanted)
