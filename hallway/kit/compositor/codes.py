"""QR codes as paths: pure, so that pages and paper draw the same code."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import segno

QUIET = 4  # modules of white around a code; scanners find its edges by them


@lru_cache(maxsize=256)
def drawn(text: str) -> tuple[int, str]:
    """Side of the square in modules, quiet zone included, and the dark modules as one path, line by line.

    Level M survives a thumb or a crease over 15 % of the code; what fits without a larger code is raised further.
    """
    code = _code(text)
    runs = []
    for y, line in enumerate(code.matrix):
        x = 0
        while x < len(line):
            length = 1
            while x + length < len(line) and line[x + length] == line[x]:
                length += 1
            if line[x]:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return len(code.matrix) + 2 * QUIET, "".join(runs)


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)


def as_picture(text: str, pixels: int) -> bytes:
    """The code as a PNG file, dark on white, at least so many pixels wide: each module a square of whole pixels."""
    code, file = _code(text), BytesIO()
    side = len(code.matrix) + 2 * QUIET
    code.save(file, kind="png", scale=-(-pixels // side), border=QUIET)
    return file.getvalue()


def as_file(text: str) -> str:
    """The code as an SVG file, black on nothing: paper is white."""
    side, dark = drawn(text)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{dark}"/></svg>'
