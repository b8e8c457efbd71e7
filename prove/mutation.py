"""The mutation score of the tables: which wrong tables do the boundary cases notice?"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from unittest import mock

from hbv_engine.book import Book, build_book
from hbv_engine.errors import RulebookError
from hbv_engine.facts import RULEBOOK
from hbv_engine.markdown import read_blocks
from prove.equivalence import same_meaning
from prove.excerpt import as_text, excerpt
from prove.mutants import Mutant, mutants
from tests.engine import naive
from tests.engine.boundaries import (
    Domains,
    Patient,
    around_row,
    every_combination,
    pairwise,
    quiet_domains,
    rows_together,
)
from tests.engine.engine_reader import EngineReader
from tests.engine.naive import NaiveTable

Seen = frozenset[tuple[str, str, tuple[tuple[str, str], ...]]]
Answer = tuple[Seen, str]
SAMPLE = 2_000
"""So many cases must agree about a mutant that is shown to mean the same."""


@dataclass
class Score:
    """How the mutants of one table fared."""

    table: str
    killed: dict[str, int] = field(default_factory=dict)
    not_loaded: int = 0
    equivalent: list[tuple[Mutant, str]] = field(default_factory=list)
    survived: list[tuple[Mutant, str]] = field(default_factory=list)
    cases: int = 0

    @property
    def total(self) -> int:
        """All mutants."""
        return sum(self.killed.values()) + len(self.equivalent) + len(self.survived)


def texts_of_rulebook() -> dict[str, str]:
    """Return the Markdown of the rulebook by file name."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(RULEBOOK.glob("*.md"))}


class Trial:
    """One table, its right answers, and what becomes of its mutants."""

    def __init__(self, texts: dict[str, str], name: str) -> None:
        self.reader = naive.read_texts(texts)
        self.table: NaiveTable = self.reader.tables[name]
        self.lines, rest = excerpt(texts, self.reader, name)
        self.rest = as_text(rest)
        self.book = self.built(as_text(self.lines))
        self.domains: Domains = quiet_domains(self.reader, self.book, self.table)
        everything = every_combination(self.domains)
        self.common = list(everything or self._common())
        self.near_count = 0 if everything else sum(len(self._near(r.id)) for r in self.table.rows)
        self.near = lru_cache(maxsize=None)(self._near)
        self.expected: dict[tuple[object, ...], Answer] = {}

    def built(self, own: str) -> Book:
        """Return the rulebook of the table's own text with all it needs."""
        return build_book({"rest.md": self.rest, "own.md": own}, sha256="")

    def _common(self) -> Iterator[Patient]:
        yield from rows_together(self.reader, self.table, self.domains)
        yield from pairwise(self.domains, seed=1)

    def _near(self, row_id: str) -> list[Patient]:
        row = next(row for row in self.table.rows if row.id == row_id)
        return list(around_row(self.reader, self.table, row, self.domains))

    def cases(self, mutant: Mutant) -> Iterator[Patient]:
        """Yield the boundary cases: those around the rows that were touched first."""
        for row_id in mutant.rows:
            yield from self.near(row_id)
        yield from self.common

    def right_answer(self, patient: Patient) -> Answer:
        """Return what the naive reader says on the right text."""
        key = tuple(patient.values())
        if key not in self.expected:
            rows = naive.rows_that_hold(self.reader, self.table, patient)
            seen = frozenset((r.id, r.outcome, tuple(r.outputs.items())) for r in rows)
            self.expected[key] = (seen, decided(self.table.policy, self.table.order, seen))
        return self.expected[key]

    def judge(self, mutant: Mutant) -> tuple[str, str]:
        """Return ``killed``, ``not loaded``, ``equivalent`` or ``survived``, and why."""
        try:
            wrong = self.built(mutant.text)
        except RulebookError as error:
            return "not loaded", error.message
        why = same_meaning(self.book, wrong, mutant.table)
        cases = islice(self.cases(mutant), SAMPLE) if why else self.cases(mutant)
        noticed = any(self._is_noticed(wrong, mutant, cases))
        if why:
            return ("survived", f"noticed, though {why}") if noticed else ("equivalent", why)
        return ("killed", "") if noticed else ("survived", "no case notices it")

    def _is_noticed(self, wrong: Book, mutant: Mutant, cases: Iterable[Patient]) -> Iterator[bool]:
        engine = EngineReader(wrong, mutant.table)
        answers: dict[int, Answer] = {}
        for patient in cases:
            mask = engine.rows(patient)
            if mask not in answers:
                answers[mask] = self._answer(engine, mask)
            yield answers[mask] != self.right_answer(patient)

    def _answer(self, engine: EngineReader, mask: int) -> Answer:
        table = engine.table
        rows = [row for i, row in enumerate(table.rows) if mask >> i & 1]
        seen = frozenset((row.id, row.outcome, tuple(row.outputs.items())) for row in rows)
        return seen, decided(table.policy, list(table.order), seen)

    def mutants(self) -> list[Mutant]:
        """Return all mutants of the table."""
        return list(mutants(self.lines, self.reader, self.table))


def decided(policy: str, order: list[str], rows: Seen) -> str:
    """Return the outcome that the rows which hold decide; ``gap`` or ``overlap`` if they cannot."""
    outcomes = [outcome for _, outcome, _ in rows]
    if policy == "collect":
        return ""
    if not outcomes:
        return "gap"
    if policy == "unique":
        return outcomes[0] if len(outcomes) == 1 else "overlap"
    return min(outcomes, key=order.index)


_TRIALS: dict[str, Trial] = {}


def _remember_blocks() -> None:
    """Let the engine read the text that all mutants of a table share only once."""
    mock.patch("hbv_engine.book.read_blocks", lru_cache(maxsize=4)(read_blocks)).start()


def _judge_part(job: tuple[str, int, int]) -> tuple[str, list[tuple[int, str, str]]]:
    name, start, step = job
    trial = _TRIALS.get(name) or _TRIALS.setdefault(name, Trial(texts_of_rulebook(), name))
    found = []
    for i, mutant in enumerate(trial.mutants()):
        if i % step == start:
            found.append((i, *trial.judge(mutant)))
    return name, found


PARTS = 4


def scores(names: list[str], *, processes: int) -> Iterator[Score]:
    """Yield the score of each table as it is done."""
    jobs = [(name, part, PARTS) for name in names for part in range(PARTS)]
    waiting = dict.fromkeys(names, PARTS)
    verdicts: dict[str, list[tuple[int, str, str]]] = {name: [] for name in names}
    with multiprocessing.get_context("fork").Pool(processes, _remember_blocks) as pool:
        for name, found in pool.imap_unordered(_judge_part, jobs):
            verdicts[name] += found
            waiting[name] -= 1
            if not waiting[name]:
                yield _score(name, verdicts[name])


def _score(name: str, verdicts: list[tuple[int, str, str]]) -> Score:
    trial = Trial(texts_of_rulebook(), name)
    all_mutants = trial.mutants()
    score = Score(name, cases=len(trial.common) + trial.near_count)
    for i, verdict, why in sorted(verdicts):
        mutant = all_mutants[i]
        if verdict in {"killed", "not loaded"}:
            score.killed[mutant.kind] = score.killed.get(mutant.kind, 0) + 1
            score.not_loaded += verdict == "not loaded"
        elif verdict == "equivalent":
            score.equivalent.append((mutant, why))
        else:
            score.survived.append((mutant, why))
    return score
