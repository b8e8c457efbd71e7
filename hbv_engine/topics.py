"""Short cited answers about living with hepatitis B: family, food, work, worries, tablets.

A topic is a table of sentences. Each is said when its conditions hold, most of them to everybody::

    from hbv_engine import about, read_record, topics

    record = read_record({"as_of": "2026-11-20"})
    print(about(record, topics()[0]).card.render("zh").summary)

The outcome of the first row that holds is the summary, so rows for some stand above those for all.
A fact that nobody told adds nothing.
"""

from __future__ import annotations

from typing import Any

from hbv_engine.assess import reasons_of
from hbv_engine.book import Book, Table, load_book
from hbv_engine.cards import Face, weakest
from hbv_engine.model import Record, read_record
from hbv_engine.results import Card, Decision, Missing
from hbv_engine.schedule import open_inputs
from hbv_engine.situation import MET, Situation


def topics(book: Book | None = None) -> tuple[str, ...]:
    """Return the ids of all topics, in the order of the rulebook."""
    book = book or load_book()
    return tuple(table.id for table in book.tables.values() if table.is_topic)


def about(
    record: Record | dict[str, Any] | str | bytes, topic: str, *, book: Book | None = None
) -> Decision:
    """Return what the rulebook tells a person about a topic.

    Args:
        record: what is known of the person; it may be empty but for its day.
        topic: an id of ``topics()``.
        book: the rulebook; the one in the package if not given.

    Raises:
        KeyError: there is no such topic.
        RecordError: the record cannot be used.
    """
    book = book or load_book()
    if topic not in topics(book):
        raise KeyError(topic)
    return tell(Situation(book, read_record(record)), book.tables[topic])


def tell(seen: Situation, table: Table) -> Decision:
    """Return the card of a topic with the sentences of every row that holds.

    ``missing`` of the decision names the facts that would bring further sentences. The card does not
    list them: the answer is whole without them, and nobody has to tell them.
    """
    rows = [row for row in table.rows if seen.row_state(table, row) == MET]
    name = rows[0].outcome
    outcome = table.outcomes[name]
    reasons = tuple(reason for row in rows for reason in reasons_of(seen, table, row))
    points = tuple((table, row) for row in rows)
    rules = tuple(row.id for row in rows)
    sources = tuple(dict.fromkeys([*(s for row in rows for s in row.sources), *outcome.sources]))
    confidence = weakest([row.confidence for row in rows])
    face = Face(seen, table, outcome, True, (name,), reasons, (), (), points, ())
    return Decision(
        decision=table.id,
        status=outcome.status,
        outcome=name,
        possible=(name,),
        rules=rules,
        sources=sources,
        confidence=confidence,
        because=reasons,
        missing=_missing(seen, table),
        would_change_if=(),
        card=Card(
            table.id,
            name,
            outcome.indicator,
            rules,
            sources,
            confidence,
            seen.book.sha256,
            face,
        ),
    )


def _missing(seen: Situation, table: Table) -> tuple[Missing, ...]:
    return tuple(
        Missing(name, seen.book.label(name), seen.question_for(name), seen.issue(name))
        for name in open_inputs(seen, table)
    )
