"""Wrong tables and damaged input: what the tests would notice, and that nothing crashes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

from hbv_engine.book import load_book
from prove import report
from prove.fuzz import Outcome, fuzz
from prove.mutation import Score, scores


def prove_tables(
    names: list[str], tries: int, processes: int, say: Callable[[str], None]
) -> tuple[str, bool]:
    """Return the tables of the proof, and whether nothing was left unproved.

    Args:
        names: the decision tables; all of them if empty.
        tries: how many damaged records.
        processes: how many work at a time.
        say: is given a line of progress after every table.
    """
    found = _mutation(names or list(load_book().tables), processes, say)
    outcome = _fuzz(tries, processes)
    sound = not outcome.crashes and not any(score.survived for score in found)
    return _text(found, outcome), sound


def _mutation(names: list[str], processes: int, say: Callable[[str], None]) -> list[Score]:
    found = []
    for score in scores(names, processes=processes):
        found.append(score)
        say("  ".join(f"{part:>12}" for part in report.mutation_row(score)))
    return sorted(found, key=lambda score: names.index(score.table))


def _fuzz(tries: int, processes: int) -> Outcome:
    whole = Outcome()
    jobs = [(tries // processes, seed) for seed in range(processes)]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for part in pool.starmap(fuzz, jobs):
            whole.tried += part.tried
            whole.accepted += part.accepted
            whole.refused += part.refused
            for name, (count, shown) in part.crashes.items():
                whole.crashes[name] = (whole.crashes.get(name, (0, ""))[0] + count, shown)
    return whole


def _text(found: list[Score], outcome: Outcome) -> str:
    rows = [*map(report.mutation_row, found), report.mutation_sum(found)]
    kinds = report.markdown(
        ("change", "noticed", "same meaning", "unproved"), list(report.by_kind(found))
    )
    parts = [
        "## Wrong tables",
        report.markdown(report.MUTATION_HEADER, rows),
        f"Noticed of those with another meaning: {report.killed_share(found):.2%}.",
        kinds,
        "Why the others mean the same:",
        "\n".join(f"- {line}" for line in report.reasons(found)) or "- there are none",
        "## Damaged input",
        report.markdown(report.FUZZ_HEADER, [report.fuzz_row(outcome)]),
        "Refused: " + ", ".join(f"{c} {n:,}" for c, n in sorted(outcome.refused.items())) + ".",
    ]
    unproved = [
        f"- {m.place} {m.kind}: {m.what}: {why}" for score in found for m, why in score.survived
    ]
    crashes = [f"- {name}, {n} times: `{shown}`" for name, (n, shown) in outcome.crashes.items()]
    if unproved or crashes:
        parts += ["## Unproved", "\n".join([*unproved, *crashes])]
    return "\n\n".join(parts) + "\n"
