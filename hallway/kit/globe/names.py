"""The names on the globe: links beside their dots, where they cover neither one another nor the edge."""

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape

from hallway.kit.globe.dots import Dot
from hallway.kit.globe.projection import RINGS_KM, ring_label_at

# How the globe is shown: its width in CSS pixels, and the part in sight (left, right, top, bottom).
_WIDE = (816.0, 0.02, 0.80, 0.07, 0.90)
_NARROW = (410.0, 0.12, 0.88, 0.02, 0.76)
_NAME_HEIGHT = 46.0
_NAME_GAP = 14.0
_NAME_PLACE = 300  # width of what holds a name: more than the widest name that is not cut
_LONGEST_NAME = 36  # characters

_Box = tuple[float, float, float, float]


class _Sheet:
    """What is taken already on a globe shown at one width: by names, and by dots and labels of rings."""

    def __init__(self, shown: tuple[float, float, float, float, float], points: Iterable[tuple[float, float]]) -> None:
        self.width, *sides = shown
        self.left, self.right, self.top, self.bottom = (side * self.width for side in sides)
        self.names: list[_Box] = []
        self.marks = [self._around(x, y, 5, 5) for x, y in points]
        self.marks += [self._around(*ring_label_at(km), 28, 7) for km in RINGS_KM]

    def _around(self, x: float, y: float, half_width: float, half_height: float) -> _Box:
        x, y = x * self.width / 2000, y * self.width / 2000
        return x - half_width, y - half_height, x + half_width, y + half_height

    def box(self, x: float, y: float, name_width: float, to_left: bool) -> _Box:
        x, y = x * self.width / 2000, y * self.width / 2000
        start = x - _NAME_GAP - name_width if to_left else x + _NAME_GAP
        return start, y - _NAME_HEIGHT / 2, start + name_width, y + _NAME_HEIGHT / 2

    def is_free(self, box: _Box, *, of_marks: bool) -> bool:
        if box[0] < self.left or box[2] > self.right or box[1] < self.top or box[3] > self.bottom:
            return False
        return not any(_meet(box, other) for other in (self.names + self.marks if of_marks else self.names))


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _width_of(dot: Dot) -> float:
    """About how many CSS pixels a name takes; letters of East Asian scripts take twice the room."""

    def letters(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

    return 26 + max(8.2 * letters(_cut(dot.label)), 7.2 * letters(_cut(dot.sub)) + (14 if dot.live else 0))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1].rstrip() + "…"


def names_beside(placed: Sequence[tuple[Dot, float, float]]) -> str:
    """Names beside their dots, the first ones first; one without a free place is left to the list nearby."""
    points = [(x, y) for _, x, y in placed]
    wide, narrow = _Sheet(_WIDE, points), _Sheet(_NARROW, points)
    markup: list[str] = []
    for dot, x, y in sorted(placed, key=lambda spot: not spot[0].live):
        if not (dot.label and dot.url):
            continue
        width = _width_of(dot)
        to_left = _side(wide, x, y, width)
        if to_left is None:
            continue
        wide.names.append(wide.box(x, y, width, to_left))
        small = narrow.box(x, y, width, to_left)
        only_wide = dot.far or not narrow.is_free(small, of_marks=False)
        if not only_wide:
            narrow.names.append(small)
        markup.append(_name(dot, x, y, to_left, only_wide))
    return "".join(markup)


def _side(sheet: _Sheet, x: float, y: float, width: float) -> bool | None:
    """Whether a name goes to the left of its dot; None if neither side is free. To cover a dot comes last."""
    for of_marks in (True, False):
        for to_left in (False, True):
            if sheet.is_free(sheet.box(x, y, width, to_left), of_marks=of_marks):
                return to_left
    return None


def _name(dot: Dot, x: float, y: float, to_left: bool, only_wide: bool) -> str:
    shift = -(_NAME_GAP + _NAME_PLACE) if to_left else _NAME_GAP
    classes = "pin" + (" now" if dot.live else "") + (" wide-only" if only_wide else "")
    language = f' lang="{escape(dot.language)}"' if dot.language else ""
    mark = ' class="live-dot"' if dot.live else ""
    sub = f"<span{mark}>{escape(_cut(dot.sub))}</span>" if dot.sub else ""
    return (
        f'<foreignObject class="spot{" left" if to_left else ""}" x="{x / 20:.2f}%" y="{y / 20:.2f}%"'
        f' width="{_NAME_PLACE}" height="60" transform="translate({shift:.0f} -22)">'
        f'<a class="{classes}" href="{escape(dot.url)}">'
        f'<b dir="auto"{language}>{escape(_cut(dot.label))}</b>{sub}</a>'
        "</foreignObject>"
    )
