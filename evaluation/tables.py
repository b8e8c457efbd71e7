"""The tables and the list of errors that the evaluation prints."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.facts import Fact, differences
from evaluation.scores import FEWEST, Count, Score, alarms, first
from evaluation.understood import Pair
from prove.report import markdown

_COUNTS = ("labelled", "found", "precision", "recall", "F1")
MARKS = ("ambiguous", "unit_missing", "when", "reference_limit")


def report(scores: list[Score]) -> str:
    """Return all tables, one column or row for each score."""
    return "\n\n".join(f"{title}\n\n{table}" for title, table in _tables(scores)) + "\n"


def _tables(scores: list[Score]) -> Iterator[tuple[str, str]]:
    yield "## In short", _in_short(scores)
    yield "## Facts", _by_name(scores, "fact", [score.by_fact for score in scores])
    yield "## Marks on facts that are right", _marks(scores)
    yield "## Intents", _by_name(scores, "intent", [score.by_intent for score in scores])
    yield "## Danger", _danger(scores)


def _in_short(scores: list[Score]) -> str:
    header = ("", *(score.name for score in scores))
    lines: list[tuple[str, list[str]]] = [
        ("messages", [f"{len(score.pairs)}" for score in scores]),
        ("facts: precision", [f"{score.facts.precision:.3f}" for score in scores]),
        ("facts: recall", [f"{score.facts.recall:.3f}" for score in scores]),
        ("facts: F1", [f"{score.facts.f1:.3f}" for score in scores]),
        ("units that nobody wrote", [f"{score.invented_units}" for score in scores]),
        (f"intents: macro F1 ({FEWEST} messages or more)", [f"{s.macro_f1:.3f}" for s in scores]),
        ("intents: first one right", [f"{score.first_intent:.1%}" for score in scores]),
        ("danger: messages found", [f"{score.danger('any').recall:.1%}" for score in scores]),
        ("danger: false alarms", [f"{score.danger('any').extra}" for score in scores]),
        ("out of scope, rejected", [f"{score.rejected:.1%}" for score in scores]),
        ("in scope, refused", [f"{score.wrongly_refused:.1%}" for score in scores]),
        ("time per message, median", [f"{score.milliseconds[0]:.0f} ms" for score in scores]),
        ("time per message, 95th percentile", [f"{s.milliseconds[1]:.0f} ms" for s in scores]),
    ]
    return markdown(header, [(name, *cells) for name, cells in lines])


def _by_name(scores: list[Score], what: str, counts: list[dict[str, Count]]) -> str:
    rows = []
    for score, named in zip(scores, counts, strict=True):
        for name, count in sorted(named.items(), key=lambda n: (-n[1].labelled, n[0])):
            rows.append((score.name, name, *_cells(count)))
    return markdown(("language", what, *_COUNTS), rows)


def _marks(scores: list[Score]) -> str:
    rows = [(s.name, mark, *_cells(s.agreement(mark))) for s in scores for mark in MARKS]
    return markdown(("language", "mark", *_COUNTS), rows)


def _danger(scores: list[Score]) -> str:
    rows = []
    for score in scores:
        rows += [
            (score.name, "the writer's own, messages", *_cells(score.danger("own"))),
            (score.name, "somebody else's, messages", *_cells(score.danger("other"))),
            (score.name, "anybody's, messages", *_cells(score.danger("any"))),
            (score.name, "signs, and whose", *_cells(score.signs)),
        ]
    return markdown(("language", "danger now", *_COUNTS), rows)


def _cells(count: Count) -> tuple[str, ...]:
    shares = (count.precision, count.recall, count.f1)
    return (f"{count.labelled}", f"{count.hit + count.extra}", *(f"{each:.2f}" for each in shares))


def errors(score: Score) -> Iterator[str]:
    """Yield every error: where, of what kind, what was expected, what came, and the message."""
    for pair, match in zip(score.pairs, score.matches, strict=True):
        found = [
            *((", ".join(differences(*both)), *map(_told, both)) for both in match.mistaken),
            *(("fact missing", _told(label), "-") for label in match.missing),
            *(("fact too many", "-", _told(fact)) for fact in match.extra),
            *_errors_of_intents(pair),
            *_errors_of_danger(pair),
        ]
        for kind, expected, got in found:
            yield f"{pair.message.id} | {kind} | {expected} | {got} | {pair.message.text!r}"


def _errors_of_intents(pair: Pair) -> Iterator[tuple[str, str, str]]:
    right, got = pair.message.intents, pair.got["intents"]
    if set(right) != set(got) or first(right) != first(got):
        kind = "intents" if first(right) == first(got) else "first intent"
        yield kind, " ".join(right), " ".join(got) or "-"


def _errors_of_danger(pair: Pair) -> Iterator[tuple[str, str, str]]:
    right, got = (
        sorted(
            f"{flag['id']}{' of ' * bool(flag.get('subject'))}{flag.get('subject', '')}"
            for flag in now
        )
        for now in (alarms(pair.message.red_flags, "any"), alarms(pair.got["red_flags"], "any"))
    )
    if right != got:
        yield "danger", " ".join(right) or "-", " ".join(got) or "-"


def _told(fact: Fact) -> str:
    parts = (fact.get("comparator", "").replace("=", ""), str(fact["value"]), fact.get("unit", ""))
    words = [f"{fact['name']} {''.join(parts[:2])} {parts[2]}".strip()]
    words += [f"{name}: {fact[name]}" for name in ("subject", "status") if fact.get(name)]
    return ", ".join(words)
