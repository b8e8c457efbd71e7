"""What a text is about: words that stand for each other."""

from __future__ import annotations

import pytest

from bot.dictionary import load
from bot.intent_features import Features, grams
from bot.matters import matters
from bot.text import fold


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Can I take ginseng with entecavir?", ["herb"]),
        ("吃恩替卡韦能喝灵芝吗", ["herb"]),
        ("is my job at risk", ["work"]),
        ("we ran out of eggs", ["stop", "food"]),
        ("vaccinated twice", ["vaccine"]),
        ("ginned up", []),
        ("今天下雨", []),
    ],
)
def test_the_words_of_a_matter_stand_for_it(text: str, named: list[str]) -> None:
    assert set(named) <= set(matters(fold(text)))
    if not named:
        assert matters(fold(text)) == []


def test_every_matter_has_words_of_both_languages() -> None:
    assert all(entry["en"] and entry["zh"] for entry in load("matters").values())


def test_texts_about_the_same_matter_are_alike_without_a_common_word() -> None:
    learnt = grams("ginseng", ["ginseng"])
    features = Features.of([learnt, grams("hospital", ["hospital"])])
    one, other, none = features.matrix(
        [learnt, grams("灵芝", ["灵", "芝"]), grams("hospital", ["hospital"])]
    )

    assert (one @ other.T).sum() > 0
    assert (other @ none.T).sum() == 0


def test_a_number_is_no_known_word() -> None:
    features = Features.of([grams("ALT 86", ["alt", "86"])])

    assert features.knows(grams("ALT", ["alt"]))
    assert not features.knows(grams("97", ["97"]))
    assert not features.knows(grams("qwrtz", ["qwrtz"]))
