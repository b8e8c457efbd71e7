"""Answers on the terminal: alerts first, then every decision with its grounds."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from hbv_engine.book import Book
from hbv_engine.cli.failures import clean
from hbv_engine.cli.layout import hanging, padded
from hbv_engine.cli.options import View
from hbv_engine.cli.words import COLON, warning, word
from hbv_engine.results import Alert, Assessment, Decision, Due, RenderedCard
from hbv_engine.wording import outcome_label, phrase

WIDEST = 100
MANY = 12
COLOURS = {"critical": "bold red", "warning": "yellow", "info": "bold"}
FIRST = ("urgency", "phase", "antiviral_timing")
SEPARATOR = {"en": "; ", "zh": "；"}
STATES = {"overdue": "red", "due_soon": "yellow", "dates_missing": "dim", "on_schedule": "green"}


def console(*, to_stderr: bool = False) -> Console:
    """Return the terminal; plain text without colours when the output is not one."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    found = Console(highlight=False, markup=False, emoji=False, stderr=to_stderr)
    found.width = min(found.width, WIDEST)
    return found


def show_assessment(out: Console, book: Book, found: Assessment, view: View) -> None:
    """Print a whole assessment."""
    language = view.language
    mark = f"{word('as_of', language)} {found.as_of} · {word('rulebook', language)} "
    out.print(Text(f"{mark}{book.version} ({book.sha256[:12]})", style="dim"))
    show_alerts(out, found.alerts, view)
    show_doubts(out, found, view)
    for name in in_order(found.decisions):
        show_decision(out, book, found.decisions[name], view)


def in_order(decisions: Iterable[str]) -> list[str]:
    """Return decisions as a person asks for them: urgency, phase and timing first."""
    place = {name: number for number, name in enumerate(FIRST)}
    return sorted(decisions, key=lambda name: place.get(name, len(place)))


def show_alerts(out: Console, alerts: Sequence[Alert], view: View) -> None:
    """Print the red flags, the most urgent first."""
    language = view.language
    out.print()
    if not alerts:
        out.print(Text(word("no_alerts", language)))
        return
    out.print(Text(f" {word('alerts', language)} ", style="bold white on red"))
    for alert in alerts:
        level = word(f"level.{alert.level}", language).upper()
        told = f"{level}{COLON[language]}{alert.texts[view.audience][language]}"
        show_text(out, told, "bold red", mark="  ")
        tag = f" · {word('draft', language)}" if alert.confidence in {"K", "P"} else ""
        show_text(out, f"{alert.rule} · {' '.join(alert.sources)}{tag}", "dim", mark="    ")


def show_doubts(out: Console, found: Assessment, view: View) -> None:
    """Print values that are odd, and results that contradict each other."""
    language = view.language
    notes = [warning(code, text, language) for code, text in found.warnings]
    disagree = {c.question or c.input: c.label[language] for c in found.conflicts}
    notes += [f"{name}{COLON[language]}{word('conflict', language)}" for name in disagree.values()]
    if notes:
        out.print()
        show_text(out, word("warnings", language), "bold yellow")
        for note in dict.fromkeys(notes):
            show_text(out, note, "yellow", mark="  • ")


def show_decision(out: Console, book: Book, decision: Decision, view: View) -> None:
    """Print one decision: status, summary, detail, grounds, rules and sources."""
    language = view.language
    card = decision.card.render(language, view.audience)
    out.print()
    out.print(Rule(_title(book, decision, language), align="left", style="dim"))
    show_text(out, card.summary, COLOURS.get(card.indicator, "bold"))
    if card.detail and decision.status != "open":
        show_text(out, card.detail)
    if decision.calendar:
        show_calendar(out, decision.calendar, language)
    _show_grounds(out, card, _possible(book, decision, language), language)


def _possible(book: Book, decision: Decision, language: str) -> tuple[str, ...]:
    """Return the outcomes that an open decision may still have."""
    if decision.status != "open":
        return ()
    names = [outcome_label(book, decision.decision, o, language) for o in decision.possible]
    return (SEPARATOR[language].join(dict.fromkeys(names)),)


def _title(book: Book, decision: Decision, language: str) -> Text:
    title = Text(decision_name(book, decision.decision, language), style="bold")
    title.append(f"  {word(f'status.{decision.status}', language)}", style="cyan")
    if decision.outcome:
        name = outcome_label(book, decision.decision, decision.outcome, language)
        title.append(f" · {name}", style="cyan")
    if decision.rules and decision.confidence in {"K", "P"}:
        title.append(f"  [{word('draft', language)}]", style="magenta")
    return title


def decision_name(book: Book, decision: str, language: str) -> str:
    """Return the name of a decision as a heading."""
    name = phrase(book, f"table.{decision}", language)
    return name[:1].upper() + name[1:]


def _show_grounds(
    out: Console, card: RenderedCard, possible: tuple[str, ...], language: str
) -> None:
    """Print what an answer rests on, each kind of ground behind its name."""
    missing = (SEPARATOR[language].join(first_of(card.missing, language)),) if card.missing else ()
    found = {
        "points": card.points,
        "why": card.because,
        "possible": possible,
        "missing": missing,
        "would_change": card.would_change,
        "beside": card.beside,
        "rules": (", ".join(card.rules),) if card.rules else (),
        "sources": card.sources,
        "note": (card.note,) if card.note else (),
    }
    names = {key: word(key, language) for key, items in found.items() if items}
    column = max(map(cell_len, names.values()), default=0)
    for key, name in names.items():
        bullet = "• " if len(found[key]) > 1 else ""
        heads = [padded(name, column), *[" " * column] * (len(found[key]) - 1)]
        for head, item in zip(heads, found[key], strict=True):
            mark = f"  {head}  {bullet}"
            text = Text(hanging(mark, clean(item), out.width))
            text.stylize("dim", 0, len(mark))
            out.print(text, soft_wrap=True)


def first_of(items: Sequence[str], language: str, limit: int = MANY) -> list[str]:
    """Return the first of many items, and how many more there are."""
    if len(items) <= limit:
        return list(items)
    return [*items[:limit], word("more", language, number=len(items) - limit)]


def show_text(out: Console, text: str, style: str = "", *, mark: str = "") -> None:
    """Print a paragraph, wrapped for both scripts, behind a mark if there is one."""
    out.print(Text(hanging(mark, clean(text), out.width), style=style), soft_wrap=True)


def show_calendar(out: Console, calendar: Sequence[Due], language: str) -> None:
    """Print what is to be checked, and when."""
    table = plain_table(*(word(key, language) for key in ("what", "last", "due", "state")))
    for item in calendar:
        state = Text(word(f"due.{item.state}", language), style=STATES.get(item.state, ""))
        table.add_row(
            Text(item.label[language]), str(item.last or "-"), str(item.due or "-"), state
        )
    out.print(Padding(table, (0, 0, 0, 2), expand=False))


def plain_table(*headers: str) -> Table:
    """Return an empty table in the house style."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    return table


def show_next(out: Console, language: str, *steps: tuple[str, str]) -> None:
    """Print the commands that help from here, each with its reason."""
    out.print()
    for command, reason in steps:
        line = Text(f"{word('next', language)}{COLON[language]}", style="dim")
        line.append(command, style="bold")
        line.append(f"  {word(f'next.{reason}', language)}", style="dim")
        out.print(line, soft_wrap=True)
