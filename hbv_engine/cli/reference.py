"""The reference page of the command line, made from the commands' own help.

``python -m hbv_engine.cli.reference > docs/reference/cli.md`` writes it; a test compares.
"""

from __future__ import annotations

import click

from hbv_engine.cli import COMMANDS, HELP, find_command, hbv

WIDTH = 88
HEAD = """\
# The command `hbv`

<!-- Made by `python -m hbv_engine.cli.reference > docs/reference/cli.md`; do not edit. -->

Every command prints tables for people, or JSON with `--json`. `--lang zh` answers in Chinese,
`--for nurse` for a professional. Nothing is sent anywhere.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | `check` or `coverage` found something, or the rulebook itself is wrong |
| 2 | bad input: code, value, what is accepted and what to do are on standard error |
| 70 | a fault of the program |
| 130 | interrupted |

`HBV_LANG=zh` sets the language for every command; `HBV_DEBUG=1` shows the details of a fault.
"""


def reference() -> str:
    """Return the page: the group's help, then that of every command."""
    parent = click.Context(hbv, info_name="hbv", terminal_width=WIDTH, help_option_names=HELP)
    parts = [HEAD, _section("hbv", hbv.get_help(parent))]
    for name in COMMANDS:
        command = find_command(name)
        context = click.Context(command, parent=parent, info_name=name, terminal_width=WIDTH)
        parts.append(_section(f"hbv {name}", command.get_help(context)))
    return "\n".join(parts)


def _section(title: str, text: str) -> str:
    body = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return f"## {title}\n\n```text\n{body}\n```\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
