"""Where each session stands in a day's grid: time down, rooms across. Pure.

A row is a moment at which something begins, so a long session spans the rows that begin while it lasts. Two sessions
at the same time in one room stand side by side in lanes. A day that would need too many columns has no grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_COLUMNS = 8
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Box:
    """What is to be placed: ``room`` None or ``everywhere`` stands across all rooms."""

    key: int
    room: int | None
    starts: datetime
    ends: datetime
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Grid lines, counted as CSS does: row 1 names the rooms, column 1 the times."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Layout:
    """``columns`` is how many stand beside the times; ``heads`` are room, first column, lanes."""

    columns: int
    heads: list[tuple[int, int, int]]
    rows: dict[datetime, int]
    cells: dict[int, Cell]


def lay_out(boxes: Sequence[Box], room_order: Sequence[int]) -> Layout | None:
    """The grid of one day, or None when it would have too many columns or rows to be read, or no room at all."""
    starts = sorted({box.starts for box in boxes})
    rows = {moment: index + 2 for index, moment in enumerate(starts)}
    placed = [box for box in boxes if box.room is not None and not box.everywhere]
    lanes, lane_of = _lanes(placed, room_order)
    columns = sum(lanes.values())
    if not lanes or columns > MOST_COLUMNS or len(rows) > MOST_ROWS:
        return None
    heads: list[tuple[int, int, int]] = []
    column = 2
    for room, width in lanes.items():
        heads.append((room, column, width))
        column += width
    first = {room: begin for room, begin, _width in heads}
    cells = {
        box.key: Cell(rows[box.starts], first[box.room] + lane_of[box.key], _span(box, starts), 1)
        for box in placed
        if box.room is not None
    }
    for box in boxes:
        if box.key not in cells:
            spot = _across(box, cells, placed, columns, rows)
            if spot is None:
                return None
            cells[box.key] = spot
    return Layout(columns, heads, rows, cells)


def _span(box: Box, starts: Sequence[datetime]) -> int:
    return max(1, sum(1 for moment in starts if box.starts <= moment < box.ends))


def _lanes(boxes: Sequence[Box], room_order: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many lanes each used room needs, in the order of rooms, and each box's lane."""
    ends: dict[int, list[datetime]] = {}
    lane_of: dict[int, int] = {}
    for box in sorted(boxes, key=lambda box: (box.starts, box.key)):
        taken = ends.setdefault(box.room or 0, [])
        for lane, until in enumerate(taken):
            if until <= box.starts:
                taken[lane] = max(box.ends, box.starts)
                lane_of[box.key] = lane
                break
        else:
            lane_of[box.key] = len(taken)
            taken.append(box.ends)
    return {room: len(ends[room]) for room in room_order if room in ends}, lane_of


def _across(
    box: Box, cells: dict[int, Cell], placed: Sequence[Box], columns: int, rows: dict[datetime, int]
) -> Cell | None:
    """The widest free stretch of columns in the row of its start, or None."""
    row = rows[box.starts]
    busy = {
        cells[other.key].column
        for other in placed
        if cells[other.key].row <= row < cells[other.key].row + cells[other.key].rows
    }
    best, begin = (0, 0), None
    for column in range(2, columns + 3):
        if column in busy or column == columns + 2:
            if begin is not None and column - begin > best[0]:
                best = (column - begin, begin)
            begin = None
        elif begin is None:
            begin = column
    if not best[0]:
        return None
    return Cell(row, best[1], 1, best[0])
