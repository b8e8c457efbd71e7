"""Cross-validation of the intents: each example is understood by a pipeline that never saw it.

The components are those of ``config.yml``, with its settings, in its order. One model learns both
languages, as in use; they are counted apart. Accuracy and F1 are those of the best guess, as
``rasa test nlu`` reports them; in use a guess that is not sure enough is asked back instead.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.model import ROOT

LANGUAGES = ("en", "zh")
FOLDS = 5
HEADER = (
    "language",
    "examples",
    "accuracy",
    "macro F1",
    "in use: right",
    "asked back",
    "taken for another",
)
WORST_HEADER = ("language", "intent", "examples", "found", "F1", "most often taken for")
FALLBACK = "nlu_fallback"
_WORST = 10
_SEED = 1


@dataclass
class Score:
    """What became of the examples of one language.

    ``pairs`` are the right intent and the best guess; ``in_use`` is what the dialogue would get,
    with the fallback in place of a guess that is not sure enough.
    """

    language: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    in_use: list[tuple[str, str]] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """The share of the examples that were understood rightly."""
        return sum(right == got for right, got in self.pairs) / len(self.pairs)

    @property
    def right(self) -> float:
        """The share of the examples on which the dialogue would get the right intent."""
        return sum(right == got for right, got in self.in_use) / len(self.in_use)

    @property
    def mistaken(self) -> float:
        """The share of the examples on which the dialogue would get another intent."""
        return sum(got not in {right, FALLBACK} for right, got in self.in_use) / len(self.in_use)

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of all intents, each counted the same."""
        scores = [self.f1(intent) for intent in self.intents]
        return sum(scores) / len(scores)

    @property
    def intents(self) -> list[str]:
        """The intents of the examples."""
        return sorted({right for right, _ in self.pairs})

    def f1(self, intent: str) -> float:
        """Return the harmonic mean of precision and recall of an intent."""
        hit = sum(right == got == intent for right, got in self.pairs)
        either = sum((right == intent) + (got == intent) for right, got in self.pairs)
        return 2 * hit / either if either else 0.0

    def worst(self) -> Iterator[tuple[str, ...]]:
        """Yield the lines of the intents with the lowest F1."""
        for intent in sorted(self.intents, key=lambda name: (self.f1(name), name))[:_WORST]:
            got = Counter(got for right, got in self.pairs if right == intent)
            others = (name for name, _ in got.most_common() if name != intent)
            counts = (f"{got.total()}", f"{got[intent]}", f"{self.f1(intent):.2f}")
            yield (self.language, intent, *counts, next(others, "-"))


def cross_validate(
    folds: int = FOLDS, *, say: Callable[[str], None] = lambda _: None
) -> dict[str, Score]:
    """Return the score of each language, every example understood once, by what never saw it.

    Args:
        folds: into how many parts the examples of each intent and language are dealt.
        say: is given a line of progress after every part.
    """
    examples = [(language, each) for language in LANGUAGES for each in _examples(language)]
    dealt = deal([(language, each.get("intent")) for language, each in examples], folds)
    scores = {language: Score(language) for language in LANGUAGES}
    for fold in range(folds):
        learnt = [e for (_, e), own in zip(examples, dealt, strict=True) if own != fold]
        held = [(lang, e) for (lang, e), own in zip(examples, dealt, strict=True) if own == fold]
        understood = _understood(learnt, [each for _, each in held])
        for (language, each), ranked in zip(held, understood, strict=True):
            guess = next((name for name in ranked if name != FALLBACK), "")
            scores[language].pairs.append((each.get("intent"), guess))
            scores[language].in_use.append((each.get("intent"), ranked[0] if ranked else ""))
        say(f"part {fold + 1} of {folds}: {len(held)} examples")
    return scores


def deal(kinds: list[Any], folds: int) -> list[int]:
    """Return for each example its part, so that the parts have the same share of every kind."""
    places = defaultdict(list)
    for place, kind in enumerate(kinds):
        places[kind].append(place)
    choose = random.Random(_SEED)  # noqa: S311 - a fixed seed, no secret
    dealt = [0] * len(kinds)
    for own in places.values():
        choose.shuffle(own)
        first = choose.randrange(folds)
        for number, place in enumerate(own):
            dealt[place] = (first + number) % folds
    return dealt


def _examples(language: str) -> list[Any]:
    from rasa.shared.nlu.training_data.loading import load_data  # noqa: PLC0415 - seconds

    return list(load_data(str(ROOT / "data" / "nlu" / language)).intent_examples)


def _understood(learnt: list[Any], held: list[Any]) -> list[list[str]]:
    """Return the intents that the pipeline, trained on some examples, finds in others; best first."""
    from rasa.shared.nlu.training_data.message import Message  # noqa: PLC0415
    from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: PLC0415

    data = TrainingData([Message(dict(each.data)) for each in learnt])
    messages = [Message({"text": each.get("text")}) for each in held]
    with TemporaryDirectory() as folder:
        for component in _components(Path(folder)):
            if hasattr(component, "train"):
                component.train(data)
            if hasattr(component, "process_training_data"):
                component.process_training_data(data)
            component.process(messages)
    return [list(_ranked(message)) for message in messages]


def _ranked(message: Any) -> Iterator[str]:
    yield message.get("intent", {}).get("name") or ""
    yield from (other["name"] for other in message.get("intent_ranking") or ())


def _components(folder: Path) -> Iterator[Any]:
    from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: PLC0415
    from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: PLC0415
    from rasa.engine.storage.resource import Resource  # noqa: PLC0415

    context = ExecutionContext(GraphSchema({}))
    storage = LocalModelStorage(folder)
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    for number, spec in enumerate(pipeline):
        kind = _kind(spec["name"])
        config = {**kind.get_default_config(), **spec}
        yield kind.create(config, storage, Resource(f"{number}"), context)


def _kind(name: str) -> Any:
    """Return the class of a component: by its path if it is ours, by its plain name if it is Rasa's."""
    from importlib import import_module  # noqa: PLC0415

    from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS  # noqa: PLC0415

    module, _, last = name.rpartition(".")
    if module:
        return getattr(import_module(module), last)
    return next(kind for kind in DEFAULT_COMPONENTS if kind.__name__ == name)


def row(score: Score) -> tuple[str, ...]:
    """Return one line of the table."""
    asked_back = 1 - score.right - score.mistaken
    guess = (f"{len(score.pairs):,}", f"{score.accuracy:.3f}", f"{score.macro_f1:.3f}")
    in_use = (f"{score.right:.1%}", f"{asked_back:.1%}", f"{score.mistaken:.1%}")
    return (score.language, *guess, *in_use)
