"""The picture other sites show beside a link to an event: its title in our letters on its own coloured paper."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from hallway import kit

SIZE = (1200, 630)
MARGIN = 80
INK, MUTED = "#221d29", "#57515f"
# The papers and tracks of the light scheme, as sRGB: covers behind, hues for the doors.
PAPERS = ("#e9e3fa", "#d9ebea", "#f6e3d9", "#dcecdf", "#fae0e8", "#dde8f6", "#ece7d4", "#e6e4ea")
HUES = ("#6a3fb5", "#00706d", "#a5420b", "#136f36", "#b3165f", "#0064a8", "#6d5f00", "#585262")
_FONTS = Path(kit.__file__).parent / "static" / "kit" / "fonts"
_FILES = {
    family: tuple(f"{stem}-{part}-wght-normal.woff2" for part in ("latin", "latin-more", "latin-ext"))
    for family, stem in (("display", "bricolage-grotesque"), ("text", "atkinson-hyperlegible-next"))
}


@cache
def _font(family: str, part: int, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(_FONTS / _FILES[family][part]), size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=2048)
def _part_with(family: str, character: str) -> int | None:
    """Which of the family's font files can draw a character, if any."""
    for part in range(len(_FILES[family])):
        font = _font(family, part, 20, 400)
        if character == " " or bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffd")):
            return part
    return None


class Letters:
    """Lines of text in one family, size and weight, each character from the font file that has it."""

    def __init__(self, family: str, size: int, weight: int) -> None:
        self.family, self.size, self.weight = family, size, weight

    def runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in pieces of one font file each; characters none has are left out."""
        pieces: list[tuple[int, str]] = []
        for character in text:
            part = _part_with(self.family, character)
            if part is None:
                continue
            if pieces and pieces[-1][0] == part:
                pieces[-1] = (part, pieces[-1][1] + character)
            else:
                pieces.append((part, character))
        return [(_font(self.family, part, self.size, self.weight), piece) for part, piece in pieces]

    def width(self, text: str) -> float:
        return sum(font.getlength(piece) for font, piece in self.runs(text))

    def draw(self, canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fill: str) -> None:
        """One line; ``at`` is the left end of its baseline."""
        x, y = at
        for font, piece in self.runs(text):
            canvas.text((x, y), piece, font=font, fill=fill, anchor="ls")
            x += font.getlength(piece)

    def lines(self, text: str, width: int, most: int) -> list[str]:
        """Broken at spaces to ``width`` pixels; what does not fit into ``most`` lines ends in an ellipsis."""
        lines: list[str] = []
        for word in "".join(piece for _font, piece in self.runs(text)).split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(self._cut(word, width))
        if len(lines) > most:
            lines = [*lines[: most - 1], self._cut(lines[most - 1] + "…", width)]
        return lines

    def _cut(self, text: str, width: int) -> str:
        if self.width(text) <= width:
            return text
        while text and self.width(text + "…") > width:
            text = text[:-1]
        return text.rstrip("…") + "…"


def draw_preview(*, title: str, lines: list[str], hue: int, mark: str = "") -> bytes:
    """A PNG of 1200 × 630 pixels. ``lines`` stand under the title, ``mark`` (Cancelled) above it."""
    picture = Image.new("RGB", SIZE, PAPERS[hue - 1])
    canvas = ImageDraw.Draw(picture)
    _doors(canvas, hue)
    width = SIZE[0] - 2 * MARGIN
    for size, most in ((104, 2), (84, 3), (68, 3)):
        letters = Letters("display", size, 760)
        broken = letters.lines(title, width, most)
        if len(letters.lines(title, width, 99)) <= most:
            break
    y = MARGIN + size * 0.8
    if mark:
        Letters("text", 34, 700).draw(canvas, (MARGIN, MARGIN + 26), mark, HUES[4])
        y += 56
    for line in broken:
        letters.draw(canvas, (MARGIN, y), line, INK)
        y += size * 1.04
    small = Letters("text", 36, 450)
    y += 2
    for line in lines:
        for shown in small.lines(line, width - 200, 1):
            small.draw(canvas, (MARGIN, y), shown, MUTED)
            y += 50
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _doors(canvas: ImageDraw.ImageDraw, hue: int) -> None:
    """A hallway of doors along the foot, the last one open."""
    colour, paper = HUES[hue - 1], PAPERS[hue - 1]
    floor = SIZE[1] - 56
    heights = (64, 84, 74, 108, 92, 122, 100, 132)
    left = SIZE[0] - MARGIN - len(heights) * 52 + 12
    for index, height in enumerate(heights):
        x = left + index * 52
        box = (x, floor - height, x + 40, floor)
        is_open = index == len(heights) - 1
        fill = paper if is_open else colour
        canvas.rounded_rectangle(box, radius=18, fill=fill, outline=colour, width=4, corners=(True, True, False, False))
        knob = (x + 29, floor - height * 0.45)
        canvas.ellipse((knob[0] - 3, knob[1] - 3, knob[0] + 3, knob[1] + 3), fill=colour if is_open else paper)
    canvas.line((left - 12, floor, SIZE[0] - MARGIN + 12, floor), fill=colour, width=4)
