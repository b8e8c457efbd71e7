"""Tokens for both languages, with the terms of the lexicon as one token each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.parts import parts_of
from bot.reading import read
from bot.spans import Term, find_terms, pipeline
from bot.text import fold
from hbv_engine.facts import catalogue

# Stands for a message without any word; the classifier knows it from no example.
_NOTHING = "\u2205"
_CONCEPTS = (
    *("drug", "analyte", "pattern", "condition", "comorbidity", "symptom", "complaint", "other"),
    "result",
)
_ONE_FOR_ALL = {
    "analyte": "laboratorytest",
    "other": "otherperson",
    "comorbidity": "otherdisease",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ConceptTokenizer(Tokenizer):
    """spaCy tokens: letter runs, digit runs, single Chinese characters, and whole terms.

    The lemma of a term is its concept: Pegasys and 派罗欣 are both ``druginterferon``. So what the
    classifier learns from one drug or one language serves the others. The results that a message
    states count as one token, so that they do not drown the question that comes with them.
    """

    @staticmethod
    def get_default_config() -> dict[str, object]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenize the messages and, behind them, their clauses as messages of their own.

        So every component after this one sees the clauses too; the last of them, which decides,
        takes them out again.
        """
        clauses = [
            Message(data={"text": part.text, "clause_of": message})
            for message in messages
            for part in parts_of(read(message.get("text") or "").around)
        ]
        tokenized: list[Message] = super().process([*messages, *clauses])
        for message in tokenized:
            if not message.get("text_tokens"):  # no text: the classifier wants at least one word
                message.set("text_tokens", [Token(_NOTHING, 0)])
        return tokenized

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return list(concept_tokens(read(message.get(attribute)).around))


def concept_tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; all stated results together are one."""
    folded = fold(text)
    results = [f for f in read(text).facts if f.name in {"age", "sex", *catalogue().analytes}]
    spans = [(f.start, f.end, "statedresult") for f in results]
    spans += [(t.start, t.end, _concept(t)) for t in find_terms(folded) if t.kind in _CONCEPTS]
    done, told = 0, False
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))  # the longest at each place
    for start, end, concept in [*ordered, (len(folded), len(folded), "")]:
        if start < done:
            continue
        for token in pipeline().make_doc(folded[done:start]):
            if not token.is_space:
                yield Token(token.text, done + token.idx)
        if concept and not (told and concept == "statedresult"):
            yield Token(folded[start:end], start, lemma=concept)
        told = told or concept == "statedresult"
        done = end


def _concept(term: Term) -> str:
    if term.kind == "drug":
        return "druginterferon" if "interferon" in _drug_class(term.name) else "drugtablet"
    if term.kind in _ONE_FOR_ALL:
        return _ONE_FOR_ALL[term.kind]
    return f"{term.kind}{term.name.replace('_', '')}"


@cache
def _drug_class(name: str) -> str:
    drug = catalogue().drugs.get(name)
    return drug.kind if drug else name
