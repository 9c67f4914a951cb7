"""Build hook: compiled translations are part of every wheel, so that ``pip install .`` speaks French too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    """Compiles each .po beside itself and names the result as part of the wheel, since Git does not keep it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        for source in sorted((root / "hallway" / "locale").glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            with source.open("rb") as readable:
                catalogue = read_po(readable, locale=source.parts[-3])
            with compiled.open("wb") as writable:
                write_mo(writable, catalogue)
            build_data["artifacts"].append(compiled.relative_to(root).as_posix())
