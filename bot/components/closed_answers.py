"""What the classifier must not decide: danger, closed answers, bare values, unknown words."""

from __future__ import annotations

import re
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
from bot.components.asked import ABOUT_THE_TALK, asked, may_be_asked
from bot.dictionary import load, words
from bot.matters import matters
from bot.other_matters import is_out_of_scope
from bot.parts import GOAL_INTENTS, OWN_INTENTS, about_another
from bot.polarity import asks
from bot.reading import Reading, read
from bot.spans import find_terms
from bot.text import fold
from hbv_engine.definitions import asked_definition
from hbv_engine.facts import catalogue

# What states a value is history, unless words say that it is not.
_QUESTION = "ask_"
# A guess at the whole message that gives way to a question in one of its clauses.
_TELLING = {
    "give_history", "out_of_scope", "greet", "thanks", "worry", "affirm", "deny", "dont_know",
    "amend", "why", "goodbye", "emergency", "skip",
}  # fmt: skip
# Questions that are often told rather than asked: "I forgot my tablets".
_MAY_TELL = GOAL_INTENTS | ABOUT_THE_TALK | {"ask_stop_nuc"}
# A lone name of one of them says which one a value told before is of.
_ENZYMES = {"alt", "ast"}
# What gives way to anything that is told with it.
_POLITE = {"greet", "thanks", "goodbye"}
# How likely a clause must be a danger that no listed word names.
# Questions of somebody whose immune system is weakened that the rules must answer.
_ABOUT_TREATMENT = {"ask_start_treatment", "ask_drug_interaction", "ask_monitoring", "ask_stop_nuc"}
# "I forgot my tablets, should I double up?" is answered by what is said of missed tablets.
_MISSED = re.compile(r"\b(?:miss|missed|forgot|forgotten|skipped)\b|忘|漏")
_VEILED = 0.7
# How likely a question beside facts must be: the first, and another.
_LIKELY_BESIDE_FACTS, _LIKELY = 0.05, 0.2
# How likely what is asked beside something else may seem, if that is not to be answered with it.
_OTHERS = 0.4
# What is asked beside must not seem as likely as the first, which would then be asked back.
_CLEARLY_SECOND = 0.9
# How many questions are heard beside the first.
_MOST = 3
# What has no dose of a medicine.
_NO_MEDICINE = {"herb", "vitamin", "food", "alcohol"}
_NEED_A_MARK = {"ask_what_if", "amend", "agree", "disagree", "dont_know", "skip"}


_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+|[\u3400-\u9fff]")


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
        found = _asked(text, ranking, clauses, reading)
        if reading.around != text:
            # Of a report the answer on the own case says what its results mean, too.
            found.sort(key=lambda question: question["name"] not in GOAL_INTENTS)
        if danger := _danger(reading) or _veiled_danger(clauses):
            _decide(message, danger, beside=_quiet([*_caused(reading), *found]))
        elif closed := reading.reply or _by_words(text, reading, guess):
            _decide(message, closed)
        elif asked_definition(text):
            _decide(message, "ask_meaning_of_result")
        elif near := _time_critical(reading, guess):
            _decide(message, near, beside=_quiet(found))
        elif is_out_of_scope(reading, text, [i["name"] for i in found] or [str(guess)]):
            _decide(message, "out_of_scope")
        elif found and _gives_way(guess):
            _decide(message, found[0]["name"], beside=found[1:])
        elif _only_tells(text, reading, guess):
            _decide(message, "give_history")
        elif not (message.get("known") or reading.facts):
            _decide(message, guess, confidence=0.0)
        else:
            _follow(message, ranking, reading)


def _follow(message: Message, ranking: list[dict[str, Any]], reading: Reading) -> None:
    """Take the guess at a message of which no words decide."""
    if not ranking:
        return
    guess = ranking[0]["name"]
    if guess in OWN_INTENTS and about_another(reading, message.get("text") or ""):
        _decide(message, "ask_for_other", beside=_quiet(ranking[:1]))
    elif reading.red_flags and not reading.facts and guess not in GOAL_INTENTS:
        named = all(flag.asked for flag in reading.red_flags)
        _decide(message, "ask_symptom" if named else _calm(guess))
    else:
        if guess == "give_history" and reading.facts:
            # What was read is no matter of likelihood.
            ranking[0] = {"name": guess, "confidence": 1.0}
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)


def _only_tells(text: str, reading: Reading, guess: str | None) -> bool:
    """Tell whether a message only states something, whatever it was taken for."""
    if reading.facts and guess in _NEED_A_MARK | _POLITE:
        return True
    if guess == "out_of_scope" and _tells_a_result(reading) and not asks(fold(text)):
        return True  # "my mother has an ALT of 200"
    topic = str(guess).startswith(_QUESTION) and guess not in _MAY_TELL
    if reading.facts and topic and not asks(fold(text)):
        return True  # "not pregnant" tells, whatever it is about
    if reading.facts and not _WORD.search(reading.around):
        return True  # the rows of a report, and nothing else
    bare = reading.bare
    if bare is not None and bare.name == "unit":
        return True  # 单位是IU/ml
    return bare is not None and not any(c.isalpha() for c in text[: bare.start] + text[bare.end :])


def _decide(
    message: Message,
    name: str | None,
    *,
    confidence: float = 1.0,
    beside: Sequence[dict[str, Any]] = (),
) -> None:
    """Set the intent; those that are asked ``beside`` it follow in the ranking."""
    intent = {"name": name, "confidence": confidence}
    rest = [
        {**other, "confidence": min(other["confidence"], _CLEARLY_SECOND)}
        for other in beside
        if other["name"] != name
    ][:_MOST]
    named = {name, *(other["name"] for other in rest)}
    rest += [
        {**other, "confidence": 0.0}
        for other in message.get("intent_ranking", [])
        if other["name"] not in named
    ]
    message.set("intent", intent, add_to_output=True)
    message.set("intent_ranking", [intent, *rest] if confidence else [], add_to_output=True)


def _asked(
    text: str, ranking: list[dict[str, Any]], clauses: list[Message], reading: Reading
) -> list[dict[str, Any]]:
    """Return what a message asks, the likeliest first, as far as it is no bare guess."""
    if found := _heard(text, ranking, clauses, reading):
        return found
    means = names("meaning", text) and _tells_a_result(reading)
    return [{"name": "ask_meaning_of_result", "confidence": 1.0}] if means else []


def _heard(
    text: str, ranking: list[dict[str, Any]], clauses: list[Message], reading: Reading
) -> list[dict[str, Any]]:
    if clauses:
        return asked(ranking, [(c, _tenable(c, read(c.get("text")))) for c in clauses], reading)
    questions = [i for i in ranking if may_be_asked(i["name"])]
    if topic := asked_topic(fold(text)):
        agreed = bool(questions) and questions[0]["name"] == topic
        further = [i for i in questions[1:] if agreed and i["confidence"] >= _LIKELY]
        return [{"name": topic, "confidence": 1.0}, *_quiet(further)]
    tells = bool(ranking) and ranking[0]["name"] == "give_history"
    return _beside_facts(questions) if tells and asks(fold(text)) else []


def _beside_facts(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the likely questions of a message that tells something and asks in one clause."""
    least = [_LIKELY_BESIDE_FACTS, *(_LIKELY for _ in questions)]
    return [i for i, needed in zip(questions, least, strict=False) if i["confidence"] >= needed]


def _quiet(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is asked beside something that comes first, too quiet for an answer of its own."""
    return [{**i, "confidence": min(i["confidence"], _OTHERS)} for i in found]


def _caused(reading: Reading) -> list[dict[str, Any]]:
    """Return the question that danger during interferon always raises."""
    during = any(f.name == "drug" and "interferon" in str(f.value) for f in reading.facts)
    return [{"name": "ask_side_effect", "confidence": 1.0}] if during else []


def _by_words(text: str, reading: Reading, guess: str | None) -> str | None:
    """Return the intent that closed words decide alone."""
    if names("dose", text) and not _is_of_no_medicine(text):
        return (
            "ask_stop_nuc"
            if _MISSED.search(fold(text)) and _only_tablets(fold(text))
            else "ask_dose"
        )
    if names("erase", text) or (guess == "forget_fact" and reading.facts):
        return "forget_fact" if reading.facts or reading.marks.topics else "forget"
    drugs = [fact for fact in reading.facts if fact.name == "drug"]
    if "taking_tablets" in reading.marks.about and drugs and _only_tablets(fold(text)):
        return "ask_tablets"  # "do I have to eat with it?"
    return _by_marks(reading, guess)


def _is_of_no_medicine(text: str) -> bool:
    """Tell whether a text names herbs or food, and no medicine, whose amount could be asked."""
    drugs = any(term.kind == "drug" for term in find_terms(fold(text)))
    return not drugs and not _NO_MEDICINE.isdisjoint(matters(fold(text)))


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
    if _is_of_no_medicine(text):
        refused.add("ask_dose")
    if any(term.kind.startswith("unless") for term in find_terms(text)):
        refused.add("emergency")
    ranking = message.get("intent_ranking") or []
    said = [i for i in ranking if i["name"] not in refused and _is_said(i["name"], text)]
    return _about_tablets(said) if _only_tablets(text) else said


def _tells_a_result(reading: Reading) -> bool:
    return any(fact.name in catalogue().analytes for fact in reading.facts)


# What a question on interferon is, if the words speak of tablets alone.
_OF_TABLETS = {"ask_missed_dose": "ask_stop_nuc", "ask_side_effect": "ask_tablets"}


def _only_tablets(text: str) -> bool:
    return names("tablets", text) and not names("injections", text)


def _about_tablets(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a ranking for tablets: missed doses and side effects of interferon are other questions."""
    certainty: dict[str, float] = {}
    for intent in ranking:
        name = _OF_TABLETS.get(intent["name"], intent["name"])
        certainty[name] = certainty.get(name, 0.0) + float(intent["confidence"])
    named = [{"name": name, "confidence": likely} for name, likely in certainty.items()]
    return sorted(named, key=lambda i: -float(i["confidence"]))


def _calm(guess: str | None) -> str:
    """Return the intent of a message that denies a danger: a worry, or something told."""
    return guess if guess == "worry" else "give_history"


def _veiled_danger(clauses: list[Message]) -> str | None:
    """Return a danger that no listed word names but that a clause is very like."""
    for clause in clauses:
        guess = clause.get("intent") or {}
        name = guess.get("name")
        lone = len(list(_WORD.finditer(clause.get("text")))) <= 1
        if name in {"crisis", "emergency"} and guess["confidence"] >= _VEILED and not lone:
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
    weakened = any(
        (f.name, f.value, f.subject) == ("immunosuppression", True, None) for f in reading.facts
    )
    if weakened and guess in _ABOUT_TREATMENT:
        return "ask_start_treatment"  # hepatitis B may wake up: the rules decide, not a topic
    if "exposure" in about:
        return guess if guess == "ask_vaccine" else "ask_transmission"
    return "ask_pregnancy" if "birth" in about else None


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
