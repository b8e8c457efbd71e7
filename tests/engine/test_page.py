"""The rulebook as one page: whole, self-contained, readable with any device, ready to sign."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hbv_engine.book import Book
from hbv_engine.facts import RULEBOOK
from hbv_engine.page import build_page
from hbv_engine.wording import number_text

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """What a reader or a browser needs to know of the page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.headings: list[int] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.headers: list[dict[str, str | None]] = []
        self.scrolling: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if found.get("id"):
            self.ids[str(found["id"])] += 1
        if tag == "th":
            self.headers.append(found)
        if "scroll" in str(found.get("class", "")).split():
            self.scrolling.append(found)
        self.links += [str(found[name]) for name in ("href", "src", "action") if found.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.words.append(data)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(build_page())


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.unbalanced == []
    assert page.open == []


def test_the_page_needs_nothing_but_itself(page: Page) -> None:
    assert [link for link in page.links if not link.startswith(("#", "data:"))] == []
    assert "@import" not in page.html
    assert "<script" not in page.html
    assert "url(" not in page.html


def test_every_link_leads_somewhere_and_no_anchor_is_used_twice(page: Page) -> None:
    assert [name for name, count in page.ids.items() if count > 1] == []
    targets = {link[1:] for link in page.links if link.startswith("#")}
    assert targets - set(page.ids) == set()


def test_headings_do_not_skip_a_level(page: Page) -> None:
    assert page.headings.count(1) == 1
    for before, after in zip(page.headings, page.headings[1:], strict=False):
        assert after <= before + 1


def test_tables_can_be_read_aloud_and_scrolled_by_keyboard(page: Page) -> None:
    assert all(header.get("scope") for header in page.headers)
    assert page.scrolling
    for box in page.scrolling:
        assert box["tabindex"] == "0"
        assert box["role"] == "region"
        assert box["aria-label"]


def test_it_is_made_for_phones_and_for_paper(page: Page) -> None:
    assert 'name="viewport"' in page.html
    assert "@media print" in page.html
    assert "@media (max-width" in page.html


def test_every_rule_is_there_with_its_sources(book: Book, page: Page) -> None:
    for table in book.tables.values():
        for row in table.rows:
            assert f"rule-{row.id}" in page.ids
            for source in row.sources:
                assert f'href="#source-{source}"' in page.html or (
                    f'href="#statement-{source}"' in page.html
                )


def test_every_threshold_is_shown_as_a_number_with_its_name(book: Book, page: Page) -> None:
    for parameter in book.parameters.values():
        assert f"parameter-{parameter.id}" in page.ids
        assert number_text(parameter.value) in page.text
    assert '<abbr title="tolerance_dna">1×10⁷' in page.html


def test_every_sentence_stands_in_both_languages(book: Book, page: Page) -> None:
    for table in book.tables.values():
        texts = [both for outcome in table.outcomes.values() for both in outcome.texts.values()]
        texts += [both for said in table.says.values() for both in said.values()]
        for both in texts:
            for text in both.values():
                longest = max(re.split(r"\{[^}]*\}|[`*]", text), key=len).strip()
                assert " ".join(longest.split()) in page.text


def test_the_prose_of_every_file_is_there(page: Page) -> None:
    told = page.text.replace("*", "")
    for path in RULEBOOK.glob("*.md"):
        body = path.read_text(encoding="utf-8").partition("\n---\n")[2]
        for line in body.splitlines():
            plain = re.sub(r"[`*]", "", line).strip(" -#")
            if line.strip() and not line.startswith(("|", "#")):
                assert " ".join(plain.split()) in told, (path.name, line)


def test_drafts_can_be_seen(book: Book, page: Page) -> None:
    drafts = sum(row.confidence == "K" for t in book.tables.values() for row in t.rows)
    assert f"{drafts} draft rules" in page.text
    assert page.text.count("K draft") >= drafts


def test_every_source_and_question_is_listed(book: Book, page: Page) -> None:
    for name in book.sources:
        assert f"source-{name}" in page.ids
    for name, question in book.questions.items():
        if "text" in question:
            assert f"question-{name}" in page.ids
            assert " ".join(question["text"]["zh"].split()) in page.text


def test_there_is_a_place_to_sign_these_exact_bytes(book: Book, page: Page) -> None:
    signing = page.html.partition('id="sign"')[2]
    assert signing.count(book.sha256) >= 2
    assert book.version in signing
    assert "Signature" in signing


def test_equal_books_give_equal_pages() -> None:
    assert build_page() == build_page()


def test_the_frame_speaks_chinese_when_asked_to() -> None:
    html = build_page(language="zh")
    assert '<html lang="zh">' in html
    assert "审阅与签名" in html


def test_text_of_the_rulebook_cannot_become_markup(tmp_path: Path) -> None:
    for path in RULEBOOK.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / "phase.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\n\nA <script>alert(1)</script> line.\n", encoding="utf-8")
    html = build_page(tmp_path)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
