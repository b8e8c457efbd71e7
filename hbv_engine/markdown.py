"""Reading Markdown into blocks: headings, paragraphs and tables, with their line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from hbv_engine.facts import LOADER

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_ANCHOR = re.compile(r"\s*\{#([\w-]+)\}\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a Markdown file; ``rows`` are the cells of a table, its header first."""

    kind: str
    line: int
    text: str = ""
    level: int = 0
    anchor: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only when a rulebook is read
    from mdit_py_plugins.front_matter import front_matter_plugin  # noqa: PLC0415

    return MarkdownIt("commonmark").enable("table").use(front_matter_plugin)


def read_blocks(text: str) -> tuple[dict[str, Any], list[Block]]:
    """Return the front matter and the blocks of a Markdown text."""
    tokens = _parser().parse(text)
    meta: dict[str, Any] = {}
    if tokens and tokens[0].type == "front_matter":
        meta = yaml.load(tokens[0].content, Loader=LOADER) or {}  # noqa: S506
        tokens = tokens[1:]
    return meta, list(_blocks(tokens))


def _blocks(tokens: list[Any]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        line = (token.map or [0])[0] + 1
        if token.type == "heading_open":
            text = tokens[position + 1].content
            anchor = _ANCHOR.search(text)
            yield Block(
                "heading",
                line,
                _ANCHOR.sub("", text),
                level=int(token.tag[1]),
                anchor=anchor.group(1) if anchor else "",
            )
        elif token.type == "paragraph_open" and token.level == 0:
            yield Block("paragraph", line, tokens[position + 1].content)
        elif token.type == "table_open":
            end = next(i for i in range(position, len(tokens)) if tokens[i].type == "table_close")
            yield Block("table", line, rows=_rows(tokens[position:end]))
            position = end
        position += 1


def _rows(tokens: list[Any]) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append(tokens[index + 1].content.strip())
    return tuple(tuple(row) for row in rows)
