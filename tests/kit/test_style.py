from __future__ import annotations

import re
from pathlib import Path

import hallway.kit
from hallway.site.static import fingerprint, locate


def test_fonts_are_named_by_their_content_so_that_pages_preload_what_the_style_uses() -> None:
    style = (Path(hallway.kit.__file__).parent / "static" / "kit" / "hallway.css").read_text(encoding="utf-8")
    named = re.findall(r"url\((fonts/[^)]+)\)", style)
    assert named
    for name in named:
        plain = re.sub(r"\.[0-9a-f]{12}(?=\.woff2$)", "", f"kit/{name}")
        assert f"kit/{name}" == fingerprint(plain)
        assert locate(f"kit/{name}") is not None


def test_braces_of_the_style_sheet_are_balanced() -> None:
    """A layer left open would swallow those after it; merging both ends of a file loses a brace easily."""
    depth = 0
    style = Path(hallway.kit.__file__).parent / "static" / "kit" / "hallway.css"
    for line in style.read_text(encoding="utf-8").splitlines():
        depth += line.count("{") - line.count("}")
        assert depth >= 0
    assert depth == 0
