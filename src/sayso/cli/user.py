"""`sayso user`: who may use the workbench, and their API tokens. Every change is in the audit log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.options import ledger_option
from sayso.web.access.roles import ROLES, person_here

if TYPE_CHECKING:
    from sayso.web.access.people import People
    from sayso.web.access.rows import By


@click.group()
def command() -> None:
    """Add users of the workbench, change them, give them API tokens.

    Roles: a reader looks, a reviewer also decides and brings reports in, an admin also removes reports and manages users.
    They are kept in a file beside the ledger (sayso.db → sayso.people.db), which is not handed on with it.
    """


_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, for scripts."
)


def _role_option(required: bool, help_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--role", type=click.Choice(ROLES), required=required, help=help_)


@command.command()
@click.argument("name")
@_role_option(True, "What they may do; the first user must be an admin.")
@_stdin_option
@ledger_option
def add(name: str, role: str, password_stdin: bool, ledger_path: str) -> None:
    """Add a user; the password is asked for twice."""
    people = _people(ledger_path)
    people.add_user(name, _password(password_stdin), role, _by())
    click.echo(f"{name} may log in as {role}; kept in {people.path}")


@command.command("list")
@ledger_option
def list_(ledger_path: str) -> None:
    """List users, their roles, and since when they are there or disabled."""
    from sayso.cli.look import plain

    users = _people(ledger_path).users()
    for user in users:
        disabled = f"  disabled since {user.disabled}" if user.disabled else ""
        click.echo(f"{plain(user.name):<24}  {user.role:<8}  {user.created}{disabled}")
    if not users:
        click.echo("there are no users; `sayso user add NAME --role admin` adds the first")


@command.command()
@click.argument("name")
@_stdin_option
@ledger_option
def password(name: str, password_stdin: bool, ledger_path: str) -> None:
    """Give a user another password; ends their sessions."""
    _people(ledger_path).set_password(name, _password(password_stdin), _by())
    click.echo(f"{name} has another password; their sessions have ended")


@command.command()
@click.argument("name")
@click.argument("new_role", metavar=f"[{'|'.join(ROLES)}]", type=click.Choice(ROLES))
@ledger_option
def role(name: str, new_role: str, ledger_path: str) -> None:
    """Give a user another role; ends their sessions."""
    _people(ledger_path).set_role(name, new_role, _by())
    click.echo(f"{name} is {new_role} now; their sessions have ended")


@command.command()
@click.argument("name")
@ledger_option
def disable(name: str, ledger_path: str) -> None:
    """Let a user in no more; ends their sessions and revokes their tokens. What they decided stays."""
    _people(ledger_path).disable(name, _by())
    click.echo(f"{name} is disabled; their sessions have ended, their tokens are revoked")


@command.command()
@click.argument("name")
@ledger_option
def enable(name: str, ledger_path: str) -> None:
    """Let a disabled user in again; revoked tokens stay revoked."""
    _people(ledger_path).enable(name, _by())
    click.echo(f"{name} may log in again")


@command.command()
@click.argument("name")
@click.option("--name", "label", required=True, metavar="LABEL", help="What the token is for.")
@_role_option(False, "What it may do, at most what the user may. [default: the user’s role]")
@ledger_option
def token(name: str, label: str, role: str | None, ledger_path: str) -> None:
    """Make an API token for a user, and print it: it cannot be shown again."""
    plain_token = _people(ledger_path).make_token(name, label, _by(), role)
    click.echo("keep it now, it is not shown again; send it as `Authorization: Bearer …`", err=True)
    click.echo(plain_token)


@command.command()
@click.argument("name", required=False)
@ledger_option
def tokens(name: str | None, ledger_path: str) -> None:
    """List tokens, of one user or of all."""
    from sayso.cli.look import plain

    found = _people(ledger_path).tokens(name)
    for row in found:
        revoked = f"  revoked {row.revoked}" if row.revoked else ""
        click.echo(
            f"{row.id:>4}  {plain(row.user)}  …{row.last4}  {row.role}  {plain(row.name)}  {row.created}{revoked}"
        )
    if not found:
        click.echo("there are no tokens; `sayso user token NAME --name LABEL` makes one")


@command.command()
@click.argument("number", type=int)
@ledger_option
def revoke(number: int, ledger_path: str) -> None:
    """Revoke the token of this number (`sayso user tokens` lists them)."""
    _people(ledger_path).revoke(number, _by())
    click.echo(f"token {number} is revoked")


@command.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many lines.")
@ledger_option
def log(limit: int, ledger_path: str) -> None:
    """Show the audit log, the newest first."""
    from sayso.cli.look import plain

    for entry in _people(ledger_path).trail(limit):
        about = f" · {plain(entry.subject)}" if entry.subject else ""
        click.echo(
            f"{entry.at}  {plain(entry.person)}  {plain(entry.action)}{about}  [{plain(entry.address) or 'local'}]"
        )


def _people(ledger_path: str) -> People:
    from sayso.web.access.people import People, people_path

    return People(people_path(ledger_path))


def _by() -> By:
    from sayso.web.access.rows import By

    return By(person_here(), "command line")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return answer
