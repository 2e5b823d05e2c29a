"""Build hook: compile the gazetteer and the world outline from the build requirements' open data.

The compiled files are not kept in the repository; they are made once for each install and go into the wheel.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
PACKAGE = HERE / "src" / "sayso" / "gazetteer"


class CompileGazetteer(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        target = PACKAGE / "data"
        if (target / "COMPLETE").exists():
            return
        spec = importlib.util.spec_from_file_location("sayso_gazetteer_build", PACKAGE / "build.py")
        assert spec and spec.loader
        build = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(build)
        build.compile_all(target)
