"""The intents in cross-validation: a floor that was measured, for each language."""

from __future__ import annotations

import warnings

import pytest

from prove.understanding import FALLBACK, LANGUAGES, Score, cross_validate, deal

# Measured, less two points: what changes the training data changes these numbers a little.
FLOORS = {
    "en": {"accuracy": 0.57, "macro_f1": 0.55, "right": 0.53},
    "zh": {"accuracy": 0.64, "macro_f1": 0.63, "right": 0.57},
}


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    with warnings.catch_warnings():  # those of Rasa and of what it imports
        warnings.simplefilter("ignore")
        return cross_validate()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_never_seen_is_understood_as_well_as_was_measured(
    language: str, scores: dict[str, Score]
) -> None:
    score = scores[language]

    assert len(score.pairs) > 500
    for name, floor in FLOORS[language].items():
        assert getattr(score, name) >= floor, (name, score.accuracy, score.macro_f1, score.right)


def test_every_part_has_its_share_of_every_intent() -> None:
    kinds = ["a"] * 10 + ["b"] * 5 + ["c"] * 3

    dealt = deal(kinds, 5)

    for kind, most in (("a", 2), ("b", 1), ("c", 1)):
        own = [part for part, each in zip(dealt, kinds, strict=True) if each == kind]
        assert max(own.count(part) for part in range(5)) == most
    assert dealt == deal(kinds, 5)


def test_the_scores_are_those_of_a_small_example() -> None:
    """Two of "a" and two of "b"; one "b" is taken for "a", and another would be asked back."""
    guesses = [("a", "a"), ("a", "a"), ("b", "a"), ("b", "b")]
    in_use = [("a", "a"), ("a", "a"), ("b", "a"), ("b", FALLBACK)]

    score = Score("en", guesses, in_use)

    assert score.accuracy == 0.75
    assert score.f1("a") == pytest.approx(0.8)
    assert score.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert (score.right, score.mistaken) == (0.5, 0.25)
    assert next(score.worst())[1:3] == ("b", "2")
