"""The programme of 38C3 through the command line, on a fresh data folder, and once more without any change."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instance import ROOT, command, cpu_of_children, say

FILE = Path(os.environ.get("HALLWAY_SHARED", ROOT.parent / "shared"), "data", "schedule-38c3", "schedule.xml")


def main() -> None:
    """Print seconds of CPU and of wall time; the latter is what a person waits, and depends on what else runs."""
    if not FILE.exists():
        print(f"{FILE} is not here; the import of 38C3 was not measured.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
        environment |= {"HALLWAY_DATA": folder}
        command(environment, "manage", "migrate", "-v0")
        for name, to_reach in (("import_38c3", 10), ("import_38c3_again", 5)):
            before, began = cpu_of_children(), time.perf_counter()
            command(environment, "import", str(FILE), "--community", "congress", "--json")
            wall = time.perf_counter() - began
            say(name, wall, "s", to_reach=to_reach, cpu_s=round(cpu_of_children() - before, 2))


if __name__ == "__main__":
    main()
