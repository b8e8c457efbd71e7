"""The table that the proof prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prove.fuzz import Outcome
from prove.mutation import Score

MUTATION_HEADER = ("table", "cases", "mutants", "noticed", "same meaning", "unproved")
FUZZ_HEADER = ("damaged records", "accepted", "refused", "crashed")


def mutation_row(score: Score) -> tuple[str, ...]:
    """Return one line of the mutation table."""
    killed = sum(score.killed.values())
    counts = (score.cases, score.total, killed, len(score.equivalent), len(score.survived))
    return (score.table, *(f"{count:,}" for count in counts))


def mutation_sum(scores: list[Score]) -> tuple[str, ...]:
    """Return the last line of the mutation table, with its score."""
    total = Score("all tables", cases=sum(score.cases for score in scores))
    for score in scores:
        total.equivalent += score.equivalent
        total.survived += score.survived
        for kind, count in score.killed.items():
            total.killed[kind] = total.killed.get(kind, 0) + count
    return mutation_row(total)


def killed_share(scores: list[Score]) -> float:
    """Return the share of the mutants with another meaning that the cases notice."""
    killed = sum(sum(score.killed.values()) for score in scores)
    return killed / max(killed + sum(len(score.survived) for score in scores), 1)


def by_kind(scores: list[Score]) -> Iterator[tuple[str, ...]]:
    """Yield for each kind of change how many were noticed, mean the same, or are unproved."""
    killed: Counter[str] = Counter()
    same: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for score in scores:
        killed.update(score.killed)
        same.update(mutant.kind for mutant, _ in score.equivalent)
        left.update(mutant.kind for mutant, _ in score.survived)
    for kind in sorted({*killed, *same, *left}):
        yield kind, f"{killed[kind]:,}", f"{same[kind]:,}", f"{left[kind]:,}"


def reasons(scores: list[Score]) -> Iterator[str]:
    """Yield why mutants that nothing noticed mean the same; plain swaps of rows are counted."""
    swaps: Counter[str] = Counter()
    for score in scores:
        for mutant, why in score.equivalent:
            if mutant.kind == "swap neighbours":
                swaps[why] += 1
            else:
                yield f"{mutant.place} {mutant.kind}: {mutant.what}: {why}"
    for why, count in swaps.items():
        yield f"swap neighbours, {count:,} times: {why}"


def fuzz_row(outcome: Outcome) -> tuple[str, ...]:
    """Return the line of the fuzz table."""
    crashed = sum(count for count, _ in outcome.crashes.values())
    refused = sum(outcome.refused.values())
    return tuple(f"{count:,}" for count in (outcome.tried, outcome.accepted, refused, crashed))


def markdown(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table with numbers to the right."""
    ruler = ["---" if i == 0 else "---:" for i in range(len(header))]
    lines = [header, tuple(ruler), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
