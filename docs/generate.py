"""Fills the generated parts of the documentation: the commands' help, the benchmarks' figures and what they come to, the API's examples. Run by a test with --check."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from click import Context

from sayso.cli import COMMANDS, cli

sys.path.insert(0, str(Path(__file__).parent))
import costs
from examples import api_page

DOCS = Path(__file__).parent
ROOT = DOCS.parent


def commands_page() -> str:
    parts = ["# Commands\n\nThe commands' own help, made by `python docs/generate.py`.\n"]
    for name in COMMANDS:
        command = cli.get_command(Context(cli), name)
        assert command is not None
        parts.append(f"\n## sayso {name}\n\n```text\n{_help(command, name)}\n```\n")
        for sub in getattr(command, "commands", {}).values():
            parts.append(f"\n### sayso {name} {sub.name}\n\n```text\n{_help(sub, f'{name} {sub.name}')}\n```\n")
    return "".join(parts)


def _help(command, name: str) -> str:  # type: ignore[no-untyped-def]
    return command.get_help(Context(command, info_name=f"sayso {name}", terminal_width=100)).strip()


def measures_page(page: str) -> str:
    """The page with its table renewed from `benchmarks/results/`."""
    results = {
        p.stem: json.loads(p.read_text(encoding="utf-8"))
        for p in sorted((ROOT / "benchmarks" / "results").glob("*.json"))
    }
    lines = [
        "| figure | " + " | ".join(results) + " | taken |",
        "|---|" + "---:|" * len(results) + "---|",
    ]
    for key in sorted({k for r in results.values() for k in r}):
        found = [r.get(key) for r in results.values()]
        taken = next(f"{f['date']}, {f['commit']}, {f['machine']}" for f in found if f)
        lines.append(f"| {key} | " + " | ".join(str(f["value"]) if f else "" for f in found) + f" | {taken} |")
    return filled(page, "figures", "\n".join(lines))


def filled(page: str, place: str, text: str) -> str:
    """The page with the text between `<!-- place -->` and `<!-- end of place -->`."""
    before, _, rest = page.partition(f"<!-- {place} -->")
    _, _, after = rest.partition(f"<!-- end of {place} -->")
    return f"{before}<!-- {place} -->\n\n{text}\n\n<!-- end of {place} -->{after}"


def scale_page(page: str) -> str:
    for place, table in costs.tables().items():
        page = filled(page, place, table)
    return page


def main() -> int:
    wanted = {
        DOCS / "commands.md": commands_page(),
        DOCS / "measures.md": measures_page((DOCS / "measures.md").read_text(encoding="utf-8")),
        DOCS / "scale.md": scale_page((DOCS / "scale.md").read_text(encoding="utf-8")),
        DOCS / "api.md": api_page((DOCS / "api.md").read_text(encoding="utf-8")),
    }
    stale = [path for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        print("\n".join(f"{path} is stale; run python docs/generate.py" for path in stale))
        return int(bool(stale))
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
