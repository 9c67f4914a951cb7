"""Coverage may rise and not fall: compares what was measured with tests/ratchet.json.

``python -m tools.ratchet`` compares; with ``--write`` it takes higher figures over (never lower ones).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "tests" / "ratchet.json"
AIMS = {"actions, policies, engines": 100.0, "the rest": 95.0}
# Part of a percent that a run may differ by: which branch of a race was taken.
SLACK = 0.1


def group_of(file: str) -> str:
    """Actions, policies and engines decide; what they do is tested to the last branch."""
    parts = Path(file).with_suffix("").parts
    return "actions, policies, engines" if {"actions", "policies", "engines"} & set(parts) else "the rest"


def figures(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, float]:
    """Percent of lines and branches covered in each group, from coverage's JSON report."""
    covered: dict[str, int] = dict.fromkeys(AIMS, 0)
    whole: dict[str, int] = dict.fromkeys(AIMS, 0)
    for file, entry in report["files"].items():
        summary, group = entry["summary"], group_of(file)
        covered[group] += summary["covered_lines"] + summary.get("covered_branches", 0)
        whole[group] += summary["num_statements"] + summary.get("num_branches", 0)
    return {group: round(100 * covered[group] / whole[group], 2) if whole[group] else 100.0 for group in AIMS}


def fallen(measured: dict[str, float], floors: dict[str, float]) -> list[str]:
    """A sentence for each group that is covered less than before."""
    return [
        f"coverage of {group} fell to {measured[group]} % from {floor} %; add tests for what is new"
        for group, floor in floors.items()
        if measured[group] < min(floor, AIMS[group]) - SLACK
    ]


def _measured() -> dict[str, float]:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "--ignore-errors", "-o", file.name]
        subprocess.run(command, cwd=ROOT, check=True)
        return figures(json.loads(Path(file.name).read_text(encoding="utf-8")))


def main() -> int:
    measured, floors = _measured(), json.loads(FLOORS.read_text(encoding="utf-8"))
    said = ", ".join(f"{group} {measured[group]} % (aim {aim:.0f})" for group, aim in AIMS.items())
    print(f"coverage: {said}")
    found = fallen(measured, floors)
    print(*found, sep="\n", end="\n" if found else "")
    if "--write" in sys.argv:
        higher = {group: max(measured[group], floors.get(group, 0.0)) for group in AIMS}
        FLOORS.write_text(json.dumps(higher, indent=2) + "\n", encoding="utf-8")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
