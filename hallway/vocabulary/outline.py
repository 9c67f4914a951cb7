"""The outline of the world's land, for drawings.

From Natural Earth (public domain), cut by ``tools/cut_land.py``.
"""

import json
from functools import cache
from pathlib import Path

from hallway.kit.globe import Land, land_of

_FILE = Path(__file__).parent / "reference" / "land.json"


@cache
def world_land() -> Land:
    """All land as rings of points, as ``hallway.kit.globe`` draws it; read once."""
    rings: list[list[int]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return land_of([(ring[i + 1] / 100, ring[i] / 100) for i in range(0, len(ring), 2)] for ring in rings)
