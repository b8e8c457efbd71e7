"""An answer in words: one card, for a patient or a nurse, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from hbv_engine.book import Book, Outcome, Row, Table
from hbv_engine.facts import Text
from hbv_engine.results import Card, Change, Missing, Reason, RenderedCard
from hbv_engine.situation import MET, Situation
from hbv_engine.wording import (
    cell_text,
    evidence_text,
    fill,
    join,
    known_text,
    number_text,
    outcome_label,
    parameter_text,
    phrase,
)

SUMMARY_LIMIT = 140
LONGEST_LIST = 6
WEAKEST = ("S", "C", "P", "C*", "K")


@dataclass(frozen=True, slots=True)
class Face:
    """Everything a card is rendered from; rendering happens only when somebody looks."""

    seen: Situation
    table: Table
    outcome: Outcome | None
    settled: bool
    possible: tuple[str, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    changes: tuple[Change, ...]
    points: tuple[tuple[Table, Row], ...]
    beside: tuple[tuple[Table, str], ...]

    def __call__(self, card: Card, language: str, audience: str) -> RenderedCard:
        """Return the card in one language for one reader."""
        return RenderedCard(
            language=language,
            audience=audience,
            summary=self._text(audience, "summary", language),
            detail=self._text(audience, "detail", language),
            indicator=card.indicator,
            because=tuple(dict.fromkeys(self._because(r, language) for r in self.reasons)),
            missing=tuple(self._missing(m, language) for m in self.missing),
            would_change=tuple(self._change(c, language) for c in self.changes),
            points=tuple(self._point(t, r, language, audience) for t, r in self.points),
            beside=tuple(self._beside(t, o, language, audience) for t, o in self.beside),
            note=self._note(card, language),
            rules=card.rules,
            sources=tuple(citation(self.seen.book, s) for s in card.sources),
            confidence=card.confidence,
            rulebook=card.rulebook,
        )

    def _text(self, audience: str, part: str, language: str) -> str:
        book = self.seen.book
        if self.outcome is None:
            own = f"open.{self.table.id}.{audience}.{part}"
            key = own if own in book.phrases else f"open.{audience}.{part}"
            text = phrase(book, key, language)
        else:
            text = self.outcome.texts.get((audience, part), {}).get(language, "")
            if part == "detail" and not self.settled:
                text = f"{text} {phrase(book, 'open.at_least', language)}"
        return fill(text, lambda name: self._lookup(name, language))

    def _lookup(self, name: str, language: str) -> str:
        book = self.seen.book
        if name == "decision":
            return phrase(book, f"table.{self.table.id}", language)
        if name == "possible":
            labels = [outcome_label(book, self.table.id, o, language) for o in self.possible]
            return self._some(list(dict.fromkeys(labels)), "or", language)
        if name == "missing_first":
            return self.missing[0].label[language] if self.missing else ""
        if name == "missing":
            missing = [self._missing(m, language) for m in self.missing]
            return self._some(list(dict.fromkeys(missing)), "and", language)
        return value_of(self.seen, name, language=language)

    def _some(self, parts: list[str], word: str, language: str) -> str:
        """Join the first parts of a list; of a long one the rest is only counted."""
        if len(parts) <= LONGEST_LIST:
            return join(self.seen.book, parts, word, language)
        rest = str(len(parts) - LONGEST_LIST + 1)
        more = self._pair("list.more", language, count=rest)
        return join(self.seen.book, [*parts[: LONGEST_LIST - 1], more], word, language)

    def _because(self, reason: Reason, language: str) -> str:
        book = self.seen.book
        if reason.input in book.tables:
            value = known_text(self.seen, reason.input, language)
            label = phrase(book, f"table.{reason.input}", language)
            return self._pair("because.undated", language, label=label, value=value)
        lines = []
        for e in self.seen.known(reason.input).evidence:
            value = evidence_text(book, e, language)
            if e.limit and e.limit[0] == e.limit[1]:
                value += self._pair(
                    "because.limit_printed", language, limit=number_text(e.limit[0])
                )
            elif e.limit:
                low, high = map(number_text, e.limit)
                value += self._pair("because.limit_range", language, low=low, high=high)
            label = book.fact_label(e.name)[language]
            key = "because.dated" if e.date else "because.undated"
            lines.append(self._pair(key, language, label=label, value=value, date=str(e.date)))
        return "; ".join(dict.fromkeys(lines))

    def _pair(self, key: str, language: str, **values: str) -> str:
        return fill(phrase(self.seen.book, key, language), lambda name: values[name])

    def _missing(self, missing: Missing, language: str) -> str:
        book = self.seen.book
        key = (missing.input, missing.issue, language)
        found = book.wordings.get(key)
        if found is None:
            found = book.wordings[key] = fill(
                phrase(book, f"issue.{missing.issue}", language),
                lambda name: (
                    missing.label[language]
                    if name == "label"
                    else parameter_text(book, name.removeprefix("="), language)
                ),
            )
        return found

    def _change(self, change: Change, language: str) -> str:
        book = self.seen.book
        parts = [
            self._pair(
                "change.part",
                language,
                label=book.label(name)[language],
                cell=cell_text(book, name, cell, language),
            )
            for name, cell in zip(change.inputs, change.cells, strict=True)
        ]
        labels = [outcome_label(book, self.table.id, o, language) for o in change.outcome]
        return self._pair(
            "change.one",
            language,
            what=join(book, parts, "and", language),
            outcome=join(book, labels, "or", language),
        )

    def _point(self, table: Table, row: Row, language: str, audience: str) -> str:
        text = table.says[row.id][audience][language]
        return fill(text, lambda name: self._lookup(name, language))

    def _beside(self, table: Table, outcome: str, language: str, audience: str) -> str:
        text = table.outcomes[outcome].texts.get((audience, "summary"), {}).get(language, "")
        return fill(text, lambda name: self._lookup(name, language))

    def _note(self, card: Card, language: str) -> str:
        book = self.seen.book
        notes = []
        if card.confidence in {"K", "P"}:
            notes.append(phrase(book, "note.draft", language))
        elif card.confidence == "C*":
            notes.append(phrase(book, "note.secondary", language))
        undated = [
            book.fact_label(e.name)[language]
            for r in self.reasons
            if r.input not in book.tables
            for e in self.seen.known(r.input).evidence
            if e.date is None and e.name in book.analytes
        ]
        if undated:
            names = join(book, list(dict.fromkeys(undated)), "and", language)
            notes.append(self._pair("note.undated", language, names=names))
        return " ".join(notes)


def said(seen: Situation, table: Table, row: Row) -> dict[str, Text]:
    """Return a row's own sentences for each reader, with the person's values filled in."""
    return {
        audience: {
            language: fill(text, partial(value_of, seen, language=language))
            for language, text in both.items()
        }
        for audience, both in table.says[row.id].items()
    }


def value_of(seen: Situation, name: str, *, language: str) -> str:
    """Return what a placeholder stands for: a threshold, or what is known of an input."""
    if name.startswith("="):
        return parameter_text(seen.book, name[1:], language)
    return known_text(seen, name, language)


def citation(book: Book, source: str) -> str:
    """Return a source id with its title and year."""
    known = book.citations.get(source)
    if known is None:
        known = book.citations[source] = _citation(book, source)
    return known


def _citation(book: Book, source: str) -> str:
    base = source.split("-", maxsplit=1)[0] if source[:1] == "S" and "-" in source else source
    found = book.sources.get(base)
    if not found:
        return source
    year = f", {found['year']}" if found.get("year") else ""
    return f"{source}: {found['title']}{year}"


def weakest(confidences: list[str]) -> str:
    """Return the weakest of several confidences."""
    return max(confidences, key=WEAKEST.index, default="P")


def points_of(seen: Situation, tables: Sequence[Table], goal: str) -> tuple[tuple[Table, Row], ...]:
    """Return the rows that hold and have a sentence of their own to say on a goal's card."""
    return tuple(
        seen.book.rows[row_id]
        for table in (*tables, *seen.book.said_with.get(goal, ()))
        if table.says
        for states in (seen.row_states(table),)
        for row_id in table.says
        if states[row_id] == MET
    )
