"""Signs of danger put together from ordinary words: "my number twos are jet black", 拉的东西跟柏油一样."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.dictionary import load, words
from bot.tokens import Term, pipeline

KIND = "composed"
_DECOY = "decoy"
_FAR = 11
_CJK_WIDTH = 0.6
# Where a sentence ends, a sign ends too.
_ENDS = frozenset(".!?。！？;；\n")


@dataclass(frozen=True, slots=True)
class _Shape:
    """The parts of one sign, the words that speak against it, and its longest stretch in tokens.

    A denial between the parts of an ``undeniable`` one denies nothing: "cloudy, I can't read".
    """

    sign: str
    parts: tuple[str, ...]
    unless: tuple[str, ...]
    far: int
    undeniable: bool


Stretch = tuple[int, int]


def find_composed(read_as: Doc, doc: Doc) -> list[Term]:
    """Return the signs that ordinary words make up together, each at its place as it was written.

    Args:
        read_as: the message as it is read, slips of the finger mended.
        doc: the same tokens as they were written.
    """
    found, widths = _parts_of(read_as), _widths(read_as)
    terms = []
    for start, stop in _sentences(read_as):
        here = {
            part: [s for s in stretches if start <= s[0] and s[1] <= stop]
            for part, stretches in found.items()
        }
        for shape in _shapes():
            if (chosen := _nearest(shape, here, widths)) is not None:
                span = doc[min(chosen)[0] : max(stop for _, stop in chosen)]
                terms.append(Term(span.start_char, span.end_char, KIND, shape.sign))
                # A denial between the parts denies the sign ("my stools are not black"), but not
                # one that is part of it ("cannot get any air").
                own = (token.text for part in chosen for token in read_as[slice(*part)])
                if not (shape.undeniable or any(map(_denies, own))):
                    terms.append(Term(span.start_char, span.end_char, "gap", shape.sign))
    return terms


def _sentences(doc: Doc) -> Iterator[Stretch]:
    """Yield the sentences of a message in tokens; a point inside a number ends none."""
    start = 0
    for token in doc:
        inside = token.text == "." and token.i + 1 < len(doc) and doc[token.i + 1].is_digit
        if token.text in _ENDS and not inside:
            yield start, token.i
            start = token.i + 1
    yield start, len(doc)


def _parts_of(doc: Doc) -> dict[str, list[Stretch]]:
    """Return where the words of each part stand, without those inside a longer, harmless word."""
    found: dict[str, list[Stretch]] = {}
    for key, first, last in _matcher()(doc):
        for part in doc.vocab.strings[key].split("&"):
            found.setdefault(part, []).append((first, last))
    harmless = found.pop(_DECOY, [])
    return {
        part: [s for s in stretches if not any(_within(s, decoy) for decoy in harmless)]
        for part, stretches in found.items()
    }


def _within(one: Stretch, other: Stretch) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and one != other


def _nearest(
    shape: _Shape, here: dict[str, list[Stretch]], widths: list[float]
) -> tuple[Stretch, ...] | None:
    """Return the words of all parts of a sign that stand nearest, if nothing speaks against it."""
    choices = [here.get(part, []) for part in shape.parts]
    if not all(choices):
        return None
    best = min(
        (
            chosen
            for chosen in product(*choices)
            if _length(chosen, widths) <= shape.far
            and not _overlap(chosen)
            and not _of_another_place(shape, chosen, here)
        ),
        key=lambda chosen: _length(chosen, widths),
        default=None,
    )
    own = [s for choice in choices for s in choice]
    against = [s for part in shape.unless for s in here.get(part, [])]
    return None if any(not any(_within(s, o) for o in own) for s in against) else best


def _length(chosen: tuple[Stretch, ...], widths: list[float]) -> float:
    return widths[max(stop for _, stop in chosen)] - widths[min(chosen)[0]]


def _widths(doc: Doc) -> list[float]:
    """Return how wide a message is before each token, in words; a Chinese one has about two tokens."""
    widths = [0.0]
    for token in doc:
        widths.append(widths[-1] + (1.0 if token.is_ascii else _CJK_WIDTH))
    return widths


@cache
def _denies(token: str) -> bool:
    return token in words(load("context")["negation"])


def _overlap(chosen: tuple[Stretch, ...]) -> bool:
    ordered = sorted(chosen)
    return any(before[1] > after[0] for before, after in pairwise(ordered))


def _of_another_place(
    shape: _Shape, chosen: tuple[Stretch, ...], here: dict[str, list[Stretch]]
) -> bool:
    """Tell whether another part of the body stands in between: "my belly is fine, my legs swell"."""
    places = load("composed_signs")["places"]
    if not set(shape.parts) & set(places):
        return False
    first, last = min(chosen)[0], max(stop for _, stop in chosen)
    others = [s for place in places if place not in shape.parts for s in here.get(place, [])]
    return any(first < s[0] and s[1] < last and not _overlap((*chosen, s)) for s in others)


@cache
def _shapes() -> tuple[_Shape, ...]:
    return tuple(
        _Shape(
            sign,
            tuple(shape["parts"]),
            tuple(shape.get("unless", ())),
            shape.get("far", _FAR),
            shape.get("undeniable", False),
        )
        for sign, shapes in load("composed_signs")["signs"].items()
        for shape in shapes
    )


@cache
def _matcher() -> PhraseMatcher:
    lexicon = load("composed_signs")
    by_word: dict[str, list[str]] = {}
    for part, entry in (*lexicon["parts"].items(), (_DECOY, lexicon["decoys"])):
        for word in words(entry):
            by_word.setdefault(word, []).append(part)
    nlp = pipeline()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for word, parts in by_word.items():
        matcher.add("&".join(parts), [nlp.make_doc(word)])
    return matcher
