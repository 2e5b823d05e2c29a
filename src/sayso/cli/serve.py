"""`sayso serve`: the workbench in the browser."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@ledger_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; any but this machine’s own needs users.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
def command(ledger_path: str, host: str, port: int, open_browser: bool) -> None:
    """Open the workbench: read, ask and decide in the browser. Nothing leaves this machine.

    Alone on this machine there is no login. At any other address everybody logs in: make users with `sayso user add` first.
    """
    from sayso.ledger import shown
    from sayso.web.serve import serve

    def told(address: str) -> None:
        click.echo(f"The workbench on {shown(ledger_path)} is at {address} (Ctrl-C stops it)")
        if open_browser:
            click.launch(address)

    serve(ledger_path, host, port, told)
