"""Questions on a topic get the topic's card, in the language of the person, and state nothing."""

from __future__ import annotations

import pytest

from actions.grounding import ungrounded
from actions.topic import TOPICS, ActionTopic
from hbv_engine import topics
from tests.actions.conversation import Talk


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("can I infect my family?", "ask_transmission", "transmission"),
        ("会传染给家人吗？", "ask_transmission", "transmission"),
        ("I stuck myself with a needle, what now?", "ask_transmission", "exposure"),
        ("昨晚避孕套破了怎么办", "ask_transmission", "exposure"),
        ("can I breastfeed?", "ask_pregnancy", "newborn"),
        ("能喂母乳吗", "ask_pregnancy", "newborn"),
        ("what should I eat?", "ask_diet_lifestyle", "diet"),
        ("can I drink beer?", "ask_diet_lifestyle", "alcohol"),
        ("可以喝酒吗", "ask_diet_lifestyle", "alcohol"),
        ("护肝片有用吗", "ask_herbal", "herbal"),
        ("when can I stop my tablets?", "ask_stop_nuc", "stopping_tablets"),
    ],
)
def test_a_question_gets_the_card_of_its_topic(
    talk: Talk, text: str, intent: str, topic: str
) -> None:
    talk.says(text, intent).does(ActionTopic())

    [message] = [m for m in talk.messages if "card" in (m.get("custom") or {})]
    assert message["custom"]["card"]["decision"] == topic
    assert message["custom"]["card"]["rules"]
    assert ungrounded(message) is None
    assert talk.known == {}


def test_what_is_known_brings_its_own_sentence(talk: Talk) -> None:
    talk.says("I am pregnant and my HBV DNA is 5000000 IU/mL")
    talk.says("what about the baby?", "ask_pregnancy").does(ActionTopic())
    assert "PREG-H" not in talk.text

    talk.says("what does pregnancy change?", "ask_pregnancy").does(ActionTopic())
    assert "PREG-H" in talk.text


def test_every_topic_that_an_intent_names_is_in_the_rulebook() -> None:
    assert {topic for named in TOPICS.values() for topic in named} <= set(topics())
