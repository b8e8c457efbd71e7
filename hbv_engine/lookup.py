"""The fast path for a patient whose every input is known: one decision in a few microseconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping

from hbv_engine.axes import ChoiceAxis, LevelAxis
from hbv_engine.book import Book, load_book
from hbv_engine.situation import diagram_of

Value = float | str


def compile_lookup(goal: str, *, book: Book | None = None) -> Callable[[Mapping[str, Value]], str]:
    """Return a function from the inputs of a decision to its outcome.

    The function takes a mapping of every input of the decision (``.inputs`` of its diagram) to a
    number in the input's unit, ``not_detected``, or a choice. It raises KeyError if one is missing
    or is not a value of its input: for patients with unknown facts use ``assess``.
    """
    book = book or load_book()
    diagram = diagram_of(book, goal)
    plan = [
        (name, level, _encoder(book.axes[name]))
        for name, level in zip(diagram.inputs, diagram.levels, strict=True)
    ]
    leaves = diagram.leaves

    def lookup(values: Mapping[str, Value]) -> str:
        node = 0
        for name, level, encode in plan:
            node = level[node][encode(values[name])]
        return leaves[node]

    return lookup


def _encoder(axis: ChoiceAxis | LevelAxis) -> Callable[[Value], int]:
    if isinstance(axis, ChoiceAxis):
        cells: dict[Value, int] = {value: i for i, value in enumerate(axis.values)}
        return cells.__getitem__
    steps, shift = axis.thresholds, int(axis.not_detected)
    if not steps:
        return lambda value: 0 if shift and value == "not_detected" else shift

    def cell(value: Value) -> int:
        if isinstance(value, str):
            if value == "not_detected" and shift:
                return 0
            raise KeyError(value)
        return bisect_left(steps, value) + bisect_right(steps, value) + shift

    return cell
