"""Taking single facts out of everything that tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlite_utils import Database

from records.search import add_words, drop_removed, remove_words

Spans = dict[str, list[tuple[int, int]]]
BLANK: Final = "█"
_TELLING_LETTERS, _TELLING_CHARACTERS = 4, 2


def forget_names(db: Database, person: str, names: Collection[str]) -> int:
    """Erase the facts with these names inside the caller's transaction; return the rows changed."""
    facts = _facts(db, person, names)
    if not facts:
        return 0
    messages = list(db.query("select * from messages where person = ? order by key", [person]))
    keys = {message["id"]: message["key"] for message in messages}
    first = min(keys[fact["message"]] for fact in facts)
    spans = _spans(facts, messages)
    changed = _delete(db, [fact["id"] for fact in facts])
    changed += _blank_overlapping(db, spans)
    for message in messages:
        if message["direction"] == "in":
            changed += _rewrite(db, message, _blanked(message["text"], spans[message["id"]]))
        elif message["key"] > first:
            changed += _rewrite(db, message, BLANK)
    changed += db.execute(
        "delete from assessments where person = ? and (message is null or message in"
        " (select id from messages where person = ? and key >= ?))",
        [person, person, first],
    ).rowcount
    drop_removed(db)
    return changed


def _facts(db: Database, person: str, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the observations of these names, and all that they ever superseded."""
    marks = ", ".join("?" for _ in names)
    sql = f"""
        with recursive gone(id) as (
            select id from observations where person = ? and name in ({marks})
            union
            select o.id from observations o join gone on o.superseded_by = gone.id
        )
        select * from observations where id in (select id from gone)
    """  # noqa: S608 - only question marks are put in
    return list(db.query(sql, [person, *names]))


def _spans(facts: Iterable[dict[str, Any]], messages: Iterable[dict[str, Any]]) -> Spans:
    """Return which parts of which message tell the facts, also where the words are repeated."""
    spans: Spans = defaultdict(list)
    telling = set()
    texts = {message["id"]: message["text"] for message in messages}
    for fact in facts:
        text = texts[fact["message"]]
        # Without a place, the whole message may be what told it.
        place = (fact["start"], fact["end"] or len(text))
        spans[fact["message"]].append(place)
        if place != (0, len(text)) and _is_telling(fact["raw"]):
            telling.add(fact["raw"])
    for message, text in texts.items():
        for raw in telling:
            spans[message] += _places(text, raw)
    return spans


def _is_telling(raw: str) -> bool:
    """Tell words of the fact's own from an answer such as "no", which other facts share."""
    return len(raw) >= (_TELLING_LETTERS if raw.isascii() else _TELLING_CHARACTERS)


def _places(text: str, part: str) -> Iterable[tuple[int, int]]:
    place = text.find(part)
    while place >= 0:
        yield place, place + len(part)
        place = text.find(part, place + 1)


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        for place in range(max(start, 0), min(end, len(letters))):
            letters[place] = letters[place] if letters[place].isspace() else BLANK
    return "".join(letters)


def _delete(db: Database, ids: list[int]) -> int:
    for key in ids:
        db.execute("update observations set superseded_by = null where id = ?", [key])
    return sum(db.execute("delete from observations where id = ?", [key]).rowcount for key in ids)


def _blank_overlapping(db: Database, spans: Spans) -> int:
    """Blank the words of other facts that were told in the same breath; their values stay."""
    changed = 0
    for message, places in spans.items():
        for row in list(db.query("select * from observations where message = ?", [message])):
            if any(start < row["end"] and row["start"] < end for start, end in places):
                changed += db.execute(
                    "update observations set raw = ? where id = ?", [BLANK, row["id"]]
                ).rowcount
    return changed


def _rewrite(db: Database, message: dict[str, Any], text: str) -> int:
    if text == message["text"] and message["card"] is None:
        return 0
    remove_words(db, message["key"], message["text"])
    add_words(db, message["key"], text)
    db.execute("update messages set text = ?, card = null where key = ?", [text, message["key"]])
    return 1
