"""What the classifier must not decide: danger, closed answers, bare values, unknown words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from bot.asked_topic import asked_topic
from bot.certain import names
from bot.dictionary import load, words
from bot.parts import (
    GOAL_INTENTS,
    OWN_INTENTS,
    about_another,
    asks_to_stop,
    is_open,
    is_out_of_scope,
    settled,
)
from bot.polarity import asks
from bot.reading import Reading, read
from bot.spans import find_terms
from bot.text import fold
from hbv_engine.definitions import asked_definition

# What states a value is history, unless words say that it is not.
_QUESTION = "ask_"
# A guess at the whole message that gives way to a question in one of its clauses.
_TELLING = {
    "give_history", "out_of_scope", "greet", "thanks", "worry", "affirm", "deny", "dont_know",
    "amend", "why", "goodbye", "emergency", "skip",
}  # fmt: skip
_ABOUT_THE_TALK = {
    "ask_what_you_know", "ask_what_would_change", "ask_why_answer", "ask_why_not", "ask_timeline",
    "ask_person",
}  # fmt: skip
# Facts that a clause may tell while it asks: "I forgot my peginterferon".
_TOLD_WITH = {"ask_missed_dose": {"drug"}, "ask_side_effect": {"drug", "symptom"}}
# Questions that are often told rather than asked: "I forgot my tablets".
_MAY_TELL = GOAL_INTENTS | _ABOUT_THE_TALK | {"ask_stop_nuc", "ask_for_other"}
# A lone name of one of them says which one a value told before is of.
_ENZYMES = {"alt", "ast"}
# What gives way to anything that is told with it.
_POLITE = {"greet", "thanks", "goodbye"}
# How likely a clause must be what it seems.
_LIKELY, _LIKELY_WITHOUT_FORM, _VEILED = 0.2, 0.6, 0.6
_LIKELY_BESIDE_FACTS = 0.05
# How far a question on a topic, certain as it is, stands behind one on the own case.
_BY_WORDS = 0.4
_NEED_A_MARK = {"ask_what_if", "amend", "agree", "disagree", "dont_know", "skip"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClosedAnswers(GraphComponent, IntentClassifier):
    """Corrects the guess of the classifier before it where the words alone decide.

    What the clauses of a message ask comes before what is told beside it. A sign of danger is
    danger. "No", "不知道" and "why?" are answers, however likely. "What is HBeAg?" asks for a
    definition. A lone value is history. "What if my ALT were 20?" supposes, "that was last year"
    amends. And a guess that rests on no known word is no guess: its confidence becomes 0, so that
    the fallback takes the message.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClosedAnswers:
        _ = config, model_storage, resource, execution_context
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        wholes = [message for message in messages if message.get("clause_of") is None]
        for message in wholes:
            clauses = [m for m in messages if m.get("clause_of") is message]
            self._settle(message, clauses)
        return wholes

    def _settle(self, message: Message, clauses: list[Message]) -> None:
        text = message.get("text") or ""
        reading = read(text)
        ranking = _tenable(message, reading)
        guess = ranking[0]["name"] if ranking else None
        asked = self._asked(clauses, reading) or _by_topic(text, clauses)
        certain = (
            _danger(reading)
            or _veiled_danger(clauses)
            or reading.reply
            or _time_critical(reading, guess)
            or ("ask_dose" if names("dose", text) else None)
            or ("forget" if names("erase", text) else None)
            or _by_definition(text)
            or _by_marks(reading, guess)
        )
        if certain is None and is_out_of_scope(reading, text, asked or [str(guess)]):
            certain = "out_of_scope"
        if certain:
            self._decide(message, certain)
        elif asked and _gives_way(guess):
            self._decide(message, asked[0], beside=asked[1:])
        elif told := self._told(message, reading, ranking):
            self._decide(message, told)
        elif not message.get("known"):
            self._decide(message, guess, confidence=0.0)
        elif guess in OWN_INTENTS and about_another(reading, text):
            self._decide(message, "ask_for_other", beside=[guess])
        elif reading.red_flags and not reading.facts and guess not in GOAL_INTENTS:
            named = all(flag.asked for flag in reading.red_flags)
            self._decide(message, "ask_symptom" if named else _calm(guess))
        elif ranking:
            if guess == "give_history" and reading.facts:
                # What was read is no matter of likelihood.
                ranking[0] = {"name": guess, "confidence": 1.0}
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)

    def _told(
        self, message: Message, reading: Reading, ranking: Sequence[dict[str, Any]]
    ) -> str | None:
        """Return the intent of a message that tells something: history, or what it asks beside it."""
        guess = ranking[0]["name"] if ranking else None
        if self._only_tells(message, reading, guess) or (reading.facts and guess in _POLITE):
            return "give_history"
        tells = guess == "give_history" and message.get("known")
        return _asked_beside(ranking, message.get("text") or "") if tells else None

    def _only_tells(self, message: Message, reading: Reading, guess: str | None) -> bool:
        if reading.facts and guess in _NEED_A_MARK:
            return True
        topic = str(guess).startswith(_QUESTION) and guess not in _MAY_TELL
        if reading.facts and topic and not asks(fold(message.get("text") or "")):
            return True  # "not pregnant" tells, whatever it is about
        return reading.bare is not None and self._is_whole(message, reading.bare)

    def _asked(self, clauses: list[Message], reading: Reading) -> list[str]:
        """Return what the clauses of a message ask, the likeliest first."""
        found: dict[str, float] = {}
        for clause in clauses:
            part, text = read(clause.get("text")), fold(clause.get("text"))
            ranking = _tenable(clause, part)
            if topic := asked_topic(text):
                found[topic] = max(_BY_WORDS, found.get(topic, 0.0))
                continue
            if not ranking or is_open(text) or not clause.get("known"):
                continue
            name, confidence = ranking[0]["name"], float(ranking[0]["confidence"])
            if asks_to_stop(reading, text):
                name, confidence = "ask_stop_nuc", 1.0
            if _is_asked(name, confidence, text, part):
                other = name in OWN_INTENTS and about_another(reading, text)
                name = "ask_for_other" if other else settled(name, reading, part)
                found[name] = max(confidence, found.get(name, 0.0))
        return sorted(found, key=lambda name: -found[name])

    @staticmethod
    def _is_whole(message: Message, bare: Any) -> bool:
        text: str = message.get("text") or ""
        return not any(char.isalpha() for char in text[: bare.start] + text[bare.end :])

    @staticmethod
    def _decide(
        message: Message, name: str | None, *, confidence: float = 1.0, beside: Sequence[str] = ()
    ) -> None:
        """Set the intent; those that are asked ``beside`` it follow in the ranking."""
        intent = {"name": name, "confidence": confidence}
        rest = [
            {"name": other, "confidence": 0.9 - 0.1 * place}
            for place, other in enumerate(beside[:3])
        ]
        named = {name, *(other["name"] for other in rest)}
        rest += [
            {**other, "confidence": 0.0}
            for other in message.get("intent_ranking", [])
            if other["name"] not in named
        ]
        message.set("intent", intent, add_to_output=True)
        message.set("intent_ranking", [intent, *rest] if confidence else [], add_to_output=True)


def _danger(reading: Reading) -> str | None:
    """Return the danger that a message speaks of, the writer's own or somebody else's."""
    found = {f.id for f in reading.red_flags if f.is_present and f.level == "emergency_now"}
    if not found:
        return None
    return "crisis" if "suicidal_thoughts" in found else "emergency"


def _tenable(message: Message, reading: Reading) -> list[dict[str, Any]]:
    """Return the intents, likeliest first, that the words of a message bear out.

    Denied or only asked about, a sign of danger is no emergency. A missed dose, or a supposition,
    must be said in so many words.
    """
    refused = {"emergency", "crisis"} if reading.red_flags else set()
    if not reading.marks.supposed and reading.facts:
        refused.add("ask_what_if")
    text = fold(message.get("text") or "")
    if any(term.kind == "unless" for term in find_terms(text)):
        refused.add("emergency")
    ranking = message.get("intent_ranking") or []
    said = [i for i in ranking if i["name"] not in refused and _is_said(i["name"], text)]
    return _about_tablets(said) if _only_tablets(text) else said


def _only_tablets(text: str) -> bool:
    return names("tablets", text) and not names("injections", text)


def _about_tablets(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a ranking for missed tablets: only an injection is a missed dose of interferon."""
    tablets = {"ask_missed_dose", "ask_stop_nuc"}
    certainty = sum(float(i["confidence"]) for i in ranking if i["name"] in tablets)
    rest = [i for i in ranking if i["name"] not in tablets]
    named = [{"name": "ask_stop_nuc", "confidence": certainty}] if len(rest) < len(ranking) else []
    return sorted([*rest, *named], key=lambda i: -float(i["confidence"]))


def _is_asked(name: str, confidence: float, clause: str, part: Reading) -> bool:
    """Tell whether a clause asks what it seems to; one that only tells must be very like a goal."""
    if not name.startswith(_QUESTION) or name in _NEED_A_MARK | _ABOUT_THE_TALK:
        return False
    if asks(clause):
        return confidence >= _LIKELY
    told = {fact.name for fact in part.facts} - (_TOLD_WITH.get(name) or set())
    return name in GOAL_INTENTS and not told and confidence >= _LIKELY_WITHOUT_FORM


def _asked_beside(ranking: Sequence[dict[str, Any]], text: str) -> str | None:
    """Return the likeliest question of a message that tells something and asks in one clause."""
    if not asks(fold(text)):
        return None
    questions = [i for i in ranking if i["name"].startswith(_QUESTION)]
    questions = [i for i in questions if i["name"] not in _NEED_A_MARK | _ABOUT_THE_TALK]
    likely = [i for i in questions if float(i["confidence"]) >= _LIKELY_BESIDE_FACTS]
    return likely[0]["name"] if likely else None


def _calm(guess: str | None) -> str:
    """Return the intent of a message that denies a danger: a worry, or something told."""
    return guess if guess == "worry" else "give_history"


def _veiled_danger(clauses: list[Message]) -> str | None:
    """Return a danger that no listed word names but that a clause is very like."""
    for clause in clauses:
        guess = clause.get("intent") or {}
        name = guess.get("name")
        if name in {"crisis", "emergency"} and guess["confidence"] >= _VEILED:
            part = read(clause.get("text"))
            harmless = any(t.kind == "unless" for t in find_terms(fold(clause.get("text"))))
            if not part.red_flags and not part.facts and not harmless:
                return str(name)
    return None


def _is_said(name: str, text: str) -> bool:
    needed = load("intents").get(name)
    return needed is None or any(word in text for word in words(needed))


def _gives_way(guess: str | None) -> bool:
    """Tell whether a guess at a whole message gives way to what its clauses ask."""
    return guess is None or guess.startswith(_QUESTION) or guess in _TELLING


def _time_critical(reading: Reading, guess: str | None) -> str | None:
    """Return the intent of a message on what must be treated within hours: an exposure, a birth."""
    about = set(reading.marks.about)
    if "exposure" in about:
        return guess if guess == "ask_vaccine" else "ask_transmission"
    return "ask_pregnancy" if "birth" in about else None


def _by_topic(text: str, clauses: Sequence[Message]) -> list[str]:
    """Return the topic that a message of one clause asks about, if its words name it."""
    topic = None if clauses else asked_topic(fold(text))
    return [topic] if topic else []


def _by_definition(text: str) -> str | None:
    return "ask_meaning_of_result" if asked_definition(text) else None


def _by_marks(reading: Reading, guess: str | None) -> str | None:
    """Return the intent that the marks of a message decide: to suppose or to put right a value."""
    marks = reading.marks
    if marks.objection:
        return "disagree"
    if not reading.facts and reading.only_names and set(marks.topics) <= _ENZYMES:
        return "amend"
    if guess == "forget_confirmed":
        return "forget"  # only the exact words erase, and those are a closed answer
    if any(fact.supposed for fact in reading.facts):
        return "ask_what_if"
    number = reading.bare and reading.bare.name == "number"
    if not reading.facts and marks.remark and (marks.whom or marks.when):
        return "amend"
    if not reading.facts and number and marks.correction:
        return "amend"
    return None
