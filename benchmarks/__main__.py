"""``./dev bench [NAME…]``: all but the last, or those named: pages, seats, browser, front, live, imports, install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

USUAL = ("pages", "seats", "browser", "front", "live", "imports")
NAMES = (*USUAL, "install")  # the last fetches everything Hallway needs, so it says as much about the network


def main() -> int:
    """Run what was asked for, one after the other, so that nothing disturbs the figures."""
    wanted = sys.argv[1:] or list(USUAL)
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        print(f"There is no bench called {', '.join(unknown)}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    here = Path(__file__).parent
    return max(subprocess.run([sys.executable, here / f"{name}.py"], cwd=here.parent).returncode for name in wanted)


raise SystemExit(main())
