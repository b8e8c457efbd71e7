"""A deterministic rules engine for chronic hepatitis B: phases, timing of treatment, interferon.

Pure functions over a record; every answer names the rules and the sources it comes from::

    from hbv_engine import assess, read_record

    record = read_record({"as_of": "2026-11-20", "age": 34, "sex": "female"})
    print(assess(record).decisions["phase"].card.render("en").summary)

The engine has no clock, no randomness and no input or output but its own rulebook.
"""

from __future__ import annotations

from hbv_engine.answers import answer
from hbv_engine.assess import assess
from hbv_engine.book import Book, load_book
from hbv_engine.changes import nearest_changes, what_if
from hbv_engine.compare import compare
from hbv_engine.errors import EngineError, RecordError, RulebookError
from hbv_engine.explain import explain
from hbv_engine.model import Record, read_record
from hbv_engine.questions import Question, next_question
from hbv_engine.topics import about, topics

__all__ = [
    "Book",
    "EngineError",
    "Question",
    "Record",
    "RecordError",
    "RulebookError",
    "about",
    "answer",
    "assess",
    "compare",
    "explain",
    "load_book",
    "nearest_changes",
    "next_question",
    "read_record",
    "topics",
    "what_if",
]
