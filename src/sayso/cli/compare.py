"""`sayso compare`: whether two names are one."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("left", metavar="A", required=False)
@click.argument("right", metavar="B", required=False)
@click.option("--type", "type_", type=click.Choice(["person", "place", "organisation"]), help="What they are names of.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tab-separated lines: name, name, type.",
)
@click.option(
    "--registry",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own list of actors beside the starter registry; repeatable.",
)
def command(left: str | None, right: str | None, type_: str | None, file: Path | None, lists: tuple[Path, ...]) -> None:
    """Say whether A and B are the same, different, or unsure, with a score and the reasons; with --file one JSON line each."""
    import json
    from dataclasses import asdict

    from sayso.names import compare

    if lists:
        from sayso.names.registry import extend
        from sayso.names.registry.lists import load_list

        extend(entry for path in lists for entry in load_list(path))
    if file is not None:
        if left or right:
            raise click.UsageError("give two names or --file, not both")
        for number, line in enumerate(_text(file).splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = line.split("\t")
            if len(cells) < 2 or (len(cells) < 3 and not type_):
                raise click.ClickException(
                    f"{file}, line {number}: name, name and type are expected, with tabs between them"
                )
            click.echo(
                json.dumps(
                    asdict(
                        compare(cells[0].strip(), cells[1].strip(), cells[2].strip() if len(cells) > 2 else type_ or "")
                    ),
                    ensure_ascii=False,
                )
            )
        return
    if not left or not right:
        raise click.UsageError("two names are needed: sayso compare A B --type person")
    if not type_:
        raise click.UsageError("say what they are names of: --type person, place or organisation")
    found = compare(left, right, type_)
    click.echo(f"{found.verdict}  {found.score:.2f}")
    for reason in found.reasons:
        click.echo(f"  {reason}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8 text; save it as UTF-8") from error
