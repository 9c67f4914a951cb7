"""Reads an order from its input and writes the document to its output: ``python -m hallway.kit.compositor``."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import typst

from hallway.kit.compositor.codes import as_file

FONTS = Path(__file__).parent / "fonts"
MOST_MEMORY = 2 * 1024**3
UNSHOWN = "could not be displayed with font"


def compose(order: dict[str, Any]) -> bytes:
    """The document of an order: keeping to PDF/UA-1, or tagged alone where characters have no font here."""
    template = Path(order["template"])
    values = {**order["values"], "drawings": {text: as_file(text) for text in order["codes"]}}
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[FONTS])
    compiler = typst.Compiler(input=template, root=template.parent, font_paths=fonts)
    inputs = {"values": json.dumps(values), "unshown": "no"}
    try:
        return _pdf(compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1"))
    except typst.TypstError as error:
        if UNSHOWN not in error.message:
            raise
    return _pdf(compiler.compile(format="pdf", sys_inputs={**inputs, "unshown": "yes"}))


def _pdf(made: bytes | list[bytes] | None) -> bytes:
    """typst says the same of every format; a PDF is one file."""
    if not isinstance(made, bytes):
        raise TypeError("typst made no PDF")
    return made


if __name__ == "__main__":
    if sys.platform == "linux":  # a document that swells must not take the machine
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.buffer.write(compose(json.load(sys.stdin.buffer)))
