"""What a clause asks by its words alone, and what only stands beside another question."""

from __future__ import annotations

import pytest

from bot.asked_topic import asked_topic
from bot.text import fold


@pytest.mark.parametrize(
    ("clause", "intent"),
    [
        ("can I drink beer while taking entecavir", "ask_diet_lifestyle"),
        ("吃恩替卡韦期间可以喝酒吗", "ask_diet_lifestyle"),
        ("小三阳喝点啤酒没事吧", "ask_diet_lifestyle"),
        ("大三阳能吃海鲜吗", "ask_diet_lifestyle"),
        ("can I get pregnant on entecavir", "ask_pregnancy"),
        ("打干扰素能怀孕吗", "ask_pregnancy"),
        ("can we marry if I have hep b", "ask_social"),
        ("乙肝能结婚要孩子吗", "ask_social"),
        ("乙肝能考公务员吗", "ask_social"),
        ("can my wife drink from my cup", "ask_transmission"),
        ("大三阳可以一起吃饭吗", "ask_transmission"),
        ("大三阳会传染吗", "ask_transmission"),
    ],
)
def test_the_topic_behind_the_words_that_ask_is_asked_about(clause: str, intent: str) -> None:
    assert asked_topic(fold(clause)) == intent


@pytest.mark.parametrize(
    "clause",
    [
        "can I take interferon if I drink",
        "should I take tenofovir while breastfeeding",
        "can I stop entecavir to have a baby",
        "does interferon work",
        "I drink beer",
        "喝酒能打干扰素吗",
        "哺乳期能吃恩替卡韦吗",
        "怀孕了能打干扰素吗",
        "我以前喝酒，能治好吗",
    ],
)
def test_a_topic_beside_another_question_is_not(clause: str) -> None:
    assert asked_topic(fold(clause)) is None
