"""The command line. One file a command: it parses options, calls one function and prints.

Commands are imported when they are run, so that `sayso --help` answers at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword

import click

from sayso import __version__
from sayso.errors import SaysoError, UsageError

COMMANDS = {
    "serve": "Open the workbench: read, ask and decide in the browser.",
    "read": "Read reports and show who says what; nothing is stored.",
    "add": "Read reports into the ledger; stop and resume at will.",
    "watch": "Keep asking sources for reports; tell of what you want to know.",
    "claims": "List claims: who, stance, about what, since when.",
    "show": "Show one document: its words, claims, copies and versions.",
    "search": "Find documents by their words.",
    "events": "List events across all documents.",
    "event": "Show one event: positions, who holds and denies them, why.",
    "disputes": "Show where sources contradict or deny.",
    "changes": "Show what the last reports changed.",
    "timeline": "Show events day by day.",
    "dossier": "Show all that is said of one actor or place.",
    "network": "Show who says what of whom, as edges.",
    "outlet": "Show what the ledger can count of an outlet.",
    "brief": "Write a printable brief of an event, HTML or PDF.",
    "origins": "Show where a document’s text comes from.",
    "compare": "Say whether two names are one.",
    "judge": "Decide: same, different, accept, correct, reject, unsure.",
    "judgements": "List what was decided.",
    "agreement": "Say how far reviewers agree, and where not.",
    "undo": "Take a judgement back.",
    "link": "Find what documents have to do with each other.",
    "weigh": "Count positions, informants and disputes.",
    "registry": "Look actors up, or add your own lists.",
    "remove": "Take a document out, without a trace.",
    "failures": "List what could not be read, and why.",
    "info": "Say what the ledger holds and which reader is in use.",
    "export": "Write claims, events, entities, links … to a file.",
    "import": "Take in an archive, a bundle, or corrections made elsewhere.",
    "bundle": "Write evidence: a sealed bag of all that claims rest on.",
    "verify": "Say whether a bundle is as it was made.",
    "user": "Add users of the workbench, roles, API tokens.",
    "ledger": "Back up, verify or upgrade the ledger.",
    "report": "Write a report page: one self-contained HTML file.",
    "schema": "Print the JSON Schema of a reading.",
    "doctor": "Say what is installed, what is missing, how to get it.",
}


class LazyGroup(click.Group):
    """Lists commands from the table above and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"sayso.cli.{cmd_name}{'_' * iskeyword(cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f" Did you mean “{near[0]}”?" if near else " `sayso --help` lists the commands."
            raise click.UsageError(f"There is no command “{args[0]}”.{hint}", ctx) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sayso")
def cli() -> None:
    """Sayso reads reports of conflict and keeps a ledger of who says what happened, and on whose say-so.

    It never says what is true: every line it prints leads back to somebody's exact words.
    """


def main() -> None:
    """The entry point: errors of ours become one line on standard error, 2 for wrong usage and 1 for the rest."""
    try:
        code = cli(standalone_mode=False)  # click gives back the code of an Exit
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; what was acknowledged is kept", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"sayso: {where}{error.strerror or error}", err=True)
        sys.exit(1)
    except SaysoError as error:
        click.echo(f"sayso: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
