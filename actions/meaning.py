"""What a word means, and what a result of the person means: from the rulebook alone, with its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.evidence import checked, record_of
from actions.goals import goals_in
from actions.phrases import say, utter
from actions.readback import in_words, value_of
from actions.telling import card_of, cited, tell
from actions.translate import observations_of
from actions.turn import Turn, store, today
from hbv_engine import Record, about, assess, load_book
from hbv_engine.cards import citation
from hbv_engine.definitions import Definition, asked_definition
from hbv_engine.facts import catalogue
from hbv_engine.meaning import Meaning, meanings_of
from hbv_engine.results import Decision
from hbv_engine.wording import outcome_label, phrase
from records import Observation

_SHOWN = 6
_DRAFT = {"K", "P"}
# The five markers, whose pattern means more than each alone.
_PANEL = {"hbsag", "anti_hbs", "hbeag", "anti_hbe", "anti_hbc"}
# The topic on the two nicknames of a panel, big three and small three positive.
_NICKNAMES = "nicknames"


class ActionMeaning(Action):
    """Explains a word, else the results that are named, else says that there is no answer."""

    def name(self) -> str:
        return "action_meaning"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        _ = domain
        turn = Turn.of(tracker)
        definition = asked_definition(turn.text)
        if definition is None and ("about", _NICKNAMES) in turn.marks:
            record = record_of(store().observations(turn.person), today())
            tell(dispatcher, [about(record, _NICKNAMES)], turn.language)
            return []
        results = [] if definition else list(_named(turn))
        if definition or not results:
            _define(dispatcher, definition or _named_word(turn), turn.language)
            return []
        if len({result.name for result in results} & _PANEL) > 1:
            record = _record_with(turn, results)
            tell(dispatcher, [assess(record).decisions["panel"]], turn.language)
            return []
        for result in results:
            _tell_meaning(dispatcher, turn, result, goals_in(tracker.get_slot("goal")))
        return []


def _define(dispatcher: CollectingDispatcher, definition: Definition | None, language: str) -> None:
    if definition is None:
        utter(dispatcher, "no_answer_yet", language)
        return
    dispatcher.utter_message(
        text=text_of(definition, language),
        json_message={"card": definition_card(definition, language)},
    )


def text_of(definition: Definition, language: str) -> str:
    """Return a definition as it is said: its words, that it is a draft if so, its sources."""
    book = load_book()
    lines = [
        say("fact", language, label=definition.label[language], value=definition.text[language])
    ]
    if definition.confidence in _DRAFT:
        lines.append(phrase(book, "note.draft", language))
    sources = [citation(book, source) for source in definition.sources]
    return "\n".join([*lines, cited((), sources, language)])


def definition_card(definition: Definition, language: str) -> dict[str, Any]:
    """Return the data of the card of a definition; it decides nothing and names no rule."""
    book = load_book()
    return {
        "decision": "definition",
        "status": "defined",
        "outcome": definition.id,
        "language": language,
        "summary": definition.text[language],
        "rules": [],
        "sources": [citation(book, source) for source in definition.sources],
        "confidence": definition.confidence,
        "rulebook": book.sha256,
    }


def _named_word(turn: Turn) -> Definition | None:
    """Return the definition of the first thing that the message names."""
    names = [*turn.topics, *(str(f["value"]) for f in turn.facts)]
    known = load_book().definitions
    return next((known[name] for name in names if name in known), None)


def _named(turn: Turn) -> Iterator[Observation]:
    """Yield the results that are meant: those in the message, else the known ones that it names.

    A message that names no test at all ("what does this mean?") is about the last results told.
    """
    in_it = [o for o in _stated(turn) if o.kind == "analyte" and o.status == "current"]
    told = [o for o in store().facts(turn.person) if o.kind == "analyte"]
    if not in_it:
        in_it = [o for o in told if o.name in turn.topics]
    if not in_it and not turn.topics and told:
        in_it = [o for o in told if o.message == told[-1].message]
    yield from {o.name: o for o in in_it}.values()


def _stated(turn: Turn) -> Iterator[Observation]:
    """Yield what the message names; a word such as "positive" need not be stated to be asked about."""
    for o in observations_of(turn):
        asked = o.status == "ambiguous" and isinstance(o.value, str)
        named = o.model_copy(update={"status": "current"}) if asked else o
        yield checked(named, today())


def _record_with(turn: Turn, results: list[Observation]) -> Record:
    """Return the record as it is with these results in place of others of the same tests."""
    names = {result.name for result in results}
    known = [o for o in store().observations(turn.person) if o.name not in names]
    return record_of([*known, *results], today())


def _tell_meaning(
    dispatcher: CollectingDispatcher, turn: Turn, result: Observation, goals: tuple[str, ...]
) -> None:
    record = _record_with(turn, [result])
    decisions = assess(record).decisions
    every = meanings_of(record, result.name)
    every.sort(key=lambda m: m.decision != "phase")
    found = [m for m in every if m.decision in goals] or every[:1]
    if not found:
        _define(dispatcher, load_book().definitions.get(result.name), turn.language)
    for meaning in found:
        decision = decisions[meaning.decision]
        data = {"fact": result.name, "fits": meaning.fits, "against": meaning.against}
        dispatcher.utter_message(
            text="\n".join(_lines(meaning, decision, result, turn.language)),
            json_message={"card": card_of(decision, turn.language), "meaning": data},
        )


def _lines(
    meaning: Meaning, decision: Decision, result: Observation, language: str
) -> Iterator[str]:
    book = load_book()
    card = decision.card.render(language)
    what = phrase(book, f"table.{meaning.decision}", language)
    joint = say("facts_joint", language)
    yield in_words(result, language)
    definition = book.definitions.get(result.name)
    if definition:
        yield definition.text[language]
    if catalogue().analytes[result.name].unit:
        for label, side in meaning.side_texts(book, language):
            if side != value_of(result, language):
                yield say("fact", language, label=label, value=side)
    for name, outcomes in (("meaning_fits", meaning.fits), ("meaning_against", meaning.against)):
        named = [o for o in outcomes if o in book.definitions] or outcomes
        labels = dict.fromkeys(outcome_label(book, meaning.decision, o, language) for o in named)
        if labels:
            yield say(name, language, what=what, outcomes=joint.join(labels))
    if card.missing:
        missing = [*card.missing[:_SHOWN], *(["…"] if len(card.missing) > _SHOWN else [])]
        yield say("meaning_alone", language, parts=joint.join(missing))
    else:
        yield say("meaning_together", language, summary=card.summary)
    rules = [*meaning.rules[:_SHOWN], *(["…"] if len(meaning.rules) > _SHOWN else [])]
    if definition and definition.confidence in _DRAFT:
        yield phrase(book, "note.draft", language)
    own = definition.sources if definition else ()
    used = (source for rule in meaning.rules for source in book.row(rule)[1].sources)
    sources = list(dict.fromkeys([*own, *used]))[:_SHOWN]
    yield cited(rules, [citation(book, source) for source in sources], language)
