"""``hbv what-if``: change some values and see which answers change."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click
from rich.text import Text

from hbv_engine.book import Book, load_book
from hbv_engine.changes import changed
from hbv_engine.changes import what_if as try_change
from hbv_engine.cli import show
from hbv_engine.cli.changes import read_changes
from hbv_engine.cli.failures import clean
from hbv_engine.cli.files import read_record_file, warn_future
from hbv_engine.cli.options import View, day_option, view_options
from hbv_engine.cli.words import COLON, word
from hbv_engine.model import Record
from hbv_engine.results import Assessment, Decision
from hbv_engine.wording import outcome_label

SHOWN = 4


@click.command(
    "what-if",
    epilog="""\b
Example:
  hbv what-if record.json hbsag_quant=900
  hbv what-if record.json "alt=86 U/L" hbeag=negative cirrhosis=compensated
  hbv what-if record.json "hbsag_quant=900 IU/mL@week24" jaundice=yes""",
)
@click.argument("file", metavar="FILE|-")
@click.argument("changes", metavar="NAME=VALUE...", nargs=-1, required=True)
@day_option
@view_options
def what_if(
    file: str,
    changes: tuple[str, ...],
    as_of: dt.date | None,
    language: str,
    audience: str,
    *,
    as_json: bool,
) -> None:
    """Change some values and see which answers change.

    FILE stays as it is. NAME is a fact of `hbv schema`, VALUE a number with its unit, a word, yes
    or no. A number without a unit is read in the fact's own unit, and that is said. @2026-05-01 or
    @week24 after a result tells when it was taken; otherwise it counts as taken on the day of the
    record.
    """
    view = View(language, audience, as_json)
    change, taken = read_changes(changes)
    record = read_record_file(file, as_of=as_of)
    warn_future(record, as_of, language)
    before, after = try_change(record, with_limits(change, record))
    if as_json:
        data = {
            "change": change,
            "units_taken": taken,
            "changed": changed(before, after),
            "before": before.as_dict(language, audience),
            "after": after.as_dict(language, audience),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    _show(load_book(), (before, after), changes, taken, view)


def with_limits(change: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return the change with the limits printed beside the newest result of the same test.

    "What if my ALT were 20" asks about the same laboratory.
    """
    told = []
    for new in change.get("observations", ()):
        same = [o for o in record.observations if o.analyte == new["analyte"]]
        last = max(same, key=lambda o: o.date or record.as_of, default=None)
        if last is not None and last.unit == new.get("unit") and "reference_high" not in new:
            limits = {"reference_low": last.reference_low, "reference_high": last.reference_high}
            told.append({**new, **limits})
        else:
            told.append(new)
    return {**change, "observations": told}


def _show(
    book: Book,
    pair: tuple[Assessment, Assessment],
    changes: tuple[str, ...],
    taken: dict[str, str],
    view: View,
) -> None:
    out, language = show.console(), view.language
    before, after = pair
    out.print(
        Text(
            f"{word('change', language)}{COLON[language]}{clean(', '.join(changes))}", style="bold"
        )
    )
    for name, unit in taken.items():
        out.print(Text(word("unit_taken", language, name=name, unit=unit), style="yellow"))
    known = {alert.rule for alert in before.alerts}
    for alert in after.alerts:
        if alert.rule not in known:
            level = word(f"level.{alert.level}", language)
            line = f"{word('new_alert', language)}{COLON[language]}{level} ({alert.rule})"
            out.print(Text(line, style="bold red"))
    differ = show.in_order(changed(before, after))
    for name in differ:
        out.print()
        out.print(Text(show.decision_name(book, name, language), style="bold"))
        for key, found in (("before", before), ("after", after)):
            out.print(Text(_line(book, found.decisions[name], word(key, language), view)))
    if not differ:
        out.print(word("nothing_changes", language))
    else:
        others = [show.decision_name(book, n, language) for n in after.decisions if n not in differ]
        names = ("、" if language == "zh" else ", ").join(others) or "-"
        out.print()
        out.print(Text(word("unchanged", language, names=names), style="dim"))
    show.show_next(out, language, ("hbv schema", "schema"))


def _line(book: Book, decision: Decision, head: str, view: View) -> str:
    names = [
        outcome_label(book, decision.decision, name, view.language) for name in decision.possible
    ]
    several = " / ".join(show.first_of(list(dict.fromkeys(names)), view.language, SHOWN))
    status = word(f"status.{decision.status}", view.language)
    summary: Any = decision.card.render(view.language, view.audience).summary
    tail = f" — {summary}" if decision.outcome else ""
    colon = COLON[view.language]
    return f"  {head}{colon}{status}{colon}{several}{tail}"
