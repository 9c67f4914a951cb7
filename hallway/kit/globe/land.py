"""The land of the globe: the rings of coasts, turned and cut at the edge of the disc."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hallway.kit.globe.projection import (
    CUT,
    CUT_COSINE,
    EARTH_KM,
    MIDDLE,
    NEAR_KM,
    SCALE,
    Land,
    LatLon,
    Vector,
    View,
    vector_of,
)


def land_of(rings: Iterable[Sequence[LatLon]]) -> Land:
    """Rings of (latitude, longitude), land on the right of the way round, made ready to be drawn."""
    return tuple(tuple(vector_of(point) for point in ring) for ring in rings)


@dataclass(slots=True)
class _Piece:
    """A stretch of coast inside the cut: where it comes in, its points, where it goes out (in radians)."""

    begins: float
    points: list[tuple[int, int]]
    ends: float = 0.0


def land_path(view: View, land: Land) -> str:
    """The path of all land that is in sight, as the ``d`` of one SVG path."""
    whole: list[list[tuple[int, int]]] = []
    pieces: list[_Piece] = []
    for ring in land:
        seen = [view.seen(vector) for vector in ring]
        inside = [eye > CUT_COSINE for _, _, eye in seen]
        if all(inside):
            whole.append(_drawn(seen))
        elif any(inside):
            pieces += _pieces_of(seen, inside)
    # When no coast crosses the cut, all along it is land or all is sea. Where the coasts enclose less than
    # nothing, the land lies outside of them.
    background = _FULL_DISC if not pieces and sum(map(_area, whole)) < 0 else ""
    return background + "".join(map(_closed, whole)) + _joined(pieces)


_HALF_TURN = f"A{CUT} {CUT} 0 0 1"
_LEFT, _RIGHT = f"{MIDDLE - CUT} {MIDDLE}", f"{MIDDLE + CUT} {MIDDLE}"
_FULL_DISC = f"M{_LEFT}{_HALF_TURN} {_RIGHT}{_HALF_TURN} {_LEFT}z"


def _area(points: list[tuple[int, int]]) -> float:
    """Positive when the way round is clockwise on the page, as it is round land."""
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise([*points, points[0]])) / 2


def _drawn(seen: Iterable[Vector]) -> list[tuple[int, int]]:
    """Whole units on the page, without repeated points."""
    points: list[tuple[int, int]] = []
    last = None
    log1p, acos, scale, factor = math.log1p, math.acos, SCALE, EARTH_KM / NEAR_KM
    for right, top, eye in seen:
        across = math.sqrt(right * right + top * top) or 1.0
        stretch = scale * log1p(acos(max(-1.0, min(1.0, eye))) * factor) / across
        point = (round(MIDDLE + right * stretch), round(MIDDLE - top * stretch))
        if point != last:
            points.append(point)
            last = point
    return points


def _pieces_of(seen: list[Vector], inside: list[bool]) -> list[_Piece]:
    """The stretches of one ring that lie inside the cut, with the points where they cross it."""
    count = len(seen)
    first = next(i for i in range(count) if inside[i] and not inside[i - 1])
    pieces: list[_Piece] = []
    stretch: list[Vector] = []
    begins = 0.0
    for step in range(count):
        i = (first + step) % count
        if not inside[i]:
            continue
        if not inside[i - 1]:
            stretch, begins = [], _crossing(seen[i - 1], seen[i])
        stretch.append(seen[i])
        following = (i + 1) % count
        if not inside[following]:
            ends = _crossing(seen[i], seen[following])
            pieces.append(_Piece(begins, [_on_cut(begins), *_drawn(stretch), _on_cut(ends)], ends))
    return pieces


def _crossing(one: Vector, other: Vector) -> float:
    """The angle at which the way between two points crosses the cut."""
    part = (CUT_COSINE - one[2]) / (other[2] - one[2])
    return math.atan2(one[1] + part * (other[1] - one[1]), one[0] + part * (other[0] - one[0]))


def _on_cut(angle: float) -> tuple[int, int]:
    return round(MIDDLE + CUT * math.cos(angle)), round(MIDDLE - CUT * math.sin(angle))


def _joined(pieces: list[_Piece]) -> str:
    """Closed shapes: from where a piece goes out, along the cut to where the next one comes in.

    Land on the right means clockwise along the cut. So the next piece is the one that comes in at the next
    smaller angle, whichever ring it is from; a lake that reaches the cut is handled by the same rule.
    """
    waiting = sorted(pieces, key=lambda piece: piece.begins)
    angles = [piece.begins for piece in waiting]
    used = [False] * len(waiting)
    shapes: list[str] = []
    for start in range(len(waiting)):
        at = start
        parts: list[str] = []
        while not used[at]:
            used[at] = True
            following = bisect_left(angles, waiting[at].ends) - 1  # -1 is the greatest angle: once round
            following %= len(waiting)
            turn = (waiting[at].ends - angles[following]) % math.tau
            x, y = _on_cut(angles[following])
            lines = _lines(waiting[at].points)
            parts.append(f"{lines if not parts else _continued(lines)}A{CUT} {CUT} 0 {int(turn > math.pi)} 1 {x} {y}")
            at = following
        if parts:
            shapes.append("".join(parts) + "z")
    return "".join(shapes)


def _continued(lines: str) -> str:
    # An arc has already led to the first point of this piece: what follows is relative to it.
    return lines[lines.index("l") :]


def _closed(points: list[tuple[int, int]]) -> str:
    # Islands smaller than a unit or two would be specks.
    return _lines(points) + "z" if len(points) > 2 else ""


def _lines(points: list[tuple[int, int]]) -> str:
    steps = " ".join(f"{x - before_x} {y - before_y}" for (before_x, before_y), (x, y) in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{steps}".replace(" -", "-")
