"""The labelled messages are sound, the scores count rightly, and the understanding does not get worse."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from bot.model import ROOT
from evaluation.__main__ import scores_of
from evaluation.facts import match
from evaluation.messages import LANGUAGES, Message, faults, load_messages
from evaluation.scores import Count, Score, refused
from evaluation.tables import errors, report
from evaluation.understood import Pair
from hbv_engine.facts import catalogue

# Names of the contract that are no names of the engine.
FACTS = {
    *("drug", "drug_duration", "drug_dose", "interferon_week", "serology_pattern", "symptom"),
    *("liver_function", "transaminase", "infection_duration", "pregnancy", "vaccinated", "hcc"),
    *("ascites", "encephalopathy", "family_history_hcc", "family_history_cirrhosis"),
    *("comorbidity", "diabetes", "fatty_liver", "alcohol", "immunosuppression", "age", "sex"),
}
INTENTS = {"thanks_greeting"}
# A little below what was measured: a change of the training data moves these numbers a little.
FLOORS = {
    "en": {
        "facts_precision": 0.95,
        "facts_recall": 0.94,
        "macro_f1": 0.74,
        "first_intent": 0.75,
        "danger": 0.95,
        "rejected": 0.80,
    },
    "zh": {
        "facts_precision": 0.95,
        "facts_recall": 0.95,
        "macro_f1": 0.73,
        "first_intent": 0.74,
        "danger": 0.95,
        "rejected": 0.85,
    },
}
# What nobody writes in another way may also stand in the training examples.
COMMON = {
    *("thanks_greeting", "bot_challenge", "restart_conversation"),
    *("choose_language", "ask_person", "ask_why_answer"),
}


def names_of_facts() -> set[str]:
    declared = catalogue()
    return {*FACTS, *declared.analytes, *declared.history, *declared.symptoms}


def levels_of_red_flags() -> dict[str, str]:
    path = ROOT / "bot" / "lexicon" / "red_flags.yml"
    return {
        name: e["level"] for name, e in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


def names_of_intents() -> set[str]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return {*INTENTS, *domain["intents"]}


def checked(messages: list[Message]) -> list[str]:
    return list(
        faults(
            messages,
            facts=names_of_facts(),
            red_flags=levels_of_red_flags(),
            intents=names_of_intents(),
        )
    )


def message(text: str = "ALT 86, DNA 2000", **labels: Any) -> Message:
    empty: dict[str, Any] = {"intents": ["give_history"], "facts": [], "red_flags": []}
    return Message(**{"id": "x", "text": text, "language": "en", **empty, **labels})


def score(*told: tuple[dict[str, Any], dict[str, Any]]) -> Score:
    """The score of messages, each given by its label and by what was understood of it."""
    empty: dict[str, Any] = {"intents": [], "facts": [], "red_flags": []}
    pairs = [Pair(message(**{**empty, **label}), {**empty, **got}, 1.0) for label, got in told]
    return Score("en", pairs)


def alt(value: float = 86, **more: Any) -> dict[str, Any]:
    return {"name": "alt", "value": value, "comparator": "=", "text": "ALT 86", **more}


def dna(value: float = 2000, **more: Any) -> dict[str, Any]:
    return {"name": "hbv_dna", "value": value, "comparator": "=", "text": "DNA 2000", **more}


class TestLabels:
    def test_they_are_sound(self) -> None:
        assert checked(load_messages()) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_language_has_enough_messages_of_its_own(self, language: str) -> None:
        own = load_messages([language])

        assert len(own) >= 300
        assert {each.language for each in own} == {language}
        assert all(each.id.startswith(f"{language}-") for each in own)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_messages_are_about_what_people_really_ask(self, language: str) -> None:
        own = load_messages([language])
        intents = Counter(name for each in own for name in each.intents)
        about_others = sum(any("subject" in fact for fact in each.facts) for each in own)
        loads = [
            f for each in own for f in each.facts if f["name"] == "hbv_dna" and "comparator" in f
        ]

        assert intents["ask_start_treatment"] > 40
        assert intents["ask_transmission"] > 40
        assert intents["ask_meaning_of_result"] > 40
        assert about_others / len(own) > 0.15
        assert sum(fact.get("unit_missing", False) for fact in loads) / len(loads) > 0.65

    def test_none_is_an_example_that_the_model_learns_from(self) -> None:
        learned = {
            line.strip().removeprefix("- ").casefold().rstrip("?？")
            for path in (ROOT / "data" / "nlu").rglob("*.yml")
            for line in path.read_text(encoding="utf-8").splitlines()
        }
        same = [m for m in load_messages() if m.text.casefold().rstrip("?？") in learned]

        # Nobody writes "thanks" or "start over" in another way.
        assert {intent for each in same for intent in each.intents} <= COMMON

    @pytest.mark.parametrize(
        ("labels", "fault"),
        [
            ({"facts": [alt(text="ALT 68")]}, "'ALT 68' is not in the message"),
            ({"facts": [alt(name="alat")]}, "no fact is called alat"),
            (
                {"facts": [dna(unit="IU/mL", unit_missing=True)]},
                "hbv_dna has a unit that is missing",
            ),
            ({"facts": [{"name": "alt", "value": 86, "text": "86"}]}, "only the number of a test"),
            (
                {"red_flags": [{"id": "jaundice", "level": "soon", "text": "ALT"}]},
                "no sign jaundice",
            ),
            ({"intents": ["ask_the_time"]}, "no intent is called ask_the_time"),
            ({"intents": []}, "no intent, or one twice"),
        ],
    )
    def test_an_unsound_one_is_noticed(self, labels: dict[str, Any], fault: str) -> None:
        found = checked([message(**labels)])

        assert len(found) == 1
        assert fault in found[0]

    def test_a_repeated_message_is_noticed(self) -> None:
        assert set(checked([message(), message()])) == {
            "id twice: x",
            "text twice: ALT 86, DNA 2000",
        }


class TestFacts:
    def test_what_agrees_is_right(self) -> None:
        found = match([alt()], [alt(start=0, end=6)])

        assert (len(found.right), found.mistaken, found.missing, found.extra) == (1, [], [], [])

    @pytest.mark.parametrize(
        "other",
        [{"value": 68}, {"unit": "U/L"}, {"comparator": ">"}, {"subject": "mother"}],
        ids=lambda other: next(iter(other)),
    )
    def test_what_differs_is_missing_and_too_many(self, other: dict[str, Any]) -> None:
        result = score(({"facts": [alt()]}, {"facts": [alt(**other)]}))

        assert (result.facts.hit, result.facts.missed, result.facts.extra) == (0, 1, 1)

    def test_the_status_counts_for_a_drug_only(self) -> None:
        taken, asked = (
            {"name": "drug", "value": "entecavir", "text": "ALT", **more}
            for more in ({}, {"status": "asked"})
        )

        assert match([asked], [taken]).mistaken
        assert match([taken], [{**taken, "status": "taking"}]).right
        assert match([alt()], [alt(status="asked")]).right

    def test_true_is_not_one(self) -> None:
        [label, got] = ({"name": "cirrhosis", "value": value, "text": "ALT"} for value in (True, 1))

        assert not match([label], [got]).right

    def test_what_is_said_twice_counts_once(self) -> None:
        result = score(({"facts": [alt()]}, {"facts": [alt(), alt()]}))

        assert (result.facts.hit, result.facts.extra) == (1, 0)

    def test_the_best_pair_is_made_first(self) -> None:
        """Two values of ALT of which the program knows only the later: it is not taken for the first."""
        found = match([alt(40, when="past"), alt(86)], [alt(86)])

        assert [label["value"] for label, _ in found.right] == [86]
        assert [label["value"] for label in found.missing] == [40]

    def test_precision_recall_and_f1(self) -> None:
        """Three facts are labelled; two of them are found, and one that is not there."""
        label = [alt(), dna(), {"name": "cirrhosis", "value": True, "text": "ALT"}]
        got = [alt(), dna(), {"name": "hcc", "value": True}, alt(99)]

        result = score(({"facts": label}, {"facts": got}))

        assert result.facts == Count(hit=2, missed=1, extra=2)
        assert (result.facts.precision, result.facts.recall) == (0.5, pytest.approx(2 / 3))
        assert result.facts.f1 == pytest.approx(2 * 2 / (2 * 2 + 1 + 2))
        assert result.by_fact["hcc"] == Count(extra=1)

    def test_a_unit_that_nobody_wrote_is_counted(self) -> None:
        written = ({"facts": [dna(unit="IU/mL")]}, {"facts": [dna(unit="IU/mL")]})
        wrong = ({"facts": [dna(unit="copies/mL")]}, {"facts": [dna(unit="IU/mL")]})
        invented = ({"facts": [dna(unit_missing=True)]}, {"facts": [dna(unit="IU/mL")]})

        assert score(written).invented_units == 0
        assert score(wrong).invented_units == 0
        assert score(invented, written).invented_units == 1

    def test_marks_are_counted_on_facts_that_are_right(self) -> None:
        result = score(
            ({"facts": [dna(unit_missing=True)]}, {"facts": [dna(unit_missing=True)]}),
            ({"facts": [dna(unit_missing=True)]}, {"facts": [dna()]}),
            ({"facts": [dna(unit_missing=True)]}, {"facts": [dna(3)]}),
            ({"facts": [dna(unit="IU/mL")]}, {"facts": [dna(unit="IU/mL", unit_missing=True)]}),
        )

        assert result.agreement("unit_missing") == Count(hit=1, missed=1, extra=1)


class TestIntents:
    def test_each_intent_of_a_message_counts(self) -> None:
        result = score(
            ({"intents": ["give_history", "ask_cure"]}, {"intents": ["give_history"]}),
            ({"intents": ["ask_cure"]}, {"intents": ["ask_vaccine", "ask_cure"]}),
        )

        assert result.by_intent["ask_cure"] == Count(hit=1, missed=1)
        assert result.by_intent["ask_vaccine"] == Count(extra=1)

    def test_the_first_question_comes_before_the_history(self) -> None:
        result = score(
            ({"intents": ["give_history", "ask_cure"]}, {"intents": ["give_history", "ask_cure"]}),
            ({"intents": ["ask_cure", "ask_vaccine"]}, {"intents": ["ask_vaccine", "ask_cure"]}),
            ({"intents": ["give_history"]}, {"intents": ["give_history"]}),
            ({"intents": ["ask_cure"]}, {"intents": []}),
        )

        assert result.first_intent == 0.5

    def test_rare_intents_do_not_count_in_the_mean(self) -> None:
        often = [({"intents": ["ask_cure"]}, {"intents": ["ask_cure"]})] * 3
        rare = [({"intents": ["ask_herbal"]}, {"intents": ["ask_social"]})] * 2

        assert score(*often, *rare).macro_f1 == 1.0

    def test_out_of_scope_is_rejected_by_name_or_by_silence(self) -> None:
        assert refused({"intents": ["out_of_scope"]})
        assert refused({"intents": []})
        assert not refused({"intents": ["give_history"]})
        assert not refused({"intents": ["ask_cure", "out_of_scope"]})

    def test_rejection_and_refusal_are_shares(self) -> None:
        beside = {"intents": ["out_of_scope"]}
        result = score(
            (beside, beside),
            (beside, {"intents": ["ask_cure"]}),
            ({"intents": ["ask_cure"]}, {"intents": ["ask_cure"]}),
            ({"intents": ["ask_cure"]}, {"intents": ["ask_vaccine"]}),
            ({"intents": ["ask_cure"]}, {"intents": ["ask_vaccine"]}),
            ({"intents": ["ask_cure"]}, beside),
        )

        assert (result.rejected, result.wrongly_refused) == (0.5, 0.25)


class TestDanger:
    def flags(self, **more: Any) -> dict[str, Any]:
        now = {"id": "jaundice", "level": "same_day", "text": "ALT"}
        return {"red_flags": [{**now, **more}]}

    def test_what_is_denied_or_over_is_no_alarm(self) -> None:
        result = score((self.flags(negated=True), {}), (self.flags(past=True), self.flags()))

        assert result.danger("any") == Count(extra=1)

    def test_the_danger_of_somebody_else_is_counted_apart(self) -> None:
        result = score((self.flags(subject="father"), self.flags()))

        assert result.danger("any") == Count(hit=1)
        assert result.danger("own") == Count(extra=1)
        assert result.danger("other") == Count(missed=1)
        assert result.signs == Count(missed=1, extra=1)

    def test_a_message_with_another_sign_is_found_but_the_sign_is_not(self) -> None:
        result = score((self.flags(), self.flags(id="confusion")))

        assert result.danger("any") == Count(hit=1)
        assert result.signs == Count(missed=1, extra=1)


def test_every_error_is_listed_with_its_message() -> None:
    result = score(
        ({"facts": [alt()], "intents": ["ask_cure"]}, {"facts": [alt(unit="U/L")]}),
        ({"intents": ["ask_cure"]}, {"intents": ["ask_cure"]}),
    )

    assert list(errors(result)) == [
        "x | unit | alt 86 | alt 86 U/L | 'ALT 86, DNA 2000'",
        "x | first intent | ask_cure | - | 'ALT 86, DNA 2000'",
    ]


@pytest.mark.server
@pytest.mark.xdist_group("server")
class TestUnderstanding:
    @pytest.fixture(scope="class")
    def scores(self) -> dict[str, Score]:
        return {each.name: each for each in scores_of(list(LANGUAGES))}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_as_good_as_was_measured(self, language: str, scores: dict[str, Score]) -> None:
        measured = measures(scores[language])

        assert {n: v for n, v in measured.items() if v < FLOORS[language][n]} == {}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_invents_and_alarms_no_more_than_was_measured(
        self, language: str, scores: dict[str, Score]
    ) -> None:
        assert scores[language].invented_units <= 8
        assert scores[language].danger("any").extra <= 3
        assert scores[language].wrongly_refused <= 0.12

    def test_the_tables_name_every_fact_and_intent(self, scores: dict[str, Score]) -> None:
        text = report(list(scores.values()))

        for each in scores.values():
            assert all(f"| {name} |" in text for name in (*each.by_fact, *each.by_intent))


def measures(result: Score) -> dict[str, float]:
    return {
        "facts_precision": result.facts.precision,
        "facts_recall": result.facts.recall,
        "macro_f1": result.macro_f1,
        "first_intent": result.first_intent,
        "danger": result.danger("any").recall,
        "rejected": result.rejected,
    }
