"""Every message has at least one token, so that the classifier has something to look at."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import ConceptTokenizer


@pytest.mark.parametrize("text", ["", "   ", "\n", "ALT 86"])
def test_a_message_without_words_has_a_token(text: str) -> None:
    tokenizer = ConceptTokenizer(ConceptTokenizer.get_default_config())

    (message,) = tokenizer.process([Message(data={"text": text})])[:1]

    assert message.get("text_tokens")
