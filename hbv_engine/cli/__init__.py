"""The command ``hbv``: the rulebook in the terminal, in English and Chinese.

Each command is a module of its own and is loaded only when it is used, so that ``hbv --help`` is
quick. Exit codes: 0 done · 1 ``check`` or ``coverage`` found something, or the rulebook is wrong ·
2 bad input · 70 a fault of the program.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import entry_points
from itertools import pairwise
from typing import Final

import click

from hbv_engine.cli.failures import BAD_INPUT, FAULT, INTERRUPTED, UsageError, exit_code, report
from hbv_engine.errors import EngineError

HELP: Final = ["-h", "--help"]
COMMANDS: Final = {
    "assess": "Say everything the rulebook knows about one record.",
    "ask": "Be asked one question at a time, up to a cited answer.",
    "topic": "Read a short cited answer about everyday life with hepatitis B.",
    "explain": "Show every rule that was tried for a decision, and where it failed.",
    "what-if": "Change some values and see which answers change.",
    "cohort": "Assess a table of patients, one a row, and write the answers as a table.",
    "rulebook": "Write the whole rulebook as one page: to read, to print, to sign.",
    "check": "Look for gaps, overlaps and other faults of the rulebook.",
    "coverage": "List each statement of the source texts and where it is said.",
    "schema": "Show every fact that a record may hold.",
}
# Commands of other packages, which offer them under the entry point ``hbv.commands``.
PLUGINS: Final = {
    "records": "Look after the records: list, show, export, erase, back up, restore, check.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands, in the order a newcomer needs them."""
        return [*COMMANDS, *PLUGINS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command by its name; one of another package if that is installed."""
        if cmd_name in COMMANDS:
            return find_command(cmd_name)
        found = entry_points(group="hbv.commands", name=cmd_name) if cmd_name in PLUGINS else ()
        return next((point.load() for point in found), None)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items(), *PLUGINS.items()])


def find_command(name: str) -> click.Command:
    """Return a command; only now its module is loaded."""
    module = name.replace("-", "_")
    command: click.Command = getattr(import_module(f"{__name__}.{module}"), module)
    return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": HELP, "max_content_width": 100},
    epilog="""\b
Example:
  hbv ask me.json              be led through the questions, from nothing
  hbv assess me.json --lang zh
Exit codes: 0 done, 1 something was found, 2 bad input.""",
)
@click.version_option(package_name="hbv", message="hbv %(version)s")
def hbv() -> None:
    """A cited rulebook for chronic hepatitis B: phases, timing of treatment, interferon.

    It informs and never prescribes. In an emergency call your local emergency number.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str], *, group: click.Group | None = None, name: str = "hbv") -> int:
    """Run one command and return its exit code; no error shows a stack trace."""
    told = {"language": _language(arguments), "as_json": "--json" in arguments}
    try:
        result = (group or hbv).main(arguments, prog_name=name, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        report(_usage(error), **told)  # type: ignore[arg-type]
        return BAD_INPUT
    except EngineError as error:
        report(error, **told)  # type: ignore[arg-type]
        return exit_code(error)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("HBV_DEBUG"):
            raise
        report(_fault(error), **told)  # type: ignore[arg-type]
        return FAULT
    return result if isinstance(result, int) else 0


def _language(arguments: list[str]) -> str:
    """Return the language asked for, also when the command itself was refused."""
    chosen = os.environ.get("HBV_LANG", "en")
    for argument, after in pairwise([*arguments, ""]):
        if argument == "--lang":
            chosen = after
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
    return chosen if chosen == "zh" else "en"


def _usage(error: click.ClickException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hbv"
    return UsageError(
        error.format_message(),
        remedy=f"Run `{path} --help` to see what is accepted, with an example.",
    )


def _fault(error: Exception) -> EngineError:
    fault = EngineError(
        f"The program failed at something it should handle ({type(error).__name__}).",
        remedy="Nothing was changed. Please report it with the command, but without names or data; "
        "HBV_DEBUG=1 shows the details.",
    )
    fault.code = "internal"
    return fault
