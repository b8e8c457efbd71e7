"""Holding a scenario over HTTP with the running processes and comparing it with the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hbv_engine import load_book
from records import Observation, Store
from records.database import writing
from scripts.stack import post
from tests.scenario_model import Expectation, Fact, Scenario, Turn, dated

ROOT = Path(__file__).parent.parent
LONGEST_INTERVIEW = 30
OFTEN = 3
SHORTEST_TEXT = 3
FAILURES = {"no_answer", "not_saved"}
DONT_KNOW = {"en": "I don't know", "zh": "不知道"}
_HOLE = re.compile(r"\{[^{}]*\}")


class ScenarioError(AssertionError):
    """A conversation that did not go as its scenario says."""


@dataclass
class Conversation:
    """A scenario being held with the running processes by a person of its own."""

    scenario: Scenario
    url: str
    store: Store
    person: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    refusal: str = ""

    def run(self) -> None:
        """Hold the conversation.

        Raises:
            ScenarioError: with the transcript, when something is not as expected.
        """
        try:
            for number, turn in enumerate(self.scenario.turns, 1):
                self._take(turn)
                self._check(turn.expect, f"turn {number}", self._cards(self.messages))
            self.refusal = ""
            self._check(self.scenario.at_end, "at the end", self._cards(self.shown))
            self._check_invariants()
        except (ScenarioError, OSError) as error:
            log = "\n".join(self.transcript)
            raise ScenarioError(f"{self.scenario.id}: {error}\n{log}") from error

    def _take(self, turn: Turn) -> None:
        if turn.days_later is not None:
            self.transcript.append(f"    ({turn.days_later} days later)")
            move_back(self.store, self.person, turn.days_later)
        if turn.user is not None:
            self._say(turn.user)
        if turn.interview:
            self._answer_all(turn.until)

    def _say(self, text: str) -> None:
        text = dated(text)
        self.transcript.append(f"> {text[:300]!r}")
        answer = post(self.url, {"sender": self.person, "message": text})
        self.refusal = answer["error"] if isinstance(answer, dict) else ""
        self.messages = [] if isinstance(answer, dict) else answer
        self.shown += self.messages
        self.transcript += [_shown(message) for message in self.messages]
        if self.refusal:
            self.transcript.append(f"    refused: {self.refusal}")
        elif not self.messages:
            raise ScenarioError("the assistant said nothing")
        if failed := FAILURES & {name for m in self.messages for name in responses_of(m)}:
            raise ScenarioError(f"the assistant failed: {', '.join(failed)}")

    def _answer_all(self, until: str | None) -> None:
        """Answer what is asked, with what the person knows, until nothing (or ``until``) is asked."""
        asked: list[str] = []
        while (question := self.question) and question != until:
            asked.append(question)
            if asked.count(question) >= OFTEN or len(asked) > LONGEST_INTERVIEW:
                raise ScenarioError(f"the questions do not end: {asked}")
            known = self.scenario.answers
            plain = question.rpartition(":")[2]
            kind = "unit" if question.startswith("unit:") else plain
            self._say(known.get(f"{kind}:{plain}", known.get(kind, DONT_KNOW[self.language])))
        if until and question != until:
            raise ScenarioError(f"{until!r} was never asked, only {asked}")

    @property
    def language(self) -> str:
        return self.scenario.language

    @property
    def question(self) -> str:
        """The id of the question that is open, or nothing."""
        asked = [m["custom"]["question"] for m in self.messages if "question" in _custom(m)]
        return str(asked[-1]["id"]) if asked else ""

    def _cards(self, messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [m["custom"]["card"] for m in messages if "card" in _custom(m)]

    def _check(self, expect: Expectation, where: str, cards: list[dict[str, Any]]) -> None:
        problems = [
            *self._about_dialogue(expect),
            *_about_cards(expect, cards),
            *self._about_record(expect),
        ]
        if problems:
            raise ScenarioError(f"{where}: " + " | ".join(problems))

    def _about_dialogue(self, expect: Expectation) -> Iterator[str]:
        if self.refusal != (expect.error or ""):
            yield f"refused with {self.refusal!r}, expected {expect.error!r}"
        question = self.question.rpartition(":")[2]
        asked = "unit" if self.question.startswith("unit:") else question
        if expect.questions == [] and question:
            yield f"{self.question!r} is asked, nothing should be"
        if expect.questions and asked not in expect.questions:
            yield f"the open question is {asked!r}, not one of {expect.questions}"
        given = [name for message in self.messages for name in responses_of(message)]
        for wanted in expect.responses:
            if not set(wanted.split("|")) & set(given):
                yield f"response {wanted!r} is missing among {given}"
        for unwanted in set(expect.no_responses) & set(given):
            yield f"response {unwanted!r} was given"
        if expect.buttons is not None:
            has = bool(self.messages and any(m.get("buttons") for m in self.messages))
            if has is not expect.buttons:
                yield f"buttons: {has}"
        for name in expect.payload:
            if not any(name in _custom(m) for m in self.messages):
                yield f"no message carries {name!r}"
        text = "\n".join(m.get("text", "") for m in self.messages)
        yield from (f"{part!r} was not said" for part in expect.said if dated(part) not in text)
        yield from (f"{part!r} was said" for part in expect.not_said if dated(part) in text)

    def _about_record(self, expect: Expectation) -> Iterator[str]:
        if not (expect.facts or expect.earlier or expect.absent or expect.erased):
            return
        kept = self.store.observations(self.person, history=True)
        now = [o for o in kept if o.superseded_by is None]
        yield from _missing(expect.facts, now, "facts")
        yield from _missing(expect.earlier, [o for o in kept if o.superseded_by], "earlier facts")
        there = {o.name for o in now if o.status == "current"}
        yield from (f"{name!r} is in the record" for name in expect.absent if name in there)
        if expect.erased and (kept or self.store.messages(self.person)):
            yield "something is left in the store"

    def _check_invariants(self) -> None:
        """What holds in every conversation: words kept, cards grounded, nothing without a source."""
        written = {m["id"]: m for m in self.store.messages(self.person)}
        unread = [
            m["text"] for m in written.values() if m["direction"] == "in" and not m["read_at"]
        ]
        if unread:
            raise ScenarioError(f"stored but never read: {unread}")
        for o in self.store.observations(self.person, history=True):
            text = written[o.message or ""]["text"]
            if o.raw != text[o.start : o.end] and "…" not in o.raw:
                raise ScenarioError(f"{o.name}: {o.raw!r} does not stand in {text!r}")
        for card in self._cards(self.shown):
            if unknown := set(card["rules"]) - rule_ids():
                raise ScenarioError(f"a card names rules that do not exist: {sorted(unknown)}")
            if not card["rules"] and card.get("status") == "settled":
                raise ScenarioError(f"a settled card without a rule: {card['decision']}")


def _about_cards(expect: Expectation, cards: list[dict[str, Any]]) -> Iterator[str]:
    for decision, wanted in expect.cards.items():
        differs = [wanted.misses(card) for card in cards if card["decision"] == decision]
        if not differs:
            yield f"no card {decision!r} among {[card['decision'] for card in cards]}"
        elif all(differs):
            yield f"card {decision}: {differs[-1]}"
    shown = {card["decision"] for card in cards}
    refused = shown if "all" in expect.no_cards else shown & set(expect.no_cards)
    yield from (f"a card {decision!r} was shown" for decision in sorted(refused))


def _missing(
    wanted: dict[str, Fact | list[Fact]] | dict[str, Fact], kept: list[Observation], what: str
) -> Iterator[str]:
    for name, one_or_more in wanted.items():
        for fact in one_or_more if isinstance(one_or_more, list) else [one_or_more]:
            named = [o for o in kept if o.name == name]
            if not any(fact.fits(o) for o in named):
                found = [
                    o.model_dump(exclude_none=True, include=set(Fact.model_fields)) for o in named
                ]
                yield f"{what}: {name} {fact.model_dump(exclude_unset=True)} not among {found}"


def move_back(store: Store, person: str, days: int) -> None:
    """Let time pass for one person: everything that was kept about them becomes older by ``days``."""
    shift = f"-{days} days"
    moment = "strftime('%Y-%m-%dT%H:%M:%f+00:00', {0}, :shift)"
    columns = {
        "people": ("id", ["since"], []),
        "conversations": ("person", ["began_at", "last_at"], []),
        "messages": ("person", ["at", "read_at"], []),
        "observations": ("person", ["at"], ["date"]),
        "assessments": ("person", ["at"], []),
    }
    with writing(store.db) as db:
        for table, (key, moments, dates) in columns.items():
            set_ = [f"{c} = {moment.format(c)}" for c in moments]
            set_ += [f"{c} = date({c}, :shift)" for c in dates]
            sql = f"update {table} set {', '.join(set_)} where {key} = :person"  # noqa: S608
            db.execute(sql, {"shift": shift, "person": person})


def responses_of(message: dict[str, Any]) -> list[str]:
    """Return the ids of the fixed texts that a message is: what it says itself, else by its words."""
    named = _custom(message).get("response")
    if named:
        return [str(named)]
    text = message.get("text") or ""
    return [name for name, pattern in _texts() if pattern.fullmatch(text)]


@cache
def response_ids() -> frozenset[str]:
    """Return every id that a fixed text has today."""
    return frozenset(name for name, _ in _texts())


@cache
def rule_ids() -> frozenset[str]:
    """Return the ids of all rows of the rulebook."""
    return frozenset(row.id for table in load_book().tables.values() for row in table.rows)


@cache
def _texts() -> list[tuple[str, re.Pattern[str]]]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    texts = [(name, one["text"]) for name, several in domain.items() for one in several]
    for path in ("actions/phrases.yml", "bot/fixed_replies.yml"):
        data = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
        texts += [(name, text) for name, sides in data.items() for text in sides.values()]
    return [
        (name, _pattern(text)) for name, text in texts if len(_HOLE.sub("", text)) > SHORTEST_TEXT
    ]


def _pattern(text: str) -> re.Pattern[str]:
    parts = _HOLE.split(text)
    return re.compile(".+?".join(map(re.escape, parts)) + r"\s*", re.DOTALL)


def _custom(message: dict[str, Any]) -> dict[str, Any]:
    custom = message.get("custom")
    return custom if isinstance(custom, dict) else {}


def _shown(message: dict[str, Any]) -> str:
    custom = _custom(message)
    parts = [f"<{name}>" for name in responses_of(message)]
    if card := custom.get("card"):
        parts.append(
            f"[{card['decision']} {card.get('status')} {card.get('outcome')} {card['rules']}]"
        )
    if question := custom.get("question"):
        parts.append(f"[asks {question['id']}]")
    text = (message.get("text") or "").replace("\n", " / ")
    return f"    {' '.join(parts)} {text[:160]}"
