"""Do two versions of a table mean the same? Exactly, over the cells that both are cut into."""

from __future__ import annotations

import dataclasses

from hbv_engine.axes import Axis, LevelAxis
from hbv_engine.book import Book, Table
from hbv_engine.diagram import Diagram, build_diagram


def same_meaning(right: Book, wrong: Book, name: str) -> str | None:
    """Return why two versions of a table mean the same, or None if they do not."""
    ours, theirs = right.tables[name], wrong.tables[name]
    axes = {column: _union(right.axes[column], wrong.axes[column]) for column in ours.columns}
    if _meanings(ours, axes) != _meanings(theirs, axes):
        return None
    if ours.order == theirs.order:
        if [row.id for row in ours.rows] == [row.id for row in theirs.rows]:
            return "every row permits the same cells"
        return "the same rows hold; only the order of the list differs"
    same = _same_leaves(build_diagram(right, name), build_diagram(wrong, name))
    return "the two outcomes never compete" if same else None


def _union(first: Axis, second: Axis) -> Axis:
    if not isinstance(first, LevelAxis) or not isinstance(second, LevelAxis):
        return first
    both = tuple(sorted({*first.thresholds, *second.thresholds}))
    return dataclasses.replace(first, thresholds=both)


def _meanings(table: Table, axes: dict[str, Axis]) -> dict[str, tuple[object, ...]]:
    """What each row means: the cells it permits (none at all if one column permits none), and says."""
    found: dict[str, tuple[object, ...]] = {}
    for row in table.rows:
        permits = tuple(axes[c].permits(condition) for c, condition in row.conditions.items())
        cells = permits if all(permits) else None
        found[row.id] = (cells, row.outcome, tuple(row.outputs.items()))
    return found


def _same_leaves(first: Diagram, second: Diagram) -> bool:
    """True if every patient ends at the same leaf; both diagrams have the same inputs and cells."""
    pairs = {(0, 0)}
    for ours, theirs in zip(first.levels, second.levels, strict=True):
        pairs = {pair for a, b in pairs for pair in zip(ours[a], theirs[b], strict=True)}
    return all(first.leaves[a] == second.leaves[b] for a, b in pairs)
