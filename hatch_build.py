"""Build hook: compile the gazetteer from the build requirements' open data, and the workbench's drawings from frontend/.

Neither result is kept in the repository; both are made once for each install and go into the wheel. The drawings need
Node; without it the install succeeds all the same, with a warning, and the workbench shows its tables.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
PACKAGE = HERE / "src" / "sayso" / "gazetteer"
FRONTEND = HERE / "frontend"
BUILT = HERE / "src" / "sayso" / "web" / "static" / "built"
SOURCES = {".js", ".mjs", ".css"}
LISTS = {"package.json", "package-lock.json"}
INSTALL = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
MINUTES = 10


class CompileData(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_gazetteer()
        if self.target_name == "sdist":
            return  # a source distribution holds frontend/ itself
        if trouble := build_drawings():
            self.app.display_warning(
                f"The workbench's drawings were not built: {trouble}. It will show tables in place of map, network and "
                "chart until Node.js 18 or newer (with npm) is installed and this package is installed again."
            )


def compile_gazetteer() -> None:
    target = PACKAGE / "data"
    if (target / "COMPLETE").exists():
        return
    spec = importlib.util.spec_from_file_location("sayso_gazetteer_build", PACKAGE / "build.py")
    assert spec and spec.loader
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.compile_all(target)


def build_drawings() -> str | None:
    """Make static/built/ unless it is up to date; what went wrong, in words, or None."""
    if not FRONTEND.is_dir() or is_current():
        return None
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return "Node.js and npm are not on the PATH"
    return run([npm, *INSTALL]) or run([node, "build.mjs"])


def run(command: list[str]) -> str | None:
    words = " ".join([Path(command[0]).name, *command[1:2]])
    try:
        done = subprocess.run(
            command, cwd=FRONTEND, capture_output=True, text=True, errors="replace", timeout=MINUTES * 60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"`{words}` in frontend/ did not finish ({type(error).__name__})"
    if done.returncode == 0:
        return None
    said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return f"`{words}` in frontend/ failed: {' '.join(said[:3])[:300]}"


def is_current() -> bool:
    complete = BUILT / "COMPLETE"
    return complete.exists() and complete.read_text(encoding="ascii").strip() == source_hash()


def source_hash() -> str:
    """The same walk as in frontend/build.mjs: names and contents, in the order of their names."""
    found = hashlib.sha256()
    for name, path in sorted((path.relative_to(FRONTEND).as_posix(), path) for path in sources(FRONTEND)):
        found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name != "node_modules":
                yield from sources(path)
        elif path.suffix in SOURCES or path.name in LISTS:
            yield path
