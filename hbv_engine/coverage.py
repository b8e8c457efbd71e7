"""Where each numbered statement of the source texts is said: in a rule, in a sentence, or declared.

The statements themselves stand in ``rulebook/source_texts.md``, each with a short paraphrase. One
is covered if a rule row cites it, if an outcome's sentences say it, if a row with a sentence of its
own cites it, or if the table of the background tells why it decides nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from hbv_engine.book import Book, load_book
from hbv_engine.markdown import Block

STATEMENT = re.compile(r"^S[0-2]-\d+$")
BACKGROUND = "background"
_HEADER = "statement"


@dataclass(frozen=True, slots=True)
class Coverage:
    """One statement and the places where it lives.

    ``rules`` are the ids of rows that cite it, ``said`` the places whose sentences say it (such as
    ``phase/immune_tolerance`` or ``monitoring/MON-3``), ``background`` the reason why it decides
    nothing.
    """

    statement: str
    paraphrase: str
    rules: tuple[str, ...]
    said: tuple[str, ...]
    background: str = ""

    @property
    def missing(self) -> bool:
        """True when the statement is nowhere."""
        return not (self.rules or self.said or self.background)


def coverage(book: Book | None = None) -> list[Coverage]:
    """Return every statement of the source texts, in their order, with where it is said."""
    book = book or load_book()
    told, background = _statements(book)
    rules, said = _cited(book)
    cited = {s for s in (*rules, *said) if STATEMENT.match(s)}
    names = sorted(cited | set(told) | set(background), key=_place)
    return [
        Coverage(
            name,
            told.get(name, ""),
            tuple(dict.fromkeys(rules[name])),
            tuple(dict.fromkeys(said[name])),
            background.get(name, ""),
        )
        for name in names
    ]


def _place(statement: str) -> tuple[str, int]:
    text, _, number = statement.partition("-")
    return text, int(number)


def _statements(book: Book) -> tuple[dict[str, str], dict[str, str]]:
    """Return the paraphrase of each statement, and the reasons of those that decide nothing."""
    told: dict[str, str] = {}
    background: dict[str, str] = {}
    for _, blocks in book.files.values():
        section = ""
        for block in blocks:
            if block.kind == "heading":
                section = block.anchor or section
            elif _is_list(block):
                into = background if section == BACKGROUND else told
                into.update((row[0].strip("`"), row[1]) for row in block.rows[1:])
    return told, background


def _is_list(block: Block) -> bool:
    return block.kind == "table" and len(block.rows[0]) > 1 and block.rows[0][0] == _HEADER


def _cited(book: Book) -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """Return, for each source, the rows that cite it and the sentences that say it."""
    rules: defaultdict[str, list[str]] = defaultdict(list)
    said: defaultdict[str, list[str]] = defaultdict(list)
    for table in book.tables.values():
        for row in table.rows:
            for source in row.sources:
                rules[source].append(row.id)
                if row.id in table.says:
                    said[source].append(f"{table.id}/{row.id}")
        for outcome in table.outcomes.values():
            for source in outcome.sources:
                said[source].append(f"{table.id}/{outcome.name}")
    return rules, said
