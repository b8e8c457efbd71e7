"""The reference page of ``hbv records``, made from the commands' own help.

``python -m records.reference > docs/reference/records-cli.md`` writes it; a test compares.
"""

from __future__ import annotations

import click

from hbv_engine.cli import HELP
from hbv_engine.cli.reference import WIDTH
from records.cli import records
from records.export import FORMAT, PARTS

_HEAD = """\
# The command `hbv records`

<!-- Made by `python -m records.reference > docs/reference/records-cli.md`; do not edit. -->

For whoever runs the assistant; `hbv-records` is the same command. Every command prints text for
people, or JSON with `--json`. Nothing is sent anywhere.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | `check` found something, or an erasure was declined or left bytes behind |
| 2 | bad input, or the store cannot be used: what to do is on standard error |
"""
_EXPORT = """\
## The export

One JSON object. Lists are in the order in which things happened; `id` is the key that the other
parts refer to.

| key | what it holds |
|---|---|
"""


def reference() -> str:
    """Return the page: the group's help, that of every command, and the shape of an export."""
    parent = click.Context(
        records, info_name="hbv records", terminal_width=WIDTH, help_option_names=HELP
    )
    parts = [_HEAD, _section("hbv records", records.get_help(parent))]
    for name, command in records.commands.items():
        context = click.Context(command, parent=parent, info_name=name, terminal_width=WIDTH)
        parts.append(_section(f"hbv records {name}", command.get_help(context)))
    keys = {
        "format": f"`{FORMAT}`; another number means another shape",
        "exported_at": "when, in UTC",
        "person": "the pseudonym, since when it is known, the language, where the conversation stands",
        **PARTS,
        "audit": "who did what with the record, and when",
        "tracker_events": "Rasa's own memory, where `HBV_TRACKER_DB` names its file",
    }
    rows = "\n".join(f"| `{key}` | {text} |" for key, text in keys.items())
    return "\n".join([*parts, f"{_EXPORT}{rows}\n"])


def _section(title: str, text: str) -> str:
    body = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"## {title}\n\n```text\n{body}\n```\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
