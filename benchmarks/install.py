"""From nothing to serving: a clean clone, an empty environment, everything fetched, the first answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.instance import PORT, ROOT, say


def main() -> None:
    """Print the seconds of each step and of all together. It takes as long as the network and pip's cache let it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HALLWAY_", "PYTHON"))}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        pip = [str(folder / "venv" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "-c", "constraints.txt", "."], cwd=folder / "clone", check=True,
            env=environment | {"PIP_CONSTRAINT": "constraints.txt"}, capture_output=True,
        )  # fmt: skip
        installed = time.perf_counter()
        command = [str(folder / "venv" / "bin" / "hallway"), "serve", "--port", str(PORT), "--data", name + "/data"]
        server = subprocess.Popen(command, cwd=folder, env=environment)
        try:
            _wait(f"http://localhost:{PORT}/healthz", server)
            done = time.perf_counter()
        finally:
            server.terminate()
            server.wait(15)
    say("nothing_to_serving", done - began, "s", to_reach=40, installing_s=round(installed - began, 1))


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            if server.poll() is not None:
                raise SystemExit("the server did not come up") from None
            time.sleep(0.02)


if __name__ == "__main__":
    main()
