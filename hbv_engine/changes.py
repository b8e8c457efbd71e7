"""What would have to be different: the nearest changes, and "what if"."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

from hbv_engine.axes import Level, LevelAxis, cells_of
from hbv_engine.book import Book, load_book
from hbv_engine.explain import value_text
from hbv_engine.model import Record, read_record
from hbv_engine.results import Assessment, Change
from hbv_engine.situation import Situation, diagram_of, names_of


def what_if(
    record: Record, change: dict[str, Any], *, book: Book | None = None
) -> tuple[Assessment, Assessment]:
    """Return the assessment as it is and as it would be with some facts changed.

    ``change`` has the shape of a record. Its observations count as taken on the day of the record
    and replace what was known of the same analyte on that day; the record itself stays as it is.

    Raises:
        RecordError: the changed facts cannot be used.
    """
    from hbv_engine.assess import assess  # noqa: PLC0415 - assess itself asks for nearest changes

    return assess(record, book=book), assess(with_change(record, change), book=book)


def changed(before: Assessment, after: Assessment) -> list[str]:
    """Return the decisions whose answer is another one, or has become open or settled."""
    return [
        name
        for name, then in after.decisions.items()
        if (before.decisions[name].status, before.decisions[name].possible)
        != (then.status, then.possible)
    ]


RIVALS = {"hbsag": "hbsag_quant", "hbsag_quant": "hbsag"}


def with_change(record: Record, change: dict[str, Any], *, as_told: bool = False) -> Record:
    """Return a copy of a record with some facts changed.

    ``as_told``: the facts are new ones that a person tells, so they get no date that nobody gave
    and replace only undated results of the same test; otherwise they stand for a result of today.
    """
    data = record.model_dump(mode="json")
    new = [dict(o) for o in change.get("observations", ())]
    named = {o["analyte"] for o in new}
    if not as_told:
        new = [{**o, "date": o.get("date") or str(record.as_of)} for o in new]
        named |= {RIVALS[name] for name in named & set(RIVALS)}
    weeks = {(o["analyte"], o.get("interferon_week")) for o in new}
    kept = [
        o
        for o in data["observations"]
        if o["analyte"] not in named
        or (o["date"] and o["date"] != str(record.as_of))
        or (as_told and (o["analyte"], o["interferon_week"]) not in weeks)
    ]
    data["observations"] = kept + new
    for group in ("history", "symptoms"):
        data[group] = {**data[group], **change.get(group, {})}
    for key in ("sex", "age", "treatments", "as_of"):
        if key in change:
            data[key] = change[key]
    return read_record(data)


def nearest_changes(
    record: Record, goal: str, *, book: Book | None = None, limit: int = 5
) -> list[Change]:
    """Return the smallest changes of known facts that lead to another outcome, nearest first.

    Changes of one fact are tried first; only if none leads elsewhere, changes of two.
    """
    seen = Situation(book or load_book(), record)
    return changes_of(seen, goal, limit=limit)


def changes_of(
    seen: Situation, goal: str, *, only: set[str] | None = None, limit: int = 5
) -> list[Change]:
    """Return nearest changes for a situation; ``only`` narrows the inputs that may change."""
    diagram = diagram_of(seen.book, goal)
    masks = seen.masks(diagram)
    before = seen.restricted(goal).outcomes
    fixed = [
        i
        for i, name in enumerate(diagram.inputs)
        if (only is None or name in only) and masks[i] != seen.book.axes[name].all_cells
    ]
    for how_many in (1, 2) if only is None else (1,):
        found = []
        for chosen in combinations(fixed, how_many):
            found += _try(seen, goal, chosen, before)
        if found:
            found.sort(key=lambda c: (c.distance, c.inputs))
            return _first_of_each(found)[:limit]
    return []


def _try(seen: Situation, goal: str, chosen: tuple[int, ...], before: int) -> list[Change]:
    """Return the changes of the chosen inputs that lead to outcomes not possible before."""
    diagram = diagram_of(seen.book, goal)
    masks = seen.masks(diagram)
    names = tuple(diagram.inputs[i] for i in chosen)
    options = [_other_cells(seen, name, masks[i]) for name, i in zip(names, chosen, strict=True)]
    found = []
    for cells in _product(options):
        changed = list(masks)
        for i, cell in zip(chosen, cells, strict=True):
            changed[i] = 1 << cell
        left = diagram.restrict(changed)
        after = left.outcomes
        if after & before:
            continue
        distance = sum(_distance(seen, n, c) for n, c in zip(names, cells, strict=True))
        found.append(
            Change(
                inputs=names,
                now=tuple(value_text(seen, name) for name in names),
                cells=cells,
                then=tuple(
                    seen.book.axes[n].describe(c) for n, c in zip(names, cells, strict=True)
                ),
                outcome=names_of(after, left.leaves),
                distance=distance,
            )
        )
    return found


def _other_cells(seen: Situation, name: str, mask: int) -> list[int]:
    size = seen.book.axes[name].size
    return [cell for cell in range(size) if not mask >> cell & 1]


def _product(options: list[list[int]]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for cells in options:
        found = [(*head, cell) for head in found for cell in cells]
    return found


def _distance(seen: Situation, name: str, cell: int) -> float:
    axis = seen.book.axes[name]
    possible = seen.known(name).possible
    if not isinstance(axis, LevelAxis) or not isinstance(possible, Level):
        return 1.0
    if possible.interval is None or (axis.not_detected and cell == 0):
        return 1.0
    here = _nearest_cell(axis, possible, cell)
    value = possible.interval.low if cell < here else possible.interval.high
    step = _edge(axis, cell, downward=cell < here)
    if value <= 0 or step <= 0 or not math.isfinite(value):
        return 1.0
    return abs(math.log(value / step)) + 1e-6 * abs(cell - here)


def _nearest_cell(axis: LevelAxis, possible: Level, cell: int) -> int:
    cells = cells_of(axis.mask(possible))
    return min(cells, key=lambda c: abs(c - cell))


def _edge(axis: LevelAxis, cell: int, *, downward: bool) -> float:
    """Return the threshold at which a walk along the axis enters a cell."""
    index = cell - axis.not_detected
    if index % 2:
        return axis.thresholds[index // 2]
    if downward:
        return axis.thresholds[index // 2]
    return axis.thresholds[index // 2 - 1]


def _first_of_each(changes: list[Change]) -> list[Change]:
    """Keep the nearest change for each set of inputs and outcome."""
    kept: dict[tuple[object, ...], Change] = {}
    for change in changes:
        kept.setdefault((change.inputs, change.outcome), change)
    return list(kept.values())
