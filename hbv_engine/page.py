"""The whole rulebook as one page of HTML: to read, to print, to sign.

The prose of every file stands in its own order; tables show the numbers behind the names of
thresholds; what is said stands in both languages side by side. The page needs nothing but itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from hbv_engine.book import CONFIDENCES, Book, load_book
from hbv_engine.facts import RULEBOOK, catalogue
from hbv_engine.page_cells import Cells

TEMPLATES = Path(__file__).parent / "templates"
_ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a chapter; ``kind`` names the macro of the template that draws it."""

    kind: str
    data: Any


@dataclass(slots=True)
class Chapter:
    """One file of the rulebook."""

    id: str
    title: str
    version: str
    status: str
    reviewed: str
    parts: list[Part] = field(default_factory=list)
    sections: list[tuple[str, str]] = field(default_factory=list)
    rules: int = 0
    drafts: int = 0


def build_page(
    folder: Path = RULEBOOK, *, language: str = "en", printed: dt.date | None = None
) -> str:
    """Return the rulebook of a folder as one self-contained page of HTML.

    Args:
        folder: where the rulebook lies.
        language: of the headings around the rulebook; what is said is always in both.
        printed: the day to put on the page; without it equal books give equal pages.

    Raises:
        RulebookError: the folder does not hold a rulebook.
    """
    book = load_book(folder)
    chapters = [_chapter(book, path) for path in sorted(folder.glob("*.md"))]
    rows = [row for table in book.tables.values() for row in table.rows]
    html = (
        _environment()
        .get_template("rulebook.html.jinja")
        .render(
            book=book,
            cells=Cells(book),
            chapters=chapters,
            counts=Counter(row.confidence for row in rows),
            confidences=CONFIDENCES,
            rules=len(rows),
            questions={k: q for k, q in book.questions.items() if "text" in q},
            facts=catalogue(),
            language=language,
            printed=printed,
        )
    )
    return html.strip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _chapter(book: Book, path: Path) -> Chapter:
    meta, blocks = book.files[path.name]
    title = next((b.text for b in blocks if b.kind == "heading" and b.level == 1), path.stem)
    chapter = Chapter(
        id=path.stem,
        title=title,
        version=str(meta.get("version", book.version)),
        status=str(meta.get("status", "draft")),
        reviewed=str(meta.get("reviewed") or ""),
    )
    rows = [r for t in book.tables.values() if t.file == path.name for r in t.rows]
    chapter.rules = len(rows)
    chapter.drafts = sum(row.confidence == "K" for row in rows)
    _read(book, chapter, _body(path.read_text(encoding="utf-8")))
    return chapter


def _body(text: str) -> str:
    """Return a file's text without its front matter."""
    if not text.startswith("---\n"):
        return text
    return text.partition("\n---\n")[2]


def _read(book: Book, chapter: Chapter, text: str) -> None:
    """Cut a file into parts: prose as it stands, tables by what they hold."""
    tokens = _parser().parse(text)
    section = outcome = ""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _end(tokens, position)
        if token.type == "heading_open":
            title, anchor = _split_anchor(tokens[position + 1].content)
            if token.tag == "h2":
                section, outcome = anchor, ""
                chapter.sections.append((anchor or title, title))
            elif token.tag != "h1":
                outcome = title.strip("`")
            if token.tag != "h1":
                chapter.parts.append(_heading(book, token.tag, title, section, outcome))
        elif token.type == "table_open":
            chapter.parts.append(_table(book, section, outcome, _rows(tokens[position:end])))
        elif token.type == "paragraph_open" and _is_settings(tokens[position + 1].content):
            chapter.parts.append(Part("settings", tokens[position + 1].content.replace("\n", " ")))
        else:
            html = _parser().renderer.render(tokens[position:end], _parser().options, {})
            chapter.parts.append(Part("prose", Markup(html)))  # noqa: S704 - rendered with html off
        position = end


def _end(tokens: list[Token], start: int) -> int:
    """Return the position after the block that begins at ``start``."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position + 1
    return len(tokens)


def _split_anchor(text: str) -> tuple[str, str]:
    match = _ANCHOR.search(text)
    return (text[: match.start()], match.group(1)) if match else (text, "")


def _is_settings(text: str) -> bool:
    return text.startswith(("Hit policy:", "Status:", "Sources:"))


def _heading(book: Book, tag: str, title: str, section: str, outcome: str) -> Part:
    if tag == "h2":
        return Part("section", (section or title, title))
    table = book.tables.get(section)
    found = table.outcomes.get(outcome) if table else None
    anchor = f"{section}-{outcome}" if outcome else title
    return Part("outcome", (anchor, outcome or title, found))


def _rows(tokens: list[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append(tokens[position + 1].content.strip())
    return rows


def _table(book: Book, section: str, outcome: str, rows: list[list[str]]) -> Part:
    """Return a table as what it is: thresholds, rules, what is said, or a plain list."""
    header = rows[0]
    if header[:3] == ["id", "value", "unit"]:
        return Part("parameters", [book.parameters[row[0].strip("`")] for row in rows[1:]])
    if header[0] == "id" and section in book.tables:
        return Part("rules", book.tables[section])
    if header[0] == "row":
        return Part("says", rows[1:])
    if header[0] == "" and outcome:
        return Part("texts", rows[1:])
    return Part("plain", rows)


def page_data(book: Book) -> dict[str, Any]:
    """Return the tables of a rulebook as plain data: rules, thresholds, sources."""
    tables = {
        table.id: {
            "title": table.title,
            "file": table.file,
            "policy": table.policy,
            "rules": [
                {
                    "id": row.id,
                    "when": {
                        c: cond.text for c, cond in row.conditions.items() if cond.text != "-"
                    },
                    "outcome": row.outcome,
                    "outputs": row.outputs,
                    "sources": row.sources,
                    "confidence": row.confidence,
                }
                for row in table.rows
            ],
        }
        for table in book.tables.values()
    }
    thresholds = {p.id: {"value": p.value, "unit": p.unit} for p in book.parameters.values()}
    return {
        "version": book.version,
        "sha256": book.sha256,
        "tables": tables,
        "thresholds": thresholds,
        "sources": book.sources,
    }
