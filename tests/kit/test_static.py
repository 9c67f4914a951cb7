"""What we did not write stands here unchanged, and a part of it asks for the others by names that exist."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import hallway.kit
from hallway.site.static import locate

STATIC = Path(hallway.kit.__file__).parent / "static"
READER = STATIC / "kit" / "vendor" / "qr"


def test_decoder_is_the_one_its_description_says() -> None:
    described = dict(
        re.findall(r"\| (\w+\.js) \| ([0-9a-f]{64}) \|", (READER / "README.md").read_text(encoding="utf-8"))
    )
    (folder,) = (path for path in READER.iterdir() if path.is_dir())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.js")}
    assert found == described
    assert f"qr) {folder.name}, from npm" in (READER / "README.md").read_text(encoding="utf-8")


def test_scripts_import_files_that_are_served() -> None:
    scripts = [STATIC / "kit" / "scan-worker.js", *READER.rglob("*.js")]
    asked = [
        (script.parent / name).resolve().relative_to(STATIC.resolve()).as_posix()
        for script in scripts
        for name in re.findall(r"""(?:^import .* from |import\()['"](\.[^'"]+)['"]""", script.read_text(), re.MULTILINE)
    ]
    assert len(asked) == 2
    assert all(locate(name) for name in asked)
