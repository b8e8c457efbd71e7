"""What a result means: for which answers it speaks, which it rules out, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass

from hbv_engine.axes import cells_of
from hbv_engine.book import Book, load_book
from hbv_engine.model import Record
from hbv_engine.situation import Situation, row_permits
from hbv_engine.wording import cell_text, join


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one result says about one decision, looked at alone.

    ``fits`` are the outcomes whose rules it meets, ``against`` those that it rules out, with every
    rule that uses it. ``sides`` is where it lies, by column, as cells of that column's axis.
    """

    decision: str
    fact: str
    fits: tuple[str, ...]
    against: tuple[str, ...]
    rules: tuple[str, ...]
    sides: tuple[tuple[str, tuple[int, ...]], ...]

    def side_texts(self, book: Book, language: str) -> list[tuple[str, str]]:
        """Return where the result lies in words: the column, and its range between thresholds."""
        return [
            (
                book.label(column)[language],
                join(book, [cell_text(book, column, c, language) for c in cells], "or", language),
            )
            for column, cells in self.sides
        ]


def meanings_of(record: Record, fact: str, *, book: Book | None = None) -> list[Meaning]:
    """Return what the results of a test in a record say about each decision whose rules use them.

    Only conditions on that test are looked at: an outcome that fits may still fail for other
    reasons. A list of checks has no outcomes and is left out.
    """
    book = book or load_book()
    seen = Situation(book, record)
    found = [_meaning(seen, goal, fact) for goal in book.goals if _decides(book, goal)]
    return [meaning for meaning in found if meaning]


def _decides(book: Book, goal: str) -> bool:
    return book.tables[goal].policy == "unique"


def _meaning(seen: Situation, goal: str, fact: str) -> Meaning | None:
    table = seen.book.tables[goal]
    columns = [c for c in table.columns if c not in seen.book.tables and _rests_on(seen, c, fact)]
    told = [c for c in columns if seen.mask(c) != seen.book.axes[c].all_cells]
    fits: dict[str, None] = {}
    against: dict[str, None] = {}
    rules = []
    for row in table.rows:
        permits = [
            permit for column, permit in row_permits(seen.book, table, row) if column in told
        ]
        masks = [seen.mask(c) for c, _ in row_permits(seen.book, table, row) if c in told]
        if not permits:
            continue
        rules.append(row.id)
        met = all(mask & permit for mask, permit in zip(masks, permits, strict=True))
        (fits if met else against)[row.outcome] = None
    if not rules:
        return None
    ruled_out = tuple(outcome for outcome in against if outcome not in fits)
    sides = tuple((c, tuple(cells_of(seen.mask(c)))) for c in told)
    return Meaning(goal, fact, tuple(fits), ruled_out, tuple(rules), sides)


def _rests_on(seen: Situation, column: str, fact: str) -> bool:
    return any(evidence.name == fact for evidence in seen.known(column).evidence)
